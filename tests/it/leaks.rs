//! Templates that print a secret where none belongs: no command shows it, and the file is private.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pullwright::cli::Exit;
use pullwright::mask::Known;
use pullwright::secret::Redacted;

use crate::canary::{HEART, assert_hidden};
use crate::support::{PLAINTEXT, Scratch, files};

/// A run with a template that prints the docker config, or holds the password, where no Secret is.
fn scratch(name: &str, template: &str) -> Scratch {
    let config = PLAINTEXT.replace("spec:\n", "spec:\n  templates: mine\n")
        + "      workloads:\n        - {kind: Pod, name: sample-pod, containers: [{name: c, image: youruniquename.azurecr.io/c:1}]}\n";
    let scratch = Scratch::with_config(&config)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", HEART);
    scratch.write(&format!("mine/{name}"), template);
    scratch
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ name }}, namespace: {{ namespace }}}\nspec:\n  imagePullSecrets: [{name: {{ pullSecret }}}]\n  containers:\n    - name: c\n      image: {{ containers[0].image }}\n";
const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\n  annotations: {a: {{ data }}}\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {{ data }}\n";

#[test]
fn a_template_that_prints_a_secret_elsewhere_makes_a_private_file() {
    use std::os::unix::fs::PermissionsExt;
    let pod = "k8s/sample/default/pod-sample-pod.yaml";
    let encoded = STANDARD.encode(format!("xx{HEART}"));
    for line in [
        format!("      env: [{{name: A, value: \"{HEART}\"}}]\n"),
        format!("      args: [\"{encoded}\"]\n"),
        format!("# {HEART}\n"),
    ] {
        let scratch = scratch("workload/pod.yaml.j2", &format!("{POD}{line}"));
        for command in [
            &["diff"][..],
            &["render"],
            &["diff", "--format", "json"],
            &["check"],
        ] {
            let outcome = scratch.run(command);
            assert_hidden(&line, &format!("{}{}", outcome.stdout, outcome.stderr));
        }
        let mode = std::fs::metadata(scratch.path().join(pod))
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{line}");
        scratch.write(pod, format!("{}# changed: {HEART}\n", scratch.read(pod)));
        for command in [&["diff"][..], &["render"]] {
            let outcome = scratch.run(command);
            assert_hidden(&line, &format!("{}{}", outcome.stdout, outcome.stderr));
            assert!(format!("{}{}", outcome.stdout, outcome.stderr).contains("***"));
        }
        let git = std::process::Command::new("git")
            .args(["init", "-q"])
            .current_dir(scratch.path())
            .status();
        assert!(git.expect("git starts").success());
        scratch.write(".gitignore", "secret.yaml\n");
        let outcome = scratch.expect(&["render", "--force"], Exit::Failed);
        assert!(
            outcome
                .stderr
                .contains("pod-sample-pod.yaml` contains a Secret in clear text"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_secret_in_an_annotation_shows_in_no_diff() {
    let scratch = scratch("secret/secret.yaml.j2", SECRET);
    let outcome = scratch.expect(&["diff"], Exit::Differs);
    assert_hidden("a new file", &outcome.stdout);
    scratch.expect(&["render"], Exit::Ok);
    let rotated = Scratch::with_config(&scratch.read("pullwright.yaml"))
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "another-password");
    for file in files(scratch.path()) {
        let name = file.to_string_lossy().into_owned();
        rotated.write(&name, scratch.read(&name));
    }
    let outcome = rotated.expect(&["diff"], Exit::Differs);
    assert_hidden("an old file", &outcome.stdout);
    assert!(
        outcome.stdout.contains("*** (before)"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn no_message_shows_a_known_value() {
    let encoded = STANDARD.encode(format!("xx{HEART}"));
    for (name, template) in [
        (
            "secret/secret.yaml.j2",
            format!("{SECRET}{{{{ data }}}}: x\n"),
        ),
        ("workload/pod.yaml.j2", format!("{POD}{HEART}: x\n")),
        (
            "workload/pod.yaml.j2",
            format!("{POD}x: {{{{ \"{HEART}\" | nothing }}}}\n"),
        ),
        (
            "workload/pod.yaml.j2",
            format!("{POD}x: &{{{{ name }}}} {encoded}\n"),
        ),
        (
            "workload/pod.yaml.j2",
            format!("{POD}'{encoded}': {{{{ name }}}}\n"),
        ),
        (
            "workload/pod.yaml.j2",
            format!("{POD}x: {{{{ {HEART} }}}}\n"),
        ),
    ] {
        let scratch = scratch(name, &template);
        for command in [
            &["render"][..],
            &["render", "--format", "json"],
            &["check", "--format", "github"],
            &["render", "--stdout"],
        ] {
            let outcome = scratch.expect(command, Exit::Failed);
            assert_hidden(&template, &format!("{}{}", outcome.stdout, outcome.stderr));
        }
    }
}

#[test]
fn a_message_keeps_its_other_words() {
    use pullwright::diag::format::{RunResult, text};
    use pullwright::diag::{Code, Diagnostic, Edit, Fix, Format, Report, Safety, Subject};
    use pullwright::pointer::Pointer;
    use pullwright::span::{Place, Source, Span};
    let source = Arc::new(Source::new("a", format!("x: {HEART} y\n")));
    let known = Known::new([&Redacted::new(HEART.to_owned())]);
    let one = Diagnostic::new(Code::OutputInvalid, format!("`{HEART}` is wrong"));
    let one = one
        .at(&source, Span::new(0..1))
        .label(HEART)
        .related(&source, Span::new(0..1), HEART)
        .about(Subject::file(HEART).field(Pointer::root().key(HEART)))
        .help(format!("use `{HEART}`"))
        .fix(Fix {
            title: format!("write `{HEART}`"),
            safety: Safety::Unsafe,
            edits: vec![Edit {
                place: Place {
                    source: Arc::clone(&source),
                    span: Span::new(0..1),
                },
                text: HEART.to_owned(),
            }],
        });
    let report = known.hidden(Report::from(one));
    let shown = text::render(&report, text::Colour::Off);
    assert_hidden("a message", &shown);
    for format in Format::ALL {
        let run = RunResult {
            stopped: Some(&report),
            ..RunResult::default()
        };
        assert_hidden(format.name(), &format!("{:?}", format.write(&run)));
    }
    assert!(
        shown.contains("`***` is wrong") && shown.contains("x: *********** y"),
        "{shown}"
    );
}

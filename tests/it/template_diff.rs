//! `templates diff`: templates of the user's against the built-in ones.

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch};

#[test]
fn own_templates_are_compared_with_the_built_in_ones() {
    let scratch = Scratch::new();
    let name = "workload/pod.yaml.j2";
    let none = scratch.expect(&["templates", "diff"], Exit::Failed);
    assert!(
        none.stderr.contains("cannot read `templates`"),
        "{}",
        none.stderr
    );
    scratch.expect(
        &["templates", "eject", name, "secret/secret.yaml.j2"],
        Exit::Ok,
    );
    let same = scratch.expect(&["templates", "diff"], Exit::Ok);
    assert_eq!(same.stdout, "");
    assert_eq!(same.stderr, "pullwright: 2 templates as built in\n");
    let own = scratch.read(&format!("templates/{name}"));
    let edited = own.replace("  labels:\n", "  labels:\n    team: web\n");
    scratch.write(&format!("templates/{name}"), edited.replace('\n', "\r\n"));
    let diff = scratch.expect(&["templates", "diff"], Exit::Differs);
    assert!(
        diff.stdout
            .starts_with(&format!("--- a/{name}\n+++ b/{name}\n")),
        "{}",
        diff.stdout
    );
    let added = diff
        .stdout
        .lines()
        .filter(|line| line.starts_with(['+', '-']));
    assert_eq!(added.skip(2).collect::<Vec<_>>(), ["+    team: web"]);
    scratch.expect(&["templates", "diff", "secret/secret.yaml.j2"], Exit::Ok);
    let missing = ["templates", "diff", "script/opening.sh.j2"];
    let missing = scratch.expect(&missing, Exit::Failed);
    let order = "`pullwright templates eject script/opening.sh.j2 --to templates`";
    assert!(missing.stderr.contains(order), "{}", missing.stderr);
    let unknown = scratch.expect(
        &["templates", "diff", "workload/pods.yaml.j2"],
        Exit::Failed,
    );
    assert!(
        unknown
            .stderr
            .contains("did you mean `workload/pod.yaml.j2`?"),
        "{}",
        unknown.stderr
    );
}

/// The command in the message about a broken template works where the message was printed.
#[test]
fn the_command_of_a_broken_template_works() {
    let scratch = Scratch::new();
    let config = SMALL.replace("spec:\n", "spec:\n  templates: my templates\n");
    scratch.write("apps/pullwright.yaml", config);
    for text in [
        "a: {{ name \n",
        "a: {{ name | nothing }}\n",
        "a: [\n",
        "kind: Pod\n",
    ] {
        scratch.write("apps/my templates/workload/pod.yaml.j2", text);
        let refused = scratch
            .expect(&["render", "apps/pullwright.yaml"], Exit::Failed)
            .stderr;
        let (_, command) = refused
            .split_once("`pullwright templates diff ")
            .expect(&refused);
        let (command, _) = command.split_once('`').expect("it ends");
        assert_eq!(command, "workload/pod.yaml.j2 --from 'apps/my templates'");
        let words = [
            "templates",
            "diff",
            "workload/pod.yaml.j2",
            "--from",
            "apps/my templates",
        ];
        let diff = scratch.expect(&words, Exit::Differs).stdout;
        assert!(
            diff.starts_with("--- a/workload/pod.yaml.j2\n"),
            "{text}{diff}"
        );
    }
}

/// A credential that was pasted into a template is not shown, wherever it is; what the built-in one has is.
#[test]
fn no_pasted_credential_is_shown() {
    const BASE64: &str = "aHVudGVyMmh1bnRlcjI=";
    for (name, pasted) in [
        (
            "secret/secret.yaml.j2",
            format!("  .dockerconfigjson: {BASE64}\n"),
        ),
        ("secret/secret.yaml.j2", format!("  {{x: {BASE64}}}\n")),
        ("secret/secret.yaml.j2", format!("  x: >-\n    {BASE64}\n")),
        ("secret/secret.yaml.j2", format!("# {BASE64}\n")),
        (
            "secret/secret.yaml.j2",
            "stringData:\n  password: hunter2hunter2\n".to_owned(),
        ),
        (
            "workload/pod.yaml.j2",
            "  env:\n    - name: DB_PASSWORD\n      value: hunter2hunter2\n".to_owned(),
        ),
        (
            "secret/pull-secret.sh.j2",
            "password='hunter2hunter2'\n".to_owned(),
        ),
    ] {
        let scratch = Scratch::new();
        scratch.expect(&["templates", "eject", name], Exit::Ok);
        let own = scratch.read(&format!("templates/{name}"));
        let last = own.lines().last().expect("it has lines").to_owned();
        scratch.write(&format!("templates/{name}"), format!("{own}{pasted}"));
        let diff = scratch.expect(&["templates", "diff"], Exit::Differs).stdout;
        assert!(
            !diff.contains("hunter2") && !diff.contains(BASE64),
            "{name}: {diff}"
        );
        assert!(diff.contains(&format!("\n {last}\n")), "{name}: {diff}");
    }
}

//! What a message about an edited or stale file orders works as written, in every format.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{PLAINTEXT, SMALL, Scratch};

const POD: &str = "k8s/sample/default/pod-sample-pod.yaml";

/// The command that a text orders, as arguments.
fn ordered(text: &str) -> Vec<String> {
    let (_, rest) = text
        .rsplit_once("`pullwright ")
        .expect("it orders a command");
    let (command, _) = rest.split_once('`').expect("it ends");
    command.split(' ').map(str::to_owned).collect()
}

/// Runs such a command.
fn follow(scratch: &Scratch, text: &str) {
    let arguments = ordered(text);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    scratch.expect(&arguments, Exit::Ok);
}

#[test]
fn an_edited_file_has_a_line_and_an_order_that_works() {
    for format in ["github", "azure"] {
        let scratch = Scratch::with_config(SMALL);
        scratch.expect(&["render"], Exit::Ok);
        let pod = scratch.read(POD);
        let lines = pod.lines().count();
        scratch.write(POD, format!("{pod}# note\n"));
        for command in ["check", "diff", "render"] {
            let outcome = scratch.run(&[command, "pullwright.yaml", "--format", format]);
            let place = match format {
                "github" => format!(
                    "::error file={POD},line={},col=1,title=pullwright[hand-edited]::",
                    lines + 1
                ),
                _ => format!(
                    "sourcepath={POD};linenumber={};columnnumber=1;code=hand-edited;",
                    lines + 1
                ),
            };
            assert!(
                outcome.stdout.contains(&place),
                "{command}: {}",
                outcome.stdout
            );
        }
        let check = scratch.expect(&["check", "--format", format], Exit::Differs);
        let line = check
            .stdout
            .lines()
            .find(|line| line.contains("hand-edited"));
        follow(&scratch, line.expect("it is told"));
        assert_eq!(scratch.read(POD), pod);
        scratch.expect(&["check"], Exit::Ok);
    }
}

#[test]
fn orders_name_the_output_directory_that_the_command_line_set() {
    let scratch = Scratch::with_config(SMALL);
    let out = ["--out", "else where"];
    scratch.expect(&[&["render"][..], &out].concat(), Exit::Ok);
    scratch.write("else where/kustomization.yaml", "edited: true\n");
    let check = scratch.expect(&[&["check"][..], &out].concat(), Exit::Differs);
    assert!(!check.stderr.is_empty() || !check.stdout.is_empty());
    let json = scratch.expect(
        &[&["check", "--format", "json"][..], &out].concat(),
        Exit::Differs,
    );
    let value: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let edited = &value["configs"][0]["diagnostics"][0];
    assert_eq!(
        (&edited["code"], &edited["file"], &edited["line"]),
        (
            &"hand-edited".into(),
            &"else where/kustomization.yaml".into(),
            &1.into()
        )
    );
    let help = edited["help"][0].as_str().expect("it has help");
    assert!(
        help.ends_with("`pullwright render --force --out 'else where' pullwright.yaml`"),
        "{help}"
    );
}

#[test]
fn a_stale_file_goes_by_the_order_about_it() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    scratch.write(
        "pullwright.yaml",
        SMALL.replace("name: sample-pod\n", "name: other\n"),
    );
    let check = scratch.expect(&["check", "--format", "github"], Exit::Differs);
    let stale = check
        .stdout
        .lines()
        .find(|line| line.contains("[file-stale]"));
    follow(&scratch, stale.expect("it is told"));
    assert!(!scratch.has(POD));
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn a_removed_line_is_placed_and_a_secret_is_not_shown() {
    let scratch = Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2hunter2");
    scratch.expect(&["render"], Exit::Ok);
    let file = "k8s/sample/default/secret.yaml";
    let secret = scratch.read(file);
    let (_, value) = secret
        .split_once("dockerconfigjson: >-\n    ")
        .expect("it has a value");
    let value = value.lines().next().expect("it has a line");
    assert!(value.len() > 40, "{secret}");
    scratch.write(file, secret.replace(value, "bXkgb3duIHNlY3JldCB2YWx1ZQ=="));
    let all = scratch.expect(&["render"], Exit::Failed);
    assert!(all.stderr.contains("error[hand-edited]"), "{}", all.stderr);
    for hidden in [value, "bXkgb3duIHNlY3JldCB2YWx1ZQ==", "hunter2"] {
        assert!(!all.stderr.contains(hidden), "{}", all.stderr);
    }
    let kustomization = "k8s/kustomization.yaml";
    let text = scratch.read(kustomization);
    let (head, _) = text.trim_end().rsplit_once('\n').expect("it has lines");
    scratch.write(kustomization, format!("{head}\n"));
    let json = scratch.expect(&["check", "--format", "json"], Exit::Differs);
    let value: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let all = value["configs"][0]["diagnostics"]
        .as_array()
        .into_iter()
        .flatten();
    let shorter: Vec<&Value> = all.filter(|one| one["file"] == kustomization).collect();
    assert_eq!(shorter[0]["line"], head.lines().count());
}

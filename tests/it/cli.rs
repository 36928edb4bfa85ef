//! Commands, streams and exit codes.

use clap::CommandFactory;
use pullwright::cli::Exit;
use pullwright::cli::args::Args;
use serde_json::Value;

use crate::support::{SMALL, Scratch, fresh};

/// Names of all commands, from their one definition.
fn commands() -> Vec<String> {
    let args = Args::command();
    args.get_subcommands()
        .map(|one| one.get_name().to_owned())
        .collect()
}

#[test]
fn help_goes_to_stdout_and_is_what_the_reference_says() {
    let scratch = Scratch::new();
    let mut all = scratch.expect(&["--help"], Exit::Ok).stdout;
    for command in commands() {
        let help = scratch.expect(&[&command, "--help"], Exit::Ok);
        assert_eq!(help.stderr, "");
        all.push_str(&format!("\n$ pullwright {command} --help\n{}", help.stdout));
    }
    fresh("tests/cases/help.txt", &all);
    assert!(
        scratch
            .expect(&["--version"], Exit::Ok)
            .stdout
            .starts_with("pullwright ")
    );
}

#[test]
fn wrong_usage_goes_to_stderr_and_exits_2() {
    let scratch = Scratch::with_config(SMALL);
    for arguments in [
        &["rendr"][..],
        &[],
        &["render", "--nothing"],
        &["render", "--stdout", "--force"],
        &["render", "--format", "yaml"],
        &["completions", "tcsh"],
        &["templates", "eject"],
    ] {
        let outcome = scratch.expect(arguments, Exit::Failed);
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(
            outcome.stderr.contains("Usage") || outcome.stderr.contains("possible values"),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
    let outcome = scratch.expect(&["check", "a.yaml", "b.yaml", "--out", "x"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[usage]"),
        "{}",
        outcome.stderr
    );
    let outcome = scratch.expect(&["man", "rendr"], Exit::Failed);
    assert!(
        outcome.stderr.contains("the commands are"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn shells_and_man_get_their_pages() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = scratch.expect(&["completions", shell], Exit::Ok).stdout;
        assert!(text.contains("allow-plaintext"), "{shell}");
    }
    for command in commands() {
        let page = scratch.expect(&["man", &command], Exit::Ok).stdout;
        assert!(
            page.contains(&format!(".TH pullwright-{command}")),
            "{page}"
        );
    }
}

#[test]
fn json_is_one_value_on_stdout_and_nothing_else() {
    let scratch = Scratch::with_config(SMALL);
    let read = |arguments: &[&str], exit| -> Value {
        let outcome = scratch.expect(arguments, exit);
        assert_eq!(outcome.stderr, "", "{arguments:?}");
        serde_json::from_str(&outcome.stdout).expect("it is JSON")
    };
    assert_eq!(
        read(&["validate", "--format", "json"], Exit::Ok)["ok"],
        true
    );
    let value = read(&["diff", "--format", "json"], Exit::Differs);
    assert_eq!(value["configs"][0]["differs"], true);
    assert!(
        value["configs"][0]["files"][0]["diff"]
            .as_str()
            .is_some_and(|diff| diff.contains("--- /dev/null"))
    );
    let value = read(&["check", "--format", "json"], Exit::Differs);
    assert_eq!(value["configs"][0]["files"][0]["change"], "create");
    let value = read(&["render", "--format", "json"], Exit::Ok);
    let file = &value["configs"][0]["files"][0];
    assert_eq!(
        (&file["change"], &file["done"]),
        (&"create".into(), &true.into())
    );
    assert_eq!(read(&["check", "--format", "json"], Exit::Ok)["ok"], true);
    scratch.write(
        "pullwright.yaml",
        SMALL.replace("strategy: secret", "strategy: secrets"),
    );
    for command in ["validate", "diff", "render", "check"] {
        let value = read(&[command, "--format", "json"], Exit::Failed);
        let first = &value["configs"][0]["diagnostics"][0];
        assert_eq!(
            (&first["code"], &first["line"], &first["column"]),
            (&"unknown-value".into(), &10.into(), &17.into()),
            "{value}"
        );
    }
}

#[test]
fn check_takes_several_configs_and_the_worst_decides() {
    let scratch = Scratch::new();
    scratch.write("a/pullwright.yaml", SMALL);
    scratch.write("b/pullwright.yaml", SMALL);
    scratch.expect(&["render", "a/pullwright.yaml"], Exit::Ok);
    let outcome = scratch.expect(
        &["check", "a/pullwright.yaml", "b/pullwright.yaml"],
        Exit::Differs,
    );
    assert_eq!(
        outcome.stdout,
        "ok a/pullwright.yaml: a/k8s: 7 files\ndiffers b/pullwright.yaml: b/k8s: 7 to create\n"
    );
    let outcome = scratch.expect(&["check", "a/pullwright.yaml", "c.yaml"], Exit::Failed);
    assert!(
        outcome.stdout.contains("invalid c.yaml"),
        "{}",
        outcome.stdout
    );
    scratch.write("a/other.yaml", SMALL);
    let outcome = scratch.expect(
        &["check", "a/pullwright.yaml", "a/other.yaml"],
        Exit::Failed,
    );
    assert!(
        outcome
            .stderr
            .contains("is also used by `a/pullwright.yaml`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn colours_are_for_terminals_and_can_be_chosen() {
    let coloured = |scratch: &Scratch, arguments: &[&str]| {
        let outcome = scratch.run(arguments);
        outcome.stdout.contains('\u{1b}') || outcome.stderr.contains('\u{1b}')
    };
    let plain = || Scratch::with_config(SMALL);
    assert!(!coloured(&plain(), &["diff"]));
    assert!(coloured(&plain(), &["diff", "--color", "always"]));
    assert!(coloured(
        &plain().variable("CLICOLOR_FORCE", "1"),
        &["diff"]
    ));
    assert!(coloured(&plain().on_a_terminal(), &["diff"]));
    assert!(!coloured(
        &plain().on_a_terminal(),
        &["diff", "--color", "never"]
    ));
    assert!(!coloured(
        &plain().on_a_terminal().variable("NO_COLOR", "1"),
        &["diff"]
    ));
    assert!(!coloured(
        &plain().on_a_terminal().variable("TERM", "dumb"),
        &["diff"]
    ));
}

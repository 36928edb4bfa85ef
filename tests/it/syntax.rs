//! Texts that are not YAML, or not what was meant: one message for each mistake, and none for what is fine.

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch, files, root};

/// The cases whose mistake is one, however the text goes wrong after it.
#[test]
fn each_slip_is_one_error_with_a_place_and_a_help() {
    let folder = root().join("tests/cases/errors");
    let ours = [
        "yaml-",
        "placeholder-",
        "letters-",
        "kubernetes-object",
        "other-file",
    ];
    let mut count = 0;
    for file in files(&folder) {
        let name = file.to_string_lossy().into_owned();
        if !name.ends_with(".out") || !ours.iter().any(|one| name.starts_with(one)) {
            continue;
        }
        let text = std::fs::read_to_string(folder.join(&file)).expect("it is there");
        assert_eq!(text.matches("error[").count(), 1, "{name}\n{text}");
        assert!(
            text.contains("\n --> ") || text.contains("\n  --> "),
            "{name}\n{text}"
        );
        assert!(
            text.contains("help: ") || text.contains("^ use `"),
            "{name}\n{text}"
        );
        count += 1;
    }
    assert!(count > 25, "{count}");
}

#[test]
fn empty_documents_around_a_config_are_fine() {
    for text in [
        format!("{SMALL}---\n"),
        format!("{SMALL}---\n# nothing\n---\n"),
        format!("{SMALL}...\n"),
        format!("---\n{SMALL}"),
        format!("---\n---\n{SMALL}"),
        format!("{SMALL}...\n---\n"),
    ] {
        Scratch::with_config(&text).expect(&["validate"], Exit::Ok);
    }
}

#[test]
fn a_json_config_may_name_its_schema() {
    let mut value: serde_json::Value = serde_yaml::from_str(SMALL).expect("it is YAML");
    value["$schema"] = "https://example.com/pullwright.schema.json".into();
    let scratch = Scratch::new();
    let text = serde_json::to_string_pretty(&value).expect("it is JSON");
    scratch.write("pullwright.json", &text);
    scratch.expect(&["validate", "pullwright.json"], Exit::Ok);
    scratch.expect(&["render", "pullwright.json"], Exit::Ok);
    let missing = text.replacen("\",\n", "\"\n", 1);
    scratch.write("pullwright.json", missing);
    let outcome = scratch.expect(&["validate", "pullwright.json"], Exit::Failed);
    let message = "error[syntax]: not valid YAML: a comma is missing\n --> pullwright.json:2:";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
    // It is for a document as a whole.
    let nested = SMALL.replace("metadata:\n", "metadata:\n  $schema: x\n");
    let outcome = Scratch::with_config(&nested).expect(&["validate"], Exit::Failed);
    assert!(
        outcome.stderr.contains("unknown key `$schema`"),
        "{}",
        outcome.stderr
    );
}

/// What is fine in YAML, and looks like a slip, is left alone until something else is wrong.
#[test]
fn slips_are_only_looked_for_where_the_text_is_wrong() {
    for (from, to) in [
        ("metadata:\n", "# {{ a }} «b» <<<<<<< //\nmetadata:\n"),
        ("kind: PullAccess", "kind:\tPullAccess"),
        ("  access:\n", "\t\n  access:\n"),
        ("name: sample\n", "name: \"sample\" # it’s – fine\n"),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let text = SMALL.replacen(from, to, 1);
        Scratch::with_config(&text).expect(&["validate"], Exit::Ok);
        let broken = format!("{text}    - [\n");
        let outcome = Scratch::with_config(&broken).expect(&["validate"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[syntax]"),
            "{}",
            outcome.stderr
        );
        for other in ["template", "U+", "tab", "conflict"] {
            assert!(!outcome.stderr.contains(other), "{to}\n{}", outcome.stderr);
        }
    }
}

/// A value near a syntax error may be a password: no message repeats it.
#[test]
fn messages_about_slips_repeat_no_value() {
    for line in [
        "password:hunter2",
        "password = hunter2",
        "-password: hunter2",
        "password: @hunter2",
        "password: *hunter2",
        "password: {{ hunter2 }}",
        "password\u{a0}: hunter2\n  a",
    ] {
        let text = SMALL.replace("metadata:\n", &format!("metadata:\n  {line}\n"));
        let outcome = Scratch::with_config(&text).expect(&["validate"], Exit::Failed);
        let said = outcome
            .stderr
            .lines()
            .filter(|line| line.starts_with("error[") || line.contains("= help: "));
        for line in said {
            assert!(!line.contains("hunter2"), "{}", outcome.stderr);
        }
    }
}

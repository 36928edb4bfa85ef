//! `--output FILE`: the file gets what stdout would have got, as a whole or not at all.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch, files};

/// A folder in which `check` finds a missing file and a moving tag.
fn drift() -> Scratch {
    let tag = "sample-container:0.0.1";
    Scratch::with_config(&SMALL.replace(tag, "sample-container:latest"))
}

#[test]
fn the_file_gets_what_stdout_would_have_got() {
    for format in ["json", "sarif", "gitlab", "junit"] {
        for (command, exit) in [("validate", Exit::Ok), ("check", Exit::Differs)] {
            let scratch = drift();
            let printed = scratch.expect(&[command, "--format", format], exit);
            let file = "reports/deep/result";
            let saved = scratch.expect(&[command, "--format", format, "--output", file], exit);
            assert_eq!(scratch.read(file), printed.stdout);
            assert_eq!(saved.stdout, "");
            assert!(
                saved.stderr.contains("warning[image-tag]"),
                "{}",
                saved.stderr
            );
            assert_eq!(files(&scratch.path().join("reports")).len(), 1);
        }
    }
    let scratch = drift();
    let annotations = ["check", "--format", "github", "--output", "result"];
    let saved = scratch.expect(&annotations, Exit::Differs);
    assert!(
        scratch
            .read("result")
            .lines()
            .all(|line| line.starts_with("::"))
    );
    assert!(saved.stdout.is_empty() && saved.stderr.contains("differs pullwright.yaml"));
}

#[test]
fn text_goes_to_the_file_without_colours_and_to_people_with_them() {
    let scratch = drift();
    let plain = scratch.expect(&["check"], Exit::Differs);
    let arguments = ["check", "--color", "always", "--output", "result.txt"];
    let saved = scratch.expect(&arguments, Exit::Differs);
    let text = scratch.read("result.txt");
    assert!(!text.contains('\u{1b}') && saved.stderr.contains('\u{1b}'));
    assert_eq!(text, format!("{}{}", plain.stderr, plain.stdout));
    assert_eq!(saved.stdout, "");
}

#[test]
fn what_ends_a_run_is_in_the_file_as_well() {
    let scratch = Scratch::new();
    for (format, word) in [("text", "error[unreadable]"), ("sarif", "\"unreadable\"")] {
        let arguments = [
            "validate",
            "nothing.yaml",
            "--format",
            format,
            "--output",
            "result",
        ];
        let outcome = scratch.expect(&arguments, Exit::Failed);
        assert!(scratch.read("result").contains(word));
        assert_eq!(outcome.stderr.matches("error[unreadable]").count(), 1);
    }
}

#[test]
fn what_is_there_is_replaced_as_a_whole_or_stays() {
    let scratch = drift();
    scratch.write("folder/real.json", "old");
    let real = scratch.path().join("folder/real.json");
    std::fs::set_permissions(&real, Permissions::from_mode(0o640)).expect("it is ours");
    symlink("folder/real.json", scratch.path().join("link.json")).expect("it is ours");
    scratch.expect(
        &["validate", "--format", "json", "--output", "link.json"],
        Exit::Ok,
    );
    assert!(scratch.path().join("link.json").is_symlink());
    assert!(scratch.read("folder/real.json").starts_with("{\n"));
    let mode = real.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(files(&scratch.path().join("folder")).len(), 1);

    let before = scratch.snapshot();
    for (file, why) in [
        ("folder", "cannot write `folder`: it is a directory"),
        (
            "pullwright.yaml/result",
            "cannot write `pullwright.yaml/result`: a part of the path is a file, not a directory",
        ),
        (
            "/dev/null",
            "cannot write `/dev/null`: it is not a regular file",
        ),
    ] {
        for format in ["text", "json"] {
            let arguments = ["check", "--format", format, "--output", file];
            let outcome = scratch.expect(&arguments, Exit::Failed);
            assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
            assert_eq!(outcome.stdout, "");
        }
    }
    assert_eq!(scratch.snapshot(), before);
    let printed = scratch.expect(&["validate", "--format", "json", "--output", "-"], Exit::Ok);
    assert!(printed.stdout.starts_with("{\n") && !scratch.has("-"));
}

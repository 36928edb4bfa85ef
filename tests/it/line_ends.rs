//! Line ends: what git makes of outputs on Windows is prevented, told from edits and repaired.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch, files, root};

/// Runs git with none of the settings of this machine.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=sample",
            "-c",
            "user.email=sample@localhost",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("it is text")
}

/// A repository with everything in it that is there.
fn commit(scratch: &Scratch) {
    git(scratch.path(), &["init", "-q"]);
    git(scratch.path(), &["add", "-A"]);
    git(scratch.path(), &["commit", "-q", "-m", "sample"]);
}

/// A clone as git for Windows makes it.
fn clone(scratch: &Scratch) -> Scratch {
    let clone = Scratch::new();
    let from = scratch.path().to_str().expect("the path is text");
    let arguments = ["-c", "core.autocrlf=true", "clone", "-q", from, "."];
    git(clone.path(), &arguments);
    clone
}

fn secret_example() -> String {
    std::fs::read_to_string(root().join("examples/secret/pullwright.yaml")).expect("it is there")
}

#[test]
fn a_clone_with_autocrlf_is_up_to_date() {
    let scratch = Scratch::with_config(&secret_example());
    scratch.expect(&["render"], Exit::Ok);
    commit(&scratch);
    let clone = clone(&scratch);
    assert!(
        clone.read("pullwright.yaml").contains("\r\n"),
        "git converts"
    );
    for file in files(&clone.path().join("k8s")) {
        let text = clone.read(&format!("k8s/{}", file.display()));
        assert!(!text.contains('\r'), "{}", file.display());
    }
    clone.expect(&["check", "--tracked"], Exit::Ok);
    let again = clone.expect(&["render"], Exit::Ok);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
}

/// git knows of every output, and of nothing else, that it is generated and has LF line ends.
#[test]
fn attributes_are_about_outputs_alone() {
    let config = secret_example().replace("spec:\n", "spec:\n  output: .\n");
    let scratch = Scratch::with_config(&config);
    scratch.expect(&["render"], Exit::Ok);
    git(scratch.path(), &["init", "-q"]);
    let others = ["pullwright.yaml", "logo.png", "app/web/deploy.yaml"];
    let outputs = files(scratch.path()).into_iter();
    let outputs: BTreeSet<String> = outputs
        .map(|path| path.to_string_lossy().into_owned())
        .filter(|path| !path.starts_with(".git/") && !others.contains(&path.as_str()))
        .collect();
    assert!(outputs.len() > 5, "{outputs:?}");
    let all = outputs.iter().map(String::as_str).chain(others);
    for path in all {
        let question = ["check-attr", "eol", "linguist-generated", "--", path];
        let answer = git(scratch.path(), &question);
        let is_ours =
            answer.contains(": eol: lf\n") && answer.contains("linguist-generated: set\n");
        assert_eq!(is_ours, outputs.contains(path), "{answer}");
        if !is_ours {
            assert_eq!(answer.matches("unspecified").count(), 2, "{answer}");
        }
    }
}

#[test]
fn attributes_of_the_user_stay() {
    let config = secret_example().replace("spec:\n", "spec:\n  output: .\n");
    for (theirs, is_enough) in [
        ("*.png binary\n", false),
        ("*.yaml text eol=lf\n", false),
        ("*.yaml text eol=lf\n*.sh text eol=lf\n", true),
        ("* text=auto eol=lf\n", true),
    ] {
        let scratch = Scratch::with_config(&config);
        scratch.write(".gitattributes", theirs);
        for arguments in [
            &["render"][..],
            &["render", "--force"],
            &["check"],
            &["diff"],
        ] {
            let outcome = scratch.expect(arguments, Exit::Ok);
            let warned = outcome.stderr.contains("warning[git-line-ends]");
            assert_eq!(
                warned, !is_enough,
                "{theirs}{arguments:?}{}",
                outcome.stderr
            );
        }
        assert_eq!(scratch.read(".gitattributes"), theirs);
        assert!(!scratch.read("pullwright.lock").contains(".gitattributes"));
        // What the message orders is enough.
        let outcome = scratch.expect(&["check"], Exit::Ok);
        let help = outcome
            .stderr
            .lines()
            .find(|line| line.contains("add the line"));
        if let Some(help) = help {
            let lines: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
            scratch.write(".gitattributes", format!("{theirs}{}\n", lines.join("\n")));
            let outcome = scratch.expect(&["check"], Exit::Ok);
            assert!(
                !outcome.stderr.contains("git-line-ends"),
                "{}",
                outcome.stderr
            );
        }
    }
    // One that pullwright wrote is as any other output.
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    scratch.write("k8s/.gitattributes", "* text\n");
    let refused = scratch.expect(&["render"], Exit::Failed);
    assert!(
        refused.stderr.contains("error[hand-edited]"),
        "{}",
        refused.stderr
    );
    scratch.expect(&["render", "--force"], Exit::Ok);
    scratch.expect(&["check"], Exit::Ok);
}

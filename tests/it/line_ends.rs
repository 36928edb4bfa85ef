//! Line ends: what git makes of outputs on Windows is prevented, told from edits and repaired.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use pullwright::cli::Exit;

use crate::support::{PLAINTEXT, SMALL, Scratch, files, root};

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
    // One in place of that which pullwright wrote stays as well; an edit of it is one of any output.
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let ours = scratch.read("k8s/.gitattributes");
    scratch.write("k8s/.gitattributes", "* text\n");
    let warned = scratch.expect(&["render"], Exit::Ok);
    assert!(
        warned.stderr.contains("warning[git-line-ends]"),
        "{}",
        warned.stderr
    );
    assert_eq!(scratch.read("k8s/.gitattributes"), "* text\n");
    scratch.expect(&["check"], Exit::Ok);
    scratch.write("k8s/.gitattributes", format!("{ours}*.png binary\n"));
    let refused = scratch.expect(&["render"], Exit::Failed);
    assert!(
        refused.stderr.contains("error[hand-edited]"),
        "{}",
        refused.stderr
    );
    scratch.expect(&["render", "--force"], Exit::Ok);
    scratch.expect(&["check"], Exit::Ok);
}

/// Gives all files of a folder CRLF line ends.
fn convert(scratch: &Scratch, folder: &str) {
    for file in files(&scratch.path().join(folder)) {
        let file = format!("{folder}/{}", file.display());
        let text = scratch.read(&file).replace("\r\n", "\n");
        scratch.write(&file, text.replace('\n', "\r\n"));
    }
}

#[test]
fn outputs_with_other_line_ends_are_named_and_fixed() {
    let scratch = Scratch::with_config(&secret_example());
    scratch.expect(&["render"], Exit::Ok);
    let written = scratch.snapshot();
    convert(&scratch, "k8s");
    let check = scratch.expect(&["check"], Exit::Differs);
    let count = files(&scratch.path().join("k8s")).len() - 1;
    assert_eq!(
        check.stdout,
        format!(
            "differs pullwright.yaml: k8s: {count} with CRLF line ends (`render` fixes them)\n"
        )
    );
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert_eq!(diff.stdout.lines().count(), count, "{}", diff.stdout);
    let is_named = |line: &str| line.starts_with("only line ends differ: k8s/");
    assert!(diff.stdout.lines().all(is_named), "{}", diff.stdout);
    let render = scratch.expect(&["render"], Exit::Ok);
    let fixed = render.stderr.matches("line ends fixed k8s/").count();
    assert_eq!(fixed, count, "{}", render.stderr);
    scratch.expect(&["check"], Exit::Ok);
    // The lock is read with any line ends, and is not rewritten for them.
    let is_lock = |path: &Path| path.ends_with("pullwright.lock");
    for ((path, old), (_, new)) in written.iter().zip(&scratch.snapshot()) {
        assert_eq!(old == new, !is_lock(path), "{}", path.display());
    }
}

/// What an older config generated counts as unedited with any line ends, even where it holds a secret.
#[test]
fn outdated_outputs_with_other_line_ends_are_not_edited() {
    let scratch = Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2hunter2");
    scratch.expect(&["render"], Exit::Ok);
    convert(&scratch, "k8s");
    let renamed = PLAINTEXT.replace("[default]", "[web]");
    scratch.write("pullwright.yaml", renamed);
    scratch.expect(&["render", "--prune"], Exit::Ok);
    scratch.expect(&["check"], Exit::Ok);
    assert!(!scratch.has("k8s/sample/default/secret.yaml"));

    let scratch = scratch.variable("ACR_PASSWORD", "hunter3hunter3");
    convert(&scratch, "k8s");
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert!(
        !diff.stdout.contains('\r') && !diff.stdout.contains("hunter"),
        "{}",
        diff.stdout
    );
    scratch.expect(&["render"], Exit::Ok);
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn the_diff_of_an_edit_shows_no_line_ends() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    convert(&scratch, "k8s/sample/default");
    let pod = "k8s/sample/default/pod-sample-pod.yaml";
    let text = scratch.read(pod);
    scratch.write(pod, text.replace("0.0.1", "0.0.2"));
    let refused = scratch.expect(&["render"], Exit::Failed);
    let image = "youruniquename.azurecr.io/sample-container";
    let lines = format!(
        "@@\n     - name: acr-secret\n   containers:\n     - name: sample-pod-container\n-      image: {image}:0.0.2\n+      image: {image}:0.0.1\nerror["
    );
    assert!(refused.stderr.contains(&lines), "{}", refused.stderr);
}

#[test]
fn templates_are_read_with_any_line_ends() {
    let example = secret_example();
    let scratch = Scratch::with_config(&example);
    scratch.expect(&["render"], Exit::Ok);
    let own = Scratch::with_config(&example.replace("spec:\n", "spec:\n  templates: mine\n"));
    for (name, text) in pullwright::render::BUILT_IN {
        let text = text.replace('\n', "\r\n");
        own.write(&format!("mine/{name}"), format!("\u{feff}{text}"));
    }
    own.expect(&["render"], Exit::Ok);
    for file in files(&scratch.path().join("k8s")) {
        let file = format!("k8s/{}", file.display());
        assert_eq!(scratch.read(&file), own.read(&file), "{file}");
    }
}

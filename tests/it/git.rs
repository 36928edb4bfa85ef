//! Questions to git: what a commit would leave out, in hooks too, and what happens without an answer.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use pullwright::cli::Exit;

use crate::support::{PLAINTEXT, SMALL, Scratch};

/// git as the user runs it, with hooks.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    for (key, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_AUTHOR_NAME", "test"),
        ("GIT_AUTHOR_EMAIL", "test@example.com"),
        ("GIT_COMMITTER_NAME", "test"),
        ("GIT_COMMITTER_EMAIL", "test@example.com"),
    ] {
        command.env(key, value);
    }
    command.args(["-c", "init.defaultBranch=main"]);
    let command = command.args(arguments).current_dir(folder);
    command.output().expect("git starts")
}

/// The same, and it must succeed.
#[track_caller]
pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let output = command(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// Writes a program.
pub(crate) fn program(scratch: &Scratch, name: &str, text: &str) {
    scratch.write(name, format!("#!/bin/sh\n{text}\n"));
    let permissions = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(scratch.path().join(name), permissions).expect("it is ours");
}

/// A rendered config in a repository with our program as its hook, nothing committed yet.
fn hooked(folder: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write(&format!("{folder}pullwright.yaml"), SMALL);
    scratch.expect(&["render", &format!("{folder}pullwright.yaml")], Exit::Ok);
    git(scratch.path(), &["init", "-q"]);
    let binary = env!("CARGO_BIN_EXE_pullwright");
    let text = format!("exec {binary} check {folder}pullwright.yaml --tracked >&2");
    program(&scratch, ".git/hooks/pre-commit", &text);
    scratch
}

#[track_caller]
fn commits(folder: &Path, arguments: &[&str]) {
    let all = [&["commit", "-qm", "change"], arguments].concat();
    git(folder, &all);
}

#[track_caller]
fn is_blocked(folder: &Path, arguments: &[&str], why: &str) {
    let all = [&["commit", "-qm", "change"], arguments].concat();
    let output = command(folder, &all);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(why), "{said}");
}

const POD: &str = "k8s/sample/default/pod-sample-pod.yaml";

#[test]
fn a_hook_minds_the_index_of_its_commit() {
    let scratch = hooked("");
    let folder = scratch.path();
    git(folder, &["add", "pullwright.yaml"]);
    is_blocked(folder, &[], "git does not track `k8s/kustomization.yaml`");
    git(folder, &["add", "."]);
    // All is in the index, but this commit takes the config alone.
    is_blocked(
        folder,
        &["--", "pullwright.yaml"],
        "git does not track `k8s/kustomization.yaml`",
    );
    commits(folder, &[]);
    scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.2"));
    scratch.expect(&["render"], Exit::Ok);
    commits(folder, &["-a"]);
    scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.3"));
    scratch.expect(&["render"], Exit::Ok);
    commits(folder, &["--", "pullwright.yaml", "k8s"]);
    // What `-a` would take out of the index is left out, too.
    git(folder, &["rm", "-q", "--cached", POD]);
    is_blocked(folder, &["-a"], &format!("git does not track `{POD}`"));
}

#[test]
fn a_hook_works_in_a_linked_work_tree_and_in_dotfiles() {
    let scratch = hooked("");
    let folder = scratch.path();
    git(folder, &["add", "."]);
    commits(folder, &[]);
    git(folder, &["worktree", "add", "-q", "tree"]);
    let tree = folder.join("tree");
    scratch.write("tree/file", "");
    git(&tree, &["add", "file"]);
    commits(&tree, &[]);
    git(&tree, &["rm", "-q", "--cached", POD]);
    is_blocked(&tree, &[], &format!("git does not track `{POD}`"));

    let dotfiles = hooked("");
    let folder = dotfiles.path();
    std::fs::rename(folder.join(".git"), folder.join("dots")).expect("it is ours");
    let named = ["--git-dir=dots", "--work-tree=."];
    git(folder, &[&named[..], &["add", "pullwright.yaml"]].concat());
    let output = command(folder, &[&named[..], &["commit", "-qm", "change"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("git does not track `k8s/kustomization.yaml`"),
        "{said}"
    );
    git(folder, &[&named[..], &["add", "k8s"]].concat());
    git(folder, &[&named[..], &["commit", "-qm", "change"]].concat());
}

#[test]
fn a_hook_of_an_outer_repository_asks_the_inner_one_about_its_files() {
    let scratch = hooked("inner/");
    let folder = scratch.path();
    git(&folder.join("inner"), &["init", "-q"]);
    git(&folder.join("inner"), &["add", "."]);
    scratch.write("file", "");
    git(folder, &["add", "file"]);
    commits(folder, &[]);
    git(&folder.join("inner"), &["rm", "-q", "--cached", POD]);
    is_blocked(
        folder,
        &["--allow-empty"],
        &format!("git does not track `inner/{POD}`"),
    );
}

#[test]
fn what_git_ignores_is_not_tracked_and_a_secret_in_clear_text_need_not_be() {
    let scratch = Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2");
    git(scratch.path(), &["init", "-q"]);
    scratch.write(".gitignore", "secret.yaml\n/k8s/kustomization.yaml\n");
    scratch.expect(&["render"], Exit::Ok);
    git(scratch.path(), &["add", "."]);
    let outcome = scratch.expect(&["check", "--tracked"], Exit::Differs);
    for message in [
        "error[untracked]: git ignores `k8s/kustomization.yaml`, so a commit would leave it out",
        "run `git add --force k8s/kustomization.yaml`",
        "note: git does not track `k8s/sample/default/secret.yaml`: it contains a Secret in clear text\n",
    ] {
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    assert_eq!(outcome.stderr.matches("error[").count(), 1);
    git(
        scratch.path(),
        &["add", "--force", "k8s/kustomization.yaml"],
    );
    let outcome = scratch.expect(&["check", "--tracked"], Exit::Ok);
    assert!(outcome.stderr.starts_with("note: "), "{}", outcome.stderr);
}

#[test]
fn without_an_answer_of_git_nothing_is_fine() {
    let scratch = || {
        Scratch::with_config(PLAINTEXT)
            .variable("ACR_USERNAME", "sample-pull")
            .variable("ACR_PASSWORD", "hunter2")
    };
    let tracked = |scratch: &Scratch, why: &str| {
        scratch.expect(&["render", "--allow-plaintext"], Exit::Ok);
        let outcome = scratch.expect(&["check", "--tracked"], Exit::Failed);
        let message = format!(
            "error[git-unanswered]: cannot determine which files git tracks in `k8s`: {why}\n"
        );
        assert!(outcome.stderr.starts_with(&message), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("help: "), "{}", outcome.stderr);
        // The config is valid.
        assert_eq!(outcome.stdout, "failed pullwright.yaml: 1 error\n");
        // One that git tracks may be ignored by a pattern, and is not found then.
        std::fs::create_dir_all(scratch.path().join("empty")).expect("the folder is ours");
        let empty = ["check", "--tracked", "--allow-empty", "empty"];
        let outcome = scratch.expect(&empty, Exit::Failed);
        let message =
            format!("error[git-unanswered]: cannot determine which configs git tracks: {why}\n");
        assert!(outcome.stderr.contains(&message), "{}", outcome.stderr);
    };
    // Outside of a repository, a secret may be written.
    let outside = scratch();
    outside.expect(&["render"], Exit::Ok);
    tracked(&outside, "not in a git repository");

    let no_git = scratch().variable("PATH", "relative:.");
    git(no_git.path(), &["init", "-q"]);
    let why = "`git` was not found in the absolute directories of PATH";
    let outcome = no_git.expect(&["render"], Exit::Failed);
    for message in [
        "error[git-unanswered]: cannot determine whether git would track the Secrets in clear text in `k8s`: ",
        why,
        "help: install git",
        "help: or give --allow-plaintext",
    ] {
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    assert!(!no_git.has("k8s"));
    tracked(&no_git, why);

    let odd = scratch();
    let folder = odd.path().join("bin").display().to_string();
    let odd = odd.variable("PATH", &folder);
    git(odd.path(), &["init", "-q"]);
    program(
        &odd,
        "bin/git",
        r"printf 'hint: x\nfatal: a \033[2Jb\nc\n' >&2; exit 128",
    );
    tracked(&odd, "git failed with `a \u{fffd}[2Jb`");
    program(&odd, "bin/git", "exit 1");
    tracked(&odd, "git cannot be run: it ended with exit code 1");
    program(&odd, "bin/git", "kill -9 $$");
    tracked(&odd, "git cannot be run: it was killed");
}

#[test]
fn outputs_in_a_git_folder_are_refused_or_not_tracked() {
    let scratch = Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2");
    git(scratch.path(), &["init", "-q"]);
    let before = scratch.snapshot();
    for out in [".git", ".git/k8s", ".git/info"] {
        scratch.expect(&["render", "--out", out], Exit::Failed);
        assert_eq!(scratch.snapshot(), before, "{out}");
    }
}

#[test]
fn the_folder_need_not_be_there_and_may_lie_behind_a_link() {
    let scratch = Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2");
    std::fs::create_dir(scratch.path().join("there")).expect("it is ours");
    git(&scratch.path().join("there"), &["init", "-q"]);
    std::os::unix::fs::symlink("there", scratch.path().join("link")).expect("it is ours");
    for out in ["there", "there/a/b", "link", "link/a/b", "link/../there/a"] {
        let outcome = scratch.expect(&["render", "--out", out], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[plaintext-tracked]"),
            "{}",
            outcome.stderr
        );
    }
    scratch.write("there/.gitignore", "/a/\n");
    scratch.expect(&["render", "--out", "link/a/b"], Exit::Ok);
    assert!(scratch.has("there/a/b/pullwright.lock"));
}

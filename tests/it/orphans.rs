//! Outputs whose config is gone, or that no config of a run owns for another reason.

use std::process::Command;

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{Outcome, SMALL, Scratch, source};

/// Two folders with a config each, rendered.
fn two() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("one/pullwright.yaml", SMALL);
    scratch.write("two/pullwright.yaml", SMALL);
    scratch.expect(&["render", "."], Exit::Ok);
    scratch
}

fn remove(scratch: &Scratch, name: &str) {
    std::fs::remove_file(scratch.path().join(name)).expect("it is there");
}

fn rename(scratch: &Scratch, old: &str, new: &str) {
    let [old, new] = [old, new].map(|name| scratch.path().join(name));
    std::fs::rename(old, new).expect("it is there");
}

/// The first message of a run, without its frame.
#[track_caller]
fn message(outcome: &Outcome) -> String {
    let lines = outcome
        .stderr
        .lines()
        .filter(|line| !line.starts_with("  -->"));
    let text: Vec<&str> = lines
        .take_while(|line| !line.starts_with("pullwright:"))
        .collect();
    text.join("\n")
}

fn git(scratch: &Scratch, arguments: &[&str]) {
    let mut command = Command::new("git");
    let set = [
        "-c",
        "user.name=sample",
        "-c",
        "user.email=sample@example.com",
    ];
    command
        .args(set)
        .args(arguments)
        .current_dir(scratch.path());
    let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output();
    assert!(
        output.expect("git starts").status.success(),
        "{arguments:?}"
    );
}

#[test]
fn outputs_of_a_deleted_config_are_found_and_pruned() {
    let scratch = two();
    git(&scratch, &["init", "-q"]);
    git(&scratch, &["add", "-A"]);
    git(&scratch, &["commit", "-qm", "x"]);
    git(&scratch, &["rm", "-q", "one/pullwright.yaml"]);
    let check = scratch.expect(&["check", ".", "--tracked"], Exit::Differs);
    assert_eq!(
        check.stdout,
        "ok two/pullwright.yaml: two/k8s: 7 files\norphaned one/k8s: 7 stale\n"
    );
    assert_eq!(
        message(&check),
        "error[output-orphaned]: `one/k8s` was rendered by `one/pullwright.yaml`, which does not exist\n--> one/k8s/pullwright.lock\n = help: remove it with `pullwright render --prune .`"
    );
    assert!(
        check
            .stderr
            .ends_with("pullwright: 1 ok, 0 differ, 0 invalid, 1 orphaned\n"),
        "{}",
        check.stderr
    );
    let github = scratch.expect(&["check", ".", "--format", "github"], Exit::Differs);
    assert!(
        github
            .stdout
            .contains("::error file=one/k8s/pullwright.lock,title=pullwright[output-orphaned]::"),
        "{}",
        github.stdout
    );
    let diff = scratch.expect(&["diff", "."], Exit::Differs);
    assert!(
        diff.stderr.contains("error[output-orphaned]"),
        "{}",
        diff.stderr
    );
    let shown = scratch.expect(&["diff", ".", "--prune"], Exit::Differs);
    assert!(
        shown.stdout.contains("--- a/one/k8s/kustomization.yaml"),
        "{}",
        shown.stdout
    );
    // Without being asked, nothing is removed, and the exit code is that of stale files.
    let before = scratch.snapshot();
    let render = scratch.expect(&["render", ".", "--exit-code"], Exit::Ok);
    assert!(
        render
            .stderr
            .starts_with("warning[output-orphaned]: `one/k8s`"),
        "{}",
        render.stderr
    );
    let dry = scratch.expect(
        &["render", ".", "--prune", "--dry-run", "--exit-code"],
        Exit::Differs,
    );
    assert!(
        dry.stderr
            .contains("would be removed one/k8s/pullwright.lock\n"),
        "{}",
        dry.stderr
    );
    assert!(scratch.snapshot() == before, "a file was changed");
    let prune = scratch.expect(&["render", ".", "--prune", "--exit-code"], Exit::Differs);
    assert!(
        !prune.stderr.contains("output-orphaned"),
        "{}",
        prune.stderr
    );
    assert!(
        prune.stderr.ends_with(
            "pullwright: 8 changes made in 1 of 2 output directories; 7 files already up to date\n"
        ),
        "{}",
        prune.stderr
    );
    assert!(!scratch.has("one/k8s") && scratch.has("two/k8s/pullwright.lock"));
    scratch.expect(&["check", "."], Exit::Ok);
    scratch.expect(&["render", ".", "--prune", "--exit-code"], Exit::Ok);
}

#[test]
fn the_last_config_may_be_deleted() {
    let scratch = two();
    remove(&scratch, "one/pullwright.yaml");
    remove(&scratch, "two/pullwright.yaml");
    let hook = |scratch: &Scratch, id: &str, exit| {
        let hooks = source(".pre-commit-hooks.yaml");
        let (_, rest) = hooks
            .split_once(&format!("id: {id}\n"))
            .expect("it is there");
        let (_, rest) = rest
            .split_once("entry: pullwright ")
            .expect("it has an entry");
        let entry = rest.lines().next().expect("it has a line");
        let arguments: Vec<&str> = entry.split(' ').chain(["."]).collect();
        scratch.expect(&arguments, exit)
    };
    git(&scratch, &["init", "-q"]);
    let check = hook(&scratch, "pullwright-check", Exit::Differs);
    assert_eq!(
        check.stdout.matches("orphaned ").count(),
        2,
        "{}",
        check.stdout
    );
    hook(&scratch, "pullwright-render", Exit::Differs);
    assert!(!scratch.has("one/k8s") && !scratch.has("two/k8s"));
    for id in ["pullwright-check", "pullwright-render"] {
        let outcome = hook(&scratch, id, Exit::Ok);
        assert!(
            outcome
                .stderr
                .starts_with("pullwright: no config was found\n"),
            "{}",
            outcome.stderr
        );
    }
    let json = scratch.expect(
        &["check", ".", "--allow-empty", "--format", "json"],
        Exit::Ok,
    );
    let value: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(value["ok"], true);
    // Who typed it hears that there is none.
    for command in ["check", "render", "diff", "validate"] {
        let outcome = scratch.expect(&[command, "one"], Exit::Failed);
        assert!(
            outcome
                .stderr
                .starts_with("error[no-config]: `one` contains no `pullwright.yaml`"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn outputs_of_a_config_that_writes_elsewhere_are_orphans() {
    let scratch = Scratch::new();
    let nested = SMALL.replace("spec:\n", "spec:\n  output: deploy/k8s\n");
    scratch.write("one/pullwright.yaml", nested);
    scratch.expect(&["render", "."], Exit::Ok);
    scratch.write("one/pullwright.yaml", SMALL);
    scratch.expect(&["render", "."], Exit::Ok);
    let check = scratch.expect(&["check", "."], Exit::Differs);
    assert!(
        message(&check).contains(
            "`one/deploy/k8s` was rendered by `one/pullwright.yaml`, which writes to `one/k8s` now"
        ),
        "{}",
        check.stderr
    );
    scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    assert!(!scratch.has("one/deploy"));
    scratch.expect(&["check", "."], Exit::Ok);
}

#[test]
fn what_was_edited_stays_and_is_told() {
    let scratch = two();
    remove(&scratch, "one/pullwright.yaml");
    let pod = "one/k8s/sample/default/pod-sample-pod.yaml";
    scratch.write(pod, "kind: Pod # mine\n");
    scratch.write("one/k8s/notes.txt", "mine\n");
    let check = scratch.expect(&["check", "."], Exit::Differs);
    assert!(
        check
            .stdout
            .ends_with("orphaned one/k8s: 6 stale, 1 stale and edited by hand\n"),
        "{}",
        check.stdout
    );
    let prune = scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    assert!(
        prune
            .stderr
            .contains(&format!("stale: {pod} stays: it was edited\n")),
        "{}",
        prune.stderr
    );
    assert_eq!(scratch.read(pod), "kind: Pod # mine\n");
    assert!(scratch.has("one/k8s/pullwright.lock") && !scratch.has("one/k8s/kustomization.yaml"));
    scratch.expect(&["check", "."], Exit::Differs);
    remove(&scratch, pod);
    scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    let left = crate::support::files(&scratch.path().join("one"));
    assert_eq!(left, [std::path::Path::new("k8s/notes.txt")]);
    scratch.expect(&["check", "."], Exit::Ok);
}

#[test]
fn outputs_of_a_config_of_another_name_are_never_pruned_unasked() {
    let scratch = two();
    rename(&scratch, "one/pullwright.yaml", "one/pullwright.yml");
    let before = scratch.snapshot();
    let render = scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    for part in [
        "warning[config-name]: `one/pullwright.yml` is not read: in a directory, configs are called `pullwright.yaml`",
        "rename it with `mv one/pullwright.yml one/pullwright.yaml`, or pass `one/pullwright.yml` as an argument",
        "warning[output-orphaned]: `one/k8s` was rendered by `one/pullwright.yaml`, which does not exist",
        "pass `one/pullwright.yml` as well: `pullwright render . one/pullwright.yml`; or rename it to `pullwright.yaml`",
    ] {
        assert!(render.stderr.contains(part), "{part}\n{}", render.stderr);
    }
    assert!(scratch.snapshot() == before, "a file was changed");
    // As the help says.
    scratch.expect(&["render", ".", "one/pullwright.yml"], Exit::Ok);
    scratch.expect(&["check", ".", "one/pullwright.yml"], Exit::Ok);
    // The lock knows its config now, which exists.
    rename(&scratch, "one/pullwright.yml", "one/access.yaml");
    scratch.expect(&["render", "one/access.yaml"], Exit::Ok);
    let check = scratch.expect(&["check", "."], Exit::Differs);
    assert!(
        message(&check).starts_with("error[output-orphaned]: `one/k8s` belongs to `one/access.yaml`, which is not part of this run\n"),
        "{}",
        check.stderr
    );
    let before = scratch.snapshot();
    scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    assert!(scratch.snapshot() == before, "a file was changed");
}

#[test]
fn another_config_beside_that_writes_elsewhere_saves_nothing() {
    let scratch = two();
    remove(&scratch, "one/pullwright.yaml");
    let other = SMALL.replace("spec:\n", "spec:\n  output: other\n");
    scratch.write("one/other.yaml", other);
    scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    assert!(!scratch.has("one/k8s"));
}

#[test]
fn a_directory_without_a_config_names_what_may_be_one() {
    let scratch = Scratch::new();
    scratch.write("one/access.yaml", SMALL);
    scratch.write("one/web.yaml", "kind: Pod\n");
    scratch.write("one/deep/pullwright.yml", SMALL);
    let outcome = scratch.expect(&["check", "one"], Exit::Failed);
    for part in [
        "mv one/access.yaml one/pullwright.yaml`, or pass `one/access.yaml`",
        "mv one/deep/pullwright.yml one/deep/pullwright.yaml`",
    ] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("web.yaml"), "{}", outcome.stderr);
}

#[test]
fn outputs_that_belong_to_no_config_are_not_orphans() {
    let scratch = two();
    scratch.expect(
        &["render", "one/pullwright.yaml", "--out", "env/prod"],
        Exit::Ok,
    );
    scratch.expect(&["check", "."], Exit::Ok);
    let out = scratch.expect(&["check", "one", "--out", "env/prod"], Exit::Ok);
    assert_eq!(out.stderr, "");
    // An older lock does not tell: nothing is lost.
    let lock = scratch.read("env/prod/pullwright.lock");
    scratch.write(
        "env/prod/pullwright.lock",
        lock.replace("  \"config\": \"-\",\n", ""),
    );
    let before = scratch.snapshot();
    let render = scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    assert!(
        render
            .stderr
            .contains("`env/prod` was rendered by a config that is not part of this run")
            && render.stderr.contains("`rm -r env/prod`"),
        "{}",
        render.stderr
    );
    assert!(scratch.snapshot() == before, "a file was changed");
}

#[test]
fn outputs_of_a_config_that_is_not_valid_are_left_alone() {
    let scratch = two();
    scratch.write("one/pullwright.yaml", "kind: nothing\n");
    let check = scratch.expect(&["check", "."], Exit::Failed);
    assert!(
        !check.stderr.contains("output-orphaned"),
        "{}",
        check.stderr
    );
    let before = scratch.snapshot();
    remove(&scratch, "two/pullwright.yaml");
    let render = scratch.expect(&["render", ".", "--prune"], Exit::Failed);
    assert!(
        render.stderr.contains("nothing was written"),
        "{}",
        render.stderr
    );
    scratch.write("two/pullwright.yaml", SMALL);
    assert!(scratch.snapshot() == before, "a file was changed");
}

#[test]
fn a_file_alone_is_no_reason_to_look_for_orphans() {
    let scratch = two();
    remove(&scratch, "one/pullwright.yaml");
    scratch.expect(&["check", "two/pullwright.yaml"], Exit::Ok);
    scratch.expect(&["check", "two"], Exit::Ok);
    scratch.expect(&["check", "*/pullwright.yaml"], Exit::Ok);
}

/// The directory is that of a config, which reports it.
#[test]
fn a_lock_that_is_not_valid_is_told_once() {
    let scratch = two();
    scratch.write("one/k8s/pullwright.lock", "{");
    for command in ["check", "render", "diff"] {
        let outcome = scratch.expect(&[command, "."], Exit::Failed);
        let found = outcome.stderr.matches("error[lock-invalid]").count();
        assert_eq!(found, 1, "{command}: {}", outcome.stderr);
    }
    // Without the config nothing else tells it.
    remove(&scratch, "one/pullwright.yaml");
    let outcome = scratch.expect(&["check", "."], Exit::Failed);
    assert_eq!(outcome.stderr.matches("error[lock-invalid]").count(), 1);
}

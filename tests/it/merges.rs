//! A merge conflict in generated files resolves itself: they hold nothing but what both branches generated.

use std::process::Command;

use pullwright::cli::Exit;
use pullwright::lock::VERSION;
use serde_json::Value;

use crate::support::{SMALL, Scratch};

const LOCK: &str = "k8s/pullwright.lock";
const KUSTOMIZATION: &str = "k8s/sample/kustomization.yaml";

fn git(scratch: &Scratch, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    for setting in [
        "user.name=sample",
        "user.email=sample@example.com",
        "init.defaultBranch=main",
    ] {
        command.args(["-c", setting]);
    }
    command.args(arguments).current_dir(scratch.path());
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command.output().expect("git starts").status.success()
}

fn pod(name: &str) -> String {
    format!("k8s/sample/default/pod-{name}.yaml")
}

/// Renders a config with a pod of this name, and commits all.
fn commit(scratch: &Scratch, name: &str) {
    scratch.write(
        "pullwright.yaml",
        SMALL.replace("name: sample-pod\n", &format!("name: {name}\n")),
    );
    scratch.expect(&["render", "--prune"], Exit::Ok);
    assert!(git(scratch, &["add", "-A"]) && git(scratch, &["commit", "-qm", name]));
}

/// A repository amid the merge of two branches, each with a pod of its own; the config is resolved.
fn merging(style: &str) -> Scratch {
    let scratch = Scratch::new();
    assert!(git(&scratch, &["init", "-q"]));
    commit(&scratch, "sample-pod");
    assert!(git(&scratch, &["switch", "-qc", "theirs"]));
    commit(&scratch, "theirs");
    assert!(git(&scratch, &["switch", "-q", "main"]));
    commit(&scratch, "ours");
    let style = format!("merge.conflictStyle={style}");
    assert!(
        !git(&scratch, &["-c", &style, "merge", "theirs"]),
        "it conflicts"
    );
    scratch.write(
        "pullwright.yaml",
        SMALL.replace("name: sample-pod\n", "name: both\n"),
    );
    scratch
}

#[test]
fn render_resolves_a_merge_and_forgets_no_stale_file_of_either_side() {
    for style in ["merge", "diff3", "zdiff3"] {
        let scratch = merging(style);
        for file in [LOCK, KUSTOMIZATION] {
            let text = scratch.read(file);
            assert!(
                text.contains("\n<<<<<<< ") || text.starts_with("<<<<<<< "),
                "{file}: {text}"
            );
        }
        // To git, both have renamed a file: both new ones hold the conflict, and longer markers.
        for name in ["ours", "theirs"] {
            let text = scratch.read(&pod(name));
            assert!(text.contains("\n<<<<<<<< HEAD:"), "{text}");
        }
        let check = scratch.expect(&["check", "--format", "json"], Exit::Differs);
        let value: Value = serde_json::from_str(&check.stdout).expect("it is JSON");
        let all = value["configs"][0]["diagnostics"]
            .as_array()
            .into_iter()
            .flatten();
        let all: Vec<String> = all
            .map(|one| format!("{} {}", one["code"], one["file"]).replace('"', ""))
            .collect();
        let want = [
            format!("merge-conflict {LOCK}"),
            format!("file-missing {}", pod("both")),
            format!("file-stale {}", pod("ours")),
            format!("file-stale {}", pod("theirs")),
            format!("merge-conflict {KUSTOMIZATION}"),
        ];
        assert_eq!(all, want, "{style}");
        let diff = scratch.expect(&["diff"], Exit::Differs);
        for line in [
            format!("merge conflict: {KUSTOMIZATION}\n"),
            format!("lock: `{LOCK}` contains a merge conflict\n"),
        ] {
            assert!(diff.stdout.contains(&line), "{}", diff.stdout);
        }
        let render = scratch.expect(&["render"], Exit::Ok);
        for line in [
            format!("conflict resolved {LOCK}\n"),
            format!("conflict resolved {KUSTOMIZATION}\n"),
            format!("stale: {} (`--prune` removes it)\n", pod("theirs")),
            format!("stale: {} (`--prune` removes it)\n", pod("ours")),
        ] {
            assert!(render.stderr.contains(&line), "{line}{}", render.stderr);
        }
        scratch.expect(&["render", "--prune"], Exit::Ok);
        assert!(!scratch.has(&pod("ours")) && !scratch.has(&pod("theirs")));
        scratch.expect(&["check"], Exit::Ok);
        assert!(git(&scratch, &["add", "-A"]) && git(&scratch, &["commit", "-qm", "merge"]));
        scratch.expect(&["check", "--tracked"], Exit::Ok);
    }
}

#[test]
fn a_lock_is_written_anew_though_both_sides_say_the_same() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read(LOCK);
    let both = format!("<<<<<<< HEAD\n{lock}=======\n{lock}>>>>>>> theirs\n");
    scratch.write(LOCK, &both);
    let check = scratch.expect(&["check"], Exit::Differs);
    assert_eq!(
        check.stdout,
        "differs pullwright.yaml: k8s: lock with a merge conflict\n"
    );
    scratch.expect(&["render"], Exit::Ok);
    assert_eq!(scratch.read(LOCK), lock);
    // A side that this version cannot read is not thrown away.
    scratch.write(
        LOCK,
        both.replacen(&format!("\"version\": {VERSION}"), "\"version\": 9", 1),
    );
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[lock-invalid]")
            && outcome.stderr.contains("it has version 9"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_pullwright_did_not_write_is_no_conflict_of_its_own() {
    let scratch = Scratch::with_config(SMALL);
    let text = "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> theirs\n";
    scratch.write("k8s/kustomization.yaml", text);
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[hand-edited]"),
        "{}",
        outcome.stderr
    );
    assert_eq!(scratch.read("k8s/kustomization.yaml"), text);
}

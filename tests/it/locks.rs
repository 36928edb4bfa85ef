//! The lock is an output as well: without it, or with one that does not know the files, they differ.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{SMALL, Scratch};

const LOCK: &str = "k8s/pullwright.lock";

/// The codes and files of the messages of `check`.
fn verdicts(scratch: &Scratch) -> Vec<String> {
    let outcome = scratch.expect(&["check", "--format", "json"], Exit::Differs);
    let value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let all = value["configs"][0]["diagnostics"].as_array();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let all = all.into_iter().flatten();
    all.map(|one| format!("{} {}", word(one, "code"), word(one, "file")))
        .collect()
}

#[test]
fn a_missing_lock_differs_and_is_written_again() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read(LOCK);
    std::fs::remove_file(scratch.path().join(LOCK)).expect("it is there");
    let check = scratch.expect(&["check"], Exit::Differs);
    assert_eq!(check.stdout, "differs pullwright.yaml: k8s: lock missing\n");
    assert_eq!(verdicts(&scratch), [format!("lock-outdated {LOCK}")]);
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert_eq!(
        diff.stdout,
        "lock: `k8s/pullwright.lock` does not exist, so edits and stale files cannot be detected\n"
    );
    let dry = scratch.expect(&["render", "--dry-run", "--exit-code"], Exit::Differs);
    assert!(
        dry.stderr
            .starts_with("would be created k8s/pullwright.lock\n"),
        "{}",
        dry.stderr
    );
    assert!(!scratch.has(LOCK));
    let render = scratch.expect(&["render", "--exit-code"], Exit::Differs);
    let files = lock.matches("sha256").count();
    assert_eq!(
        render.stderr,
        format!(
            "created k8s/pullwright.lock\npullwright: 1 change made in k8s; {files} files already up to date\n"
        )
    );
    assert_eq!(scratch.read(LOCK), lock);
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn a_lock_that_does_not_know_a_file_differs_and_is_written_again() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read(LOCK);
    let mut value: Value = serde_json::from_str(&lock).expect("it is JSON");
    let files = value["files"].as_object_mut().expect("it lists files");
    files.remove("sample/kustomization.yaml");
    files["kustomization.yaml"]["sha256"] = "00".into();
    scratch.write(LOCK, value.to_string());
    assert_eq!(verdicts(&scratch), [format!("lock-outdated {LOCK}")]);
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert_eq!(
        diff.stdout,
        "lock: `k8s/pullwright.lock` does not record `kustomization.yaml` and 1 more as they are\n"
    );
    let json = scratch.expect(&["render", "--format", "json"], Exit::Ok);
    let value: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let written = serde_json::json!({"path": "pullwright.lock", "change": "update", "done": true});
    let files = value["configs"][0]["files"].as_array();
    assert!(
        files.is_some_and(|files| files.contains(&written)),
        "{value}"
    );
    assert_eq!(scratch.read(LOCK), lock);
}

#[test]
fn before_the_first_run_only_the_files_are_missing() {
    let scratch = Scratch::with_config(SMALL);
    let all = verdicts(&scratch);
    assert!(
        !all.is_empty() && all.iter().all(|one| one.starts_with("file-missing ")),
        "{all:?}"
    );
}

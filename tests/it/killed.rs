//! What a run that was killed has left: it is cleared away, and nothing of it looks edited.

use std::os::unix::fs::symlink;

use pullwright::cli::Exit;

use crate::files::{LOCK, POD, rendered};
use crate::support::SMALL;

#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let scratch = rendered();
    scratch.write("k8s/.pullwright-tmp/0", "half a fi");
    std::fs::remove_file(scratch.path().join(POD)).expect("it is ours");
    scratch.expect(&["render"], Exit::Ok);
    assert!(!scratch.has("k8s/.pullwright-tmp"));
    assert!(scratch.has(POD));
    scratch.write("k8s/.pullwright-tmp/0", "half a fi");
    scratch.expect(&["render"], Exit::Ok);
    assert!(
        !scratch.has("k8s/.pullwright-tmp"),
        "even when there is nothing to do"
    );
}

#[test]
fn a_run_that_is_refused_clears_away_as_well() {
    let scratch = rendered();
    scratch.write("k8s/.pullwright-tmp/0", "half a fi");
    scratch.write(POD, "mine: true\n");
    scratch.expect(&["render", "--dry-run"], Exit::Failed);
    scratch.expect(&["check"], Exit::Differs);
    assert!(scratch.has("k8s/.pullwright-tmp"), "they write nothing");
    scratch.expect(&["render"], Exit::Failed);
    assert!(!scratch.has("k8s/.pullwright-tmp"));
    assert_eq!(scratch.read(POD), "mine: true\n");
    // In a repository of others it may be a link.
    let outside = tempfile::tempdir().expect("there is a place for scratch folders");
    std::fs::write(outside.path().join("victim"), "theirs").expect("it is ours");
    symlink(outside.path(), scratch.path().join("k8s/.pullwright-tmp")).expect("links can be made");
    scratch.expect(&["render", "--force"], Exit::Ok);
    assert!(!scratch.has("k8s/.pullwright-tmp") && outside.path().join("victim").exists());
}

#[test]
fn a_run_that_was_killed_leaves_nothing_that_looks_edited() {
    // As if it had been killed between the first move and the last: one file is new already.
    let scratch = rendered();
    let (old_pod, old_lock) = (scratch.read(POD), scratch.read(LOCK));
    scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.2"));
    scratch.expect(&["render"], Exit::Ok);
    let new_pod = scratch.read(POD);
    let new_lock = scratch.read(LOCK);
    let sum = |lock: &str| -> String {
        let value: serde_json::Value = serde_json::from_str(lock).expect("it is JSON");
        let path = POD.trim_start_matches("k8s/");
        value["files"][path]["sha256"]
            .as_str()
            .expect("it is recorded")
            .to_owned()
    };
    let between = old_lock.replace(
        &format!("\"sha256\": \"{}\"", sum(&old_lock)),
        &format!(
            "\"sha256\": \"{}\", \"next\": \"{}\"",
            sum(&old_lock),
            sum(&new_lock)
        ),
    );
    for pod in [old_pod, new_pod] {
        scratch.write(POD, pod);
        scratch.write(LOCK, &between);
        // Another config: neither the old text nor the new one is what it says.
        scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.3"));
        scratch.expect(&["render"], Exit::Ok);
        assert!(scratch.read(POD).contains("0.0.3"));
        assert!(!scratch.read(LOCK).contains("next"));
    }
}

//! An output directory belongs to one config, in one run and in two.

use std::process::Command;

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{SMALL, Scratch};

/// Which config a lock records.
fn owner(scratch: &Scratch, lock: &str) -> Value {
    let value: Value = serde_json::from_str(&scratch.read(lock)).expect("it is JSON");
    value["config"].clone()
}

#[test]
fn another_config_is_refused_until_it_takes_the_directory_over() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", SMALL);
    scratch.write("b.yaml", SMALL.replace("0.0.1", "0.0.2"));
    scratch.expect(&["render", "a.yaml"], Exit::Ok);
    assert_eq!(owner(&scratch, "k8s/pullwright.lock"), "../a.yaml");
    let before = scratch.snapshot();
    for command in ["render", "check", "diff"] {
        for out in [&[][..], &["--out", "k8s"]] {
            let outcome = scratch.expect(&[&[command, "b.yaml"], out].concat(), Exit::Failed);
            assert!(
                outcome.stderr.starts_with(
                    "error[output-owner]: output directory `k8s` belongs to `a.yaml`, so `b.yaml` cannot use it\n"
                ) && outcome.stderr.contains("`pullwright render --force b.yaml`"),
                "{}",
                outcome.stderr
            );
        }
    }
    assert!(scratch.snapshot() == before, "a file was changed");
    scratch.expect(&["render", "--force", "b.yaml"], Exit::Ok);
    assert_eq!(owner(&scratch, "k8s/pullwright.lock"), "../b.yaml");
    scratch.expect(&["check", "b.yaml"], Exit::Ok);
    scratch.expect(&["check", "a.yaml"], Exit::Failed);
}

#[test]
fn a_config_that_was_renamed_keeps_its_directory() {
    let scratch = Scratch::new();
    let text = SMALL.replace("spec:\n", "spec:\n  output: deploy/./out/\n");
    scratch.write("a/old.yaml", &text);
    scratch.expect(&["render", "a/old.yaml"], Exit::Ok);
    let lock = "a/deploy/out/pullwright.lock";
    assert_eq!(owner(&scratch, lock), "../../old.yaml");
    std::fs::remove_file(scratch.path().join("a/old.yaml")).expect("it is there");
    scratch.write("a/new.yaml", text);
    let diff = scratch.expect(&["diff", "a/new.yaml"], Exit::Differs);
    assert!(
        diff.stdout
            .contains("lock: `a/deploy/out/pullwright.lock` records `../../old.yaml`"),
        "{}",
        diff.stdout
    );
    scratch.expect(&["render", "a/new.yaml"], Exit::Ok);
    assert_eq!(owner(&scratch, lock), "../../new.yaml");
    scratch.expect(&["check", "a/new.yaml"], Exit::Ok);
}

#[test]
fn a_directory_moves_from_one_config_of_a_run_to_another() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", SMALL);
    scratch.expect(&["render", "a.yaml"], Exit::Ok);
    scratch.write("a.yaml", SMALL.replace("spec:\n", "spec:\n  output: a\n"));
    scratch.write(
        "b.yaml",
        SMALL.replace("name: sample-pod\n", "name: other\n"),
    );
    scratch.expect(&["render", "b.yaml"], Exit::Failed);
    scratch.expect(&["render", "--prune", "a.yaml", "b.yaml"], Exit::Ok);
    assert_eq!(owner(&scratch, "k8s/pullwright.lock"), "../b.yaml");
    assert_eq!(owner(&scratch, "a/pullwright.lock"), "../a.yaml");
}

#[test]
fn an_older_lock_is_adopted_in_silence() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read("k8s/pullwright.lock");
    let old = lock.replace("  \"config\": \"../pullwright.yaml\",\n", "");
    assert_ne!(old, lock);
    scratch.write("k8s/pullwright.lock", old);
    scratch.expect(&["check"], Exit::Ok);
    scratch.expect(&["render"], Exit::Ok);
    assert_eq!(scratch.read("k8s/pullwright.lock"), lock);
}

#[test]
fn no_machine_shows_in_a_lock() {
    let scratch = Scratch::with_config(SMALL).stdin(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read("k8s/pullwright.lock");
    // From stdin it may be the same config, or not.
    scratch.expect(&["render", "-"], Exit::Ok);
    assert_eq!(scratch.read("k8s/pullwright.lock"), lock);
    let link = scratch.path().join("link");
    std::os::unix::fs::symlink(".", link).expect("the folder is ours");
    scratch.expect(&["render", "link/pullwright.yaml"], Exit::Ok);
    scratch.expect(&["check", "--out", "./x/../k8s"], Exit::Ok);
    assert_eq!(scratch.read("k8s/pullwright.lock"), lock);
    for (arguments, folder) in [
        (&["render", "-", "--out", "stdin"][..], "stdin"),
        (&["render", "--out", "elsewhere"], "elsewhere"),
    ] {
        scratch.expect(arguments, Exit::Ok);
        assert_eq!(owner(&scratch, &format!("{folder}/pullwright.lock")), "-");
    }
    // What belongs to nobody is anybody's.
    scratch.write(
        "b.yaml",
        SMALL.replace("spec:\n", "spec:\n  output: elsewhere\n"),
    );
    scratch.expect(&["render", "b.yaml"], Exit::Ok);
    assert_eq!(owner(&scratch, "elsewhere/pullwright.lock"), "../b.yaml");
}

#[test]
fn a_lock_that_names_no_file_above_it_is_refused() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read("k8s/pullwright.lock");
    for bad in ["/etc/passwd", "sub/pullwright.yaml", "..", ""] {
        let bad = format!("\"config\": \"{bad}\"");
        let text = lock.replace("\"config\": \"../pullwright.yaml\"", &bad);
        scratch.write("k8s/pullwright.lock", text);
        let outcome = scratch.expect(&["check"], Exit::Failed);
        assert!(
            outcome.stderr.starts_with("error[lock-invalid]: "),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn two_clones_have_the_same_lock() {
    let scratch = Scratch::new();
    for clone in ["one", "two/deep"] {
        scratch.write(&format!("{clone}/app/pullwright.yaml"), SMALL);
        let folder = scratch.path().join(clone);
        let git = Command::new("git")
            .args(["init", "-q"])
            .current_dir(folder)
            .status();
        assert!(git.expect("git starts").success());
        scratch.expect(&["render", clone], Exit::Ok);
    }
    assert_eq!(
        scratch.read("one/app/k8s/pullwright.lock"),
        scratch.read("two/deep/app/k8s/pullwright.lock")
    );
}

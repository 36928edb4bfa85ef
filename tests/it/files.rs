//! Files are safe: nothing is lost, nothing half written, nothing outside the output folder.

use std::os::unix::fs::{PermissionsExt, symlink};

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch};

pub(crate) const POD: &str = "k8s/sample/default/pod-sample-pod.yaml";
pub(crate) const LOCK: &str = "k8s/pullwright.lock";

pub(crate) fn rendered() -> Scratch {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    scratch
}

#[test]
fn the_second_run_writes_nothing() {
    let scratch = rendered();
    let times = |scratch: &Scratch| -> Vec<_> {
        let paths = scratch.snapshot();
        let modified = |path: &std::path::Path| {
            let metadata = std::fs::metadata(scratch.path().join(path)).expect("it is there");
            metadata.modified().expect("there are times")
        };
        paths.iter().map(|(path, _)| modified(path)).collect()
    };
    let before = times(&scratch);
    let outcome = scratch.expect(&["render"], Exit::Ok);
    assert!(
        outcome.stderr.contains("nothing to do: 7 files"),
        "{}",
        outcome.stderr
    );
    assert_eq!(times(&scratch), before);
}

#[test]
fn an_edited_file_is_refused_shown_and_overwritten_only_by_force() {
    let scratch = rendered();
    let good = scratch.read(POD);
    scratch.write(POD, good.replace("0.0.1", "6.6.6"));
    let before = scratch.snapshot();
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert!(
        diff.stdout
            .contains("-      image: youruniquename.azurecr.io/sample-container:6.6.6"),
        "{}",
        diff.stdout
    );
    let check = scratch.expect(&["check"], Exit::Differs);
    assert_eq!(
        check.stdout,
        "differs pullwright.yaml: k8s: 1 edited by hand\n"
    );
    let refused = scratch.expect(&["render"], Exit::Failed);
    assert!(
        refused.stderr.contains("error[hand-edited]") && refused.stderr.contains("--force"),
        "{}",
        refused.stderr
    );
    assert!(
        refused
            .stderr
            .contains("+      image: youruniquename.azurecr.io/sample-container:0.0.1")
    );
    assert_eq!(scratch.snapshot(), before);
    scratch.expect(&["render", "--force"], Exit::Ok);
    assert_eq!(scratch.read(POD), good);
    scratch.expect(&["diff"], Exit::Ok);
}

#[test]
fn a_file_that_was_there_before_is_refused_and_an_equal_one_is_taken_over() {
    let scratch = rendered();
    let good = scratch.read(POD);
    std::fs::remove_dir_all(scratch.path().join("k8s")).expect("it is ours");
    scratch.write(POD, "mine: true\n");
    scratch.expect(&["render"], Exit::Failed);
    assert_eq!(scratch.read(POD), "mine: true\n");
    scratch.write(POD, &good);
    scratch.expect(&["render"], Exit::Ok);
    assert!(scratch.read(LOCK).contains("pod-sample-pod.yaml"));
}

#[test]
fn a_change_of_the_config_updates_only_what_it_changes() {
    let scratch = rendered();
    scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.2"));
    let outcome = scratch.expect(&["render", "--dry-run"], Exit::Ok);
    assert!(
        outcome
            .stderr
            .contains("would be updated k8s/sample/default/pod-sample-pod.yaml"),
        "{}",
        outcome.stderr
    );
    scratch.expect(&["diff"], Exit::Differs);
    let outcome = scratch.expect(&["render"], Exit::Ok);
    assert!(
        outcome
            .stderr
            .contains("1 change made in k8s; 6 files already up to date"),
        "{}",
        outcome.stderr
    );
    assert!(scratch.read(POD).contains("0.0.2"));
}

#[test]
fn stale_files_go_with_prune_and_edited_ones_stay() {
    let scratch = rendered();
    let start = SMALL
        .find("      workloads:")
        .expect("the config has workloads");
    scratch.write("pullwright.yaml", &SMALL[..start]);
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert!(
        diff.stdout
            .contains("stale: k8s/sample/default/pod-sample-pod.yaml"),
        "{}",
        diff.stdout
    );
    let diff = scratch.expect(&["diff", "--prune"], Exit::Differs);
    assert!(diff.stdout.contains("+++ /dev/null"), "{}", diff.stdout);
    scratch.expect(&["render"], Exit::Ok);
    assert!(scratch.has(POD));
    scratch.expect(&["check"], Exit::Differs);
    let good = scratch.read(POD);
    scratch.write(POD, format!("{good}# mine\n"));
    scratch.expect(&["render", "--prune"], Exit::Ok);
    assert!(scratch.has(POD), "an edited file stays");
    scratch.write(POD, good);
    let outcome = scratch.expect(&["render", "--prune"], Exit::Ok);
    assert!(
        outcome
            .stderr
            .contains("removed k8s/sample/default/pod-sample-pod.yaml"),
        "{}",
        outcome.stderr
    );
    assert!(!scratch.has(POD));
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn pruning_removes_the_folders_that_it_empties() {
    let scratch = rendered();
    scratch.write("pullwright.yaml", SMALL.replace("[default]", "[web]"));
    scratch.expect(&["render", "--prune"], Exit::Ok);
    assert!(!scratch.has("k8s/sample/default"));
    assert!(scratch.has("k8s/sample/web/secret.yaml"));
}

#[test]
fn a_link_in_the_folder_is_refused_and_not_followed() {
    for link in ["k8s/sample", "k8s/sample/default", POD, LOCK] {
        let scratch = rendered();
        let outside = tempfile::tempdir().expect("there is a place for scratch folders");
        let path = scratch.path().join(link);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).expect("it is ours");
            symlink(outside.path(), &path).expect("links can be made");
        } else {
            std::fs::remove_file(&path).expect("it is ours");
            symlink(outside.path().join("file"), &path).expect("links can be made");
        }
        let outcome = scratch.expect(&["render", "--force", "--prune"], Exit::Failed);
        assert!(
            outcome.stderr.contains("is a symbolic link"),
            "{link}: {}",
            outcome.stderr
        );
        assert_eq!(
            std::fs::read_dir(outside.path())
                .expect("it is ours")
                .count(),
            0
        );
    }
}

#[test]
fn a_link_that_stays_within_the_folder_is_refused_as_well() {
    for (link, target) in [
        (POD, "secret.yaml"),
        (LOCK, "kustomization.yaml"),
        ("k8s/sample/default", "real"),
        ("k8s/sample", "real"),
    ] {
        let scratch = rendered();
        let path = scratch.path().join(link);
        if path.is_dir() {
            let real = path.parent().expect("it has one").join(target);
            std::fs::rename(&path, &real).expect("it is ours");
        } else {
            std::fs::remove_file(&path).expect("it is ours");
        }
        symlink(target, &path).expect("links can be made");
        let before = scratch.snapshot();
        let outcome = scratch.expect(&["render", "--force", "--prune"], Exit::Failed);
        assert!(
            outcome.stderr.contains("is a symbolic link"),
            "{link}: {}",
            outcome.stderr
        );
        assert_eq!(scratch.snapshot(), before);
    }
}

#[test]
fn an_output_folder_behind_a_link_needs_to_be_named_on_the_command_line() {
    let scratch = Scratch::with_config(SMALL);
    let outside = tempfile::tempdir().expect("there is a place for scratch folders");
    symlink(outside.path(), scratch.path().join("k8s")).expect("links can be made");
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[output-path]"),
        "{}",
        outcome.stderr
    );
    scratch.expect(&["render", "--out", "k8s"], Exit::Ok);
    assert!(outside.path().join("kustomization.yaml").is_file());
}

#[test]
fn a_hostile_lock_removes_nothing() {
    for path in [
        "../victim",
        "/etc/hostname",
        "a/../../victim",
        "sample/../../victim",
        "pullwright.lock",
        "victim",
        ".git/HEAD",
        ".git/hooks/pre-commit.sh",
        ".GIT/HEAD",
        "git~1/HEAD",
        ".github/workflows/ci.yaml",
    ] {
        let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  output: .\n"));
        scratch.expect(&["render"], Exit::Ok);
        // Of this text the hash is known, so it does not look edited.
        for victim in [
            "victim",
            ".git/HEAD",
            ".git/hooks/pre-commit.sh",
            ".github/workflows/ci.yaml",
        ] {
            scratch.write(victim, "");
        }
        let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let lock = format!("{{\"version\":1,\"files\":{{\"{path}\":{{\"sha256\":\"{sum}\"}}}}}}");
        scratch.write("pullwright.lock", lock);
        let before = scratch.snapshot();
        let outcome = scratch.expect(&["render", "--prune", "--force"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[lock-invalid]"),
            "{}",
            outcome.stderr
        );
        assert_eq!(scratch.snapshot(), before, "{path}");
    }
    let scratch = rendered();
    scratch.write(LOCK, "<<<<<<< HEAD\n");
    let outcome = scratch.expect(&["check"], Exit::Failed);
    assert!(
        outcome.stdout.contains("invalid pullwright.yaml"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn something_else_in_place_of_a_file_or_folder_is_refused() {
    let scratch = rendered();
    std::fs::remove_file(scratch.path().join(POD)).expect("it is ours");
    std::fs::create_dir(scratch.path().join(POD)).expect("it is ours");
    let outcome = scratch.expect(&["render", "--force"], Exit::Failed);
    assert!(
        outcome.stderr.contains("is a directory, expected a file"),
        "{}",
        outcome.stderr
    );

    let scratch = Scratch::with_config(SMALL);
    scratch.write("k8s/sample", "a file\n");
    let before = scratch.snapshot();
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("is a file, expected a directory"),
        "{}",
        outcome.stderr
    );
    assert_eq!(scratch.snapshot(), before);

    let scratch = Scratch::with_config(SMALL);
    scratch.write("k8s", "a file\n");
    scratch.expect(&["render"], Exit::Failed);
    assert_eq!(scratch.read("k8s"), "a file\n");
}

#[test]
fn the_output_folder_of_the_config_cannot_leave_its_own() {
    for (bad, code) in [
        ("../out", "invalid-name"),
        ("/tmp/out", "invalid-name"),
        ("a/../../b", "invalid-name"),
        (".git", "output-path"),
        ("a/.GIT/hooks", "output-path"),
    ] {
        let scratch =
            Scratch::with_config(&SMALL.replace("spec:\n", &format!("spec:\n  output: {bad}\n")));
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(
            outcome.stderr.contains(&format!("error[{code}]")),
            "{}",
            outcome.stderr
        );
    }
    let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  output: deploy/out\n"));
    scratch.expect(&["render"], Exit::Ok);
    assert!(scratch.has("deploy/out/kustomization.yaml"));
}

#[test]
fn lost_permissions_are_mended() {
    let config =
        std::fs::read_to_string(crate::support::root().join("examples/secret/pullwright.yaml"))
            .expect("it is there");
    let scratch = Scratch::with_config(&config);
    scratch.expect(&["render"], Exit::Ok);
    let script = scratch.path().join("k8s/sample/pull-secret-prod.sh");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    let check = scratch.expect(&["check"], Exit::Differs);
    assert!(
        check.stdout.contains("1 with wrong permissions"),
        "{}",
        check.stdout
    );
    scratch.expect(&["render"], Exit::Ok);
    let mode = std::fs::metadata(&script)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o755);
}

#[test]
fn two_runs_at_once_take_turns() {
    let scratch = Scratch::with_config(SMALL);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| scratch.expect(&["render"], Exit::Ok));
        }
    });
    scratch.expect(&["check"], Exit::Ok);
    assert!(!scratch.has("k8s/.pullwright-tmp"));
}

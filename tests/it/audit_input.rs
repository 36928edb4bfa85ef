//! What `audit` is given that is no manifest: a clear line each, never a crash, never a line of it.

use std::os::unix::fs::{PermissionsExt, symlink};

use pullwright::cli::Exit;

use crate::support::{Outcome, Scratch};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: web}\nspec:\n  containers: [{name: a, image: 'youruniquename.azurecr.io/a:1'}]\n";

/// A warning of this text, and the exit codes without and with `--strict`.
#[track_caller]
fn is_not_checked(scratch: &Scratch, path: &str, message: &str) {
    let outcome = scratch.expect(&["audit", path], Exit::Ok);
    let warning = format!("warning[not-checked]: {message}");
    assert!(outcome.stderr.contains(&warning), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    assert!(
        outcome
            .stdout
            .contains("; 1 document, object or build not checked"),
        "{}",
        outcome.stdout
    );
    scratch.expect(&["audit", path, "--strict"], Exit::Differs);
}

#[test]
fn what_is_not_there_is_an_error() {
    let scratch = Scratch::new();
    for name in ["nothing", "nothing.yaml", "no*.yaml", "nothing/"] {
        let outcome = scratch.expect(&["audit", name], Exit::Failed);
        assert!(
            outcome.stderr.starts_with("error[unreadable]: "),
            "{}",
            outcome.stderr
        );
    }
    let outcome = scratch.expect(&["audit", "-n", "Not A Namespace"], Exit::Failed);
    assert!(outcome.stderr.contains("--namespace"), "{}", outcome.stderr);
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", b"kind: Secret\nhunter2: \xff\xfe\xff\n");
    is_not_checked(&scratch, ".", "`a.yaml` was not checked: it is not text");
    let scratch = Scratch::new();
    scratch.write("a.yaml", "kind: Pod\nimage: [hunter2\n");
    is_not_checked(&scratch, ".", "not valid YAML: ");
    let scratch = Scratch::new();
    scratch.write("a.yaml", "kind: Secret\nx: hunter2\0\n");
    is_not_checked(&scratch, ".", "not valid YAML: ");
}

#[test]
fn streams_that_end_early_are_told() {
    for text in ["", "\n# nothing\n---\n", "\u{feff}"] {
        let scratch = Scratch::new().stdin(text);
        is_not_checked(&scratch, "-", "`<stdin>` contains no objects");
    }
    let whole = format!("{POD}---\n{POD}");
    // In the middle of the first line of a pod, of its name, of its image.
    for cut in [POD.len() + 50, POD.len() + 60, whole.len() - 10] {
        let scratch = Scratch::new().stdin(&whole[..cut]);
        let outcome = scratch.run(&["audit", "-"]);
        assert!(
            outcome
                .stderr
                .contains("warning[not-checked]: not valid YAML: "),
            "{cut} {}",
            outcome.stderr
        );
        assert!(
            outcome
                .stdout
                .contains("1 no-credential; 1 document, object or build not checked"),
            "{}",
            outcome.stdout
        );
    }
    let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{\"kind\": \"Namespace\"}";
    let scratch = Scratch::new().stdin(list);
    is_not_checked(&scratch, "-", "not valid YAML: ");
    let scratch = Scratch::new().stdin_bytes(vec![0x1f, 0x8b, 8, 0, 0xff]);
    scratch.expect(&["audit", "-"], Exit::Failed);
}

#[test]
fn links_and_pipes_below_a_directory_are_not_followed() {
    let scratch = Scratch::new();
    scratch.write("in/pod.yaml", POD);
    scratch.write("out/secret.yaml", POD);
    let at = |name: &str| scratch.path().join(name);
    symlink(at("out/secret.yaml"), at("in/link.yaml")).expect("it is ours");
    symlink(at("out"), at("in/out")).expect("it is ours");
    symlink(at("in"), at("in/loop")).expect("it is ours");
    symlink("/dev/zero", at("in/zero.yaml")).expect("it is ours");
    let outcome = scratch.expect(&["audit", "in", "--verbose"], Exit::Differs);
    for name in ["link.yaml", "out", "loop", "zero.yaml"] {
        let line = format!("skipped: `in/{name}`: it is a symbolic link\n");
        assert!(outcome.stderr.contains(&line), "{}", outcome.stderr);
    }
    assert!(
        outcome.stdout.contains("1 image in 1 file"),
        "{}",
        outcome.stdout
    );
    // A user who names one means what it leads to.
    let outcome = scratch.expect(&["audit", "in/link.yaml"], Exit::Differs);
    assert!(
        outcome.stderr.contains("in/link.yaml:5"),
        "{}",
        outcome.stderr
    );
    let fixed = scratch.run(&["audit", "in/link.yaml", "--fix"]);
    assert_eq!(fixed.exit, Exit::Differs);
}

/// A run with a program in place of kustomize.
fn built(script: &str) -> Outcome {
    let scratch = Scratch::new();
    scratch.write("bin/kustomize", format!("#!/bin/sh\n{script}\n"));
    let program = scratch.path().join("bin/kustomize");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(program, mode).expect("it is ours");
    scratch.write("web/kustomization.yaml", "resources: [pod.yaml]\n");
    scratch.write("web/pod.yaml", POD);
    let path = format!("{}:/usr/bin:/bin", scratch.path().join("bin").display());
    scratch.variable("PATH", &path).run(&["audit", "web"])
}

#[test]
fn builds_that_fail_are_told() {
    for (script, why) in [
        ("exit 0", "the program printed no objects"),
        (
            "printf 'a: [hunter2'",
            "what the program printed is not valid YAML",
        ),
        ("printf '\\377\\376\\377'", "is not UTF-8"),
        (
            "echo 'Error: no such patch' >&2; exit 1",
            "Error: no such patch",
        ),
        ("kill -9 $$", "the program"),
    ] {
        let outcome = built(script);
        assert_eq!(outcome.exit, Exit::Ok, "{script}");
        let said = outcome.stderr.starts_with(
            "warning[not-checked]: kustomization `web/kustomization.yaml` was not built, so its objects were not checked: ",
        );
        assert!(said && outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
        assert!(
            outcome
                .stdout
                .contains("0 images in 2 files; 1 document, object or build not checked"),
            "{}",
            outcome.stdout
        );
    }
    let outcome = built(&format!("cat <<'EOF'\n{POD}EOF"));
    assert_eq!(outcome.exit, Exit::Differs, "{}", outcome.stderr);
}

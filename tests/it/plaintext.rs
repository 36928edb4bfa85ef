//! A Secret in clear text is written with care, or not at all.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use pullwright::cli::Exit;

use crate::support::{PLAINTEXT, Scratch};

const SECRET: &str = "k8s/sample/default/secret.yaml";

fn scratch() -> Scratch {
    Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2")
}

fn git(scratch: &Scratch, arguments: &[&str]) {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(scratch.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn only_its_owner_may_read_it() {
    let scratch = scratch();
    scratch.expect(&["render"], Exit::Ok);
    let mode = |name: &str| {
        let metadata = std::fs::metadata(scratch.path().join(name)).expect("it is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(SECRET), 0o600);
    assert_eq!(mode("k8s/kustomization.yaml"), 0o644);
    std::fs::set_permissions(
        scratch.path().join(SECRET),
        std::fs::Permissions::from_mode(0o644),
    )
    .expect("it is ours");
    scratch.expect(&["render"], Exit::Ok);
    assert_eq!(mode(SECRET), 0o600);
}

#[test]
fn it_is_refused_where_git_would_track_it() {
    let scratch = scratch();
    git(&scratch, &["init", "-q"]);
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[plaintext-tracked]"),
        "{}",
        outcome.stderr
    );
    assert!(!scratch.has("k8s"));
    scratch.expect(&["render", "--allow-plaintext"], Exit::Ok);
    assert!(scratch.has(SECRET));
}

#[test]
fn it_is_written_where_git_ignores_it_and_refused_once_it_is_tracked() {
    let scratch = scratch();
    git(&scratch, &["init", "-q"]);
    scratch.write(".gitignore", "secret.yaml\n");
    scratch.expect(&["render"], Exit::Ok);
    git(&scratch, &["add", "-f", SECRET]);
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[plaintext-tracked]"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_repository_that_git_cannot_read_counts_as_tracking() {
    let scratch = scratch();
    scratch.write(".git", "gitdir: /nowhere\n");
    scratch.expect(&["render"], Exit::Failed);
    assert!(!scratch.has("k8s"));
}

#[test]
fn it_goes_into_a_pipe_and_not_onto_a_terminal() {
    let piped = scratch().expect(&["render", "--stdout"], Exit::Ok);
    assert!(piped.stdout.contains("kind: Secret"));
    let shown = scratch()
        .on_a_terminal()
        .expect(&["render", "--stdout"], Exit::Failed);
    assert!(!shown.stdout.contains("kind: Secret"), "{}", shown.stdout);
    scratch()
        .on_a_terminal()
        .expect(&["render", "--stdout", "--allow-plaintext"], Exit::Ok);
}

#[test]
fn a_docker_config_gives_only_the_declared_registry() {
    let config = PLAINTEXT.replace(
        "{type: env, usernameFrom: ACR_USERNAME, passwordFrom: ACR_PASSWORD}",
        "{type: file, path: docker/config.json}",
    );
    let scratch = Scratch::with_config(&config);
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome
            .stderr
            .contains("cannot read docker config `docker/config.json`"),
        "{}",
        outcome.stderr
    );
    scratch.write(
        "docker/config.json",
        r#"{"auths":{"other.azurecr.io":{"auth":"b3RoZXI6aHVudGVyMw=="},"youruniquename.azurecr.io":{"auth":"cHVsbDpodW50ZXIy"}}}"#,
    );
    scratch.expect(&["render"], Exit::Ok);
    let secret: serde_json::Value =
        serde_yaml::from_str(&scratch.read(SECRET)).expect("it is YAML");
    let data = secret["data"][".dockerconfigjson"]
        .as_str()
        .expect("it has a value");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data)
        .expect("it is base64");
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        r#"{"auths":{"youruniquename.azurecr.io":{"username":"pull","password":"hunter2","auth":"cHVsbDpodW50ZXIy"}}}"#
    );
}

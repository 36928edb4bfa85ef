//! `fn` inside of kustomize and kubectl: as generator and transformer, exec function and plugin.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::kustomize::scratch;
use crate::manifests::kubectl;
use crate::tools::{program, pullwright, root, run};

const APP: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      initContainers: [{name: i, image: youruniquename.azurecr.io/i:1}]\n      containers: [{name: c, image: nginx}]\n      volumes: [{name: v, configMap: {name: v, defaultMode: 0644}}]\n";

/// The config of the example, as a function if it is to be one.
fn config(as_function: bool) -> String {
    let text = std::fs::read_to_string(root().join("examples/secret/pullwright.yaml"))
        .expect("the example has it");
    if as_function {
        text.replace("metadata:\n", "metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./pullwright-fn}\n")
    } else {
        text
    }
}

/// A kustomization that uses a config in a role.
fn repository(role: &str, config: &str) -> tempfile::TempDir {
    let kustomization =
        format!("namespace: default\nresources: [app.yaml]\n{role}: [pullwright.yaml]\n");
    let wrapper = format!(
        "#!/bin/sh\nexec '{}' fn\n",
        env!("CARGO_BIN_EXE_pullwright")
    );
    let folder = scratch(&[
        ("app.yaml", APP),
        ("kustomization.yaml", &kustomization),
        ("pullwright.yaml", config),
        ("pullwright-fn", &wrapper),
    ]);
    std::fs::set_permissions(
        folder.path().join("pullwright-fn"),
        std::fs::Permissions::from_mode(0o755),
    )
    .expect("it is ours");
    folder
}

fn kustomize(folder: &Path, flags: &[&str]) -> Command {
    let mut command = program("kustomize");
    command.arg("build").args(flags).arg(folder);
    command
}

const EXEC: &[&str] = &["--enable-alpha-plugins", "--enable-exec"];

fn objects(output: &Output) -> Vec<Value> {
    serde_yaml::Deserializer::from_slice(&output.stdout)
        .map(|one| serde::Deserialize::deserialize(one).expect("it is YAML"))
        .collect()
}

fn pull_secret<'a>(objects: &'a [Value], kind: &str, path: &str) -> Option<&'a Value> {
    let object = objects.iter().find(|one| one["kind"] == kind)?;
    object.pointer(&format!("{path}/imagePullSecrets/0/name"))
}

#[test]
fn an_exec_function_generates_and_transforms() {
    let folder = repository("generators", &config(true));
    let built = objects(&run(&mut kustomize(folder.path(), EXEC)));
    assert_eq!(built.len(), 2, "a script is no object: {built:?}");
    assert_eq!(
        pull_secret(&built, "Pod", "/spec"),
        Some(&"acr-secret".into())
    );
    assert_eq!(
        pull_secret(&built, "Deployment", "/spec/template/spec"),
        None
    );
    let folder = repository("transformers", &config(true));
    let built = objects(&run(&mut kustomize(folder.path(), EXEC)));
    assert_eq!(built.len(), 2);
    assert_eq!(
        pull_secret(&built, "Deployment", "/spec/template/spec"),
        Some(&"acr-secret".into())
    );
    let deployment = built.iter().find(|one| one["kind"] == "Deployment");
    let mode = deployment
        .and_then(|one| one.pointer("/spec/template/spec/volumes/0/configMap/defaultMode"));
    assert_eq!(mode, Some(&0o644.into()), "what is there stays");
    for one in &built {
        assert_eq!(
            one["metadata"].get("annotations"),
            None,
            "nothing of the host is left: {one}"
        );
    }
}

#[test]
fn an_error_of_the_function_fails_the_build_and_is_seen() {
    for role in ["generators", "transformers"] {
        let broken = config(true).replace("strategy: secret", "strategy: secrets");
        let folder = repository(role, &broken);
        let output = kustomize(folder.path(), EXEC).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(
            said.contains("unknown value `secrets` of `spec.access[0].strategy`"),
            "{said}"
        );
    }
}

/// What the docs warn of: should a host stop doing so, the warning is to go.
#[test]
fn without_the_flag_for_exec_a_function_is_skipped_in_silence() {
    let folder = repository("transformers", &config(true));
    for mut command in [kustomize(folder.path(), &["--enable-alpha-plugins"]), {
        let mut command = kubectl();
        command
            .args(["kustomize", "--enable-alpha-plugins"])
            .arg(folder.path());
        command
    }] {
        let built = objects(&run(&mut command));
        assert_eq!(
            pull_secret(&built, "Deployment", "/spec/template/spec"),
            None
        );
    }
    let output = kustomize(folder.path(), &[]).output().expect("it starts");
    assert!(
        !output.status.success(),
        "without any flag it fails at least"
    );
}

#[test]
fn the_legacy_plugin_works_in_plain_kubectl() {
    let home = tempfile::tempdir().expect("there is a place for scratch folders");
    run(pullwright()
        .args(["fn", "--install-plugin"])
        .env_remove("KUSTOMIZE_PLUGIN_HOME")
        .env("XDG_CONFIG_HOME", home.path()));
    let build = |folder: &Path| {
        let mut command = kubectl();
        command
            .args(["kustomize", "--enable-alpha-plugins"])
            .arg(folder);
        command
            .env_remove("KUSTOMIZE_PLUGIN_HOME")
            .env("XDG_CONFIG_HOME", home.path());
        command
    };
    let folder = repository("transformers", &config(false));
    let output = kubectl().arg("kustomize").arg(folder.path()).output();
    assert!(
        !output.expect("it starts").status.success(),
        "not in silence"
    );
    for (role, want) in [
        ("generators", None),
        ("transformers", Some(&"acr-secret".into())),
    ] {
        let folder = repository(role, &config(false));
        let built = objects(&run(&mut build(folder.path())));
        assert_eq!(built.len(), 2);
        assert_eq!(
            pull_secret(&built, "Pod", "/spec"),
            Some(&"acr-secret".into())
        );
        assert_eq!(
            pull_secret(&built, "Deployment", "/spec/template/spec"),
            want
        );
    }
    let folder = repository(
        "transformers",
        &config(false).replace("strategy: secret", "strategy: secrets"),
    );
    let output = build(folder.path()).output().expect("it starts");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown value `secrets`"));
}

#[test]
fn a_pipe_of_kubectl_can_pull() {
    let folder = repository("generators", &config(false));
    std::fs::write(
        folder.path().join("kustomization.yaml"),
        "namespace: default\nresources: [app.yaml]\n",
    )
    .expect("it is ours");
    let line = format!(
        "'{}' kustomize . | '{}' fn pullwright.yaml",
        kubectl().get_program().to_string_lossy(),
        env!("CARGO_BIN_EXE_pullwright"),
    );
    let output = run(program("bash")
        .args(["-euo", "pipefail", "-c", &line])
        .current_dir(folder.path()));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("imagePullSecrets:\n      - name: acr-secret"),
        "{said}"
    );
}

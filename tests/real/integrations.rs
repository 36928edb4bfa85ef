//! The snippets of the how-to guides in the programs that they are for.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::kustomize::scratch;
use crate::manifests::build;
use crate::tools::{program, pullwright, root, run};

/// The text of a how-to guide.
fn guide(name: &str) -> String {
    let path = root().join("docs/how-to").join(name).with_extension("md");
    std::fs::read_to_string(path).expect("it is there")
}

/// The first block of a language in a how-to guide that holds a word.
pub(crate) fn block(name: &str, language: &str, word: &str) -> String {
    let text = guide(name);
    let fence = format!("```{language}\n");
    let mut blocks = text
        .split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default());
    let found = blocks.find(|one| one.contains(word));
    found
        .unwrap_or_else(|| panic!("no block of {name} has `{word}`"))
        .to_owned()
}

/// A command that finds the binary under test by its name.
pub(crate) fn on_path(mut command: Command) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_pullwright"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![binary.parent().expect("it has a folder").to_owned()];
    folders.extend(std::env::split_paths(&path));
    command.env(
        "PATH",
        std::env::join_paths(folders).expect("no colon in a path"),
    );
    command
}

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: 'youruniquename.azurecr.io/c:1'}]}\n";

fn pull_secret(objects: &[Value]) -> Option<&Value> {
    let deployment = objects.iter().find(|one| one["kind"] == "Deployment")?;
    deployment.pointer("/spec/template/spec/imagePullSecrets/0/name")
}

#[test]
fn the_function_of_the_docs_lets_the_deployment_of_the_docs_pull() {
    let folder = scratch(&[
        (
            "pullwright.yaml",
            &block("inside-kustomize", "yaml", "config.kubernetes.io/function"),
        ),
        (
            "kustomization.yaml",
            &block("inside-kustomize", "yaml", "transformers:"),
        ),
        (
            "pullwright-fn",
            &block("inside-kustomize", "sh", "pullwright fn"),
        ),
        ("deployment.yaml", DEPLOYMENT),
    ]);
    let function = folder.path().join("pullwright-fn");
    std::fs::set_permissions(function, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let command = block("inside-kustomize", "console", "kustomize build");
    let flags: Vec<&str> = command.split_whitespace().skip(3).collect();
    let output = run(on_path(program("kustomize"))
        .arg("build")
        .args(flags)
        .current_dir(folder.path()));
    let objects: Vec<Value> = serde_yaml::Deserializer::from_slice(&output.stdout)
        .map(|one| serde::Deserialize::deserialize(one).expect("it is YAML"))
        .collect();
    assert_eq!(pull_secret(&objects), Some(&"acr-secret".into()));
    // Something else fills the Secret: applied again, it would be empty.
    assert!(objects.iter().all(|one| one["kind"] != "Secret"));
}

#[test]
fn the_component_and_the_folder_of_the_docs_build() {
    let folder = scratch(&[
        (
            "pullwright.yaml",
            &block("inside-kustomize", "yaml", "config.kubernetes.io/function"),
        ),
        (
            "kustomization.yaml",
            &block("before-kustomize", "yaml", "_component"),
        ),
        ("deployment.yaml", DEPLOYMENT),
    ]);
    run(pullwright().arg("render").current_dir(folder.path()));
    assert_eq!(
        pull_secret(&build(folder.path())),
        Some(&"acr-secret".into())
    );
    let write = |name: &str, text: String| {
        std::fs::write(folder.path().join(name), text).expect("it is ours");
    };
    let config = block("inside-kustomize", "yaml", "config.kubernetes.io/function");
    let workload = "      workloads:\n        - {kind: Pod, name: p, containers: [{name: c, image: 'youruniquename.azurecr.io/c:1'}]}\n";
    write("pullwright.yaml", format!("{config}{workload}"));
    write(
        "kustomization.yaml",
        block("before-kustomize", "yaml", "- k8s\n"),
    );
    run(pullwright().arg("render").current_dir(folder.path()));
    assert_eq!(build(folder.path()).len(), 1);
}

#[test]
fn the_plugin_of_argo_cd_generates_objects() {
    let plugin: Value = serde_yaml::from_str(&block("argo-cd", "yaml", "ConfigManagementPlugin"))
        .expect("it is YAML");
    let words = plugin["spec"]["generate"]["command"]
        .as_array()
        .expect("it is a list");
    let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
    let (name, arguments) = words.split_first().expect("it is not empty");
    assert_eq!(*name, "pullwright");
    let output = run(pullwright()
        .args(arguments)
        .current_dir(root().join("examples/secret")));
    for document in serde_yaml::Deserializer::from_slice(&output.stdout) {
        let object: Value = serde::Deserialize::deserialize(document).expect("it is YAML");
        assert!(object["kind"].is_string());
    }
    assert!(!output.stdout.is_empty());
}

#[test]
fn pre_commit_takes_the_hooks_and_the_config_of_the_docs() {
    let config = block("pre-commit", "yaml", "pullwright-render");
    let folder = scratch(&[("config.yaml", &config)]);
    run(program("pre-commit")
        .arg("validate-config")
        .arg(folder.path().join("config.yaml")));
    let hooks = root().join(".pre-commit-hooks.yaml");
    run(program("pre-commit").arg("validate-manifest").arg(&hooks));
    let hooks: Value = serde_yaml::from_str(&std::fs::read_to_string(hooks).expect("it is there"))
        .expect("it is YAML");
    let ids: Vec<&str> = hooks
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["id"].as_str())
        .collect();
    for line in config
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- id: "))
    {
        assert!(ids.contains(&line), "{line}");
    }
    for id in ids {
        assert!(guide("pre-commit").contains(&format!("`{id}`")), "{id}");
    }
}

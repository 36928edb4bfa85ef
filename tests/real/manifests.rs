//! What kubectl and kustomize make of the manifests.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::tools::{examples, program, pullwright, run};

/// `KUBECONFIG=/dev/null`: nothing here may reach a cluster.
fn kubectl() -> std::process::Command {
    let mut command = program("kubectl");
    command.env("KUBECONFIG", "/dev/null");
    command
}

fn decoded(manifest: &[u8]) -> Value {
    let secret: Value = serde_yaml::from_slice(manifest).expect("it is YAML");
    assert_eq!(secret["type"], "kubernetes.io/dockerconfigjson");
    let data = secret["data"][".dockerconfigjson"]
        .as_str()
        .expect("it has a value");
    serde_json::from_slice(&STANDARD.decode(data).expect("it is base64")).expect("it is JSON")
}

#[test]
fn a_secret_equals_that_of_kubectl_for_hostile_values() {
    let hostile = [
        ("sample-pull", "p4ss/w0rd+AbC=$x"),
        ("yes", "010"),
        ("u ser", "quote\" 'single' `back` \\slash # $(id) {{x}} <&>"),
        ("é", "--leading-dash"),
        ("-u", "a:b:c"),
        ("u", &"x".repeat(4_000)),
    ];
    for (username, password) in hostile {
        let folder = tempfile::tempdir().expect("there is a place for scratch folders");
        let config = folder.path().join("pullwright.yaml");
        let text = include_str!("../it/secret-manifest.yaml");
        std::fs::write(&config, text).expect("the folder is ours");
        run(pullwright()
            .arg("render")
            .arg(&config)
            .env("ACR_USERNAME", username)
            .env("ACR_PASSWORD", password));
        let ours = std::fs::read(folder.path().join("k8s/sample/default/secret.yaml"))
            .expect("it was made");
        let theirs = run(kubectl().args([
            "create",
            "secret",
            "docker-registry",
            "acr-secret",
            "--docker-server=youruniquename.azurecr.io",
            &format!("--docker-username={username}"),
            &format!("--docker-password={password}"),
            "--dry-run=client",
            "-o",
            "yaml",
        ]));
        assert_eq!(decoded(&ours), decoded(&theirs.stdout), "{username}");
    }
}

/// Both programs build a folder; the objects in the result.
fn build(folder: &Path) -> Vec<Value> {
    let ours = run(kubectl().arg("kustomize").arg(folder)).stdout;
    let other = run(program("kustomize").arg("build").arg(folder)).stdout;
    let read = |text: &[u8]| -> Vec<Value> {
        let documents = serde_yaml::Deserializer::from_slice(text);
        documents
            .map(|one| serde::Deserialize::deserialize(one).expect("it is YAML"))
            .collect()
    };
    assert_eq!(read(&ours), read(&other));
    read(&ours)
}

#[test]
fn every_example_builds_and_loses_nothing() {
    for example in examples() {
        let expected = example.join("expected");
        let objects = build(&expected);
        let files = crate::tools::files(&expected, ".yaml");
        let manifests = files.iter().filter(|path| {
            let path = path.to_string_lossy();
            !path.ends_with("kustomization.yaml") && !path.contains("/component/")
        });
        assert_eq!(objects.len(), manifests.count(), "{}", example.display());
    }
}

#[test]
fn the_component_adds_to_an_account_and_replaces_nothing() {
    let example =
        crate::tools::root().join("examples/service-account-default/expected/sample/web/component");
    for (list, want) in [
        (
            "imagePullSecrets:\n  - name: of-another-team\n",
            vec!["of-another-team", "acr-secret"],
        ),
        ("", vec!["acr-secret"]),
        (
            "imagePullSecrets:\n  - name: acr-secret\n",
            vec!["acr-secret"],
        ),
    ] {
        let folder = tempfile::tempdir().expect("there is a place for scratch folders");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("the folder is ours");
        };
        let component = folder.path().join("component");
        std::fs::create_dir(&component).expect("the folder is ours");
        for name in ["kustomization.yaml", "pull-secret-name.yaml"] {
            std::fs::copy(example.join(name), component.join(name)).expect("the example has it");
        }
        write(
            "account.yaml",
            &format!(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\n  namespace: web\n{list}"
            ),
        );
        write(
            "kustomization.yaml",
            "resources: [account.yaml]\ncomponents: [component]\n",
        );
        let objects = build(folder.path());
        assert_eq!(objects.len(), 1, "the helper object stays out: {objects:?}");
        let names: Vec<&str> = objects[0]["imagePullSecrets"]
            .as_array()
            .expect("it is a list")
            .iter()
            .map(|one| one["name"].as_str().expect("it is text"))
            .collect();
        assert_eq!(names, want);
    }
}

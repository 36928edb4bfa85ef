//! What kubectl and kustomize make of the manifests.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::tools::{examples, program, pullwright, run};

/// `KUBECONFIG=/dev/null`: nothing here may reach a cluster.
pub(crate) fn kubectl() -> std::process::Command {
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
pub(crate) fn build(folder: &Path) -> Vec<Value> {
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

/// kubectl makes a Secret for one registry; one of ours for several holds each of these.
#[test]
fn a_secret_for_several_registries_holds_what_kubectl_makes_for_each() {
    let registries = [
        ("firstone", "firstone.azurecr.io", "yes", "p\"'$(id)\\"),
        ("secondone", "secondone.azurecr.cn", "é", "-010 #<&>"),
        ("thirdone", "thirdone.eastus.geo.azurecr.io", "u", "a:b:c"),
    ];
    let (mut declared, mut credentials) = (String::new(), String::new());
    let mut render = pullwright();
    for (name, host, username, password) in registries {
        let cloud = if host.ends_with(".cn") {
            "china"
        } else {
            "public"
        };
        declared.push_str(&format!(
            "    - {{name: {name}, loginServer: {host}, cloud: {cloud}}}\n"
        ));
        let variable = |what: &str| format!("{}_{what}", name.to_uppercase());
        let (user, secret) = (variable("USERNAME"), variable("PASSWORD"));
        credentials.push_str(&format!(
            "          {name}: {{type: env, usernameFrom: {user}, passwordFrom: {secret}}}\n"
        ));
        render.env(user, username).env(secret, password);
    }
    let text = format!(
        "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: sample}}\nspec:\n  registries:\n{declared}  access:\n    - name: sample\n      strategy: secret\n      registries: [firstone, secondone, thirdone]\n      namespaces: [default]\n      secret:\n        name: acr-secret\n        delivery: manifest\n        credentials:\n{credentials}"
    );
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    std::fs::write(folder.path().join("pullwright.yaml"), text).expect("the folder is ours");
    run(render.arg("render").current_dir(folder.path()));
    let ours = std::fs::read(folder.path().join("k8s/sample/default/secret.yaml"));
    let ours = decoded(&ours.expect("it was made"));
    assert_eq!(ours["auths"].as_object().map(serde_json::Map::len), Some(3));
    for (_, host, username, password) in registries {
        let theirs = run(kubectl().args([
            "create",
            "secret",
            "docker-registry",
            "acr-secret",
            &format!("--docker-server={host}"),
            &format!("--docker-username={username}"),
            &format!("--docker-password={password}"),
            "--dry-run=client",
            "-o",
            "yaml",
        ]));
        assert_eq!(ours["auths"][host], decoded(&theirs.stdout)["auths"][host]);
    }
}

/// Strictly, by the schemas of the oldest and the newest Kubernetes at hand.
#[test]
fn every_manifest_is_valid_for_old_and_new_kubernetes() {
    let mut manifests = Vec::new();
    for example in examples() {
        let all = crate::tools::files(&example.join("expected"), ".yaml");
        let all = all
            .into_iter()
            .filter(|path| !path.ends_with("kustomization.yaml"));
        manifests.extend(all);
    }
    assert!(manifests.len() > 20, "{manifests:?}");
    for version in ["1.25", "1.37"] {
        let mut command = program("kubernetes-validate");
        command
            .args(["--strict", "--quiet", "-k", version])
            .args(&manifests);
        let output = run(&mut command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, "", "nothing passes with a warning");
    }
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let wrong = folder.path().join("wrong.yaml");
    let text = std::fs::read_to_string(&manifests[0]).expect("it is there");
    std::fs::write(&wrong, text.replacen("metadata:", "metadate:", 1)).expect("it is ours");
    let mut command = program("kubernetes-validate");
    let output = command
        .arg("--strict")
        .arg(&wrong)
        .output()
        .expect("it starts");
    assert!(!output.status.success(), "it does look");
}

#[test]
fn every_example_builds_and_loses_nothing() {
    for example in examples() {
        let expected = example.join("expected");
        let mut built = std::collections::BTreeSet::new();
        for base in bases(&expected) {
            let folder = expected.join(&base);
            let entries = entries(&folder);
            let manifests = entries
                .iter()
                .flat_map(|entry| crate::tools::files(entry, ".yaml"));
            // What is created once is not applied again.
            let is_manifest = |path: &std::path::PathBuf| {
                let text = std::fs::read_to_string(path).expect("it is there");
                let path = path.to_string_lossy();
                !path.ends_with("kustomization.yaml")
                    && !path.contains("/_component/")
                    && !text.contains("kustomize.toolkit.fluxcd.io/ssa: IfNotPresent")
            };
            let manifests = manifests.filter(is_manifest).count();
            assert_eq!(
                build(&folder).len(),
                manifests,
                "{}: {base}",
                example.display()
            );
            built.extend(entries);
        }
        let is_entry = |path: &std::path::PathBuf| path.join("kustomization.yaml").is_file();
        let all = std::fs::read_dir(&expected).expect("it is there").flatten();
        let all = all.map(|one| one.path()).filter(is_entry);
        for entry in all {
            let entry = entry.canonicalize().expect("it is there");
            assert!(built.contains(&entry), "{}", entry.display());
        }
    }
}

/// The directories to apply: that of all clusters, and those of single ones.
pub(crate) fn bases(output: &Path) -> Vec<String> {
    let is_base = |base: &String| output.join(base).join("kustomization.yaml").is_file();
    let clusters = std::fs::read_dir(output.join("clusters"));
    let clusters = clusters.into_iter().flatten().flatten();
    let clusters = clusters.map(|one| format!("clusters/{}", one.file_name().to_string_lossy()));
    std::iter::once(".".to_owned())
        .chain(clusters)
        .filter(is_base)
        .collect()
}

/// The directories of the entries that a kustomization lists.
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let text = std::fs::read_to_string(folder.join("kustomization.yaml")).expect("it is there");
    let value: Value = serde_yaml::from_str(&text).expect("it is YAML");
    let resources = value["resources"].as_array().expect("it is a list").iter();
    let paths = resources.map(|one| folder.join(one.as_str().expect("it is text")));
    paths
        .map(|path| path.canonicalize().expect("it is there"))
        .collect()
}

//! Rendered folders and their components inside other people's kustomizations.

use std::path::Path;

use serde_json::{Value, json};

use crate::manifests::{bases, build};
use crate::tools::root;

/// Copies a folder of an example.
fn copy(from: &str, to: &Path) {
    let from = root().join("examples").join(from);
    for file in crate::tools::files(&from, "") {
        let target = to.join(file.strip_prefix(&from).expect("it lies below"));
        std::fs::create_dir_all(target.parent().expect("it has a folder")).expect("it is ours");
        std::fs::copy(&file, target).expect("the example has it");
    }
}

/// A scratch folder with files.
pub(crate) fn scratch(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("the folder is ours");
    }
    folder
}

/// The objects of a kind.
fn of<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|one| one["kind"] == kind).collect()
}

/// The pull secrets of a spec.
fn names(spec: &Value) -> Vec<&str> {
    let list = spec["imagePullSecrets"].as_array().into_iter().flatten();
    list.filter_map(|one| one["name"].as_str()).collect()
}

#[test]
fn a_component_adds_to_an_account_and_replaces_nothing() {
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
        let account =
            format!("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\n{list}");
        let folder = scratch(&[
            ("account.yaml", &account),
            (
                "kustomization.yaml",
                "namespace: web\nresources: [account.yaml]\ncomponents: [_component]\n",
            ),
        ]);
        copy(
            "service-account-default/expected/sample/_component",
            &folder.path().join("_component"),
        );
        let objects = build(folder.path());
        assert_eq!(objects.len(), 1, "the helper object stays out: {objects:?}");
        assert_eq!(names(&objects[0]), want);
    }
}

/// One workload of each built-in kind, and one that only looks like one.
fn workloads() -> String {
    let mut text = String::new();
    for (api, kind) in [
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "ReplicaSet"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "Job"),
        ("v1", "ReplicationController"),
        ("serving.knative.dev/v1", "Service"),
    ] {
        text.push_str(&format!("---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {{template: {{spec: {{containers: [{{name: c, image: x}}]}}}}}}\n"));
    }
    text.push_str("---\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {imagePullSecrets: [{name: other}], containers: [{name: c, image: x}]}\n");
    text.push_str("---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: x}]}}}}}\n");
    text.push_str("---\napiVersion: v1\nkind: PodTemplate\nmetadata: {name: x}\ntemplate: {spec: {containers: [{name: c, image: x}]}}\n");
    text
}

#[test]
fn a_component_adds_to_every_workload_under_any_name_and_namespace() {
    for (rest, secret) in [
        ("", "acr-secret"),
        (
            "namespace: web\nnamePrefix: pre-\nnameSuffix: -post\n",
            "acr-secret",
        ),
        // A Secret that the kustomization makes itself, with prefix and hash.
        (
            "namespace: web\nnamePrefix: pre-\nsecretGenerator:\n  - name: acr-secret\n    type: kubernetes.io/dockerconfigjson\n    literals: ['.dockerconfigjson={}']\n",
            "pre-acr-secret-9fdfh69d2f",
        ),
    ] {
        let kustomization = format!("resources: [app.yaml]\ncomponents: [_component]\n{rest}");
        let folder = scratch(&[
            ("app.yaml", &workloads()),
            ("kustomization.yaml", &kustomization),
        ]);
        copy(
            "secret/expected/sample/_component",
            &folder.path().join("_component"),
        );
        let objects = build(folder.path());
        for kind in [
            "DaemonSet",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "Job",
        ] {
            assert_eq!(
                names(&of(&objects, kind)[0]["spec"]["template"]["spec"]),
                [secret],
                "{kind}"
            );
        }
        assert_eq!(names(&of(&objects, "Pod")[0]["spec"]), ["other", secret]);
        assert_eq!(
            names(&of(&objects, "CronJob")[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]),
            [secret]
        );
        assert_eq!(
            names(&of(&objects, "Service")[0]["spec"]["template"]["spec"]),
            Vec::<&str>::new()
        );
        assert_eq!(
            names(&of(&objects, "PodTemplate")[0]["template"]["spec"]),
            [secret]
        );
        // kustomize does not know that this kind refers to Secrets, so a new name does not reach it.
        let controller = of(&objects, "ReplicationController")[0];
        assert_eq!(
            names(&controller["spec"]["template"]["spec"]),
            ["acr-secret"]
        );
        assert!(of(&objects, "ConfigMap").is_empty());
    }
}

#[test]
fn references_survive_prefixes_and_namespaces_of_other_kustomizations() {
    for example in crate::tools::examples() {
        let name = example
            .file_name()
            .and_then(|name| name.to_str())
            .expect("it is text");
        let base = bases(&example.join("expected")).remove(0);
        let kustomization =
            format!("namePrefix: pre-\nnameSuffix: -post\nresources: [\"k8s/{base}\"]\n");
        let folder = scratch(&[("kustomization.yaml", &kustomization)]);
        copy(&format!("{name}/expected"), &folder.path().join("k8s"));
        let objects = build(folder.path());
        let have = |kind: &str, name: &str, namespace: &Value| {
            of(&objects, kind).iter().any(|one| {
                one["metadata"]["name"] == name && one["metadata"]["namespace"] == *namespace
            })
        };
        for object in &objects {
            let namespace = &object["metadata"]["namespace"];
            for secret in all(object, "imagePullSecrets") {
                let own = secret[0]["name"].as_str().expect("it has a name");
                // A Secret that a script writes is not in the build, and keeps its name.
                let bare = own.trim_start_matches("pre-").trim_end_matches("-post");
                assert!(
                    have("Secret", own, namespace)
                        || !have("Secret", &format!("pre-{bare}-post"), namespace),
                    "{name}: {own}"
                );
            }
            for account in all(object, "serviceAccountName") {
                let own = account.as_str().expect("it is text");
                // One that the config does not create keeps its name.
                let bare = own.trim_start_matches("pre-").trim_end_matches("-post");
                assert!(
                    have("ServiceAccount", own, namespace)
                        || !have("ServiceAccount", &format!("pre-{bare}-post"), namespace),
                    "{name}: {own}"
                );
            }
        }
    }
}

/// All values of a key, wherever it is.
fn all<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(one, value)| {
                if one == key {
                    vec![value]
                } else {
                    all(value, key)
                }
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|one| all(one, key)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn one_namespace_for_all_moves_secret_account_and_pod_together() {
    let folder = scratch(&[(
        "kustomization.yaml",
        "namespace: elsewhere\nresources: [k8s]\n",
    )]);
    copy("service-account/expected", &folder.path().join("k8s"));
    let objects = build(folder.path());
    assert!(objects.len() >= 2);
    for object in &objects {
        assert_eq!(
            object["metadata"]["namespace"],
            json!("elsewhere"),
            "{object}"
        );
    }
}

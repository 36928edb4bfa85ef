//! Kubernetes objects and kustomizations: what their schemas say, and what they do not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::verify::{MAX_PROBLEMS, schema};

/// What a Secret may hold at most (`MaxSecretSize`, `domain.md` §3).
const MAX_SECRET: usize = 1024 * 1024;

/// What is wrong with an object; without a `namespace`, it must be in none.
pub(super) fn check(
    document: &Value,
    kind: &str,
    name: &str,
    namespace: Option<&str>,
) -> Vec<String> {
    let metadata = &document["metadata"];
    let wanted = [
        (
            "apiVersion",
            &document["apiVersion"],
            schema::api_version(kind),
        ),
        ("kind", &document["kind"], Some(kind)),
        ("metadata.name", &metadata["name"], Some(name)),
        ("metadata.namespace", &metadata["namespace"], namespace),
    ];
    let mut problems: Vec<String> = wanted
        .iter()
        .filter(|(_, have, want)| have.as_str() != *want)
        .map(|(place, _, want)| match want {
            Some(want) => format!("`{place}` must be `{want}`"),
            None => format!("`{place}` must not be there"),
        })
        .collect();
    if problems.is_empty() {
        problems.extend(schema::problems(document, kind));
    }
    if kind == "Secret" {
        problems.extend(secret(document));
    }
    policies(document, &mut problems);
    problems
}

/// The API server checks these, client-side tools do not (`domain.md` §3).
fn secret(document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if document["type"] != "kubernetes.io/dockerconfigjson" {
        problems.push("`type` must be `kubernetes.io/dockerconfigjson`".to_owned());
    }
    let Some(data) = document["data"][".dockerconfigjson"].as_str() else {
        problems.push("`data` needs the key `.dockerconfigjson`".to_owned());
        return problems;
    };
    match STANDARD.decode(data) {
        Err(_) => problems.push("`data..dockerconfigjson` is not base64".to_owned()),
        Ok(bytes) => {
            if !serde_json::from_slice::<Value>(&bytes).is_ok_and(|value| value.is_object()) {
                problems.push("`data..dockerconfigjson` does not hold a JSON object".to_owned());
            }
            if bytes.len() > MAX_SECRET {
                problems.push("a Secret holds 1 MiB at most".to_owned());
            }
        }
    }
    problems
}

/// The schemas leave this enum open.
fn policies(value: &Value, problems: &mut Vec<String>) {
    const POLICIES: &[&str] = &["Always", "IfNotPresent", "Never"];
    if problems.len() > MAX_PROBLEMS {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let is_policy = value.as_str().is_some_and(|text| POLICIES.contains(&text));
                if key == "imagePullPolicy" && !is_policy {
                    problems.push(format!(
                        "`imagePullPolicy` must be one of `{}`",
                        POLICIES.join("`, `")
                    ));
                }
                policies(value, problems);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| policies(item, problems)),
        _ => {}
    }
}

/// What is wrong with a kustomization or component.
pub(super) fn kustomize(document: &Value, kind: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let version = match kind {
        "Component" => "kustomize.config.k8s.io/v1alpha1",
        _ => "kustomize.config.k8s.io/v1beta1",
    };
    if document["apiVersion"] != version || document["kind"] != kind {
        problems.push(format!("it must be a `{kind}` of `{version}`"));
    }
    let resources = document["resources"].as_array();
    let is_inside = |one: &Value| {
        let text = one.as_str().unwrap_or("..");
        !text.starts_with('/') && !text.contains("://") && text.split('/').all(|part| part != "..")
    };
    match resources {
        Some(resources) if !resources.is_empty() => {
            if !resources.iter().all(is_inside) {
                problems.push("`resources` may only name files below its folder".to_owned());
            }
        }
        _ => problems.push("`resources` must be a list, and not empty".to_owned()),
    }
    problems
}

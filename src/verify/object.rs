//! Kubernetes objects and kustomizations: what their schemas check, and what they do not.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::artifact::MAX_SECRET;
use crate::diag::Problem;
use crate::model::PullPolicy;
use crate::pointer::Pointer;
use crate::verify::{MAX_PROBLEMS, problem, schema, short, whole};

/// What is wrong with an object; without a `namespace`, it must be in none.
pub(super) fn check(
    document: &Value,
    kind: &str,
    name: &str,
    namespace: Option<&str>,
) -> Vec<Problem> {
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
    let mut problems: Vec<Problem> = wanted
        .iter()
        .filter(|(_, have, want)| have.as_str() != *want)
        .map(|(path, _, want)| {
            let field = path.split('.').fold(Pointer::root(), |at, key| at.key(key));
            match want {
                Some(want) => problem(&field, format!("`{path}` must be `{want}`")),
                None => problem(&field, format!("`{path}` must not be set")),
            }
        })
        .collect();
    if problems.is_empty() {
        problems.extend(schema::problems(document, kind));
    }
    if kind == "Secret" {
        problems.extend(secret(document));
    }
    policies(document, &Pointer::root(), &mut problems);
    problems
}

/// The API server checks these, client-side tools do not (`domain.md` §3).
fn secret(document: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let root = Pointer::root();
    if document["type"] != "kubernetes.io/dockerconfigjson" {
        let message = "`type` must be `kubernetes.io/dockerconfigjson`";
        problems.push(problem(&root.key("type"), message));
    }
    let field = root.key("data").key(".dockerconfigjson");
    let mut wrong = |message: &str| problems.push(problem(&field, message));
    let data = document["data"][".dockerconfigjson"].as_str();
    match data.map(|data| STANDARD.decode(data)) {
        None => wrong("`.dockerconfigjson` is missing in `data`"),
        Some(Err(_)) => wrong("`.dockerconfigjson` is not base64"),
        Some(Ok(bytes)) => {
            if !serde_json::from_slice::<Value>(&bytes).is_ok_and(|value| value.is_object()) {
                wrong("`.dockerconfigjson` is not a JSON object");
            }
            if bytes.len() > MAX_SECRET {
                wrong("a Secret is limited to 1 MiB");
            }
        }
    }
    problems
}

const POLICY: &str = "imagePullPolicy";
/// The schemas leave this enum open.
fn is_policy(value: &Value) -> bool {
    PullPolicy::ALL.iter().any(|policy| value == policy.word())
}

/// Whether every pull policy below `value` is one that Kubernetes knows.
fn has_known_policies(value: &Value) -> bool {
    let is_fine = |(key, value): (&String, &Value)| {
        (key != POLICY || is_policy(value)) && has_known_policies(value)
    };
    match value {
        Value::Object(map) => map.iter().all(is_fine),
        Value::Array(items) => items.iter().all(has_known_policies),
        _ => true,
    }
}

/// Finds the others, with their places.
fn policies(value: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    if problems.len() > MAX_PROBLEMS || has_known_policies(value) {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == POLICY && !is_policy(value) {
                    let words: Vec<&str> = PullPolicy::ALL.iter().map(|one| one.word()).collect();
                    let choices = words.join("`, `");
                    let message = format!("`{POLICY}` must be one of `{choices}`");
                    problems.push(problem(&at.key(key), message));
                }
                policies(value, &at.key(key), problems);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                policies(item, &at.index(index), problems);
            }
        }
        _ => {}
    }
}

/// What is wrong with a kustomization or component that must list `wanted`.
pub(super) fn kustomize(document: &Value, kind: &str, wanted: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let version = match kind {
        "Component" => "kustomize.config.k8s.io/v1alpha1",
        _ => "kustomize.config.k8s.io/v1beta1",
    };
    if document["apiVersion"] != version || document["kind"] != kind {
        problems.push(whole(format!("it must be a `{kind}` of `{version}`")));
    }
    let field = Pointer::root().key("resources");
    let listed: Option<Vec<&str>> = document["resources"]
        .as_array()
        .filter(|list| !list.is_empty())
        .and_then(|list| list.iter().map(Value::as_str).collect());
    let Some(listed) = listed else {
        let message = "`resources` must be a list of files, and not empty";
        problems.push(problem(&field, message));
        return problems;
    };
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let is_inside = |one: &&str| {
        let is_below = !one.starts_with('/') && !one.contains("://");
        wanted.contains(*one) || (is_below && one.split('/').all(|part| part != ".."))
    };
    if !listed.iter().all(is_inside) {
        let message = "`resources` must only list files below its directory";
        problems.push(problem(&field, message));
    }
    let listed: BTreeSet<&str> = listed.into_iter().collect();
    for missing in wanted.difference(&listed).take(MAX_PROBLEMS) {
        let message = format!("`resources` does not list `{}`", short(missing));
        problems.push(problem(&field, message));
    }
    problems
}

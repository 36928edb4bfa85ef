//! Can the pods of an object still pull? A template of a user may leave out what the strategy is about.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::artifact::{Carries, PodAccess};
use crate::diag::Problem;
use crate::pointer::Pointer;
use crate::verify::{problem, short};

/// What is missing in an object that is valid otherwise.
pub(super) fn check(document: &Value, carries: &Carries) -> Vec<Problem> {
    match carries {
        Carries::Pod(access) => pod(document, access),
        Carries::Reference(secret) => {
            let root = Pointer::root();
            let missing = reference(document, &root, secret);
            let why = "pods that use the account cannot pull";
            missing
                .map(|missing| missing.because(why))
                .into_iter()
                .collect()
        }
        Carries::Credentials(hosts) => credentials(document, hosts),
        Carries::Placeholder => Vec::new(),
    }
}

/// A field that does not hold what it must.
struct Missing {
    field: Pointer,
    what: String,
}

impl Missing {
    fn because(self, why: &str) -> Problem {
        let message = format!("`{}` {}, so {why}", self.field, self.what);
        problem(&self.field, message)
    }
}

/// Whether `imagePullSecrets` of `owner` has the Secret.
fn reference(owner: &Value, at: &Pointer, secret: &str) -> Option<Missing> {
    let list = owner["imagePullSecrets"].as_array();
    let has = list.is_some_and(|list| list.iter().any(|one| one["name"] == secret));
    (!has).then(|| Missing {
        field: at.key("imagePullSecrets"),
        what: match list {
            Some(list) if !list.is_empty() => format!("does not list Secret `{secret}`"),
            Some(_) | None => format!("is missing: it must list Secret `{secret}`"),
        },
    })
}

fn pod(document: &Value, access: &PodAccess) -> Vec<Problem> {
    const WHY: &str = "the pod cannot pull";
    let mut spec = document;
    let mut at = Pointer::root();
    for key in access.path {
        (spec, at) = (&spec[*key], at.key(key));
    }
    let mut problems = Vec::new();
    if let Some(secret) = &access.pull_secret {
        let missing = reference(spec, &at, secret);
        problems.extend(missing.map(|missing| missing.because(WHY)));
    }
    if let Some(account) = &access.service_account {
        let field = at.key("serviceAccountName");
        if spec["serviceAccountName"] != account.as_str() {
            let what = format!("must be `{account}`");
            problems.push(Missing { field, what }.because(WHY));
        }
        let own = spec["imagePullSecrets"].as_array();
        if own.is_some_and(|list| !list.is_empty()) {
            let field = at.key("imagePullSecrets");
            let what = "hides the pull secrets of the ServiceAccount".to_owned();
            problems.push(Missing { field, what }.because(WHY));
        }
    }
    let lists = ["initContainers", "containers"].map(|key| spec[key].as_array());
    let containers: Vec<&Value> = lists.into_iter().flatten().flatten().collect();
    let images = containers.iter().filter_map(|one| one["image"].as_str());
    let used: BTreeSet<&str> = images.collect();
    let lost = |field: &Pointer| problem(field, format!("`{field}` of the config is missing"));
    let fields = access
        .fields
        .iter()
        .filter(|field| spec.get(field.as_str()).is_none());
    problems.extend(fields.map(|field| lost(&at.key(field))));
    let named = containers
        .iter()
        .filter_map(|one| Some((one["name"].as_str()?, *one)));
    let by_name: HashMap<&str, &Value> = named.collect();
    for (name, fields) in &access.containers {
        let Some(container) = by_name.get(name.as_str()) else {
            if !fields.is_empty() {
                let message = format!("container `{name}` of the config is missing");
                problems.push(problem(&at.key("containers"), message));
            }
            continue;
        };
        for field in fields
            .iter()
            .filter(|field| container.get(field.as_str()).is_none())
        {
            let message = format!("`{field}` of container `{name}` is missing: the config sets it");
            problems.push(problem(&at.key("containers"), message));
        }
    }
    for image in &access.images {
        if !used.contains(image.as_str()) {
            let message = format!(
                "no container has the image `{}` of the config",
                short(image)
            );
            problems.push(problem(&at.key("containers"), message));
        }
    }
    problems
}

/// Whether the Secret has an entry for each login server.
fn credentials(document: &Value, hosts: &[String]) -> Vec<Problem> {
    let data = document["data"][".dockerconfigjson"].as_str();
    let bytes = data.and_then(|data| STANDARD.decode(data).ok());
    let config: Value = bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let field = Pointer::root().key("data").key(".dockerconfigjson");
    let missing = hosts
        .iter()
        .filter(|host| config["auths"].get(host.as_str()).is_none());
    let of_host = |host: &String| {
        let message =
            format!("`.dockerconfigjson` has no entry for `{host}`, so pods cannot pull from it");
        problem(&field, message)
    };
    missing.map(of_host).collect()
}

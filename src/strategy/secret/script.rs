//! The script that mints or fetches credentials and pipes them into a Secret.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::artifact::PlannedFile;
use crate::model::{Cluster, Registry};
use crate::names::RepositoryPattern;
use crate::strategy::Entry;
use crate::strategy::secret::params::{PullSecret, Script, ScriptCredential};

/// One script for each cluster.
pub(super) fn plan(secret: &PullSecret, script: &Script, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let images = images(entry);
    let file = |cluster: &&Cluster| {
        let registries: Vec<Value> = entry
            .registries
            .iter()
            .zip(entry.registry_contexts())
            .map(|(registry, mut context)| {
                let credential = credential(registry, script, cluster, entry);
                context["probe"] = json!(probe(registry, &credential, &images));
                context["credential"] = credential;
                context
            })
            .collect();
        let uses = |kind: &str| {
            registries
                .iter()
                .any(|one| one["credential"]["type"] == kind)
        };
        let context = json!({
            "secret": secret.name,
            "namespaces": entry.namespaces,
            "uses": {
                "token": uses("token"),
                "servicePrincipal": uses("servicePrincipal"),
                "admin": uses("admin"),
            },
            "images": images.values().flatten().collect::<Vec<_>>(),
            "references": entry.images(),
            "registries": registries,
        });
        entry.script(cluster, "pull-secret", "secret/pull-secret.sh.j2", context)
    };
    entry.clusters.iter().map(file).collect()
}

/// What the script needs to know about the credential of one registry.
fn credential(registry: &Registry, script: &Script, cluster: &Cluster, entry: &Entry<'_>) -> Value {
    match script.credential_of(&registry.name) {
        Some(ScriptCredential::Token(token)) => {
            let name = token.name_for(cluster.name.as_str(), entry.clusters.len());
            let scope_map = token.scope_map_for(&name);
            let mut repositories: Vec<&RepositoryPattern> = token.repositories.iter().collect();
            repositories.sort();
            repositories.dedup();
            json!({
                "type": "token",
                "name": name,
                "scopeMap": scope_map,
                "repositories": repositories,
                "days": token.expires_in_days,
            })
        }
        Some(ScriptCredential::ServicePrincipal(principal)) => json!({
            "type": "servicePrincipal",
            "appId": principal.app_id,
            "name": principal.name,
            "days": principal.expires_in_days,
        }),
        Some(ScriptCredential::Admin(_)) => json!({"type": "admin"}),
        // The config's own checks refuse an entry without a credential.
        None => Value::Null,
    }
}

/// The images of the entry, by login server, as the registry's API names them.
fn images<'a>(entry: &Entry<'a>) -> BTreeMap<&'a str, BTreeSet<[&'a str; 3]>> {
    let mut all: BTreeMap<&str, BTreeSet<[&str; 3]>> = BTreeMap::new();
    for container in entry.workloads.iter().flat_map(|one| one.all_containers()) {
        let parts = container.image.parts();
        let Some(host) = parts.host else { continue };
        let version = parts.digest.or(parts.tag).unwrap_or("latest");
        all.entry(host)
            .or_default()
            .insert([host, parts.repository, version]);
    }
    all
}

/// A repository that the credential may pull from, to try it; empty if none is known.
fn probe(
    registry: &Registry,
    credential: &Value,
    images: &BTreeMap<&str, BTreeSet<[&str; 3]>>,
) -> String {
    let of_token = credential["repositories"].as_array().into_iter().flatten();
    let concrete = of_token
        .filter_map(Value::as_str)
        .find(|one| !one.contains('*'));
    let of_image = || {
        let first = images.get(registry.host().as_str())?.first()?;
        Some(first[1])
    };
    concrete.or_else(of_image).unwrap_or_default().to_owned()
}

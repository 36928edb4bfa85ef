//! The script that creates or retrieves credentials and pipes them into a Secret.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::artifact::PlannedFile;
use crate::model::{Cluster, Registry};
use crate::strategy::Entry;
use crate::strategy::context::{Azure, AzureUse, Options, ScriptRegistry};
use crate::strategy::secret::capability::CredentialKind;
use crate::strategy::secret::context::{Credential, PullRegistry, PullSecretScript};
use crate::strategy::secret::params::{PullSecret, Script, ScriptCredential};

/// One script for each cluster.
pub(super) fn plan(secret: &PullSecret, script: &Script, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let images = images(entry);
    let kinds = entry.registries.iter();
    let kinds = kinds.filter_map(|one| Some(script.credential_of(&one.name)?.kind()));
    // In the order of the enum, which is that of the functions in the script.
    let kinds: BTreeSet<CredentialKind> = kinds.collect();
    let needs_pull_role = kinds.iter().any(|kind| kind.needs_pull_role());
    let azure = AzureUse {
        pull_role: needs_pull_role,
        assigns_pull_role: needs_pull_role,
        admin_user: kinds.iter().any(|kind| kind.is_admin_user()),
    };
    let options = Options {
        rotate: true,
        in_cluster: true,
        pods: !images.is_empty(),
    };
    let mut names = vec![secret.name.as_str()];
    names.extend(entry.registries.iter().map(|one| one.name.as_str()));
    let file = |cluster: &&Cluster| {
        let registries = entry.registries.iter().map(|registry| {
            let credential = script.credential_of(&registry.name);
            PullRegistry {
                registry: ScriptRegistry::from(*registry),
                probe: probe(registry, credential, &images),
                credential: credential
                    .map(|one| Credential::of(one, cluster, entry.clusters.len())),
            }
        });
        entry.script(cluster, "pull-secret", options, &names, |script| {
            PullSecretScript {
                script,
                azure: Azure {
                    cluster: (*cluster).into(),
                    azure,
                },
                access: entry.name,
                secret: &secret.name,
                metadata: metadata(secret),
                namespaces: entry.namespaces,
                registries: registries.collect(),
                parts: kinds.iter().map(|kind| kind.template()).collect(),
                marks: kinds.iter().any(|kind| kind.is_marked()),
                images: images.values().flatten().copied().collect(),
                references: entry.images(),
            }
        })
    };
    entry.clusters.iter().map(file).collect()
}

/// Labels and annotations as JSON, if there are any.
fn metadata(secret: &PullSecret) -> Option<String> {
    let PullSecret {
        labels,
        annotations,
        ..
    } = secret;
    let has_any = !labels.is_empty() || !annotations.is_empty();
    has_any.then(|| json!({"labels": labels, "annotations": annotations}).to_string())
}

/// The images of the entry, by login server, as the registry's API names them.
fn images<'a>(entry: &Entry<'a>) -> BTreeMap<&'a str, BTreeSet<[&'a str; 3]>> {
    let mut all: BTreeMap<&str, BTreeSet<[&str; 3]>> = BTreeMap::new();
    for image in entry.images() {
        let parts = image.parts();
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
    credential: Option<&ScriptCredential>,
    images: &BTreeMap<&str, BTreeSet<[&str; 3]>>,
) -> String {
    let limits = credential.map_or(&[][..], ScriptCredential::repositories);
    let names = limits.iter().map(|one| one.as_str());
    let concrete = names.filter(|one| !one.contains('*')).min();
    let of_image = || {
        let first = images.get(registry.host().as_str())?.first()?;
        Some(first[1])
    };
    concrete.or_else(of_image).unwrap_or_default().to_owned()
}

//! The script that creates or retrieves credentials and pipes them into a Secret.

use serde_json::json;

use crate::artifact::{PlannedFile, ScriptKind};
use crate::model::Cluster;
use crate::strategy::Entry;
use crate::strategy::context::ScriptRegistry;
use crate::strategy::secret::context::{Credential, PullRegistry, PullSecretScript};
use crate::strategy::secret::params::{PullSecret, Script};

/// One script for each cluster.
pub(super) fn plan(secret: &PullSecret, script: &Script, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let mut names = vec![secret.name.as_str()];
    names.extend(entry.registries.iter().map(|one| one.name.as_str()));
    let file = |cluster: &&Cluster| {
        let registries = entry.registries.iter().map(|registry| PullRegistry {
            registry: ScriptRegistry::from(*registry),
            credential: script
                .credential_of(&registry.name)
                .map(|one| Credential::of(one, cluster, entry.clusters.len())),
        });
        entry.script(cluster, ScriptKind::PullSecret, &names, |script| {
            PullSecretScript {
                script,
                secret: &secret.name,
                metadata: metadata(secret),
                namespaces: entry.namespaces,
                registries: registries.collect(),
                images: entry.images(),
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

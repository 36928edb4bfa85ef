//! Strategy `secret`: a docker-registry Secret that pods name in their `imagePullSecrets`.

pub mod capability;
pub(super) mod context;
mod docker_config;
pub mod params;
mod script;
mod value;

use crate::artifact::{Carries, PerFile, PlannedFile, Sharing};
use crate::strategy::component;
use crate::strategy::context::Object;
use crate::strategy::secret::context::{SecretComponent, SecretManifest};
use crate::strategy::secret::params::{Delivery, Params, PullSecret};
use crate::strategy::workload::{self, PodReferences};
use crate::strategy::{Entry, Planned};

/// `{}` in base64: a Secret that holds nothing yet.
const EMPTY: &str = "e30K";

/// For a kustomization of Flux that lists a placeholder: Flux creates it and leaves it then
/// (<https://fluxcd.io/flux/components/kustomize/kustomizations/#kustomizetoolkitfluxcdiossa>).
const FLUX_POLICY: (&str, &str) = ("kustomize.toolkit.fluxcd.io/ssa", "IfNotPresent");

/// The Secret by its delivery, and workloads that name it.
pub(super) fn plan(params: &Params, entry: &Entry<'_>) -> Planned {
    let mut files = deliver(&params.secret, entry)?;
    let references = PodReferences {
        pull_secret: Some(&params.secret.name),
        service_account: None,
    };
    files.extend(workload::plan(entry, references));
    // For kustomize users: a component that adds the Secret to workloads of theirs.
    files.extend(component::plan(entry, &params.secret.name, |component| {
        SecretComponent { component }
    }));
    Ok(files)
}

/// The scripts that write the Secret, if its delivery is one.
pub(super) fn scripts(secret: &PullSecret, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let script = secret.delivery.script();
    script.map_or_else(Vec::new, |script| script::plan(secret, script, entry))
}

/// The Secret alone; `serviceAccount` has the same one.
pub(super) fn deliver(secret: &PullSecret, entry: &Entry<'_>) -> Planned {
    let data = match &secret.delivery {
        Delivery::Script(_) => return Ok(scripts(secret, entry)),
        Delivery::Manifest(manifest) => Some(value::docker_config(manifest, entry)?),
        Delivery::Placeholder => None,
    };
    let mut annotations = secret.annotations.clone();
    if data.is_none() {
        let kept = annotations.entry(FLUX_POLICY.0.to_owned());
        kept.or_insert_with(|| FLUX_POLICY.1.to_owned());
    }
    let context = SecretManifest {
        object: Object {
            config: entry.config,
            name: secret.name.as_str(),
            namespace: PerFile::default(),
            labels: &secret.labels,
            annotations: &annotations,
        },
        placeholder: data.is_none(),
        data: data.is_none().then_some(EMPTY),
    };
    let hosts = entry.registries.iter().map(|registry| registry.host());
    let carries = match data {
        Some(_) => Carries::Credentials(hosts.collect()),
        None => Carries::Placeholder,
    };
    let files = entry.objects(
        "secret",
        ("Secret", secret.name.as_str()),
        carries,
        &context,
    );
    let with_data = |file: PlannedFile| PlannedFile {
        secrets: data.iter().map(|data| ("data", data.clone())).collect(),
        sharing: Sharing::First,
        ..file
    };
    Ok(files.map(with_data).collect())
}

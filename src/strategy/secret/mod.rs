//! Strategy `secret`: a docker-registry Secret that pods name in their `imagePullSecrets`.

pub mod capability;
mod docker_config;
pub mod params;
mod script;
mod value;

use serde_json::json;

use crate::artifact::PlannedFile;
use crate::strategy::component;
use crate::strategy::secret::params::{Delivery, Params, PullSecret};
use crate::strategy::workload::{self, PodReferences};
use crate::strategy::{Entry, Planned};

/// `{}` in base64: a Secret that holds nothing yet.
const EMPTY: &str = "e30K";

/// The Secret by its delivery, and workloads that name it.
pub(super) fn plan(params: &Params, entry: &Entry<'_>) -> Planned {
    let mut files = deliver(&params.secret, entry)?;
    let references = PodReferences {
        pull_secret: Some(&params.secret.name),
        service_account: None,
    };
    files.extend(workload::plan(entry, references));
    // For kustomize users: a component that adds the Secret to workloads of theirs.
    let template = "secret/component.yaml.j2";
    files.extend(component::plan(
        entry,
        template,
        &params.secret.name,
        json!({}),
    ));
    Ok(files)
}

/// The Secret alone; `serviceAccount` has the same one.
pub(super) fn deliver(secret: &PullSecret, entry: &Entry<'_>) -> Planned {
    let data = match &secret.delivery {
        Delivery::Script(script) => return Ok(script::plan(secret, script, entry)),
        Delivery::Manifest(manifest) => Some(value::docker_config(manifest, entry)?),
        Delivery::Placeholder => None,
    };
    let context = match &data {
        Some(_) => json!({"placeholder": false}),
        None => json!({"placeholder": true, "data": EMPTY}),
    };
    let object = ("Secret", secret.name.as_str());
    let files = entry.objects("secret", "secret/secret.yaml.j2", object, context);
    let with_data = |mut file: PlannedFile| {
        file.secrets = data.iter().map(|data| ("data", data.clone())).collect();
        file
    };
    Ok(files.map(with_data).collect())
}

//! Strategy `secret`: a docker-registry Secret that pods name in their `imagePullSecrets`.

mod docker_config;
pub mod params;
mod script;
mod value;

use serde_json::json;

use crate::artifact::PlannedFile;
use crate::names::RegistryName;
use crate::strategy::component;
use crate::strategy::secret::params::{Delivery, Params, PullSecret, Token};
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

/// The token of one cluster: with several clusters each has its own.
pub fn token_name(token: &Token, cluster: &str, clusters: usize) -> String {
    if clusters < 2 {
        return token.name.to_string();
    }
    format!("{}-{}", token.name, cluster.replace('_', "-"))
}

/// Whether two declarations of a Secret make the same content.
pub fn same_content(
    a: &PullSecret,
    a_registries: &[RegistryName],
    b: &PullSecret,
    b_registries: &[RegistryName],
) -> bool {
    let sorted = |names: &[RegistryName]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    a.delivery == b.delivery && sorted(a_registries) == sorted(b_registries)
}

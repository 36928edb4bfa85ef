//! Strategy `serviceAccount`: the Secret hangs on a ServiceAccount that the pods name.

pub mod params;

use serde_json::json;

use crate::artifact::PlannedFile;
use crate::strategy::component;
use crate::strategy::secret;
use crate::strategy::service_account::params::{Mode, Params};
use crate::strategy::workload::{self, PodReferences};
use crate::strategy::{Entry, Planned};

/// The Secret by its delivery, the account or a merge into it, and workloads that name it.
pub(super) fn plan(params: &Params, entry: &Entry<'_>) -> Planned {
    let mut files = secret::deliver(&params.secret, entry)?;
    match params.service_account.mode {
        Mode::Create => files.extend(create(params, entry)),
        Mode::Merge => {
            files.extend(component(params, entry));
            files.extend(merge(params, entry));
        }
    }
    let references = PodReferences {
        pull_secret: None,
        service_account: Some(&params.service_account.name),
    };
    files.extend(workload::plan(entry, references));
    Ok(files)
}

/// A ServiceAccount of its own.
fn create(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let object = ("ServiceAccount", params.service_account.name.as_str());
    let template = "service_account/service-account.yaml.j2";
    let context = json!({"pullSecret": params.secret.name});
    let files = entry.objects("service-account", template, object, context);
    files.collect()
}

/// For kustomize users: a component that adds the Secret to an account of theirs.
fn component(params: &Params, entry: &Entry<'_>) -> [PlannedFile; 2] {
    let context = json!({"serviceAccount": params.service_account.name});
    let template = "service_account/component.yaml.j2";
    component::plan(entry, template, &params.secret.name, context)
}

/// A script that adds the Secret to the account in the cluster.
fn merge(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let context = json!({
        "secret": params.secret.name,
        "serviceAccount": params.service_account.name,
        "namespaces": entry.namespaces,
        "images": entry.images(),
    });
    entry
        .clusters
        .iter()
        .map(|cluster| {
            entry.script(
                cluster,
                "service-account",
                "service_account/service-account.sh.j2",
                context.clone(),
            )
        })
        .collect()
}

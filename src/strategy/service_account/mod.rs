//! Strategy `serviceAccount`: the Secret hangs on a ServiceAccount that the pods name.

pub(super) mod context;
pub mod params;

use crate::artifact::{Carries, PerFile, PlannedFile, ScriptKind};
use crate::model::Cluster;
use crate::strategy::component;
use crate::strategy::context::Object;
use crate::strategy::secret;
use crate::strategy::service_account::context::{AccountComponent, AccountManifest, AccountScript};
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

/// The scripts among them.
pub(super) fn scripts(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let mut files = secret::scripts(&params.secret, entry);
    match params.service_account.mode {
        Mode::Create => {}
        Mode::Merge => files.extend(merge(params, entry)),
    }
    files
}

/// A ServiceAccount of its own.
fn create(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let name = params.service_account.name.as_str();
    let context = AccountManifest {
        object: Object {
            config: entry.config,
            name,
            namespace: PerFile::default(),
            labels: &params.service_account.labels,
            annotations: &params.service_account.annotations,
        },
        pull_secret: &params.secret.name,
    };
    let carries = Carries::Reference(params.secret.name.as_str().into());
    let files = entry.objects(
        "service-account",
        ("ServiceAccount", name),
        carries,
        &context,
    );
    files.collect()
}

/// For kustomize users: a component that adds the Secret to an account of theirs.
fn component<'a>(params: &'a Params, entry: &Entry<'a>) -> [PlannedFile; 2] {
    component::plan(entry, &params.secret.name, |component| AccountComponent {
        component,
        service_account: &params.service_account.name,
    })
}

/// A script that adds the Secret to the account in the cluster.
fn merge(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let names = [
        params.secret.name.as_str(),
        params.service_account.name.as_str(),
    ];
    let file = |cluster: &&Cluster| {
        entry.script(cluster, ScriptKind::ServiceAccount, &names, |script| {
            AccountScript {
                script,
                secret: &params.secret.name,
                service_account: &params.service_account.name,
                namespaces: entry.namespaces,
                images: entry.images(),
            }
        })
    };
    entry.clusters.iter().map(file).collect()
}

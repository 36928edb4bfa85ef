//! Strategy `attach`: the cluster's kubelet identity gets the pull role; pods need nothing.

pub(super) mod context;
pub mod params;

use crate::artifact::PlannedFile;
use crate::model::Cluster;
use crate::names::RepositoryPattern;
use crate::strategy::Entry;
use crate::strategy::attach::context::AttachScript;
use crate::strategy::attach::params::{Create, Method, Mode, Params, limit};
use crate::strategy::context::{Azure, AzureUse, Options, ScriptRegistry};
use crate::strategy::workload::{self, PodReferences};

/// A script for each cluster, and workloads without any reference.
pub(super) fn plan(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let attach = &params.attach;
    let azure = AzureUse {
        pull_role: true,
        assigns_pull_role: match attach.method {
            Method::RoleAssignment => true,
            Method::AttachAcr => false,
        },
        admin_user: false,
    };
    let names: Vec<&str> = entry
        .registries
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let file = |cluster: &&Cluster| {
        let registries = entry.registries.iter();
        entry.script(cluster, "attach", Options::default(), &names, |script| {
            AttachScript {
                script,
                azure: Azure {
                    cluster: (*cluster).into(),
                    azure,
                },
                method: attach.method,
                condition: condition(&attach.repositories),
                create: match attach.mode {
                    Mode::Update => None,
                    Mode::Create => Some(create_flags(attach.create.as_ref())),
                },
                registries: registries.map(|one| ScriptRegistry::from(*one)).collect(),
            }
        })
    };
    let mut files: Vec<PlannedFile> = entry.clusters.iter().map(file).collect();
    files.extend(workload::plan(entry, PodReferences::default()));
    files
}

/// Flags of `az aks create` beyond name and place.
fn create_flags(create: Option<&Create>) -> Vec<String> {
    let Some(Create {
        location,
        node_count,
        node_vm_size,
        kubernetes_version,
    }) = create
    else {
        return Vec::new();
    };
    let flags = [
        ("--location", location.as_ref().map(ToString::to_string)),
        ("--node-count", node_count.map(|one| one.to_string())),
        (
            "--node-vm-size",
            node_vm_size.as_ref().map(ToString::to_string),
        ),
        (
            "--kubernetes-version",
            kubernetes_version.as_ref().map(ToString::to_string),
        ),
    ];
    let set = flags
        .into_iter()
        .filter_map(|(flag, value)| Some([flag.to_owned(), value?]));
    set.flatten().collect()
}

/// The ABAC condition for some repositories, in Azure's own form; empty for all
/// (<https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>).
fn condition(repositories: &[RepositoryPattern]) -> String {
    const NAME: &str = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
    const READ: &str = "Microsoft.ContainerRegistry/registries/repositories";
    let repositories = limit(repositories);
    if repositories.is_empty() {
        return String::new();
    }
    let clauses: Vec<String> = repositories
        .into_iter()
        .map(|repository| match repository.strip_suffix('*') {
            Some(prefix) => format!("{NAME} StringStartsWithIgnoreCase '{prefix}'"),
            None => format!("{NAME} StringEqualsIgnoreCase '{repository}'"),
        })
        .collect();
    format!(
        "((!(ActionMatches{{'{READ}/content/read'}}) AND !(ActionMatches{{'{READ}/metadata/read'}})) OR ({}))",
        clauses.join(" OR ")
    )
}

#[cfg(test)]
mod tests {
    use crate::names::RepositoryPattern;
    use crate::strategy::attach::condition;

    #[test]
    fn a_condition_has_one_clause_a_repository() {
        let repositories: Vec<RepositoryPattern> = ["backend/*", "hello-world"]
            .into_iter()
            .map(|one| RepositoryPattern::parse(one).expect("it is a pattern"))
            .collect();
        assert_eq!(
            condition(&repositories),
            "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'}) AND !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/read'})) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'backend/' OR @Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase 'hello-world'))"
        );
        assert_eq!(condition(&[]), "");
    }
}

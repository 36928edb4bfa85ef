//! Strategy `attach`: the cluster's kubelet identity gets the pull role; pods need nothing.

pub mod params;

use serde_json::{Value, json};

use crate::artifact::PlannedFile;
use crate::model::{Cluster, ClusterKind};
use crate::names::RepositoryPattern;
use crate::strategy::Entry;
use crate::strategy::attach::params::{Mode, Params};
use crate::strategy::workload::{self, PodReferences};

/// A script for each cluster, and workloads without any reference.
pub(super) fn plan(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let attach = &params.attach;
    let create = match attach.mode {
        Mode::Update => Value::Null,
        Mode::Create => create_arguments(params),
    };
    let context = json!({
        "method": attach.method,
        "condition": condition(&attach.repositories),
        "create": create,
        "registries": entry.registry_contexts(),
    });
    let mut files: Vec<PlannedFile> = entry
        .clusters
        .iter()
        .map(|cluster| entry.script(cluster, "attach", "attach/attach.sh.j2", context.clone()))
        .collect();
    files.extend(workload::plan(entry, PodReferences::default()));
    files
}

/// Flags of `az aks create` beyond name and place.
fn create_arguments(params: &Params) -> Value {
    let create = params.attach.create.clone().unwrap_or_default();
    let mut flags: Vec<String> = Vec::new();
    let mut add = |flag: &str, value: Option<String>| {
        if let Some(value) = value {
            flags.extend([flag.to_owned(), value]);
        }
    };
    add("--location", create.location.map(|one| one.to_string()));
    add("--node-count", create.node_count.map(|one| one.to_string()));
    add(
        "--node-vm-size",
        create.node_vm_size.map(|one| one.to_string()),
    );
    add(
        "--kubernetes-version",
        create.kubernetes_version.map(|one| one.to_string()),
    );
    json!(flags)
}

/// The ABAC condition for some repositories, in Azure's own form (`domain.md` §2); empty for all.
fn condition(repositories: &[RepositoryPattern]) -> String {
    const NAME: &str = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
    const READ: &str = "Microsoft.ContainerRegistry/registries/repositories";
    let mut repositories: Vec<&str> = repositories.iter().map(RepositoryPattern::as_str).collect();
    repositories.sort_unstable();
    repositories.dedup();
    if repositories.is_empty() || repositories.contains(&"*") {
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

/// A cluster as scripts see it.
pub(super) fn cluster_context(cluster: &Cluster) -> Value {
    let mut context = json!({
        "name": cluster.name,
        "context": cluster.context(),
        "resourceGroup": null,
        "subscription": null,
        "tenant": null,
    });
    match &cluster.kind {
        ClusterKind::Aks(aks) => {
            context["resourceGroup"] = json!(aks.resource_group);
            context["subscription"] = json!(aks.subscription);
            context["tenant"] = json!(aks.tenant);
        }
        ClusterKind::Generic => {}
    }
    context
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

//! Strategy `attach`: the cluster's kubelet identity gets the pull role; pods need nothing.

pub(super) mod context;
pub mod params;

use crate::artifact::{PlannedFile, ScriptKind};
use crate::model::Cluster;
use crate::names::RepositoryPattern;
use crate::strategy::Entry;
use crate::strategy::attach::context::AttachScript;
use crate::strategy::attach::params::{Mode, Params, limit};
use crate::strategy::context::ScriptRegistry;
use crate::strategy::workload::{self, PodReferences};

/// A script for each cluster, and workloads without any reference.
pub(super) fn plan(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let mut files = scripts(params, entry);
    files.extend(workload::plan(entry, PodReferences::default()));
    files
}

/// A script for each cluster.
pub(super) fn scripts(params: &Params, entry: &Entry<'_>) -> Vec<PlannedFile> {
    let attach = &params.attach;
    let registries = entry.registries.iter();
    let names: Vec<&str> = registries.map(|one| one.name.as_str()).collect();
    let file = |cluster: &&Cluster| {
        let registries = entry.registries.iter();
        entry.script(cluster, ScriptKind::Attach, &names, |script| AttachScript {
            script,
            method: attach.method,
            condition: condition(&attach.repositories),
            create: match attach.mode {
                Mode::Update => None,
                Mode::Create => Some(attach.create.clone().unwrap_or_default()),
            },
            registries: registries.map(|one| ScriptRegistry::from(*one)).collect(),
        })
    };
    entry.clusters.iter().map(file).collect()
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

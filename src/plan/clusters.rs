//! Kustomizations for single clusters: what an entry generates for some clusters must not reach the others.

use std::collections::BTreeMap;

use crate::artifact::{CLUSTERS, Expect, KUSTOMIZATION, PlannedFile, Sharing};
use crate::config::load::Loaded;
use crate::config::{Access, Scope, Spec};
use crate::diag::{Code, Problem};
use crate::names::ClusterName;
use crate::plan::kustomization;
use crate::pointer::Pointer;

/// Which entry writes a Secret that several of them share, for which clusters.
#[derive(Default)]
pub(super) struct Shared<'a> {
    writers: BTreeMap<(String, String), Vec<(&'a Access, Scope<'a>)>>,
}

impl<'a> Shared<'a> {
    /// Whether the entry writes the file: kustomize refuses an object that it finds twice.
    ///
    /// # Errors
    /// An entry before it writes the Secret for some of its clusters, but not for all.
    pub(super) fn is_written(
        &mut self,
        file: &PlannedFile,
        access: &'a Access,
        spec: &Spec,
    ) -> Result<bool, Problem> {
        let (
            Sharing::First,
            Expect::Object {
                name, namespace, ..
            },
        ) = (file.sharing, &file.expect)
        else {
            return Ok(true);
        };
        let scope = Scope::of(access, spec.clusters.iter());
        let key = (namespace.clone(), name.clone());
        let writers = self.writers.entry(key).or_default();
        for (other, theirs) in writers.iter() {
            if theirs.covers(&scope) {
                return Ok(false);
            }
            if theirs.meets(&scope) {
                let message = format!(
                    "Secret `{name}` in namespace `{namespace}` would be generated twice: access entry `{}` generates it for some of the clusters of this entry",
                    other.name
                );
                let pointer = Pointer::root().key("secret").key("name");
                return Err(Problem::new(Code::SecretConflict, &pointer, message).help(
                    "use the same `clusters` in both entries, or put the entry with more clusters first",
                ));
            }
        }
        writers.push((access, scope));
        Ok(true)
    }
}

/// The kustomization of all clusters and, if an entry of `entries` is for some clusters only, one for each
/// cluster. `entries` are those that generate objects, sorted by name.
pub(super) fn kustomizations(
    loaded: &Loaded,
    entries: &[&Access],
    config: &str,
) -> Vec<PlannedFile> {
    let spec = &loaded.config.spec;
    let scoped: Vec<(&Access, Scope<'_>)> = entries
        .iter()
        .map(|access| (*access, Scope::of(access, spec.clusters.iter())))
        .collect();
    let names = |of: &dyn Fn(&Scope<'_>) -> bool| -> Vec<String> {
        let entries = scoped.iter().filter(|(_, scope)| of(scope));
        entries.map(|(access, _)| access.name.to_string()).collect()
    };
    let mut files = Vec::new();
    let for_all = names(&|scope| *scope == Scope::All);
    if !for_all.is_empty() {
        let resources: Vec<&str> = for_all.iter().map(String::as_str).collect();
        files.push(kustomization(
            KUSTOMIZATION.to_owned(),
            None,
            config,
            &resources,
        ));
    }
    if for_all.len() == scoped.len() {
        return files;
    }
    // Of a fleet's clusters only those that an entry names: the others have what is for all.
    let clusters = Pointer::root().key("spec").key("clusters");
    let grafts = loaded.document.grafts.iter();
    let own = grafts
        .filter(|graft| graft.list == clusters)
        .map(|graft| graft.first)
        .min();
    let own = own.unwrap_or(spec.clusters.len());
    let is_named = |name: &ClusterName| {
        let names = scoped
            .iter()
            .filter_map(|(access, _)| access.clusters.as_ref());
        names.flatten().any(|one| one == name)
    };
    let used = spec.clusters.iter().enumerate();
    let used = used.filter(|(at, cluster)| *at < own || is_named(&cluster.name));
    for (_, cluster) in used {
        let names = names(&|scope| scope.has(&cluster.name));
        let resources: Vec<String> = names.iter().map(|name| format!("../../{name}")).collect();
        let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
        if !resources.is_empty() {
            let path = format!("{CLUSTERS}/{}/{KUSTOMIZATION}", cluster.name);
            files.push(kustomization(path, None, config, &resources));
        }
    }
    files
}

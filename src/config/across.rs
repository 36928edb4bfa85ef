//! The configs of one run against each other: what two of them would make in one cluster or one registry. Of
//! what no config tells for certain, nothing is claimed.

mod attach;
mod objects;
mod owner;
mod tokens;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::config::load::Loaded;
use crate::config::{Access, Declared};
use crate::diag::{Code, Diagnostic};
use crate::model::{Cluster, ClusterKind, Registry};
use crate::names::EntryName;
use crate::pointer::Pointer;

/// A config that another one of the run conflicts with.
pub struct Conflict {
    /// The later one of the two, by its place among those given.
    pub config: usize,
    /// What both make, at both places.
    pub diagnostic: Diagnostic,
}

/// Objects in namespaces of clusters, and tokens, that are compared with each other. Of more, none is.
const MOST_PLACES: usize = 2_000_000;

/// What two of the configs make, each once.
pub fn conflicts(configs: &[&Loaded]) -> Vec<Conflict> {
    let mut found = Found {
        configs,
        seen: BTreeSet::new(),
        all: Vec::new(),
    };
    let entries = entries(configs);
    let Some(shared) = shared(&entries) else {
        return Vec::new();
    };
    tokens::compare(&entries, &mut found);
    objects::compare(&entries, &shared, &mut found);
    attach::compare(&entries, &mut found);
    owner::compare(&entries, &mut found);
    found.all
}

/// A cluster as far as configs tell two apart. Names of Azure have no case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Identity {
    /// One without a subscription is in the one that `az` has selected, which another config may name.
    Aks([Option<String>; 4]),
    Generic(String, String),
}

impl Identity {
    fn of(cluster: &Cluster) -> Self {
        let name = cluster.name.as_str();
        match &cluster.kind {
            ClusterKind::Aks(aks) => {
                let subscription = aks.subscription.as_ref().map(ToString::to_string);
                let tenant = aks.tenant.as_ref().map(ToString::to_string);
                let all = [
                    Some(name.to_owned()),
                    Some(aks.resource_group.to_string()),
                    subscription,
                    tenant,
                ];
                Self::Aks(all.map(|one| one.map(|one| one.to_lowercase())))
            }
            ClusterKind::Generic => Self::Generic(name.to_owned(), cluster.context().to_owned()),
        }
    }
}

/// Whether both are one registry: no two share a login server, and one without a subscription is found in all.
fn is_one_registry(one: &Registry, other: &Registry) -> bool {
    let subscription = |registry: &Registry| {
        let id = registry.subscription.as_ref();
        id.map(|id| id.to_string().to_lowercase())
    };
    let both = subscription(one).zip(subscription(other));
    one.host().eq_ignore_ascii_case(&other.host()) && both.is_none_or(|(one, other)| one == other)
}

/// An access entry, with what it refers to.
struct Entry<'a> {
    config: usize,
    /// The name of its config.
    name: &'a EntryName,
    pointer: Pointer,
    access: &'a Access,
    registries: Vec<&'a Registry>,
    clusters: Vec<(&'a Cluster, Identity)>,
}

fn entries<'a>(configs: &[&'a Loaded]) -> Vec<Entry<'a>> {
    let list = Pointer::root().key("spec").key("access");
    let of_config = |(config, loaded): (usize, &&'a Loaded)| {
        let loaded: &'a Loaded = loaded;
        let declared: Declared<'a> = loaded.config.declared();
        let all = loaded.config.spec.access.iter().enumerate();
        let entries = all.map(|(at, access)| {
            let clusters = declared.clusters_of(access);
            Entry {
                config,
                name: &loaded.config.metadata.name,
                pointer: list.index(at),
                access,
                registries: declared.registries_of(access),
                clusters: clusters
                    .iter()
                    .map(|one| (*one, Identity::of(one)))
                    .collect(),
            }
        });
        entries.collect::<Vec<_>>()
    };
    configs.iter().enumerate().flat_map(of_config).collect()
}

/// A namespace of a cluster.
type Namespaced<'a> = (&'a Identity, &'a str);

/// The namespaces that several configs make objects in; `None` if there are too many to compare.
fn shared<'a>(entries: &'a [Entry<'_>]) -> Option<BTreeSet<(usize, usize, usize)>> {
    let mut first: HashMap<Namespaced<'a>, Vec<(usize, usize, usize)>> = HashMap::new();
    let mut places = 0;
    for (at, entry) in entries.iter().enumerate() {
        let objects = entry.access.workloads.len() + 2;
        places += objects * entry.clusters.len() * entry.access.namespaces.len();
        if places > MOST_PLACES {
            return None;
        }
        for (cluster, (_, identity)) in entry.clusters.iter().enumerate() {
            for (number, namespace) in entry.access.namespaces.iter().enumerate() {
                let makers = first.entry((identity, namespace.as_str())).or_default();
                makers.push((at, cluster, number));
            }
        }
    }
    let several = first.into_values().filter(|makers| {
        let mut configs = makers
            .iter()
            .filter_map(|(at, ..)| Some(entries.get(*at)?.config));
        let one = configs.next();
        configs.any(|config| Some(config) != one)
    });
    Some(several.flatten().collect())
}

/// Collects what was found.
struct Found<'a> {
    configs: &'a [&'a Loaded],
    /// By the later config, its place, and the other config.
    seen: BTreeSet<(usize, String, usize)>,
    all: Vec<Conflict>,
}

impl Found<'_> {
    /// What a config makes at `pointer`, as another one does at `first`.
    fn push(
        &mut self,
        (config, pointer): (usize, &Pointer),
        (other, first): (usize, &Pointer),
        code: Code,
        message: impl FnOnce(&str) -> String,
        help: &str,
    ) {
        let (Some(own), Some(theirs)) = (self.configs.get(config), self.configs.get(other)) else {
            return;
        };
        if !self.seen.insert((config, pointer.to_json_pointer(), other)) {
            return;
        }
        let source = Arc::clone(&theirs.document.source);
        let span = theirs.document.value_span(first);
        let diagnostic = own
            .diagnose(code, pointer, message(&source.name))
            .related(&source, span, "first here")
            .help(help);
        self.all.push(Conflict { config, diagnostic });
    }
}

//! The configs of one run against each other: what two of them would make in one cluster or one registry. Of
//! what no config tells for certain, nothing is claimed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::config::load::Loaded;
use crate::config::{Access, Declared};
use crate::diag::{Code, Diagnostic};
use crate::model::{Cluster, ClusterKind, Registry};
use crate::pointer::Pointer;
use crate::strategy::secret::params::{PullSecret, Token};

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
    tokens(&entries, &mut found);
    objects(&entries, &shared, &mut found);
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

/// An access entry, with what it refers to.
struct Entry<'a> {
    config: usize,
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

/// Who makes an object, and where.
struct Maker<'e, 'a> {
    entry: &'e Entry<'a>,
    pointer: Pointer,
}

/// The objects that two configs make in one namespace of one cluster.
fn objects(entries: &[Entry<'_>], shared: &BTreeSet<(usize, usize, usize)>, found: &mut Found<'_>) {
    type Object<'o> = (Namespaced<'o>, &'o str, &'o str);
    let mut makers: HashMap<Object<'_>, Vec<Maker<'_, '_>>> = HashMap::new();
    for (at, cluster, number) in shared {
        let Some(entry) = entries.get(*at) else {
            continue;
        };
        let (Some((cluster, identity)), Some(namespace)) = (
            entry.clusters.get(*cluster),
            entry.access.namespaces.get(*number),
        ) else {
            continue;
        };
        let place = (identity, namespace.as_str());
        for (kind, name, pointer) in made(entry) {
            let earlier = makers.entry((place, kind, name)).or_default();
            let other = earlier.iter().find(|one| {
                one.entry.config != entry.config && (kind != SECRET || !is_same(one.entry, entry))
            });
            if let Some(other) = other {
                let code = if kind == SECRET {
                    Code::SecretConflict
                } else {
                    Code::ObjectConflict
                };
                let verb = if kind == SECRET {
                    "defined differently"
                } else {
                    "also generated"
                };
                let cluster = &cluster.name;
                found.push(
                    (entry.config, &pointer),
                    (other.entry.config, &other.pointer),
                    code,
                    |other| {
                        format!("{kind} `{name}` in namespace `{namespace}` of cluster `{cluster}` is {verb} by `{other}`")
                    },
                    "generate it in one config only, rename one of the two, or declare different clusters",
                );
            }
            earlier.push(Maker { entry, pointer });
        }
    }
}

const SECRET: &str = "Secret";

/// The objects that an entry makes in each of its namespaces, and where it names them.
fn made<'e>(entry: &'e Entry<'_>) -> Vec<(&'static str, &'e str, Pointer)> {
    let Access {
        workloads,
        strategy,
        ..
    } = entry.access;
    let list = entry.pointer.key("workloads");
    let workloads = workloads.iter().enumerate();
    let mut all: Vec<(&'static str, &'e str, Pointer)> = workloads
        .map(|(at, one)| {
            (
                one.kind.word(),
                one.name.as_str(),
                list.index(at).key("name"),
            )
        })
        .collect();
    if let Some(account) = strategy.account()
        && account.mode.makes_account()
    {
        let pointer = entry.pointer.key("serviceAccount").key("name");
        all.push(("ServiceAccount", account.name.as_str(), pointer));
    }
    if let Some(secret) = strategy.secret() {
        let pointer = entry.pointer.key("secret").key("name");
        all.push((SECRET, secret.name.as_str(), pointer));
    }
    all
}

/// Whether two entries define their Secret equally, for the same registries.
fn is_same(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    let hosts = |entry: &Entry<'_>| -> BTreeSet<String> {
        entry
            .registries
            .iter()
            .map(|registry| registry.host())
            .collect()
    };
    let both = one
        .access
        .strategy
        .secret()
        .zip(other.access.strategy.secret());
    let is_equal = |(theirs, own): (&PullSecret, &PullSecret)| {
        theirs.same_content(&one.access.registries, own, &other.access.registries)
    };
    both.is_some_and(is_equal) && hosts(one) == hosts(other)
}

/// Whether the scripts of two entries write one Secret, in the same namespaces of the same clusters.
fn is_one_secret(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    let name = |entry: &Entry<'_>| {
        entry
            .access
            .strategy
            .secret()
            .map(|secret| secret.name.clone())
    };
    let identities = |entry: &Entry<'_>| -> Vec<Identity> {
        entry
            .clusters
            .iter()
            .map(|(_, identity)| identity.clone())
            .collect()
    };
    name(one) == name(other)
        && one.access.namespaces == other.access.namespaces
        && identities(one) == identities(other)
        && is_same(one, other)
}

/// What a script makes in a registry.
struct InRegistry<'e, 'a> {
    entry: &'e Entry<'a>,
    token: &'e Token,
    pointer: Pointer,
}

/// The tokens that scripts of two configs rotate, and the scope maps that they define differently. A token
/// is of its registry: the clusters do not matter.
fn tokens(entries: &[Entry<'_>], found: &mut Found<'_>) {
    let mut by_token: HashMap<(String, String), InRegistry<'_, '_>> = HashMap::new();
    let mut by_map: HashMap<(String, String), InRegistry<'_, '_>> = HashMap::new();
    for entry in entries {
        let secret = entry.access.strategy.secret();
        let Some(script) = secret.and_then(|secret| secret.delivery.script()) else {
            continue;
        };
        for registry in &entry.registries {
            let credential = script.credential_of(&registry.name);
            let Some(token) = credential.and_then(|one| one.rotated_token()) else {
                continue;
            };
            for (cluster, _) in &entry.clusters {
                let name = token.name_for(cluster.name.as_str(), entry.clusters.len());
                let map = token.scope_map_for(&name);
                let host = registry.host().to_lowercase();
                let pointer = entry.pointer.key("secret");
                let own = || InRegistry {
                    entry,
                    token,
                    pointer: pointer.clone(),
                };
                let registry = &registry.name;
                let first = by_token
                    .entry((host.clone(), name.to_lowercase()))
                    .or_insert_with(own);
                let is_other = |first: &InRegistry<'_, '_>| first.entry.config != entry.config;
                if is_other(first) && !is_one_secret(first.entry, entry) {
                    found.push(
                        (entry.config, &pointer),
                        (first.entry.config, &first.pointer),
                        Code::TokenShared,
                        |other| format!("token `{name}` of registry `{registry}` is also rotated by `{other}`"),
                        "give each config its own token: the second rotation of one would invalidate the password of the other",
                    );
                    continue;
                }
                let first = by_map.entry((host, map.to_lowercase())).or_insert_with(own);
                let set = |token: &Token| -> BTreeSet<String> {
                    token.repositories.iter().map(ToString::to_string).collect()
                };
                if is_other(first) && set(first.token) != set(token) {
                    found.push(
                        (entry.config, &pointer),
                        (first.entry.config, &first.pointer),
                        Code::TokenShared,
                        |other| format!("scope map `{map}` of registry `{registry}` is defined differently by `{other}`"),
                        "set another `scopeMap`, or the same `repositories` in both configs",
                    );
                }
            }
        }
    }
}

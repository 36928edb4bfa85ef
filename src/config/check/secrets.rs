//! Does one Secret name mean one content, and is each token rotated by one script only?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::config::check::{Checker, Parts, Placed, pull_secret};
use crate::config::{Access, Scope};
use crate::diag::{Code, Problem};
use crate::names::{ClusterName, Namespace, RegistryName};
use crate::pointer::Pointer;
use crate::strategy::secret::params::{Script, Token};

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    one_content(parts, checker);
    one_rotation(parts, checker);
}

/// The entries that hold one Secret of one namespace, as far as they can differ from the next.
#[derive(Default)]
struct Owners<'a> {
    /// One for each content and scope; of scripts only those for one cluster meet.
    contents: Vec<(&'a Placed<Access>, Scope<'a>)>,
    /// The first script for each cluster: scripts for other clusters never meet.
    by_cluster: HashMap<&'a ClusterName, &'a Placed<Access>>,
}

impl<'a> Owners<'a> {
    /// An earlier entry that writes the Secret by a script in one of these clusters.
    fn script(&self, clusters: &[&'a ClusterName]) -> Option<&'a Placed<Access>> {
        let mut scripts = clusters
            .iter()
            .filter_map(|name| self.by_cluster.get(*name));
        scripts.next().copied()
    }

    /// An earlier entry with another content that may meet this one.
    fn clash(
        &self,
        access: &'a Placed<Access>,
        scope: &Scope<'_>,
        clusters: &[&'a ClusterName],
    ) -> Option<&'a Placed<Access>> {
        let scripts = clusters
            .iter()
            .filter_map(|name| self.by_cluster.get(*name))
            .copied();
        let meets = |(other, theirs): &&(&'a Placed<Access>, Scope<'a>)| {
            let are_scripts = is_script(&access.value) && is_script(&other.value);
            !are_scripts && theirs.meets(scope)
        };
        let all = self.contents.iter().filter(meets).map(|(other, _)| *other);
        all.chain(scripts).find(|other| !is_same(other, access))
    }

    fn add(&mut self, access: &'a Placed<Access>, scope: Scope<'a>, clusters: &[&'a ClusterName]) {
        if is_script(&access.value) {
            for cluster in clusters {
                self.by_cluster.entry(cluster).or_insert(access);
            }
        }
        let is_known = |(one, theirs): &(&Placed<Access>, Scope<'_>)| {
            is_same(one, access)
                && theirs.covers(&scope)
                && is_script(&one.value) == is_script(&access.value)
        };
        if self.contents.len() < MOST_CONTENTS && !self.contents.iter().any(is_known) {
            self.contents.push((access, scope));
        }
    }
}

fn is_script(access: &Access) -> bool {
    let secret = pull_secret(access);
    secret.is_some_and(|secret| !secret.delivery.writes_secret())
}

/// Whether two entries define their Secret equally.
fn is_same(one: &Placed<Access>, other: &Placed<Access>) -> bool {
    let both = pull_secret(&one.value).zip(pull_secret(&other.value));
    std::ptr::eq(one, other)
        || both.is_some_and(|(theirs, own)| {
            theirs.same_content(&one.value.registries, own, &other.value.registries)
        })
}

/// Whether the scripts of two entries are for one Secret in the same namespaces of the same clusters: then
/// they are one script under two names, and each run of one is a run of the other.
fn is_one_script(one: &Placed<Access>, other: &Placed<Access>, parts: &Parts<'_>) -> bool {
    let namespaces = |access: &Access| -> BTreeSet<Namespace> {
        let all = access.namespaces.iter();
        all.cloned().collect()
    };
    let clusters = |access: &Access| -> Vec<ClusterName> {
        let all = parts.clusters_of(access).into_iter();
        all.map(|cluster| cluster.name.clone()).collect()
    };
    let name = |access: &Access| pull_secret(access).map(|secret| secret.name.clone());
    let (own, theirs) = (&one.value, &other.value);
    name(own) == name(theirs)
        && namespaces(own) == namespaces(theirs)
        && clusters(own) == clusters(theirs)
        && is_same(one, other)
}

/// Two entries may share a Secret; they may not disagree about it.
fn one_content(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let mut owners: BTreeMap<(&str, &str), Owners<'_>> = BTreeMap::new();
    let mut places = 0_usize;
    for access in &parts.access {
        let Some(secret) = pull_secret(&access.value) else {
            continue;
        };
        let clusters = parts.clusters_of(&access.value).into_iter();
        let clusters: Vec<&ClusterName> = clusters.map(|cluster| &cluster.name).collect();
        let scope = parts.scope(&access.value);
        if is_script(&access.value) {
            places += clusters.len() * access.value.namespaces.len();
        }
        if places > MOST_PLACES {
            let message = format!("scripts of this config write more than {MOST_PLACES} Secrets");
            let label = "one for each namespace in each cluster";
            return too_many(message, label, &access.pointer.key("secret"), checker);
        }
        for namespace in &access.value.namespaces {
            let earlier = owners
                .entry((namespace.as_str(), secret.name.as_str()))
                .or_default();
            let name = |one: &Placed<Access>| one.pointer.key("secret").key("name");
            if let Some(other) = earlier.clash(access, &scope, &clusters) {
                let message = format!(
                    "Secret `{}` in namespace `{namespace}` is defined differently in access entry `{}`",
                    secret.name, other.value.name
                );
                let problem = Problem::new(Code::SecretConflict, &name(access), message)
                    .related(&name(other), "first defined here");
                checker.push(problem.help(
                    "rename one of the two, or use the same registries, delivery and credentials",
                ));
                break;
            }
            let script = is_script(&access.value).then(|| earlier.script(&clusters));
            let script = script.flatten();
            if let Some(other) = script.filter(|other| !is_one_script(other, access, parts)) {
                let message = format!(
                    "Secret `{}` in namespace `{namespace}` is also written by the script of access entry `{}`, which is for other namespaces or clusters",
                    secret.name, other.value.name
                );
                let problem = Problem::new(Code::SecretConflict, &name(access), message)
                    .label("each script would renew the credential for its own namespaces only")
                    .related(&name(other), "first written here");
                checker.push(problem.help(
                    "rename one of the two, or set the same `namespaces` and `clusters` in both entries",
                ));
                break;
            }
            earlier.add(access, scope.clone(), &clusters);
        }
    }
}

/// Contents of one Secret that are compared with each other: more than there are clusters.
const MOST_CONTENTS: usize = 100;

/// Tokens, and Secrets in clusters, that are compared with each other. A list of clusters makes many
/// of few words; the scripts would be larger than anybody can run.
pub(super) const MOST_PLACES: usize = 200_000;

/// The token of a registry that a script rotates.
fn token<'a>(script: &'a Script, registry: &RegistryName) -> Option<&'a Token> {
    script.credential_of(registry)?.rotated_token()
}

/// How many tokens an entry rotates for one cluster.
fn count(script: &Script, access: &Placed<Access>) -> usize {
    let registries = access.value.registries.iter();
    registries.filter_map(|name| token(script, name)).count()
}

/// More than is compared.
pub(super) fn too_many(message: String, label: &str, at: &Pointer, checker: &mut Checker<'_>) {
    let problem = Problem::new(Code::OutOfRange, at, message);
    checker.push(
        problem
            .label(label)
            .help("move some entries into another config"),
    );
}

/// A token or a scope map that a script manages, by the registry and its name.
#[derive(Clone)]
struct Managed<'a> {
    access: &'a Placed<Access>,
    cluster: &'a ClusterName,
    token: String,
}

impl Managed<'_> {
    /// Whether the scripts of both write one Secret, about which there is a message already.
    fn shares_secret(&self, other: &Self) -> bool {
        let name = |one: &Self| pull_secret(&one.access.value).map(|secret| secret.name.clone());
        let theirs = &other.access.value.namespaces;
        let mut own = self.access.value.namespaces.iter();
        self.cluster == other.cluster
            && name(self) == name(other)
            && own.any(|namespace| theirs.contains(namespace))
    }
}

/// A script that rotates a token invalidates, two runs later, what another script has handed out. A scope
/// map is removed by the script that made it, whatever other token uses it.
fn one_rotation(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    type Users<'a> = HashMap<(&'a RegistryName, String), Managed<'a>>;
    let mut rotations = 0_usize;
    let (mut tokens, mut maps): (Users<'_>, Users<'_>) = (HashMap::new(), HashMap::new());
    for access in &parts.access {
        let script = pull_secret(&access.value).and_then(|secret| secret.delivery.script());
        let Some(script) = script else {
            continue;
        };
        let clusters = parts.clusters_of(&access.value);
        rotations += clusters.len() * count(script, access);
        let pointer = access.pointer.key("secret");
        if rotations > MOST_PLACES {
            let message = format!("scripts of this config rotate more than {MOST_PLACES} tokens");
            let label = "one for each registry in each cluster";
            return too_many(message, label, &pointer, checker);
        }
        for registry in &access.value.registries {
            let Some(token) = token(script, registry) else {
                continue;
            };
            for cluster in &clusters {
                let name = token.name_for(cluster.name.as_str(), clusters.len());
                let map = token.scope_map_for(&name);
                let own = Managed {
                    access,
                    cluster: &cluster.name,
                    token: name.clone(),
                };
                let key = (registry, name.to_lowercase());
                let token = tokens.insert(key, own.clone());
                let scope_map = maps.insert((registry, map.to_lowercase()), own.clone());
                let is_other = |other: &Managed<'_>| {
                    !std::ptr::eq(other.access, access) && !own.shares_secret(other)
                };
                if let Some(other) = token.filter(is_other) {
                    let message = format!(
                        "token `{name}` of registry `{registry}` is also rotated by access entry `{}` (cluster `{}`)",
                        other.access.value.name, other.cluster
                    );
                    let problem = Problem::new(Code::TokenShared, &pointer, message)
                        .label("a token has two passwords: the second rotation of one would invalidate the other")
                        .related(&other.access.pointer.key("secret"), "also rotated here");
                    checker.push(problem.help(
                        "give each entry its own token, or list all namespaces in one entry",
                    ));
                } else if let Some(other) = scope_map.filter(is_other) {
                    let message = format!(
                        "scope map `{map}` of registry `{registry}` is also that of token `{}` of access entry `{}` (cluster `{}`)",
                        other.token, other.access.value.name, other.cluster
                    );
                    let problem = Problem::new(Code::TokenShared, &pointer, message)
                        .label("each script manages, and removes, the scope map of its token")
                        .related(&other.access.pointer.key("secret"), "also managed here");
                    checker.push(problem.help(
                        "set another `scopeMap`, or remove the key: each token then has its own",
                    ));
                }
            }
        }
    }
}

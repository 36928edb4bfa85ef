//! Does one Secret name mean one content, and is each token rotated by one script only?

use std::collections::{BTreeMap, HashMap};

use crate::config::check::{Checker, Parts, Placed, pull_secret};
use crate::config::{Access, Scope};
use crate::diag::{Code, Problem};
use crate::names::{ClusterName, RegistryName};
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
            return too_many(message, label, access, checker);
        }
        for namespace in &access.value.namespaces {
            let earlier = owners
                .entry((namespace.as_str(), secret.name.as_str()))
                .or_default();
            if let Some(other) = earlier.clash(access, &scope, &clusters) {
                let message = format!(
                    "Secret `{}` in namespace `{namespace}` is defined differently in access entry `{}`",
                    secret.name, other.value.name
                );
                let name = |one: &Placed<Access>| one.pointer.key("secret").key("name");
                let problem = Problem::new(Code::SecretConflict, &name(access), message)
                    .related(&name(other), "first defined here");
                checker.push(problem.help(
                    "rename one of the two, or use the same registries, delivery and credentials",
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
const MOST_PLACES: usize = 200_000;

/// The token of a registry that a script rotates.
fn token<'a>(script: &'a Script, registry: &RegistryName) -> Option<&'a Token> {
    script.credential_of(registry)?.rotated_token()
}

/// How many tokens an entry rotates for one cluster.
fn tokens(script: &Script, access: &Placed<Access>) -> usize {
    let registries = access.value.registries.iter();
    registries.filter_map(|name| token(script, name)).count()
}

/// More than is compared.
fn too_many(message: String, label: &str, access: &Placed<Access>, checker: &mut Checker<'_>) {
    let problem = Problem::new(Code::OutOfRange, &access.pointer.key("secret"), message);
    checker.push(
        problem
            .label(label)
            .help("move some entries into another config"),
    );
}

/// A script that rotates a token invalidates, two runs later, what another script has handed out.
fn one_rotation(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let mut rotations = 0_usize;
    let mut users: BTreeMap<(String, String), (&Placed<Access>, String)> = BTreeMap::new();
    for access in &parts.access {
        let Some(secret) = pull_secret(&access.value) else {
            continue;
        };
        let Some(script) = secret.delivery.script() else {
            continue;
        };
        let clusters = parts.clusters_of(&access.value);
        rotations += clusters.len() * tokens(script, access);
        if rotations > MOST_PLACES {
            let message = format!("scripts of this config rotate more than {MOST_PLACES} tokens");
            let label = "one for each registry in each cluster";
            return too_many(message, label, access, checker);
        }
        for registry in &access.value.registries {
            let Some(token) = token(script, registry) else {
                continue;
            };
            for cluster in &clusters {
                let name = token.name_for(cluster.name.as_str(), clusters.len());
                let key = (registry.to_string(), name.to_lowercase());
                let user = (access, cluster.name.to_string());
                let Some((other, cluster)) = users.insert(key, user) else {
                    continue;
                };
                let shares_secret = pull_secret(&other.value).is_some_and(|theirs| {
                    theirs.name == secret.name
                        && theirs.same_content(
                            &other.value.registries,
                            secret,
                            &access.value.registries,
                        )
                }) && other.value.namespaces == access.value.namespaces;
                if shares_secret || std::ptr::eq(other, access) {
                    continue;
                }
                let message = format!(
                    "token `{name}` of registry `{registry}` is also rotated by access entry `{}` (cluster `{cluster}`)",
                    other.value.name
                );
                let problem =
                    Problem::new(Code::TokenShared, &access.pointer.key("secret"), message);
                checker.push(
                    problem
                        .label("a token has two passwords: the second rotation of one would invalidate the other")
                        .related(&other.pointer.key("secret"), "also rotated here")
                        .help("give each entry its own token, or list all namespaces in one entry"),
                );
            }
        }
    }
}

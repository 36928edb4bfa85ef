//! Does one Secret name mean one content, and is each token rotated by one script only?

use std::collections::BTreeMap;

use crate::config::Access;
use crate::config::check::{Checker, Parts, Placed, pull_secret};
use crate::diag::Code;
use crate::strategy::secret::params::{Delivery, ScriptCredential};
use crate::strategy::secret::{same_content, token_name};

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    one_content(parts, checker);
    one_rotation(parts, checker);
}

/// Entries whose clusters differ never meet, if only scripts carry their Secrets.
fn may_meet(a: &Access, b: &Access, parts: &Parts) -> bool {
    let scripts = |access: &Access| {
        matches!(
            pull_secret(access).map(|secret| &secret.delivery),
            Some(Delivery::Script(_))
        )
    };
    if !(scripts(a) && scripts(b)) {
        return true;
    }
    let others = parts.clusters_of(b);
    parts
        .clusters_of(a)
        .iter()
        .any(|cluster| others.iter().any(|other| other.name == cluster.name))
}

/// Two entries may share a Secret; they may not disagree about it.
fn one_content(parts: &Parts, checker: &mut Checker<'_>) {
    let mut owners: BTreeMap<(&str, &str), Vec<&Placed<Access>>> = BTreeMap::new();
    for access in &parts.access {
        let Some(secret) = pull_secret(&access.value) else {
            continue;
        };
        for namespace in &access.value.namespaces {
            let earlier = owners
                .entry((namespace.as_str(), secret.name.as_str()))
                .or_default();
            let clash = earlier.iter().find(|other| {
                let same = pull_secret(&other.value).is_some_and(|theirs| {
                    same_content(
                        theirs,
                        &other.value.registries,
                        secret,
                        &access.value.registries,
                    )
                });
                !same && may_meet(&other.value, &access.value, parts)
            });
            if let Some(other) = clash {
                let message = format!(
                    "Secret `{}` in namespace `{namespace}` has another content in access entry `{}`",
                    secret.name, other.value.name
                );
                let diagnostic = checker.at(
                    Code::SecretConflict,
                    &access.pointer.key("secret").key("name"),
                    message,
                );
                checker.push(diagnostic.help("give one of the two another name, or make registries, delivery and credentials equal"));
                break;
            }
            earlier.push(access);
        }
    }
}

/// A script that rotates a token invalidates, two runs later, what another script has handed out.
fn one_rotation(parts: &Parts, checker: &mut Checker<'_>) {
    let mut users: BTreeMap<(String, String), (&Placed<Access>, String)> = BTreeMap::new();
    for access in &parts.access {
        let Some(secret) = pull_secret(&access.value) else {
            continue;
        };
        let Delivery::Script(script) = &secret.delivery else {
            continue;
        };
        let clusters = parts.clusters_of(&access.value);
        for registry in &access.value.registries {
            let credential = script
                .credentials
                .get(registry)
                .or(script.credential.as_ref());
            let Some(ScriptCredential::Token(token)) = credential else {
                continue;
            };
            for cluster in &clusters {
                let name = token_name(token, cluster.name.as_str(), clusters.len());
                let key = (registry.to_string(), name.to_lowercase());
                let user = (access, cluster.name.to_string());
                let Some((other, cluster)) = users.insert(key, user) else {
                    continue;
                };
                let shares_secret = pull_secret(&other.value).is_some_and(|theirs| {
                    theirs.name == secret.name
                        && same_content(
                            theirs,
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
                let diagnostic =
                    checker.at(Code::TokenShared, &access.pointer.key("secret"), message);
                checker.push(
                    diagnostic
                        .label("a token has two passwords: the second rotation of one would break the other")
                        .help("give each entry a token of its own, or list all namespaces in one entry"),
                );
            }
        }
    }
}

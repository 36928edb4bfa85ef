//! Has each registry of a Secret one credential, and is each credential sound?

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Access;
use crate::config::check::{Checker, Parts, Placed, pull_secret};
use crate::diag::{Code, Problem};
use crate::names::{RegistryName, ScopeMapName, TokenName};
use crate::pointer::Pointer;
use crate::strategy::secret::capability::Coverage;
use crate::strategy::secret::params::{ScriptCredential, ServicePrincipal, Token};

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    for access in &parts.access {
        let Some(secret) = pull_secret(&access.value) else {
            continue;
        };
        let pointer = access.pointer.key("secret");
        if let Some(covered) = secret.delivery.coverage() {
            coverage(access, &pointer, &covered, checker);
        }
        let Some(script) = secret.delivery.script() else {
            continue;
        };
        let own = script.credential.iter();
        let own = own.map(|one| (pointer.key("credential"), one));
        let by_registry = script.credentials.iter();
        let by_registry =
            by_registry.map(|(name, one)| (pointer.key("credentials").key(name.as_str()), one));
        for (pointer, credential) in own.chain(by_registry) {
            match credential {
                ScriptCredential::Token(token) => {
                    token_names(token, &pointer, access, parts, checker);
                }
                ScriptCredential::ServicePrincipal(principal) => {
                    one_identity(principal, &pointer, checker);
                }
                ScriptCredential::Admin(_) => {}
            }
        }
    }
}

/// `credential` is for the registries that `credentials` does not name.
fn coverage(
    access: &Placed<Access>,
    pointer: &Pointer,
    covered: &Coverage<'_>,
    checker: &mut Checker<'_>,
) {
    let named: BTreeSet<&RegistryName> = covered.named.iter().copied().collect();
    let has_default = covered.has_default;
    let registries: BTreeSet<&RegistryName> = access.value.registries.iter().collect();
    for name in named.difference(&registries) {
        let message =
            format!("`credentials` contains `{name}`, which is not a registry of this entry");
        let problem = Problem::new(
            Code::CredentialDelivery,
            &pointer.key("credentials").key(name.as_str()),
            message,
        );
        checker.push(problem.help("add it to the entry's `registries`, or remove it here"));
    }
    let missing: Vec<String> = registries
        .difference(&named)
        .map(ToString::to_string)
        .collect();
    if !has_default && !missing.is_empty() {
        let message = format!(
            "the Secret has no credential for registry `{}`",
            missing.join("`, `")
        );
        let problem = Problem::new(Code::CredentialDelivery, pointer, message);
        checker.push(problem.help(
            "add `credential: {type: token, name: sample-pull, repositories: [sample-container]}` (delivery `script`), or `credential: {type: env, usernameFrom: ACR_USERNAME, passwordFrom: ACR_PASSWORD}` (delivery `manifest`)",
        ));
    } else if has_default && missing.is_empty() && !registries.is_empty() {
        let message = "`credential` is never used: `credentials` lists every registry";
        let problem = Problem::new(
            Code::CredentialDelivery,
            &pointer.key("credential"),
            message,
        );
        checker.push(problem.help("remove `credential`"));
    }
}

/// Names that are made from others must fit as well.
fn token_names(
    token: &Token,
    pointer: &Pointer,
    access: &Placed<Access>,
    parts: &Parts,
    checker: &mut Checker<'_>,
) {
    if TokenName::parse(token.name.as_str()).is_err() {
        return;
    }
    let clusters = parts.clusters_of(&access.value);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    if let (Some(map), [first, second, ..]) = (&token.scope_map, clusters.as_slice()) {
        let message = format!(
            "clusters `{}` and `{}` would share scope map `{map}`",
            first.name, second.name
        );
        let problem = Problem::new(Code::TokenShared, &pointer.key("scopeMap"), message);
        checker.push(
            problem
                .label("the script of each cluster manages, and removes, the scope map of its token")
                .help("remove `scopeMap`: each cluster then has its own; or create one entry for each cluster"),
        );
    }
    for cluster in &clusters {
        let name = token.name_for(cluster.name.as_str(), clusters.len());
        let scope_map = token.scope_map_for(&name);
        let fault = TokenName::parse(&name)
            .err()
            .or_else(|| ScopeMapName::parse(&scope_map).err());
        if let Some(fault) = fault {
            let message = format!(
                "token `{name}` with scope map `{scope_map}` is not valid: {}",
                fault.why
            );
            let problem = Problem::new(Code::InvalidName, &pointer.key("name"), message);
            checker.push(problem.help("choose a shorter `name`, or set `scopeMap`"));
        }
        if let Some(other) = seen.insert(name.to_lowercase(), cluster.name.to_string()) {
            let message = format!(
                "clusters `{other}` and `{}` would share token `{name}`",
                cluster.name
            );
            let problem = Problem::new(Code::TokenShared, &pointer.key("name"), message);
            checker.push(problem.help("create one entry for each cluster"));
        }
    }
}

/// Either an existing principal or one to create.
fn one_identity(principal: &ServicePrincipal, pointer: &Pointer, checker: &mut Checker<'_>) {
    let message = match (&principal.app_id, &principal.name) {
        (None, None) => "a service principal requires `appId` or `name`",
        (Some(_), Some(_)) => "a service principal accepts `appId` or `name`, not both",
        _ => return,
    };
    let problem = Problem::new(Code::CredentialDelivery, pointer, message);
    checker.push(problem.help(
        "`appId` for an existing one; `name` for one that the script creates if it does not exist",
    ));
}

//! Can these clusters have these registries attached, by this method?

use std::collections::{BTreeSet, HashMap};

use crate::config::Access;
use crate::config::check::secrets::{MOST_PLACES, too_many};
use crate::config::check::{Checker, Parts, Placed};
use crate::diag::{Code, Problem};
use crate::model::{ClusterKind, RoleAssignmentMode};
use crate::names::{ClusterName, RegistryName};
use crate::pointer::Pointer;
use crate::strategy::attach::params::{Attach, Method, Mode};

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    for access in &parts.access {
        if let Some(attach) = access.value.strategy.attach()
            && !checker.is_full()
        {
            clusters(access, parts, checker);
            method(access, attach, parts, checker);
        }
    }
    one_role(parts, checker);
}

/// What an entry assigns to a cluster on a registry.
#[derive(Clone, Copy)]
struct Role<'a> {
    access: &'a Placed<Access>,
    attach: &'a Attach,
}

impl Role<'_> {
    /// Where the config decides what role it is.
    fn place(&self) -> Pointer {
        let keys = self.attach.role_keys().iter();
        keys.fold(self.access.pointer.clone(), |pointer, key| pointer.key(key))
    }
}

/// Azure has one assignment of a role for a cluster on a registry, so a cluster gets its role there from
/// equal entries only.
fn one_role(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let mut roles: HashMap<(&ClusterName, &RegistryName), (Role<'_>, BTreeSet<&str>)> =
        HashMap::new();
    let mut places = 0_usize;
    for access in &parts.access {
        let Some(attach) = access.value.strategy.attach() else {
            continue;
        };
        let clusters = parts.clusters_of(&access.value);
        let registries = parts.registries_of(&access.value);
        places += clusters.len() * registries.len();
        let role = Role { access, attach };
        if places > MOST_PLACES {
            let message = format!("scripts of this config assign more than {MOST_PLACES} roles");
            let label = "one for each registry in each cluster";
            return too_many(message, label, &role.place(), checker);
        }
        let limit = attach.limit();
        let registry = |cluster| registries.iter().map(move |one| (cluster, &one.value.name));
        let all = clusters.iter().flat_map(|one| registry(&one.name));
        let mut other: Option<(&ClusterName, &RegistryName, Role<'_>)> = None;
        for (cluster, registry) in all {
            let first = roles
                .entry((cluster, registry))
                .or_insert_with(|| (role, limit.clone()));
            if first.1 != limit && other.is_none() {
                other = Some((cluster, registry, first.0));
            }
        }
        if let Some((cluster, registry, first)) = other {
            let message = format!(
                "cluster `{cluster}` gets another role on registry `{registry}` from access entry `{}`",
                first.access.value.name
            );
            let problem = Problem::new(Code::AttachConflict, &role.place(), message)
                .label("each script would undo what the other one assigned")
                .related(&first.place(), "also assigned here");
            checker.push(problem.help(
                "set the same `repositories` in both entries, or attach the registry in one of them only",
            ));
        }
    }
}

/// Outside AKS there is no kubelet identity that Azure knows
/// (<https://learn.microsoft.com/azure/aks/cluster-container-registry-integration>).
fn clusters(access: &Placed<Access>, parts: &Parts, checker: &mut Checker<'_>) {
    for cluster in parts.clusters_of(&access.value) {
        if cluster.kind == ClusterKind::Generic {
            let message = format!(
                "cluster `{}` is not AKS, so no registry can be attached to it",
                cluster.name
            );
            let problem = Problem::new(
                Code::AttachGeneric,
                &access.pointer.key("strategy"),
                message,
            );
            checker.push(
                problem
                    .label("only the kubelet identity of an AKS cluster can be given a pull role")
                    .help("use `strategy: secret` or `strategy: serviceAccount` for this cluster"),
            );
        }
    }
}

/// The registry's mode decides which method and which limits work
/// (<https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>).
fn method(access: &Placed<Access>, attach: &Attach, parts: &Parts, checker: &mut Checker<'_>) {
    let pointer = access.pointer.key("attach");
    for registry in parts.registries_of(&access.value) {
        let registry = &registry.value;
        let mode = registry.role_assignment_mode;
        if attach.method == Method::AttachAcr && mode == RoleAssignmentMode::Abac {
            let message = format!(
                "`attachAcr` does not work for ABAC registry `{}`",
                registry.name
            );
            let problem = Problem::new(Code::AttachAbac, &pointer.key("method"), message);
            checker.push(
                problem
                    .label("it assigns `AcrPull`, which this registry does not honor")
                    .help("use `method: roleAssignment`, which chooses the role by the registry's mode"),
            );
        }
        if !attach.repositories.is_empty() && mode == RoleAssignmentMode::Rbac {
            let message = format!(
                "registry `{}` cannot limit a role to repositories",
                registry.name
            );
            let problem = Problem::new(
                Code::AttachRepositories,
                &pointer.key("repositories"),
                message,
            );
            checker.push(
                problem
                    .label("only `roleAssignmentMode: abac` supports conditions")
                    .help("remove `repositories`, or use a token: `strategy: secret` with `credential: {type: token, …}`"),
            );
        }
    }
    if attach.method == Method::AttachAcr && !attach.repositories.is_empty() {
        let problem = Problem::new(
            Code::AttachRepositories,
            &pointer.key("repositories"),
            "`attachAcr` cannot limit the role to repositories",
        );
        checker.push(problem.help("use `method: roleAssignment`"));
    }
    if attach.mode == Mode::Update && attach.create.is_some() {
        let problem = Problem::new(
            Code::UnknownKey,
            &pointer.key("create"),
            "`create` is only used with `mode: create`",
        );
        checker.push(problem.help("set `mode: create`, or remove `create`"));
    }
}

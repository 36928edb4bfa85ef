//! A role that a registry in ABAC mode does not honor
//! (<https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>).

use crate::audit::judge::Finding;
use crate::audit::rules::Context;
use crate::diag::Code;
use crate::pointer::Pointer;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut hosts: Vec<&String> = context.knowledge.abac.iter().collect();
    hosts.sort();
    let granted = hosts
        .into_iter()
        .filter_map(|host| Some((host, context.knowledge.old_roles.get(host)?)));
    granted
        .map(|(host, spot)| Finding {
            code: Code::RoleMode,
            object: None,
            field: Pointer::root(),
            container: None,
            image: None,
            spot: *spot,
            message: format!("`AcrPull` is assigned on `{host}`, which is declared with `roleAssignmentMode: abac` and does not honor it"),
            label: String::new(),
            related: Vec::new(),
            help: vec!["assign `Container Registry Repository Reader`, or use an access entry with `method: roleAssignment`".to_owned()],
            repair: None,
        })
        .collect()
}

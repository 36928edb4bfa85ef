//! A role that a registry in ABAC mode does not honor
//! (<https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>).

use crate::audit::judge::Finding;
use crate::audit::rules::Context;
use crate::diag::Code;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut hosts: Vec<&String> = context.knowledge.abac.iter().collect();
    hosts.sort();
    let granted = hosts
        .into_iter()
        .filter_map(|host| Some((host, context.knowledge.old_roles.get(host)?)));
    granted
        .map(|(host, spot)| {
            let message = format!("`AcrPull` is assigned on `{host}`, which is declared with `roleAssignmentMode: abac` and does not honor it");
            let help = "assign `Container Registry Repository Reader`, or use an access entry with `method: roleAssignment`";
            Finding {
                help: vec![help.to_owned()],
                ..Finding::new(Code::RoleMode, *spot, message)
            }
        })
        .collect()
}

//! A pull secret with the admin user of a registry, who may push as well
//! (<https://learn.microsoft.com/azure/container-registry/container-registry-authentication#admin-account>).

use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;
use crate::names::azure::is_registry_host;
use crate::pull::docker_config::{Credential, User};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (secret, entries) in context.entries() {
        let admin = entries.iter().find(|entry| {
            let host = entry
                .key
                .split_once("://")
                .map_or(&*entry.key, |(_, rest)| rest);
            let host = host.split('/').next().unwrap_or_default();
            entry.user == User::Registry
                && entry.credential == Credential::Complete
                && is_registry_host(host)
        });
        if let Some(admin) = admin {
            let message = format!(
                "{} holds the admin user of `{}`, who may push and delete as well",
                secret.object.identity, admin.key
            );
            let help = "use a token with a scope map, or attach the registry to the cluster";
            found.push(finding(
                Code::AdminUser,
                &secret.object,
                secret.object.spot,
                message,
                help,
            ));
        }
    }
    found
}

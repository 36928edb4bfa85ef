//! Accounts of the config that are among the objects carry its pull secret.

use crate::config::Config;
use crate::document::Node;
use crate::krm::entry::{Pull, entries, pull_secrets, reference};
use crate::krm::finding::Finding;
use crate::krm::object::{Object, objects};

/// Where an account names its pull secrets.
pub(super) const FIELD: &str = "imagePullSecrets";

/// Adds the pull secret of each entry to its account, wherever that is.
pub(super) fn carry(config: &Config, items: &mut Node, findings: &mut Vec<Finding>) {
    for entry in entries(config) {
        let Pull::Account { name, secret } = entry.pull else {
            continue;
        };
        for account in objects(items) {
            let is_it = account.is_core("ServiceAccount") && account.name == name;
            if is_it && entry.is_for(account.namespace.as_deref()) {
                add(&account, secret, items, findings);
            }
        }
    }
}

/// Adds a pull secret to an account that does not name it.
pub(super) fn add(account: &Object, secret: &str, items: &mut Node, findings: &mut Vec<Finding>) {
    let Some(node) = items.find_mut(&account.pointer) else {
        return;
    };
    match pull_secrets(node) {
        None => findings.push(Finding::warning(
            account,
            FIELD,
            format!("`{FIELD}` of {account} is no list, so `{secret}` is not added to it"),
        )),
        Some(names) if names.contains(&secret) => {}
        Some(_) => {
            node.push(FIELD, reference(secret));
            let message = format!("added pull secret `{secret}` to {account}");
            findings.push(Finding::info(account, FIELD, message));
        }
    }
}

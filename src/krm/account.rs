//! Accounts of the config that are among the objects carry its pull secret.

use std::collections::HashMap;

use crate::document::Node;
use crate::krm::entry::{Entries, Pull, pull_secrets, reference};
use crate::krm::finding::Finding;
use crate::krm::object::{Object, objects};

/// Where an account names its pull secrets.
pub(super) const FIELD: &str = "imagePullSecrets";

/// Adds the pull secret of each entry to its account, wherever that is.
pub(super) fn carry(entries: &Entries<'_>, items: &mut Node, findings: &mut Vec<Finding>) {
    // An account changes only within itself, so all of them are found once.
    let mut accounts: HashMap<String, Vec<Object>> = HashMap::new();
    for account in objects(items) {
        let is_named = account.is_core("ServiceAccount") && entries.has_account(&account.name);
        if is_named {
            let same_name = accounts.entry(account.name.clone()).or_default();
            same_name.push(account);
        }
    }
    for entry in entries.all() {
        let Pull::Account { name, secret } = entry.pull else {
            continue;
        };
        for account in accounts.get(name).into_iter().flatten() {
            if entry.is_for(account.namespace.as_deref()) {
                add(account, secret, items, findings);
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

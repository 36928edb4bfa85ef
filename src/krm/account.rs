//! Adds pull secrets to the accounts of the config that are in the input.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diag::Code;
use crate::krm::entry::Entries;
use crate::krm::facts::{Account, Facts};
use crate::krm::finding::Finding;
use crate::krm::secrets::{List, Wrong};
use crate::manifest::Identity;
use crate::strategy::capability::Grant;

/// Adds the pull secret of each entry to every matching account.
pub(super) fn update(entries: &Entries<'_>, facts: &mut Facts, findings: &mut Vec<Finding>) {
    let mut by_name: HashMap<&str, Vec<&Account>> = HashMap::new();
    for account in &facts.accounts {
        let name = account.identity.name.as_str();
        if entries.has_account(name) {
            by_name.entry(name).or_default().push(account);
        }
    }
    for entry in entries.all() {
        let Grant::Account { account, secret } = entry.grant else {
            continue;
        };
        for account in by_name.get(account.as_str()).into_iter().flatten() {
            let is_its_own = entry.applies_to(account.identity.namespace.as_deref());
            if let Some(list) = facts.lists.get_mut(account.list).filter(|_| is_its_own) {
                findings.extend(add(&account.identity, secret.as_str(), list));
            }
        }
    }
}

/// Adds a pull secret to an account that does not reference it yet.
pub(super) fn add(identity: &Arc<Identity>, secret: &str, list: &mut List) -> Option<Finding> {
    let field = list.field();
    if list.names.iter().any(|name| name == secret) {
        return None;
    }
    if let Some(wrong) = list.wrong {
        return Some(shape_warning(identity, secret, list, wrong));
    }
    list.add(secret);
    let message = format!("added pull secret `{secret}` to {identity}");
    Some(Finding::info(identity, &field, message))
}

/// The warning for a list that cannot be extended.
pub(super) fn shape_warning(
    identity: &Arc<Identity>,
    secret: &str,
    list: &List,
    wrong: Wrong,
) -> Finding {
    let field = list.field();
    let shape_error = list.shape_error(wrong);
    let place = match list.index(wrong) {
        Some(index) => format!("element {index} of `{field}`"),
        None => format!("`{field}`"),
    };
    let message = format!("cannot add pull secret `{secret}` to {identity}: {place} {shape_error}");
    let help = format!("write `{}`", list.example(secret));
    Finding::warning(Code::ObjectShape, identity, &field, message, help)
}

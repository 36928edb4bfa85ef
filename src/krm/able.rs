//! What is asked again for each pod, found once: who can serve a host, and where an account is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::krm::entry::{Entries, Entry};
use crate::krm::facts::Account;
use crate::manifest::Identity;
use crate::strategy::capability::Grant;

/// The entries that can serve one host in one namespace.
pub(super) struct Able<'a> {
    pub(super) host: String,
    pub(super) first: Option<&'a Entry<'a>>,
    /// Whether all of them give the same.
    pub(super) agree: bool,
    /// Whether one of them lets the node pull.
    pub(super) node: bool,
    /// The secrets that they give.
    pub(super) secrets: HashSet<&'a str>,
    /// The names of the first of them.
    names: Vec<&'a str>,
    count: usize,
}

impl<'a> Able<'a> {
    /// The longest list of names in a message.
    const NAMES: usize = 12;

    pub(super) fn of(entries: &'a Entries<'a>, host: &str, namespace: Option<&str>) -> Self {
        let mut able = Self {
            host: host.to_owned(),
            first: None,
            agree: true,
            node: false,
            secrets: HashSet::new(),
            names: Vec::new(),
            count: 0,
        };
        for entry in entries.of_host(host).filter(|one| one.is_for(namespace)) {
            let first = able.first.get_or_insert(entry);
            able.agree &= entry.grant == first.grant;
            match entry.grant {
                Grant::Node => able.node = true,
                Grant::Pod { secret } | Grant::Account { secret, .. } => {
                    able.secrets.insert(secret.as_str());
                }
            }
            if able.names.len() < Self::NAMES {
                able.names.push(entry.access.name.as_str());
            }
            able.count += 1;
        }
        able
    }

    /// `` `a`, `b`, … ``
    pub(super) fn list(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let more = if self.count > self.names.len() {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", names.join(", "))
    }
}

/// An account, and its list of pull secrets.
type Found = (Arc<Identity>, usize);

/// The accounts of one name among the objects.
#[derive(Default)]
pub(super) struct Accounts {
    first: Option<Found>,
    /// The first of each namespace, and which one it is of all.
    by_namespace: HashMap<Option<String>, (usize, Found)>,
}

impl Accounts {
    pub(super) fn add(&mut self, account: &Account) {
        let one = || (Arc::clone(&account.identity), account.list);
        let number = self.by_namespace.len();
        self.first.get_or_insert_with(one);
        self.by_namespace
            .entry(account.identity.namespace.clone())
            .or_insert_with(|| (number, one()));
    }

    /// The first one in a namespace; what has none yet may get the same.
    pub(super) fn find(&self, namespace: &Option<String>) -> Option<Found> {
        if namespace.is_none() {
            return self.first.clone();
        }
        let both = [
            self.by_namespace.get(namespace),
            self.by_namespace.get(&None),
        ];
        let first = both.into_iter().flatten().min_by_key(|(number, _)| *number);
        first.map(|(_, account)| account.clone())
    }
}

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

/// An account among the objects.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) identity: Arc<Identity>,
    /// Its pull secrets.
    pub(super) list: usize,
    /// Whether pods may name its own pull secrets alone.
    pub(super) enforces: bool,
}

/// What is known of the account of a pod.
pub(super) enum Found {
    /// This one.
    One(Known),
    /// Several namespaces have one, and the pod has none yet.
    Several,
    /// It is not among the objects.
    None,
}

/// The accounts of one name among the objects: the first of each namespace.
#[derive(Default)]
pub(super) struct Accounts {
    by_namespace: HashMap<Option<String>, Known>,
}

impl Accounts {
    pub(super) fn add(&mut self, account: &Account) {
        let namespace = account.identity.namespace.clone();
        self.by_namespace.entry(namespace).or_insert_with(|| Known {
            identity: Arc::clone(&account.identity),
            list: account.list,
            enforces: account.enforces,
        });
    }

    /// The one in a namespace; else the one that has none yet, which may get it. For a pod without a
    /// namespace the one without, else the only one.
    pub(super) fn find(&self, namespace: &Option<String>) -> Found {
        let exact = self.by_namespace.get(namespace);
        let found = exact.or_else(|| self.by_namespace.get(&None));
        match (found, namespace) {
            (Some(known), _) => Found::One(known.clone()),
            (None, Some(_)) => Found::None,
            (None, None) => match self.by_namespace.len() {
                0 => Found::None,
                1 => self
                    .by_namespace
                    .values()
                    .next()
                    .map_or(Found::None, |known| Found::One(known.clone())),
                _ => Found::Several,
            },
        }
    }
}

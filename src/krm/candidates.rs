//! Lookups shared by all pods: the entries that apply to a host, and the accounts in the input.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::krm::entry::{Entries, Entry};
use crate::krm::facts::Account;
use crate::manifest::Identity;
use crate::strategy::capability::Grant;

/// The entries that apply to one host in one namespace.
pub(super) struct Candidates<'a> {
    pub(super) host: String,
    pub(super) first: Option<&'a Entry<'a>>,
    /// Whether all of them grant the same.
    pub(super) agree: bool,
    /// Whether one of them grants access to the node.
    pub(super) node: bool,
    /// The Secrets that they grant.
    pub(super) secrets: HashSet<&'a str>,
    /// The names of the first entries, at most [`Self::NAMES`].
    names: Vec<&'a str>,
    count: usize,
}

impl<'a> Candidates<'a> {
    /// The maximum number of names in a message.
    const NAMES: usize = 12;

    pub(super) fn of(entries: &'a Entries<'a>, host: &str, namespace: Option<&str>) -> Self {
        let mut candidates = Self {
            host: host.to_owned(),
            first: None,
            agree: true,
            node: false,
            secrets: HashSet::new(),
            names: Vec::new(),
            count: 0,
        };
        for entry in entries
            .of_host(host)
            .filter(|one| one.applies_to(namespace))
        {
            let first = candidates.first.get_or_insert(entry);
            candidates.agree &= entry.grant == first.grant;
            match entry.grant {
                Grant::Node => candidates.node = true,
                Grant::Pod { secret } | Grant::Account { secret, .. } => {
                    candidates.secrets.insert(secret.as_str());
                }
            }
            if candidates.names.len() < Self::NAMES {
                candidates.names.push(entry.access.name.as_str());
            }
            candidates.count += 1;
        }
        candidates
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

/// An account in the input.
#[derive(Debug, Clone)]
pub(super) struct KnownAccount {
    pub(super) identity: Arc<Identity>,
    /// The index of its pull secrets.
    pub(super) list: usize,
    /// Whether pods may only reference pull secrets of the account.
    pub(super) enforces: bool,
}

/// The result of looking up the account of a pod.
pub(super) enum Found {
    /// The account.
    One(KnownAccount),
    /// Several namespaces have such an account, and the namespace of the pod is not set.
    Several,
    /// The account is not in the input.
    None,
}

/// The accounts of one name in the input: the first in each namespace.
#[derive(Default)]
pub(super) struct Accounts {
    by_namespace: HashMap<Option<String>, KnownAccount>,
}

impl Accounts {
    pub(super) fn add(&mut self, account: &Account) {
        let namespace = account.identity.namespace.clone();
        self.by_namespace
            .entry(namespace)
            .or_insert_with(|| KnownAccount {
                identity: Arc::clone(&account.identity),
                list: account.list,
                enforces: account.enforces,
            });
    }

    /// The account in a namespace; otherwise the one without a namespace, which may get it later. For a
    /// pod without a namespace, the account without one; otherwise the only account.
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

//! The access entries of a config, indexed by host and account.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::config::{Access, Config};
use crate::strategy::capability::Grant;

/// An access entry and what it grants.
pub(super) struct Entry<'a> {
    pub(super) access: &'a Access,
    pub(super) grant: Grant<'a>,
    namespaces: HashSet<&'a str>,
}

impl Entry<'_> {
    /// Whether it applies to objects in this namespace; one that is not set yet may be any.
    pub(super) fn applies_to(&self, namespace: Option<&str>) -> bool {
        match (namespace, self.grant) {
            (None, _) => true,
            (Some(_), Grant::Node) if self.namespaces.is_empty() => true,
            (Some(namespace), _) => self.namespaces.contains(namespace),
        }
    }
}

/// The entries of a config, indexed: there may be thousands of entries and objects.
pub(super) struct Entries<'a> {
    all: Vec<Entry<'a>>,
    by_host: HashMap<Arc<str>, Vec<usize>>,
    by_account: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Entries<'a> {
    /// Indexes the entries of a config.
    pub(super) fn of(config: &'a Config) -> Self {
        let declared = config.declared();
        let mut by_host: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        let mut by_account: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut all = Vec::with_capacity(config.spec.access.len());
        for (at, access) in config.spec.access.iter().enumerate() {
            let grant = access.strategy.grant();
            if let Grant::Account { account, .. } = grant {
                by_account.entry(account.as_str()).or_default().push(at);
            }
            for registry in declared.registries_of(access) {
                by_host.entry(registry.host().into()).or_default().push(at);
            }
            all.push(Entry {
                access,
                grant,
                namespaces: access.namespaces.iter().map(|one| one.as_str()).collect(),
            });
        }
        Self {
            all,
            by_host,
            by_account,
        }
    }

    /// All entries, in the order of the config.
    pub(super) fn all(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.all.iter()
    }

    /// Whether an entry refers to an account of this name.
    pub(super) fn has_account(&self, name: &str) -> bool {
        self.by_account.contains_key(name)
    }

    /// The host, if it belongs to a declared registry.
    pub(super) fn host(&self, host: &str) -> Option<Arc<str>> {
        let (known, _) = self.by_host.get_key_value(host)?;
        Some(Arc::clone(known))
    }

    /// The entries for images from this host.
    pub(super) fn of_host(&self, host: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.at(self.by_host.get(host))
    }

    /// The entries that add a Secret to an account of this name.
    pub(super) fn of_account(&self, name: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.at(self.by_account.get(name))
    }

    fn at<'s>(&'s self, places: Option<&'s Vec<usize>>) -> impl Iterator<Item = &'s Entry<'a>> {
        let places = places.into_iter().flatten();
        places.filter_map(|at| self.all.get(*at))
    }
}

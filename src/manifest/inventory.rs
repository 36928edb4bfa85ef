//! An index of objects by group, kind, namespace and name.

use std::collections::HashMap;

use crate::manifest::object::{Identity, Object};

/// An index of objects, or of data about them. Results are in insertion order.
///
/// An object without a namespace may get any, so it is found in each namespace.
#[derive(Debug, Clone)]
pub struct Inventory<T> {
    entries: Vec<(Identity, T)>,
    by_name: HashMap<Name, Namespaces>,
}

/// Group, kind and name.
type Name = (String, String, String);
/// The indexes of the entries in each namespace.
type Namespaces = HashMap<Option<String>, Vec<usize>>;

impl<T> Default for Inventory<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            by_name: HashMap::new(),
        }
    }
}

impl<'a> Inventory<Object<'a>> {
    /// Indexes objects.
    pub fn of_objects(objects: Vec<Object<'a>>) -> Self {
        let entries = objects.into_iter();
        entries.map(|one| (one.identity.clone(), one)).collect()
    }
}

impl<T> FromIterator<(Identity, T)> for Inventory<T> {
    fn from_iter<I: IntoIterator<Item = (Identity, T)>>(entries: I) -> Self {
        let mut inventory = Self::default();
        for (identity, entry) in entries {
            inventory.add(identity, entry);
        }
        inventory
    }
}

impl<T> Inventory<T> {
    /// Adds an entry.
    pub fn add(&mut self, identity: Identity, entry: T) {
        let namespaces = self.by_name.entry(name(&identity)).or_default();
        let same = namespaces.entry(identity.namespace.clone()).or_default();
        same.push(self.entries.len());
        self.entries.push((identity, entry));
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = (&Identity, &T)> {
        self.entries
            .iter()
            .map(|(identity, entry)| (identity, entry))
    }

    /// The entries of this kind and name that are, or may be deployed, in this namespace; without a
    /// namespace, those of all namespaces.
    pub fn find(
        &self,
        group: &str,
        kind: &str,
        name: &str,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = (&Identity, &T)> {
        let key = (group.to_owned(), kind.to_owned(), name.to_owned());
        let namespaces = self.by_name.get(&key);
        let mut found: Vec<usize> = match (namespaces, namespace) {
            (None, _) => Vec::new(),
            (Some(all), None) => all.values().flatten().copied().collect(),
            (Some(all), Some(namespace)) => {
                let keys = [Some(namespace.to_owned()), None];
                let found = keys.iter().filter_map(|key| all.get(key));
                found.flatten().copied().collect()
            }
        };
        found.sort_unstable();
        let found = found.into_iter().filter_map(|at| self.entries.get(at));
        found.map(|(identity, entry)| (identity, entry))
    }

    /// As [`Inventory::find`], in the core group.
    pub fn core(
        &self,
        kind: &str,
        name: &str,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = (&Identity, &T)> {
        self.find("", kind, name, namespace)
    }

    /// The first entry that would be the same object in the cluster.
    pub fn same(&self, identity: &Identity) -> Option<(&Identity, &T)> {
        let namespace = identity.namespace.as_deref();
        self.find(identity.group(), &identity.kind, &identity.name, namespace)
            .next()
    }
}

fn name(of: &Identity) -> Name {
    (of.group().to_owned(), of.kind.clone(), of.name.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::document::Node;
    use crate::manifest::inventory::Inventory;
    use crate::manifest::object::Identity;

    fn identity(version: &str, kind: &str, name: &str, namespace: Option<&str>) -> Identity {
        let metadata = json!({"name": name, "namespace": namespace});
        let node = json!({"apiVersion": version, "kind": kind, "metadata": metadata});
        Identity::of(&Node::from(node), None)
    }

    #[test]
    fn entries_are_found_in_order_by_kind_namespace_and_name() {
        let all = [
            ("v1", "Secret", "a", Some("x")),
            ("v1", "Secret", "a", Some("y")),
            ("v1", "Secret", "a", None),
            ("v1", "Secret", "b", Some("x")),
            ("v1", "ServiceAccount", "a", Some("x")),
            ("example.com/v1", "Secret", "a", Some("x")),
            ("v1", "Secret", "a", Some("x")),
        ];
        let inventory: Inventory<usize> = all
            .into_iter()
            .enumerate()
            .map(|(at, (version, kind, name, namespace))| {
                (identity(version, kind, name, namespace), at)
            })
            .collect();
        let found = |namespace| -> Vec<usize> {
            let all = inventory.core("Secret", "a", namespace);
            all.map(|(_, at)| *at).collect()
        };
        assert_eq!(found(Some("x")), [0, 2, 6]);
        assert_eq!(found(Some("y")), [1, 2]);
        assert_eq!(found(Some("z")), [2]);
        assert_eq!(found(None), [0, 1, 2, 6]);
        let same = |identity| inventory.same(&identity).map(|(_, at)| *at);
        assert_eq!(same(identity("v1", "Secret", "b", Some("y"))), None);
        assert_eq!(same(identity("v1", "Secret", "b", None)), Some(3));
        assert_eq!(
            same(identity("example.com/v2", "Secret", "a", Some("x"))),
            Some(5)
        );
        assert_eq!(inventory.iter().count(), 7);
    }

    #[test]
    fn lookups_do_not_slow_down_with_many_namespaces() {
        let names = (0..50_000).map(|at| format!("n{at}"));
        let inventory: Inventory<()> = names
            .clone()
            .map(|name| (identity("v1", "ServiceAccount", "default", Some(&name)), ()))
            .collect();
        for name in names {
            let found = inventory.core("ServiceAccount", "default", Some(&name));
            assert_eq!(found.count(), 1);
        }
    }
}

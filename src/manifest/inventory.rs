//! All objects of a set, found by kind and name without looking at each.

use std::collections::HashMap;

use crate::manifest::object::{Identity, Object, shares_namespace};

/// An index over objects; answers are in the order of the objects.
#[derive(Debug, Default)]
pub struct Inventory<'a> {
    objects: Vec<Object<'a>>,
    /// Group, kind and name to indexes.
    by_name: HashMap<(String, String, String), Vec<usize>>,
}

impl<'a> Inventory<'a> {
    /// Takes objects up.
    pub fn new(objects: Vec<Object<'a>>) -> Self {
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, object) in objects.iter().enumerate() {
            by_name.entry(key(&object.identity)).or_default().push(at);
        }
        Self { objects, by_name }
    }

    /// All objects.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// Objects of the core group with this kind and name, whose namespace is or may become this one.
    pub fn core(
        &self,
        kind: &str,
        name: &str,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = &Object<'a>> {
        let key = (String::new(), kind.to_owned(), name.to_owned());
        let found = self.by_name.get(&key).into_iter().flatten();
        let all = found.filter_map(|at| self.objects.get(*at));
        let namespace = namespace.map(str::to_owned);
        all.filter(move |one| {
            shares_namespace(one.identity.namespace.as_deref(), namespace.as_deref())
        })
    }

    /// The object that would be the same one in the cluster.
    pub fn same(&self, identity: &Identity) -> Option<&Object<'a>> {
        let found = self.by_name.get(&key(identity)).into_iter().flatten();
        let mut all = found.filter_map(|at| self.objects.get(*at));
        all.find(|one| one.identity.is_same(identity))
    }
}

fn key(of: &Identity) -> (String, String, String) {
    (of.group().to_owned(), of.kind.clone(), of.name.clone())
}

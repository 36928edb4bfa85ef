//! Objects by name: those of the nearest directory count, because environments repeat names.

use std::collections::HashMap;

use crate::audit::facts::Namespaces;
use crate::audit::unfilled::known;

/// More objects of one name and directory than this are not looked at: none is nearer than another.
const MOST: usize = 16;

/// Objects of one kind, by name, namespace and directory.
#[derive(Debug, Default)]
pub(super) struct Near<'a> {
    by: HashMap<(&'a str, &'a str, Slot<'a>), Vec<usize>>,
}

/// What an object is found by, besides its name and directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Slot<'a> {
    /// Its namespace.
    Namespace(&'a str),
    /// It may be in any namespace.
    Any,
    /// All objects of the name.
    All,
}

impl<'a> Near<'a> {
    /// Adds object number `at`.
    pub(super) fn add(
        &mut self,
        name: &'a str,
        directory: &'a str,
        namespaces: &'a Namespaces,
        at: usize,
    ) {
        let slot = match namespaces {
            Namespaces::One(one) => known(one.as_deref()).map_or(Slot::Any, Slot::Namespace),
            Namespaces::Any => Slot::Any,
        };
        for directory in ancestors(directory) {
            for slot in [slot, Slot::All] {
                let all = self.by.entry((name, directory, slot)).or_default();
                if all.len() < MOST {
                    all.push(at);
                }
            }
        }
    }

    /// The numbers of the objects that `name` means for an object in `namespace` and `directory`: the
    /// nearest ones that may be in its namespace.
    pub(super) fn find(&self, name: &str, directory: &str, namespace: Option<&str>) -> Vec<usize> {
        for directory in ancestors(directory) {
            let slots = match known(namespace) {
                Some(namespace) => vec![Slot::Namespace(namespace), Slot::Any],
                None => vec![Slot::All],
            };
            let mut found: Vec<usize> = slots
                .into_iter()
                .filter_map(|slot| self.by.get(&(name, directory, slot)))
                .flatten()
                .copied()
                .collect();
            if !found.is_empty() {
                found.sort_unstable();
                return found;
            }
        }
        Vec::new()
    }

    /// The numbers of the objects of a name, wherever they are.
    pub(super) fn anywhere(&self, name: &'a str) -> &[usize] {
        let all = self.by.get(&(name, "", Slot::All));
        all.map_or(&[], Vec::as_slice)
    }
}

/// The directory itself, those above it, and the root, which is empty.
fn ancestors(directory: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(directory);
    std::iter::from_fn(move || {
        let here = next?;
        next = match here.rsplit_once('/') {
            Some((above, _)) => Some(above),
            None if here.is_empty() => None,
            None => Some(""),
        };
        Some(here)
    })
}

#[cfg(test)]
mod tests {
    use crate::audit::facts::Namespaces;
    use crate::audit::near::{Near, ancestors};

    #[test]
    fn the_nearest_directory_counts() {
        let one = |namespace: &str| Namespaces::One(Some(namespace.to_owned()));
        let (web, shop, unset) = (one("web"), one("shop"), Namespaces::One(None));
        let mut near = Near::default();
        for (at, (directory, namespaces)) in [
            ("dev", &web),
            ("prod", &web),
            ("", &shop),
            ("prod/api", &unset),
        ]
        .into_iter()
        .enumerate()
        {
            near.add("acr", directory, namespaces, at);
        }
        for (directory, namespace, want) in [
            ("dev/api", Some("web"), vec![0]),
            ("prod", Some("web"), vec![1, 3]),
            ("prod/api", Some("web"), vec![3]),
            ("", Some("web"), vec![0, 1, 3]),
            ("test", Some("shop"), vec![2, 3]),
            ("test", None, vec![0, 1, 2, 3]),
        ] {
            let found = near.find("acr", directory, namespace);
            assert_eq!(found, want, "{directory} {namespace:?}");
        }
        assert_eq!(near.find("other", "dev", None), Vec::<usize>::new());
        assert_eq!(near.anywhere("acr"), [0, 1, 2, 3]);
    }

    #[test]
    fn directories_end_at_the_root() {
        let all: Vec<&str> = ancestors("a/b").collect();
        assert_eq!(all, ["a/b", "a", ""]);
        assert_eq!(ancestors("").count(), 1);
    }
}

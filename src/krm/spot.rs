//! Fields of objects that may not exist yet, and the changes that create them.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::document::{Change, Data, Node};
use crate::manifest::Object;
use crate::pointer::{Pointer, Step};

/// A field of a unit that may not exist yet. Objects of one kind share its path.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Path from the root of the unit.
    pub(super) path: Arc<Pointer>,
    /// Number of steps from the unit to the object.
    object: usize,
    /// Number of steps that exist; a `null` or empty value does not.
    exists: usize,
}

/// Interned paths.
#[derive(Debug, Default)]
pub(super) struct Paths(HashSet<Arc<Pointer>>);

impl Paths {
    /// The interned path that is equal.
    pub(super) fn one(&mut self, path: Arc<Pointer>) -> Arc<Pointer> {
        if let Some(known) = self.0.get(&path) {
            return Arc::clone(known);
        }
        self.0.insert(Arc::clone(&path));
        path
    }

    /// A field of an object.
    pub(super) fn spot(&mut self, object: &Object<'_>, at: &Pointer) -> Spot {
        let depth = object.pointer.0.len();
        Spot {
            exists: depth + existing(object.node, at),
            object: depth,
            path: self.one(Arc::new(object.pointer.join(at))),
        }
    }
}

impl Spot {
    /// Its path in the object, as shown in messages.
    pub(super) fn field(&self) -> Pointer {
        let steps = self.path.0.get(self.object..).unwrap_or_default();
        Pointer(steps.to_vec())
    }

    /// Whether the deepest existing parent is not a mapping.
    pub(super) fn is_blocked(&self, object: &Object<'_>) -> bool {
        let exists = self.path.0.get(self.object..self.exists);
        let last = Pointer(exists.unwrap_or_default().to_vec());
        let node = object.node.find(&last);
        self.exists < self.path.0.len()
            && node.is_some_and(|node| !matches!(node.data, Data::Mapping(_)))
    }

    /// Whether the field exists.
    pub(super) fn is_whole(&self) -> bool {
        self.exists == self.path.0.len()
    }

    /// The part of the path that exists.
    pub(super) fn found(&self) -> Pointer {
        let exists = self.path.0.get(..self.exists);
        Pointer(exists.unwrap_or_default().to_vec())
    }

    /// Sets the field and creates missing parents; `None` if the field exists.
    pub(super) fn set(&self, value: Value) -> Option<Change> {
        let missing = self.path.0.get(self.exists..).unwrap_or_default();
        let mut keys = missing.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.clone()),
            Step::Index(_) => None,
        });
        let first = keys.next()?;
        let value = keys.rev().fold(value, |inner, key| json!({key: inner}));
        Some(Change::Set {
            at: self.found(),
            entries: vec![(first, Node::from(value))],
        })
    }
}

/// Number of steps of a path that exist. A `null` or empty value does not.
fn existing(node: &Node, pointer: &Pointer) -> usize {
    let mut here = node;
    for (count, step) in pointer.0.iter().enumerate() {
        let next = match step {
            Step::Key(key) => here.get(key),
            Step::Index(index) => here.items().get(*index),
        };
        match next.filter(|next| !next.is_null() && next.as_str() != Some("")) {
            Some(next) => here = next,
            None => return count,
        }
    }
    pointer.0.len()
}

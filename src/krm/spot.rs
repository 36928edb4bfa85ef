//! Places in objects that may not exist yet, and how they come to be.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::document::{Change, Data, Node};
use crate::manifest::Object;
use crate::pointer::{Pointer, Step};

/// A place in a unit that may not exist yet. Objects of one kind share the way to it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// From the root of the unit.
    pub(super) way: Arc<Pointer>,
    /// Steps of it that lead to the object.
    object: usize,
    /// Steps of it that exist; what is `null` or empty does not.
    exists: usize,
}

/// Every way once.
#[derive(Debug, Default)]
pub(super) struct Ways(HashSet<Arc<Pointer>>);

impl Ways {
    /// The one that is equal.
    pub(super) fn one(&mut self, way: Arc<Pointer>) -> Arc<Pointer> {
        if let Some(known) = self.0.get(&way) {
            return Arc::clone(known);
        }
        self.0.insert(Arc::clone(&way));
        way
    }

    /// A place of an object.
    pub(super) fn spot(&mut self, object: &Object<'_>, at: &Pointer) -> Spot {
        let depth = object.pointer.0.len();
        Spot {
            exists: depth + existing(object.node, at),
            object: depth,
            way: self.one(Arc::new(object.pointer.join(at))),
        }
    }
}

impl Spot {
    /// From its object, as messages name it.
    pub(super) fn field(&self) -> Pointer {
        let steps = self.way.0.get(self.object..).unwrap_or_default();
        Pointer(steps.to_vec())
    }

    /// Whether what exists of the way ends in something that takes no keys.
    pub(super) fn is_blocked(&self, object: &Object<'_>) -> bool {
        let exists = self.way.0.get(self.object..self.exists);
        let last = Pointer(exists.unwrap_or_default().to_vec());
        let node = object.node.find(&last);
        self.exists < self.way.0.len()
            && node.is_some_and(|node| !matches!(node.data, Data::Mapping(_)))
    }

    /// Whether all of it exists.
    pub(super) fn is_whole(&self) -> bool {
        self.exists == self.way.0.len()
    }

    /// What exists of the way.
    pub(super) fn found(&self) -> Pointer {
        let exists = self.way.0.get(..self.exists);
        Pointer(exists.unwrap_or_default().to_vec())
    }

    /// A value here, and mappings on the way; `None` if there is a value.
    pub(super) fn set(&self, value: Value) -> Option<Change> {
        let missing = self.way.0.get(self.exists..).unwrap_or_default();
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

/// How many steps of a way exist. What is `null` or empty does not.
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

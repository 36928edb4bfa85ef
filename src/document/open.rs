//! A collection that is being read: its unique keys and its merges.

use std::collections::HashMap;

use crate::document::{Data, Entry, Node, Origin};
use crate::span::Span;

/// Up to this many keys are compared one by one; beyond that, an index is used.
const FEW_KEYS: usize = 16;

/// A collection whose end was not read yet.
pub(super) struct Open {
    pub(super) node: Node,
    pub(super) anchor: usize,
    /// The key whose value is read next.
    pub(super) key: Option<(String, Span)>,
    /// The number of elements read, including those that are not kept.
    pub(super) elements: usize,
    /// The index of each key; only used for large mappings.
    seen: HashMap<String, usize>,
    /// Values of `<<`; the mapping's own keys override them.
    pub(super) merges: Vec<Node>,
}

/// How to handle a duplicate key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duplicate {
    /// Ignore the later value.
    KeepFirst,
    /// Use the later value, as kubectl does.
    KeepLast,
}

impl Open {
    pub(super) fn new(node: Node, anchor: usize) -> Self {
        Self {
            node,
            anchor,
            key: None,
            elements: 0,
            seen: HashMap::new(),
            merges: Vec::new(),
        }
    }

    /// Adds an entry. For a duplicate key, `duplicate` determines the value; returns the key and the span of
    /// the first one.
    pub(super) fn add(&mut self, entry: Entry, duplicate: Duplicate) -> Option<(String, Span)> {
        let Data::Mapping(entries) = &mut self.node.data else {
            return None;
        };
        let first = if entries.len() < FEW_KEYS {
            entries.iter().position(|one| one.key == entry.key)
        } else {
            if self.seen.is_empty() {
                let keys = entries.iter().enumerate();
                self.seen = keys.map(|(at, one)| (one.key.clone(), at)).collect();
            }
            self.seen.get(&entry.key).copied()
        };
        if let Some(first) = first.and_then(|at| entries.get_mut(at)) {
            let span = first.key_span;
            let key = entry.key.clone();
            if duplicate == Duplicate::KeepLast {
                *first = entry;
            }
            return Some((key, span));
        }
        if !self.seen.is_empty() {
            self.seen.insert(entry.key.clone(), entries.len());
        }
        entries.push(entry);
        None
    }

    /// Adds the merged keys that the mapping does not set itself. The error is the span of a `<<` value that
    /// is not a mapping.
    pub(super) fn merge(&mut self) -> Result<(), Span> {
        for merge in std::mem::take(&mut self.merges) {
            let span = merge.span;
            let sources = match merge.data {
                Data::Sequence(items) => items,
                _ => vec![merge],
            };
            for source in sources {
                let (Data::Mapping(new), Data::Mapping(_)) = (source.data, &self.node.data) else {
                    return Err(span);
                };
                for mut entry in new {
                    entry.value.origin = Origin::Merge;
                    // The mapping's own keys and earlier merges have precedence.
                    self.add(entry, Duplicate::KeepFirst);
                }
            }
        }
        Ok(())
    }
}

//! A collection whose end is not reached yet: its keys once each, and what `<<` brings.

use std::collections::HashMap;

use crate::document::{Data, Entry, Node, Origin};
use crate::span::Span;

/// Keys of a mapping that are compared one by one; with more, they are looked up.
const FEW_KEYS: usize = 16;

/// A collection that is not closed yet.
pub(super) struct Open {
    pub(super) node: Node,
    pub(super) anchor: usize,
    /// The key that waits for its value.
    pub(super) key: Option<(String, Span)>,
    /// Elements that were seen and may be left out of a list.
    pub(super) elements: usize,
    /// Where each key of the mapping stands; made only for large mappings.
    seen: HashMap<String, usize>,
    /// Values of `<<`, which give way to the mapping's own keys.
    pub(super) merges: Vec<Node>,
}

/// What becomes of a key that its mapping has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Second {
    /// It is left out.
    Dropped,
    /// Its value is taken, as kubectl does.
    Taken,
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

    /// Adds an entry. If the mapping has its key, `second` decides, and the answer is that key and where
    /// the first one stands.
    pub(super) fn add(&mut self, entry: Entry, second: Second) -> Option<(String, Span)> {
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
            if second == Second::Taken {
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

    /// Adds what `<<` brings and the mapping does not say itself; answers with where a value of `<<` is
    /// that is no mapping.
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
                    // The mapping's own keys win, and those of the merges before.
                    self.add(entry, Second::Dropped);
                }
            }
        }
        Ok(())
    }
}

//! Limits what aliases and merges may copy, so that a small text cannot exhaust the memory.

use serde_json::Value;

use crate::document::{Data, Node};

/// Maximum number of nodes that aliases and merges may add to a document.
const MAX_NODES: usize = 100_000;
/// Maximum number of bytes of text that they may add.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// What has been copied so far.
#[derive(Default)]
pub(super) struct Budget {
    nodes: usize,
    bytes: usize,
}

impl Budget {
    /// Counts one more copy of a tree; returns whether the budget allows it.
    pub(super) fn spend(&mut self, node: &Node) -> bool {
        let (nodes, bytes) = size(node);
        self.nodes += nodes;
        self.bytes += bytes;
        self.nodes <= MAX_NODES && self.bytes <= MAX_BYTES
    }
}

/// Number of nodes and bytes of a tree, whose depth the loader limits.
fn size(node: &Node) -> (usize, usize) {
    let add = |a: (usize, usize), b: (usize, usize)| (a.0 + b.0, a.1 + b.1);
    match &node.data {
        Data::Scalar(Value::String(text)) => (1, text.len()),
        Data::Scalar(_) => (1, 8),
        Data::Sequence(items) => items.iter().map(size).fold((1, 0), add),
        Data::Mapping(entries) => entries
            .iter()
            .map(|entry| add((1, entry.key.len()), size(&entry.value)))
            .fold((1, 0), add),
    }
}

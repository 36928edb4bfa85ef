//! Names that any object mentions where a Secret is meant, whatever its kind is.

use std::collections::HashSet;

use crate::document::{Data, Node};

/// Part of every key that speaks of a Secret.
const KEY: &str = "ecret";

/// Adds all texts below keys that speak of a Secret.
pub(super) fn collect(node: &Node, names: &mut HashSet<String>) {
    below(node, false, names);
}

fn below(node: &Node, is_meant: bool, names: &mut HashSet<String>) {
    match &node.data {
        Data::Scalar(_) => {
            let name = node.as_str().filter(|_| is_meant);
            // A longer text is no name of an object.
            names.extend(name.filter(|name| name.len() <= 253).map(str::to_owned));
        }
        Data::Sequence(items) => items.iter().for_each(|item| below(item, is_meant, names)),
        Data::Mapping(entries) => {
            for entry in entries {
                below(&entry.value, is_meant || entry.key.contains(KEY), names);
            }
        }
    }
}

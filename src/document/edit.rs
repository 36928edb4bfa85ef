//! Converts changes of a tree into edits of its text. Everything else is kept byte for byte, including
//! comments, quotes, flow style and line ends.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::document::insert::Writer;
use crate::document::{Data, Node, Origin};
use crate::pointer::{Pointer, Step};
use crate::span::Span;

/// A change of a tree. Pointers start at its root; added nodes have no source text.
#[derive(Debug, Clone)]
pub enum Change {
    /// Sets keys of the mapping at `at` that do not exist, or whose value is `null` or an empty string.
    Set {
        /// The mapping.
        at: Pointer,
        /// The keys, in order.
        entries: Vec<(String, Node)>,
    },
    /// Adds elements to the end of the list at `at`.
    Append {
        /// The list.
        at: Pointer,
        /// The elements, in order.
        items: Vec<Node>,
    },
}

/// A replacement of a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The part to replace; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Change {
    /// The changed collection.
    pub fn at(&self) -> &Pointer {
        match self {
            Self::Set { at, .. } | Self::Append { at, .. } => at,
        }
    }

    /// The same change in a tree that contains this one at `prefix`.
    #[must_use]
    pub fn below(self, prefix: &Pointer) -> Self {
        match self {
            Self::Set { at, entries } => Self::Set {
                at: prefix.join(&at),
                entries,
            },
            Self::Append { at, items } => Self::Append {
                at: prefix.join(&at),
                items,
            },
        }
    }

    /// The same change in the subtree that is `steps` levels below the root.
    fn without(self, steps: usize) -> Self {
        let below = |at: Pointer| Pointer(at.0.into_iter().skip(steps).collect());
        match self {
            Self::Set { at, entries } => Self::Set {
                at: below(at),
                entries,
            },
            Self::Append { at, items } => Self::Append {
                at: below(at),
                items,
            },
        }
    }

    /// Applies the change to a tree.
    pub fn apply(&self, root: &mut Node) {
        let Some(node) = root.find_mut(self.at()) else {
            return;
        };
        match self {
            Self::Set { entries, .. } => {
                for (key, value) in entries {
                    node.set(key, value.clone());
                }
            }
            Self::Append { items, .. } => {
                for item in items {
                    node.push_item(item.clone());
                }
            }
        }
    }
}

/// The edits that apply `changes` to the text that `root` was read from, in text order. No two changes may
/// affect the same place, but one may be nested in another. A value from an alias or a merge is written out
/// where it changes; the original is not changed.
///
/// `None`: a value to change is shared through its anchor, or cannot be edited in place. The document must
/// then be rewritten with `apply` and `write::block`.
pub fn edits(text: &str, root: &Node, changes: &[Change]) -> Option<Vec<Edit>> {
    let writer = Writer::new(text, root);
    let mut all: Vec<(usize, Edit)> = Vec::new();
    // Values from aliases and merges, each with all of its changes.
    let mut brought: BTreeMap<Pointer, Node> = BTreeMap::new();
    for change in changes {
        let (node, depth) = match find(root, change.at())? {
            Found::Direct(node) => (node, change.at().0.len()),
            Found::Indirect(at) => {
                let prefix = at.0.len();
                if !brought.contains_key(&at) {
                    brought.insert(at.clone(), root.find(&at)?.clone());
                }
                let value = brought.get_mut(&at)?;
                change.clone().without(prefix).apply(value);
                continue;
            }
        };
        let edits = match (change, &node.data) {
            (Change::Set { entries, .. }, Data::Mapping(_)) => writer.set_keys(node, entries)?,
            (Change::Append { items, .. }, Data::Sequence(_)) => {
                writer.append_items(node, items)?
            }
            _ => return None,
        };
        all.extend(edits.into_iter().map(|edit| (depth, edit)));
    }
    for (at, value) in brought {
        let old = root.find(&at)?;
        let edits = match (old.origin, at.parent().zip(at.0.last())) {
            (Origin::Alias, _) => vec![writer.in_place_of(old, &value)],
            (Origin::Merge, Some((parent, Step::Key(key)))) => {
                writer.add_keys(root.find(&parent)?, &[&(key.clone(), value)])?
            }
            _ => return None,
        };
        all.extend(edits.into_iter().map(|edit| (at.0.len(), edit)));
    }
    // A nested value ends before its parent.
    all.sort_by_key(|(depth, edit)| (edit.span, Reverse(*depth)));
    Some(all.into_iter().map(|(_, edit)| edit).collect())
}

/// Part of a text with its edits applied; edits outside of `scope` are ignored.
pub fn apply(text: &str, scope: Span, edits: &[Edit]) -> String {
    let grown: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = String::with_capacity(scope.end.saturating_sub(scope.start) + grown);
    let mut at = scope.start;
    let inside = |edit: &&Edit| scope.start <= edit.span.start && edit.span.end <= scope.end;
    for edit in edits.iter().filter(inside) {
        out.push_str(text.get(at..edit.span.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..scope.end).unwrap_or_default());
    out
}

/// Where a value to change is written.
enum Found<'a> {
    /// At its own place.
    Direct(&'a Node),
    /// Elsewhere: the value at this pointer comes from an alias or a merge.
    Indirect(Pointer),
}

/// The node at `pointer`; `None` if it does not exist or is shared through an anchor.
fn find<'a>(root: &'a Node, pointer: &Pointer) -> Option<Found<'a>> {
    let mut node = root;
    for (depth, step) in pointer.0.iter().enumerate() {
        match node.origin {
            Origin::Written | Origin::Tagged => {}
            Origin::Alias | Origin::Merge => {
                let steps = pointer.0.get(..depth)?;
                return Some(Found::Indirect(Pointer(steps.to_vec())));
            }
            Origin::Anchored { .. } | Origin::Generated => return None,
        }
        node = match (step, &node.data) {
            (Step::Key(key), Data::Mapping(_)) => node.get(key)?,
            (Step::Index(index), Data::Sequence(items)) => items.get(*index)?,
            _ => return None,
        };
    }
    match node.origin {
        Origin::Written | Origin::Tagged => Some(Found::Direct(node)),
        Origin::Alias | Origin::Merge => Some(Found::Indirect(pointer.clone())),
        Origin::Anchored { .. } | Origin::Generated => None,
    }
}

#[cfg(test)]
mod tests;

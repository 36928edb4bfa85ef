//! Changes of a tree as edits of its text: what they do not touch stays byte for byte, comments, quotes,
//! flow style and line ends included.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::document::insert::Writer;
use crate::document::{Data, Node, Origin};
use crate::pointer::{Pointer, Step};
use crate::span::Span;

/// A change of a tree. Pointers are from its root; what is added stands in no text.
#[derive(Debug, Clone)]
pub enum Change {
    /// Gives the mapping at `at` keys that it does not have, or that hold `null` or an empty string.
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

/// A piece of a text, and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where the text only grows.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Change {
    /// What it changes.
    pub fn at(&self) -> &Pointer {
        match self {
            Self::Set { at, .. } | Self::Append { at, .. } => at,
        }
    }

    /// The same in a tree that has this one at `prefix`.
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

    /// The same in the tree that is so many steps below the root.
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

    /// Makes it in a tree, whatever the text of that is like.
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

/// The edits that make `changes` in the text that `root` was read from, in the order of the text. No two
/// changes may be about one place, except that one may be inside of another. A value that an alias or a
/// merge brings is written out where it changes; the original stays as it is.
///
/// `None`: a value that changes is shared by its anchor, or written in a form that only a tree can be
/// changed in; then `apply` and `write::block` write the text anew.
pub fn edits(text: &str, root: &Node, changes: &[Change]) -> Option<Vec<Edit>> {
    let writer = Writer::new(text, root);
    let mut all: Vec<(usize, Edit)> = Vec::new();
    // Values from elsewhere, each with all of its changes.
    let mut brought: BTreeMap<Pointer, Node> = BTreeMap::new();
    for change in changes {
        let (node, depth) = match find(root, change.at())? {
            Found::Here(node) => (node, change.at().0.len()),
            Found::Brought(at) => {
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
    // What is inside of something ends before it.
    all.sort_by_key(|(depth, edit)| (edit.span, Reverse(*depth)));
    Some(all.into_iter().map(|(_, edit)| edit).collect())
}

/// Part of a text with its edits made; those outside of `scope` are left out.
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

/// Where a value that changes is written.
enum Found<'a> {
    /// At its place, and nowhere else.
    Here(&'a Node),
    /// Elsewhere: what is at this pointer came by an alias or a merge.
    Brought(Pointer),
}

/// The node at `pointer`; `None` if it is not there, or is shared by an anchor.
fn find<'a>(root: &'a Node, pointer: &Pointer) -> Option<Found<'a>> {
    let mut node = root;
    for (depth, step) in pointer.0.iter().enumerate() {
        match node.origin {
            Origin::Written | Origin::Tagged => {}
            Origin::Alias | Origin::Merge => {
                let steps = pointer.0.get(..depth)?;
                return Some(Found::Brought(Pointer(steps.to_vec())));
            }
            Origin::Anchored { .. } | Origin::Made => return None,
        }
        node = match (step, &node.data) {
            (Step::Key(key), Data::Mapping(_)) => node.get(key)?,
            (Step::Index(index), Data::Sequence(items)) => items.get(*index)?,
            _ => return None,
        };
    }
    match node.origin {
        Origin::Written | Origin::Tagged => Some(Found::Here(node)),
        Origin::Alias | Origin::Merge => Some(Found::Brought(pointer.clone())),
        Origin::Anchored { .. } | Origin::Made => None,
    }
}

#[cfg(test)]
mod tests;

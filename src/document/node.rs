//! A value with its place, how it is written, and how it got there.

use std::collections::HashSet;

use granit_parser::ScalarStyle;
use serde_json::Value;

use crate::span::Span;

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands: a scalar with its quotes, a flow collection with its brackets, a block
    /// collection from its first key or dash to the end of its last scalar. The content alone of a
    /// block scalar. For an alias that of the alias, for what a merge brings that of the original.
    pub span: Span,
    /// What it is.
    pub data: Data,
    /// How it is written.
    pub style: Style,
    /// How it got to its place.
    pub origin: Origin,
}

/// The three shapes of YAML.
#[derive(Debug, Clone)]
pub enum Data {
    /// A null, boolean, number or string, read by Kubernetes' rules.
    Scalar(Value),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the text and without duplicate keys.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key; other scalars than strings are spelled as Kubernetes spells them.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// What it holds.
    pub value: Node,
}

/// How a node is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A bare scalar; nothing at all, for a key without a value.
    Plain,
    /// A scalar in single quotes.
    SingleQuoted,
    /// A scalar in double quotes.
    DoubleQuoted,
    /// A `|` or `>` block.
    BlockScalar,
    /// A collection by indentation.
    Block,
    /// `{…}` or `[…]`.
    Flow,
}

/// How a node got to its place: only one that is written there, and nowhere else, can be edited there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is written here.
    Written,
    /// It is written here and has an anchor, and stands elsewhere as well, or may do so.
    Anchored {
        /// Whether it has a tag as well.
        has_tag: bool,
    },
    /// It is written here after a tag, which is about this very value.
    Tagged,
    /// An alias brought it.
    Alias,
    /// A `<<` brought it.
    Merge,
    /// It stands in no text.
    Made,
}

impl Style {
    pub(super) fn of(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::Plain => Self::Plain,
            ScalarStyle::SingleQuoted => Self::SingleQuoted,
            ScalarStyle::DoubleQuoted => Self::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Self::BlockScalar,
        }
    }
}

impl Origin {
    /// By the reader's number of an anchor; 0 is none.
    pub(super) fn of(anchor: usize, has_tag: bool) -> Self {
        match (anchor, has_tag) {
            (0, false) => Self::Written,
            (0, true) => Self::Tagged,
            (_, has_tag) => Self::Anchored { has_tag },
        }
    }
}

impl Node {
    /// Anchors that no alias names do not matter: what they are of is written here alone.
    pub(super) fn settle(&mut self, unused: &HashSet<Span>) {
        if let Origin::Anchored { has_tag } = self.origin
            && unused.contains(&self.span)
        {
            self.origin = Origin::of(0, has_tag);
        }
        match &mut self.data {
            Data::Scalar(_) => {}
            Data::Sequence(items) => items.iter_mut().for_each(|item| item.settle(unused)),
            Data::Mapping(entries) => {
                entries
                    .iter_mut()
                    .for_each(|entry| entry.value.settle(unused));
            }
        }
    }
}

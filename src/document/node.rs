//! A value with its span, style and origin.

use std::collections::HashSet;

use granit_parser::ScalarStyle;
use serde_json::Value;

use crate::span::Span;

/// A value with its span.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it is written: a scalar with its quotes, a flow collection with its brackets, a block
    /// collection from its first key or dash to the end of its last scalar, a block scalar without its
    /// header. For an alias, the span of the alias; for a merged value, that of the original.
    pub span: Span,
    /// The value.
    pub data: Data,
    /// Its style.
    pub style: Style,
    /// Its origin.
    pub origin: Origin,
}

/// The three kinds of YAML nodes.
#[derive(Debug, Clone)]
pub enum Data {
    /// A null, boolean, number or string, resolved by the rules of Kubernetes.
    Scalar(Value),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the text and without duplicate keys.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key; scalars other than strings are converted as Kubernetes does.
    pub key: String,
    /// The span of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// The style of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A plain scalar, possibly empty.
    Plain,
    /// A scalar in single quotes.
    SingleQuoted,
    /// A scalar in double quotes.
    DoubleQuoted,
    /// A `|` or `>` block.
    BlockScalar,
    /// A collection in block style.
    Block,
    /// `{…}` or `[…]`.
    Flow,
}

/// Where a node comes from: it can only be edited in place if it is written there and not shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Written at its place.
    Written,
    /// Written at its place with an anchor, and possibly used elsewhere.
    Anchored {
        /// Whether it also has a tag.
        has_tag: bool,
    },
    /// Written at its place with a tag, which applies to this value.
    Tagged,
    /// Copied by an alias.
    Alias,
    /// Copied by a merge (`<<`).
    Merge,
    /// Not read from a text.
    Generated,
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
    /// The origin of a node by the parser's anchor ID, where 0 is no anchor.
    pub(super) fn of(anchor: usize, has_tag: bool) -> Self {
        match (anchor, has_tag) {
            (0, false) => Self::Written,
            (0, true) => Self::Tagged,
            (_, has_tag) => Self::Anchored { has_tag },
        }
    }
}

impl Node {
    /// Treats nodes whose anchors have no alias as not shared.
    pub(super) fn clear_unused_anchors(&mut self, unused: &HashSet<Span>) {
        if let Origin::Anchored { has_tag } = self.origin
            && unused.contains(&self.span)
        {
            self.origin = Origin::of(0, has_tag);
        }
        match &mut self.data {
            Data::Scalar(_) => {}
            Data::Sequence(items) => items
                .iter_mut()
                .for_each(|item| item.clear_unused_anchors(unused)),
            Data::Mapping(entries) => {
                entries
                    .iter_mut()
                    .for_each(|entry| entry.value.clear_unused_anchors(unused));
            }
        }
    }
}

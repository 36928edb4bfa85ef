//! Parses text into a tree with spans, and edits the text: the only module that uses a YAML crate. No IO here.
// External input must not abort the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod budget;
pub mod chunk;
pub mod edit;
pub mod encoding;
mod extent;
mod graft;
mod insert;
mod line;
pub mod list;
mod load;
mod node;
mod open;
mod place;
pub mod quote;
pub mod rewrite;
pub mod scalar;
mod stream;
mod syntax;
pub mod tokens;
mod tree;
pub mod write;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diag::{Code, Diagnostic, Report};
use crate::pointer::{Pointer, Step};
use crate::span::{Source, Span};

pub use crate::document::edit::{Change, Edit};
pub use crate::document::graft::Graft;
pub use crate::document::node::{Data, Entry, Node, Origin, Style};
pub use crate::document::stream::{Element, Part, part, parts, stream_items};

/// Maximum size of a text, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// How to handle what kubectl ignores: duplicate keys and unknown tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Report errors: for files of pullwright.
    Strict,
    /// Report warnings and use the value that kubectl uses: for existing manifests.
    AsKubectl,
}

/// A YAML document and its source.
#[derive(Debug, Clone)]
pub struct Document {
    /// The text.
    pub source: Arc<Source>,
    /// The tree.
    pub root: Node,
    /// Elements of its lists that are in other documents.
    pub grafts: Vec<Graft>,
}

impl Document {
    /// The document of a tree that was read from `source`.
    pub fn new(source: Arc<Source>, root: Node) -> Self {
        Self {
            source,
            root,
            grafts: Vec::new(),
        }
    }

    /// Reads a text that must contain exactly one document.
    ///
    /// # Errors
    /// Every duplicate key; otherwise the first syntax error.
    pub fn parse(source: Arc<Source>) -> Result<Self, Report> {
        let mut all = Self::parse_all(Arc::clone(&source))?;
        match (all.pop(), all.first()) {
            (Some(root), None) => Ok(Self::new(source, root)),
            (Some(second), Some(_)) => Err(Diagnostic::new(
                Code::SeveralDocuments,
                format!("`{}` contains more than one document", source.name),
            )
            .at(&source, second.span)
            .label("the second document starts here")
            .help("keep one document in the file, and move each other document to its own file")
            .into()),
            (None, _) => Err(Diagnostic::new(
                Code::Empty,
                format!("`{}` contains no document", source.name),
            )
            .help("create a config with `pullwright init`")
            .into()),
        }
    }

    /// Reads all documents of a text; an error in one document does not hide those in others.
    ///
    /// # Errors
    /// For each document as [`Document::parse`].
    pub fn parse_all(source: Arc<Source>) -> Result<Vec<Node>, Report> {
        if source.text.len() > MAX_BYTES {
            return Err(too_large(&source.name).into());
        }
        let mut report = Report::default();
        let mut all = Vec::new();
        for part in parts(&source) {
            all.extend(stream::part(&source, &part, Reading::Strict, &mut report));
        }
        if report.has_errors() {
            Err(report)
        } else {
            Ok(all)
        }
    }

    /// The tree without spans.
    pub fn value(&self) -> Value {
        self.root.value()
    }

    /// The node at `pointer`.
    pub fn find(&self, pointer: &Pointer) -> Option<&Node> {
        self.root.find(pointer)
    }

    /// The span of the last step of `pointer`: its key, or the element itself. If it does not exist, the
    /// span of the nearest existing parent.
    pub fn step_span(&self, pointer: &Pointer) -> Span {
        let Some(parent) = pointer.parent() else {
            return self.first_key_span(&self.root);
        };
        let found = match (pointer.0.last(), self.find(&parent).map(|node| &node.data)) {
            (Some(Step::Key(key)), Some(Data::Mapping(entries))) => entries
                .iter()
                .find(|entry| entry.key == *key)
                .map(|entry| entry.key_span),
            (Some(Step::Index(index)), Some(Data::Sequence(items))) => {
                items.get(*index).map(|item| self.first_key_span(item))
            }
            _ => None,
        };
        found.unwrap_or_else(|| self.step_span(&parent))
    }

    /// The span of the value at `pointer`; for a collection, the span of its key.
    pub fn value_span(&self, pointer: &Pointer) -> Span {
        match self.find(pointer) {
            Some(node) if matches!(node.data, Data::Scalar(_)) => node.span,
            _ => self.step_span(pointer),
        }
    }

    /// The span of the first key of a collection, which represents it best.
    fn first_key_span(&self, node: &Node) -> Span {
        match &node.data {
            Data::Mapping(entries) => entries.first().map_or(node.span, |entry| entry.key_span),
            _ => node.span,
        }
    }
}

impl Node {
    /// The node at `pointer`, relative to this node.
    pub fn find(&self, pointer: &Pointer) -> Option<&Node> {
        let mut node = self;
        for step in &pointer.0 {
            node = match (step, &node.data) {
                (Step::Key(key), Data::Mapping(entries)) => {
                    &entries.iter().find(|entry| entry.key == *key)?.value
                }
                (Step::Index(index), Data::Sequence(items)) => items.get(*index)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The tree without spans.
    pub fn value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::Sequence(items) => Value::Array(items.iter().map(Node::value).collect()),
            Data::Mapping(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for entry in entries {
                    map.insert(entry.key.clone(), entry.value.value());
                }
                Value::Object(map)
            }
        }
    }

    /// As [`Node::value`], without copying the scalars.
    pub fn into_value(self) -> Value {
        match self.data {
            Data::Scalar(value) => value,
            Data::Sequence(items) => {
                Value::Array(items.into_iter().map(Node::into_value).collect())
            }
            Data::Mapping(entries) => entries
                .into_iter()
                .map(|entry| (entry.key, entry.value.into_value()))
                .collect(),
        }
    }
}

/// The message for a text over [`MAX_BYTES`].
pub fn too_large(name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        format!("`{name}` is larger than {} MiB", MAX_BYTES / 1024 / 1024),
    )
    .help("split it into several files; each has its own output directory")
}

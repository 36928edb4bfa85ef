//! Builds a tree from parser events, without recursion, with limits on aliases and merges.

mod value;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use granit_parser::{Event, Parser, StructureStyle};
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Report, Severity};
use crate::document::budget::Budget;
use crate::document::extent;
use crate::document::open::{Duplicate, Open};
use crate::document::syntax::{syntax, unexpected};
use crate::document::{Data, Entry, Node, Origin, Reading, Style};
use crate::span::{Source, Span};

/// Maximum nesting depth, more than any Kubernetes object has.
const MAX_DEPTH: usize = 100;
/// Maximum number of duplicate keys that are reported; the others are counted.
const MAX_DUPLICATES: usize = 1_000;
/// The key of the objects of a list.
pub(super) const ITEMS: &str = "items";

/// Receives the elements of `items` at the root of a document. A returned node is kept in the tree; `None`
/// leaves a `null` with the span of the element.
pub(super) type OnItem<'h> = &'h mut dyn FnMut(usize, Node) -> Option<Node>;

/// A part of a text that is read as one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    /// Its span.
    pub(super) span: Span,
    /// The column of its first line, from 0, in the block that contains it.
    pub(super) column: usize,
    /// Whether it contains all aliases of its anchors.
    pub(super) is_whole: bool,
    /// A part of it that is left out.
    pub(super) gap: Span,
    /// How many levels are above it.
    pub(super) levels: usize,
}

impl Region {
    /// A whole document.
    pub(super) fn of(span: Span) -> Self {
        Self {
            span,
            column: 0,
            is_whole: true,
            gap: Span::new(span.end..span.end),
            levels: 0,
        }
    }

    /// Its text for the parser.
    fn text(self, text: &str) -> Cow<'_, str> {
        let before = text.get(self.span.start..self.gap.start);
        let after = text.get(self.gap.end..self.span.end);
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        if self.column == 0 && after.is_empty() {
            return Cow::Borrowed(before);
        }
        let blanks = " ".repeat(self.column);
        Cow::Owned([&blanks, before, after].concat())
    }

    /// Where a byte of that text comes from.
    fn place(self, offset: usize) -> usize {
        let at = self.span.start + offset.saturating_sub(self.column);
        if at < self.gap.start {
            at
        } else {
            at + (self.gap.end - self.gap.start)
        }
    }
}

/// The state of the loader.
struct Loader<'a, 'h> {
    source: &'a Arc<Source>,
    region: Span,
    reading: Reading,
    documents: Vec<Node>,
    open: Vec<Open>,
    /// How many may be open.
    deepest: usize,
    anchors: HashMap<usize, Node>,
    /// Spans of anchored nodes without an alias so far.
    unused: HashMap<usize, Span>,
    budget: Budget,
    /// The end of the last scalar or flow collection.
    last_end: usize,
    on_item: Option<OnItem<'h>>,
    report: &'a mut Report,
}

/// Reads a region. If it contains an error, nothing is returned and `report` has the error.
pub(super) fn load(
    source: &Arc<Source>,
    region: Region,
    reading: Reading,
    on_item: Option<OnItem<'_>>,
    report: &mut Report,
) -> Vec<Node> {
    let deepest = MAX_DEPTH - region.levels;
    let options = granit_parser::options! {
        flow_nesting_limit: deepest,
        block_nesting_limit: deepest,
        emit_comments: false,
    };
    let text = region.text(&source.text);
    let place = |offset: usize| region.place(offset);
    let errors = report.count(Severity::Error);
    let mut loader = Loader {
        source,
        region: region.span,
        reading,
        documents: Vec::new(),
        open: Vec::new(),
        deepest,
        anchors: HashMap::new(),
        unused: HashMap::new(),
        budget: Budget::default(),
        last_end: region.span.start,
        on_item,
        report,
    };
    for event in Parser::new_from_str_with_options(&text, options) {
        let step = event
            .map_err(|error| {
                let offset = error.marker().byte_offset().unwrap_or(text.len());
                syntax(source, &error, region.span, place(offset))
            })
            .and_then(|(event, span)| {
                let range = span.byte_range().unwrap_or_default();
                loader.handle(event, Span::new(place(range.start)..place(range.end)))
            });
        if let Err(diagnostic) = step {
            loader.report.push(diagnostic);
            return Vec::new();
        }
    }
    if loader.report.count(Severity::Error) > errors {
        return Vec::new();
    }
    if region.is_whole && !loader.unused.is_empty() {
        let unused: HashSet<Span> = loader.unused.into_values().collect();
        for document in &mut loader.documents {
            document.clear_unused_anchors(&unused);
        }
    }
    loader.documents
}

impl Loader<'_, '_> {
    /// Handles one event.
    fn handle(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_ref().map(|tag| value::name(tag));
                let text = extent::without_added_newline(&self.source.text, &text, style, span);
                let value = self.scalar(text, style, tag.as_deref(), span)?;
                self.last_end =
                    self.last_end
                        .max(extent::end_of(&self.source.text, span, style, text));
                let node = Node {
                    span,
                    data: Data::Scalar(value),
                    style: Style::of(style),
                    origin: Origin::of(anchor, tag.is_some()),
                };
                self.done(node, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                let origin = self.collection(tag.as_ref(), anchor, span)?;
                self.begin(Data::Sequence(Vec::new()), style, span, (anchor, origin))
            }
            Event::MappingStart(style, anchor, tag) => {
                let origin = self.collection(tag.as_ref(), anchor, span)?;
                self.begin(Data::Mapping(Vec::new()), style, span, (anchor, origin))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(mut open) = self.open.pop() else {
                    return Ok(());
                };
                open.merge().map_err(|span| {
                    self.error(
                        Code::Syntax,
                        span,
                        "`<<` requires a mapping or a list of mappings",
                    )
                })?;
                if open.node.style == Style::Flow {
                    self.last_end = span.end;
                }
                // The parser reports the end of a block only where the next token begins.
                open.node.span.end = self.last_end.max(open.node.span.start);
                self.done(open.node, open.anchor)
            }
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else {
                    return Err(self.error(
                        Code::Syntax,
                        span,
                        "an alias is inside the value of its own anchor",
                    ));
                };
                let node = Node {
                    span,
                    origin: Origin::Alias,
                    ..node.clone()
                };
                self.last_end = span.end;
                self.unused.remove(&id);
                self.charge(&node, span)?;
                self.done(node, 0)
            }
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Opens a collection.
    fn begin(
        &mut self,
        data: Data,
        style: StructureStyle,
        span: Span,
        (anchor, origin): (usize, Origin),
    ) -> Result<(), Diagnostic> {
        if self.open.len() >= self.deepest {
            return Err(self.error(
                Code::TooDeep,
                span,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        if let Some(Open {
            key: None,
            node: Node {
                data: Data::Mapping(_),
                ..
            },
            ..
        }) = self.open.last()
        {
            let words = "a list or a mapping cannot be a key";
            return Err(unexpected(self.source, self.region, span, words));
        }
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        let span = match (&data, style) {
            (Data::Sequence(_), Style::Block) => {
                let key = self.open.last().and_then(|open| open.key.as_ref());
                extent::dash(&self.source.text, key.map(|(_, span)| *span), span)
            }
            _ => span,
        };
        let node = Node {
            span,
            data,
            style,
            origin,
        };
        self.open.push(Open::new(node, anchor));
        Ok(())
    }

    /// Adds a finished node to its parent.
    fn done(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor != 0 {
            self.charge(&node, node.span)?;
            self.unused.insert(anchor, node.span);
            self.anchors.insert(anchor, node.clone());
        }
        let node = self.pass_item(node);
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        match &mut open.node.data {
            Data::Sequence(items) => {
                items.push(node);
                return Ok(());
            }
            Data::Mapping(_) => {}
            Data::Scalar(_) => return Ok(()),
        }
        let Some((key, key_span)) = open.key.take() else {
            let key = self.key(&node)?;
            if let Some(open) = self.open.last_mut() {
                open.key = Some((key, node.span));
            }
            return Ok(());
        };
        if key == "<<" {
            open.merges.push(node);
            return Ok(());
        }
        let second = match self.reading {
            Reading::Strict => Duplicate::KeepFirst,
            Reading::AsKubectl => Duplicate::KeepLast,
        };
        let entry = Entry {
            key,
            key_span,
            value: node,
        };
        if let Some((key, first)) = open.add(entry, second) {
            self.duplicate(&key, key_span, first);
        }
        Ok(())
    }

    /// Passes an element of `items` at the root to the callback.
    fn pass_item(&mut self, node: Node) -> Node {
        let (Some(on_item), [root, list]) = (&mut self.on_item, self.open.as_mut_slice()) else {
            return node;
        };
        let is_element = matches!(list.node.data, Data::Sequence(_))
            && root.key.as_ref().is_some_and(|(key, _)| key == ITEMS);
        if !is_element {
            return node;
        }
        let index = list.elements;
        list.elements += 1;
        let place = Node {
            span: node.span,
            data: Data::Scalar(Value::Null),
            style: node.style,
            origin: node.origin,
        };
        on_item(index, node).unwrap_or(place)
    }

    /// Reports a duplicate key.
    fn duplicate(&mut self, key: &str, span: Span, first: Span) {
        let severity = match self.reading {
            Reading::Strict => Severity::Error,
            Reading::AsKubectl => Severity::Warning,
        };
        if self.report.count(severity) >= MAX_DUPLICATES {
            return self.report.omit(self.source, severity, 1);
        }
        let message = format!("duplicate key `{key}`");
        let diagnostic = self
            .error(Code::DuplicateKey, span, message)
            .related(self.source, first, "first defined here")
            .help("keep one of the two; kubectl silently uses the last one, kustomize fails");
        self.report.push(match self.reading {
            Reading::Strict => diagnostic,
            Reading::AsKubectl => diagnostic.as_warning(),
        });
    }

    /// Counts what an alias copies, so that a small text cannot exhaust the memory.
    fn charge(&mut self, node: &Node, span: Span) -> Result<(), Diagnostic> {
        if !self.budget.spend(node) {
            return Err(self
                .error(
                    Code::TooDeep,
                    span,
                    "anchors and aliases expand this document beyond the size limit",
                )
                .help("write the values out instead of repeating them with aliases"));
        }
        Ok(())
    }

    fn error(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.source, span)
    }
}

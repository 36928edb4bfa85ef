//! Events to a tree: duplicate keys, aliases and merges within a budget, without recursion.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Report, Severity};
use crate::document::scalar::resolve;
use crate::document::{Data, Entry, Node};
use crate::span::{Source, Span};

/// Deeper nesting than any Kubernetes object has.
const MAX_DEPTH: usize = 100;
/// Nodes that aliases and merges may add to a document.
const MAX_COPIED: usize = 100_000;
/// Bytes of text that aliases and merges may add.
const MAX_COPIED_BYTES: usize = 4 * 1024 * 1024;
/// Keys of a mapping that are compared one by one; with more, they are looked up.
const FEW_KEYS: usize = 16;
/// Duplicate keys that get a message; the others are counted.
const MAX_DUPLICATES: usize = 1_000;

/// A collection that is not closed yet.
struct Open {
    node: Node,
    anchor: usize,
    /// The key that waits for its value.
    key: Option<(String, Span)>,
    /// Where each key of the mapping stands; made only for large mappings.
    seen: HashMap<String, usize>,
    /// Values of `<<`, which give way to the mapping's own keys.
    merges: Vec<Node>,
}

impl Open {
    /// Adds an entry to a mapping that does not have its key; else gives the key back, and where the
    /// first one stands.
    fn add(&mut self, entry: Entry) -> Result<(), (String, Span)> {
        let Data::Mapping(entries) = &mut self.node.data else {
            return Ok(());
        };
        let first = if entries.len() < FEW_KEYS {
            entries.iter().find(|one| one.key == entry.key)
        } else {
            if self.seen.is_empty() {
                let keys = entries.iter().enumerate();
                self.seen = keys.map(|(at, one)| (one.key.clone(), at)).collect();
            }
            let first = self.seen.get(&entry.key);
            first.and_then(|at| entries.get(*at))
        };
        if let Some(first) = first {
            return Err((entry.key, first.key_span));
        }
        if !self.seen.is_empty() {
            self.seen.insert(entry.key.clone(), entries.len());
        }
        entries.push(entry);
        Ok(())
    }
}

/// The loader's state.
struct Loader<'a> {
    source: &'a Arc<Source>,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    copied: usize,
    copied_bytes: usize,
    report: Report,
}

/// Reads all documents of `source`.
pub(super) fn load(source: &Arc<Source>) -> Result<Vec<Node>, Report> {
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        emit_comments: false,
    };
    let mut loader = Loader {
        source,
        documents: Vec::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        copied: 0,
        copied_bytes: 0,
        report: Report::default(),
    };
    for event in Parser::new_from_str_with_options(&source.text, options) {
        let step = event
            .map_err(|error| syntax(source, &error))
            .and_then(|(event, span)| {
                let range = span.byte_range().unwrap_or_default();
                loader.take(event, Span::new(range))
            });
        if let Err(diagnostic) = step {
            loader.report.push(diagnostic);
            return Err(loader.report);
        }
    }
    if loader.report.has_errors() {
        Err(loader.report)
    } else {
        Ok(loader.documents)
    }
}

impl Loader<'_> {
    /// One event.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_ref().map(|tag| tag.original());
                let value = self.scalar(&text, style, tag.as_deref(), span)?;
                let data = Data::Scalar(value);
                self.done(Node { span, data }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(Data::Sequence(Vec::new()), span, anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                self.begin(Data::Mapping(Vec::new()), span, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(mut open) = self.open.pop() else {
                    return Ok(());
                };
                self.merge(&mut open)?;
                open.node.span.end = span.end.max(open.node.span.start);
                self.done(open.node, open.anchor)
            }
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else {
                    return Err(self.error(
                        Code::Syntax,
                        span,
                        "an alias stands inside its own anchor",
                    ));
                };
                let data = node.data.clone();
                let node = Node { span, data };
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

    /// The value of a scalar.
    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&str>,
        span: Span,
    ) -> Result<Value, Diagnostic> {
        let string = || Value::String(text.to_owned());
        match tag {
            Some("!!str" | "!" | "!!binary" | "!!timestamp") => return Ok(string()),
            None | Some("!!int" | "!!float" | "!!bool" | "!!null") => {}
            Some(_) => {
                return Err(self
                    .error(Code::Syntax, span, "this tag is none that Kubernetes knows")
                    .help("remove the tag; quote the value if it must stay a string"));
            }
        }
        if style != ScalarStyle::Plain && tag.is_none() {
            return Ok(string());
        }
        resolve(text).ok_or_else(|| {
            self.error(
                Code::WrongType,
                span,
                "JSON, and so Kubernetes, has no such number",
            )
            .help(format!("quote the value if it is a string: \"{text}\""))
        })
    }

    /// Opens a collection.
    fn begin(&mut self, data: Data, span: Span, anchor: usize) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
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
            return Err(self.error(Code::Syntax, span, "a list or a mapping cannot be a key"));
        }
        self.open.push(Open {
            node: Node { span, data },
            anchor,
            key: None,
            seen: HashMap::new(),
            merges: Vec::new(),
        });
        Ok(())
    }

    /// A finished node goes where it belongs.
    fn done(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor != 0 {
            self.charge(&node, node.span)?;
            self.anchors.insert(anchor, node.clone());
        }
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
        let added = open.add(Entry {
            key,
            key_span,
            value: node,
        });
        if let Err((key, first)) = added {
            self.duplicate(&key, key_span, first);
        }
        Ok(())
    }

    /// A key that its mapping has already.
    fn duplicate(&mut self, key: &str, span: Span, first: Span) {
        if self.report.count(Severity::Error) >= MAX_DUPLICATES {
            return self.report.omit(self.source, Severity::Error, 1);
        }
        let line = self.source.line_column(first.start).line;
        let message = format!("duplicate key `{key}`");
        let diagnostic = self.error(Code::DuplicateKey, span, message);
        self.report.push(
            diagnostic.label(format!("first on line {line}")).help(
                "keep one of the two; kubectl would silently take the last, kustomize neither",
            ),
        );
    }

    /// A key as Kubernetes spells it.
    fn key(&self, node: &Node) -> Result<String, Diagnostic> {
        match &node.data {
            Data::Scalar(Value::String(text)) => Ok(text.clone()),
            Data::Scalar(value @ (Value::Bool(_) | Value::Number(_))) => Ok(value.to_string()),
            _ => Err(self.error(Code::Syntax, node.span, "a key must be a string")),
        }
    }

    /// Adds what `<<` brings and the mapping does not say itself.
    fn merge(&mut self, open: &mut Open) -> Result<(), Diagnostic> {
        for merge in std::mem::take(&mut open.merges) {
            let span = merge.span;
            let sources = match merge.data {
                Data::Sequence(items) => items,
                data => vec![Node { span, data }],
            };
            for source in sources {
                let (Data::Mapping(new), Data::Mapping(_)) = (source.data, &open.node.data) else {
                    return Err(self.error(
                        Code::Syntax,
                        span,
                        "`<<` takes a mapping or a list of mappings",
                    ));
                };
                for entry in new {
                    // The mapping's own keys win, and those of the merges before.
                    let _ = open.add(entry);
                }
            }
        }
        Ok(())
    }

    /// Counts what an alias copies, so that a small text cannot fill the memory.
    fn charge(&mut self, node: &Node, span: Span) -> Result<(), Diagnostic> {
        let (nodes, bytes) = size(node);
        self.copied += nodes;
        self.copied_bytes += bytes;
        if self.copied > MAX_COPIED || self.copied_bytes > MAX_COPIED_BYTES {
            return Err(self
                .error(
                    Code::TooDeep,
                    span,
                    "anchors and aliases grow this document too large",
                )
                .help("write the values out instead of repeating them by aliases"));
        }
        Ok(())
    }

    fn error(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.source, span)
    }
}

/// Nodes and bytes of a tree.
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

/// The reader's own words, with a way out for what people do most.
pub(super) fn syntax(source: &Arc<Source>, error: &ScanError) -> Diagnostic {
    let text = &source.text;
    let offset = error
        .marker()
        .byte_offset()
        .unwrap_or(text.len())
        .min(text.len());
    let info = error.info();
    let line = text.get(source.line(offset).range()).unwrap_or_default();
    let nesting = info.contains("nest") || info.contains("recursion");
    let code = if nesting { Code::TooDeep } else { Code::Syntax };
    let mut diagnostic = Diagnostic::new(
        code,
        format!("not valid YAML: {}", info.trim_end_matches('.')),
    )
    .at(source, Span::new(offset..offset));
    if line.trim_start_matches(' ').starts_with('\t') {
        diagnostic = diagnostic.help("indent with spaces: YAML allows no tabs there");
    } else if line.contains(": ") && !nesting && !info.contains("unclosed") {
        diagnostic = diagnostic
            .help("quote a value that holds `: `, ` #`, or begins with one of `@ & * ! % | > { [`");
    }
    diagnostic
}

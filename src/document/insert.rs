//! Inserts keys and elements into a text, in the style of their neighbors.

use crate::document::edit::Edit;
use crate::document::stream::column;
use crate::document::write::{self, Lists};
use crate::document::{Data, Entry, Node, Origin, Style, line, quote};
use crate::span::Span;

/// Creates edits of one text.
pub(super) struct Writer<'a> {
    text: &'a str,
    root: &'a Node,
}

/// The style of a flow collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// `{a: 1, b: [c]}`
    Yaml,
    /// `{"a": 1, "b": ["c"]}`
    Json,
    /// `{"a":1,"b":["c"]}`
    Compact,
}

impl<'a> Writer<'a> {
    /// `root` is the tree of the document or element to change, with spans in `text`.
    pub(super) fn new(text: &'a str, root: &'a Node) -> Self {
        Self { text, root }
    }

    /// Sets keys of a mapping that do not exist or are empty; `None` if one of them has a value, or if the
    /// mapping cannot be edited.
    pub(super) fn set_keys(&self, mapping: &Node, entries: &[(String, Node)]) -> Option<Vec<Edit>> {
        let mut edits = Vec::new();
        let mut new: Vec<&(String, Node)> = Vec::new();
        for pair in entries {
            let (key, value) = pair;
            match mapping.entries().iter().find(|entry| entry.key == *key) {
                None => new.push(pair),
                Some(entry) => edits.push(self.fill(mapping, entry, value)?),
            }
        }
        if !new.is_empty() {
            edits.extend(self.add_keys(mapping, &new)?);
        }
        Some(edits)
    }

    /// Adds keys that are not written in a mapping.
    pub(super) fn add_keys(
        &self,
        mapping: &Node,
        entries: &[&(String, Node)],
    ) -> Option<Vec<Edit>> {
        match mapping.style {
            Style::Flow => self.flow_keys(mapping, entries),
            _ => Some(vec![self.block_keys(mapping, entries)]),
        }
    }

    /// Replaces an alias with a value.
    pub(super) fn in_place_of(&self, alias: &Node, value: &Node) -> Edit {
        Edit {
            span: alias.span,
            text: flow_text(value, self.flow(self.root)),
        }
    }

    /// Adds elements to the end of a list.
    pub(super) fn append_items(&self, list: &Node, items: &[Node]) -> Option<Vec<Edit>> {
        if list.style != Style::Flow {
            let indent = column(self.text, list.span.start);
            let lists = self.lists(list);
            let lines: String = items
                .iter()
                .map(|item| write::item(item, indent, lists))
                .collect();
            // Below a key, comments at its column belong to what follows.
            let deep = indent + usize::from(self.lists(list) == Lists::Flush);
            return Some(vec![self.lines(list.span.end, deep.max(1), &lines)]);
        }
        let flow = self.flow(list);
        let items: Vec<String> = items.iter().map(|item| flow_text(item, flow)).collect();
        let last = list.items().last();
        let last = last.map(|item| (item.span.start, item.span.end));
        self.flow_insert(list, last, &items, flow)
    }

    /// Sets the value of an empty entry.
    fn fill(&self, mapping: &Node, entry: &Entry, value: &Node) -> Option<Edit> {
        let node = &entry.value;
        let holds_nothing = node.is_null() || node.as_str() == Some("");
        if !holds_nothing || node.origin != Origin::Written || node.style == Style::BlockScalar {
            return None;
        }
        let flow = self.flow(mapping);
        if node.span.start < node.span.end {
            return Some(Edit {
                span: node.span,
                text: flow_text(value, flow),
            });
        }
        let after = self.end_of(entry);
        let is_collection = !matches!(value.data, Data::Scalar(_));
        if mapping.style == Style::Flow || !is_collection {
            let value = flow_text(value, flow);
            let rest = self.text.get(after..).unwrap_or_default();
            let (at, text) = match rest.strip_prefix(' ') {
                Some(rest) if rest.starts_with('#') => (after + 1, format!("{value} ")),
                Some(_) => (after + 1, value),
                None => (after, format!(" {value}")),
            };
            let span = Span::new(at..at);
            return Some(Edit { span, text });
        }
        let indent = column(self.text, mapping.span.start);
        let lines = write::children(value, indent, self.lists(mapping));
        Some(self.lines(after, indent + 1, &lines))
    }

    fn block_keys(&self, mapping: &Node, entries: &[&(String, Node)]) -> Edit {
        let indent = column(self.text, mapping.span.start);
        let lists = self.lists(mapping);
        let lines: String = entries
            .iter()
            .map(|(key, value)| write::entry(key, value, indent, lists))
            .collect();
        self.lines(mapping.span.end, indent, &lines)
    }

    fn flow_keys(&self, mapping: &Node, entries: &[&(String, Node)]) -> Option<Vec<Edit>> {
        let flow = self.flow(mapping);
        let entries: Vec<String> = entries
            .iter()
            .map(|(key, value)| {
                let value = flow_text(value, flow);
                match flow {
                    Flow::Yaml => format!("{}: {value}", quote::string(key)),
                    Flow::Json => format!("{}: {value}", quote::double_quoted(key)),
                    Flow::Compact => format!("{}:{value}", quote::double_quoted(key)),
                }
            })
            .collect();
        let mut own = mapping.entries().iter();
        let last = own.rfind(|entry| entry.value.origin != Origin::Merge);
        if last.is_none() && !mapping.entries().is_empty() {
            return None;
        }
        let last = last.map(|entry| (entry.key_span.start, self.end_of(entry)));
        self.flow_insert(mapping, last, &entries, flow)
    }

    /// Inserts text after the last part of a flow collection, or after its opening bracket.
    fn flow_insert(
        &self,
        collection: &Node,
        last: Option<(usize, usize)>,
        parts: &[String],
        flow: Flow,
    ) -> Option<Vec<Edit>> {
        let comma = if flow == Flow::Compact { "," } else { ", " };
        let Some((start, end)) = last else {
            let at = collection.span.start + 1;
            return Some(vec![insertion(at, parts.join(comma))]);
        };
        let before = self.text.get(collection.span.start..start)?;
        let line = before.rfind(line::ENDS).map(|at| before.get(at + 1..));
        let indent = line.flatten();
        let is_blank = |text: &&str| text.chars().all(|c| c == ' ' || c == '\t');
        // If the last part is on its own line, so are the added ones.
        let Some(indent) = indent.filter(is_blank) else {
            let text = parts.iter().flat_map(|part| [comma, part]);
            return Some(vec![insertion(end, text.collect())]);
        };
        let newline = line::end_at(self.text, start);
        let text: Vec<String> = parts
            .iter()
            .map(|part| format!("{newline}{indent}{part}"))
            .collect();
        let rest = self.text.get(end..collection.span.end)?;
        let line = rest.split(line::ENDS).next().unwrap_or_default();
        let bare = line.trim_start_matches([' ', '\t']);
        let has_comma = bare.starts_with(',');
        let tail = bare.trim_start_matches(',').trim_start_matches([' ', '\t']);
        // A comment on the line of the last part stays with it.
        if tail.starts_with('#') {
            let at = end + line.len();
            let mut text = text.join(",");
            if has_comma {
                text.push(',');
                return Some(vec![insertion(at, text)]);
            }
            return Some(vec![insertion(end, ",".to_owned()), insertion(at, text)]);
        }
        Some(vec![insertion(end, format!(",{}", text.join(",")))])
    }

    /// Inserts lines after the content that ends at `end` and after comments that are indented by at least
    /// `deep`. With 0, no comments are skipped: those at the root may belong to anything.
    fn lines(&self, end: usize, deep: usize, lines: &str) -> Edit {
        let newline = line::end_at(self.text, end);
        let lines = lines.replace('\n', newline);
        let at = self.next_line(end, deep);
        let span = Span::new(at..at);
        let is_line_start = self
            .text
            .get(..at)
            .is_none_or(|text| text.ends_with(line::ENDS));
        let text = if is_line_start {
            lines
        } else {
            // The text has no final line end, and is kept that way.
            let lines = lines.strip_suffix(newline).unwrap_or(&lines);
            format!("{newline}{lines}")
        };
        Edit { span, text }
    }

    fn next_line(&self, end: usize, deep: usize) -> usize {
        let ends_line = |at: usize| {
            self.text
                .get(..at)
                .unwrap_or_default()
                .ends_with(line::ENDS)
        };
        let after = |at: usize| {
            let rest = self.text.get(at..).unwrap_or_default();
            at + line::lines(rest).next().map_or(0, str::len)
        };
        let mut at = if ends_line(end) { end } else { after(end) };
        loop {
            let line = self.text.get(at..after(at)).unwrap_or_default();
            let bare = line.trim_start_matches(' ');
            if !bare.starts_with('#') || line.len() - bare.len() < deep || deep == 0 {
                return at;
            }
            at = after(at);
        }
    }

    /// The end of the value of an entry; the end of its colon if it has none.
    fn end_of(&self, entry: &Entry) -> usize {
        let span = entry.value.span;
        if span.start < span.end {
            span.end
        } else {
            self.after_colon(entry)
        }
    }

    /// The end of the colon of an entry; the end of its key if it has none.
    fn after_colon(&self, entry: &Entry) -> usize {
        let end = entry.key_span.end;
        let rest = self.text.get(end..).unwrap_or_default();
        let bare = rest.trim_start_matches([' ', '\t']);
        if bare.starts_with(':') {
            end + rest.len() - bare.len() + 1
        } else {
            end
        }
    }

    /// The style of a flow collection, determined by the nearest key.
    fn flow(&self, collection: &Node) -> Flow {
        let own = collection.entries().last();
        let of_item = || collection.items().last()?.entries().last();
        let of_root = || {
            let is_flow = self.root.style == Style::Flow;
            self.root.entries().last().filter(|_| is_flow)
        };
        let key = own.or_else(of_item).or_else(of_root);
        let Some(key) = key.filter(|_| collection.style == Style::Flow) else {
            return Flow::Yaml;
        };
        let text = self.text.get(key.key_span.range()).unwrap_or_default();
        if !text.starts_with('"') {
            return Flow::Yaml;
        }
        match self.text.as_bytes().get(self.after_colon(key)) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => Flow::Json,
            _ => Flow::Compact,
        }
    }

    /// Whether lists are indented below their keys, determined by the nearest list.
    fn lists(&self, near: &Node) -> Lists {
        let own = list_below(self.text, near);
        own.or_else(|| list_below(self.text, self.root))
            .unwrap_or(Lists::Indented)
    }
}

fn insertion(at: usize, text: String) -> Edit {
    Edit {
        span: Span::new(at..at),
        text,
    }
}

/// The style of the first block list below a block mapping.
fn list_below(text: &str, node: &Node) -> Option<Lists> {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if node.style != Style::Block {
            continue;
        }
        match &node.data {
            Data::Mapping(entries) => {
                let is_list = |entry: &&Entry| {
                    entry.value.is_list()
                        && entry.value.style == Style::Block
                        && entry.value.origin == Origin::Written
                };
                if let Some(entry) = entries.iter().find(is_list) {
                    let key = column(text, entry.key_span.start);
                    let dash = column(text, entry.value.span.start);
                    let flush = dash <= key;
                    return Some(if flush { Lists::Flush } else { Lists::Indented });
                }
                let written = |entry: &&Entry| entry.value.origin == Origin::Written;
                waiting.extend(entries.iter().filter(written).map(|entry| &entry.value));
            }
            Data::Sequence(items) => waiting.extend(items),
            Data::Scalar(_) => {}
        }
    }
    None
}

fn flow_text(node: &Node, flow: Flow) -> String {
    let value = node.value();
    match flow {
        Flow::Yaml => quote::inline(&value),
        Flow::Json => quote::json(&value),
        Flow::Compact => value.to_string(),
    }
}

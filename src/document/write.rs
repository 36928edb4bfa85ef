//! Writes a tree as block YAML that every parser reads with the same values. Plain scalars keep their
//! spelling; only comments and line breaks are lost.

use serde_json::Value;

use crate::document::{Data, Node, quote, scalar};

/// Longer keys require a `?` before them (YAML 1.2, §7.4.2).
const LONGEST_KEY: usize = 1_000;

/// Whether the elements of a list are indented below its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// Indented by two spaces.
    Indented,
    /// Not indented: the dashes are at the column of the key.
    Flush,
}

impl Lists {
    fn indent(self) -> usize {
        match self {
            Self::Indented => 2,
            Self::Flush => 0,
        }
    }
}

/// One document, ending in a newline. `source` is the text that the spans of the tree refer to; nodes
/// without a span are written from their value.
pub fn block(node: &Node, source: &str) -> String {
    let mut out = String::new();
    let mut writer = Writer {
        source,
        lists: Lists::Indented,
        out: &mut out,
    };
    match &node.data {
        Data::Scalar(_) => writer.scalar(node, 0),
        _ => writer.children(node, 0, false),
    }
    out
}

/// A list or mapping as whole lines, indented by `indent`; nothing if it fits on the line of its key: a scalar,
/// or an empty one.
pub fn below(value: &Value, indent: usize) -> Option<String> {
    let node = Node::from(value.clone());
    let is_long = matches!(value, Value::Array(_) | Value::Object(_)) && !is_empty(&node);
    is_long.then(|| {
        with_writer(Lists::Indented, |writer| {
            writer.children(&node, indent, false);
        })
    })
}

/// `key: value` as whole lines, indented by `indent`; the value has no source text.
pub(super) fn entry(key: &str, value: &Node, indent: usize, lists: Lists) -> String {
    with_writer(lists, |writer| writer.entry(key, value, indent))
}

/// `- value` as whole lines, indented by `indent`; the value has no source text.
pub(super) fn item(value: &Node, indent: usize, lists: Lists) -> String {
    with_writer(lists, |writer| writer.item(value, indent))
}

/// The children of a key that is indented by `indent`, as whole lines; the collection has no source text.
pub(super) fn children(value: &Node, indent: usize, lists: Lists) -> String {
    with_writer(lists, |writer| {
        let deeper = if value.is_list() { lists.indent() } else { 2 };
        writer.children(value, indent + deeper, false);
    })
}

fn with_writer(lists: Lists, write: impl FnOnce(&mut Writer<'_>)) -> String {
    let mut out = String::new();
    write(&mut Writer {
        source: "",
        lists,
        out: &mut out,
    });
    out
}

struct Writer<'a> {
    source: &'a str,
    lists: Lists,
    out: &'a mut String,
}

impl Writer<'_> {
    /// The children of a collection, indented by `indent`; the first one is on the current line if that
    /// is `open`.
    fn children(&mut self, node: &Node, indent: usize, open: bool) {
        let mut open = open;
        let mut begin = |out: &mut String| {
            if !std::mem::take(&mut open) {
                out.extend(std::iter::repeat_n(' ', indent));
            }
        };
        match &node.data {
            Data::Mapping(entries) if !entries.is_empty() => {
                for entry in entries {
                    begin(self.out);
                    self.key_and_value(&entry.key, &entry.value, indent);
                }
            }
            Data::Sequence(items) if !items.is_empty() => {
                for item in items {
                    begin(self.out);
                    self.dash_and_value(item, indent);
                }
            }
            Data::Mapping(_) => self.out.push_str("{}\n"),
            Data::Sequence(_) => self.out.push_str("[]\n"),
            Data::Scalar(_) => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Node, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.key_and_value(key, value, indent);
    }

    fn item(&mut self, value: &Node, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.dash_and_value(value, indent);
    }

    fn key_and_value(&mut self, key: &str, value: &Node, indent: usize) {
        let key = quote::string(key);
        if key.len() > LONGEST_KEY {
            self.out.push_str(&format!("? {key}\n"));
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.out.push(':');
        } else {
            self.out.push_str(&key);
            self.out.push(':');
        }
        self.value(value, indent);
    }

    fn dash_and_value(&mut self, item: &Node, indent: usize) {
        self.out.push('-');
        match &item.data {
            Data::Scalar(_) => self.value(item, indent),
            _ if is_empty(item) => self.value(item, indent),
            _ => {
                self.out.push(' ');
                self.children(item, indent + 2, true);
            }
        }
    }

    /// The value after a key or a dash.
    fn value(&mut self, node: &Node, indent: usize) {
        match &node.data {
            Data::Scalar(_) => {
                self.out.push(' ');
                self.scalar(node, indent + 2);
            }
            _ if is_empty(node) => {
                self.out.push(' ');
                self.children(node, indent, true);
            }
            _ => {
                self.out.push('\n');
                let deeper = if node.is_list() {
                    self.lists.indent()
                } else {
                    2
                };
                self.children(node, indent + deeper, false);
            }
        }
    }

    /// A scalar and its line end; further lines are indented by `indent`.
    fn scalar(&mut self, node: &Node, indent: usize) {
        let Data::Scalar(value) = &node.data else {
            return;
        };
        if let Some(bare) = bare(self.source, node, value) {
            self.out.push_str(bare);
        } else if let Value::String(text) = value
            && let Some(chomping) = literal(text)
            && indent > 0
        {
            self.out.push_str(chomping);
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                self.out.push('\n');
                if !line.is_empty() {
                    self.out.extend(std::iter::repeat_n(' ', indent));
                    self.out.push_str(line);
                }
            }
        } else {
            self.out.push_str(&quote::inline(value));
        }
        self.out.push('\n');
    }
}

/// The spelling in the source, if it is plain and has this value. Text that begins with an indicator is
/// not plain: an alias, a quote, a block.
fn bare<'a>(source: &'a str, node: &Node, value: &Value) -> Option<&'a str> {
    let raw = source.get(node.span.range())?;
    let first = raw.chars().next()?;
    let is_bare = !"&*!|>\"'%@`?{}[],#:".contains(first) && !raw.contains(['\n', '\r']);
    (is_bare && scalar::resolve(raw).as_ref() == Some(value)).then_some(raw)
}

fn is_empty(node: &Node) -> bool {
    node.entries().is_empty() && node.items().is_empty()
}

/// The header of a block scalar, if the text has several lines and all parsers read it the same way.
fn literal(text: &str) -> Option<&'static str> {
    let first = text.chars().next()?;
    let is_plain = |c: char| {
        c == '\n'
            || c == '\t'
            || !(c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ))
    };
    let good = text.contains('\n')
        && !matches!(first, ' ' | '\t' | '\n')
        && text.chars().all(is_plain)
        // Parsers disagree about lines that contain only blanks.
        && text.split('\n').all(|line| line.is_empty() || !line.trim().is_empty());
    match (good, text.ends_with("\n\n"), text.ends_with('\n')) {
        (false, ..) => None,
        (_, true, _) => Some("|+"),
        (_, _, true) => Some("|"),
        _ => Some("|-"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::document::{Document, write};
    use crate::span::Source;

    fn read(text: &str) -> Document {
        Document::parse(Arc::new(Source::new("test", text))).expect("it is YAML")
    }

    #[test]
    fn spellings_and_values_are_kept() {
        let text = "\
a: 0644
b: 1e3
c: yes
d: 1.10
e: \"*x\"
f: &x [1, {g: ~, \"h\": 'it''s'}, [], {}]
i: *x
j: |
  two
    lines
k: |+
  kept

l: >-
  folded
  text
m: 12:30
n:
o: !!str 010
p: \" lead\\n\\ttab\"
";
        let document = read(text);
        let out = write::block(&document.root, &document.source.text);
        assert_eq!(read(&out).value(), document.value(), "{out}");
        for kept in [
            "a: 0644\n",
            "b: 1e3\n",
            "c: yes\n",
            "d: 1.10\n",
            "m: 12:30\n",
            "j: |\n  two\n    lines\n",
        ] {
            assert!(out.contains(kept), "{kept}{out}");
        }
    }
}

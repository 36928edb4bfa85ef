//! Finds the elements of a long list without parsing them, so that all cores can read it.

use std::sync::Arc;

use crate::diag::Report;
use crate::document::load::{self, ITEMS, Region};
use crate::document::stream::{Part, column};
use crate::document::{Data, Node, Reading, Style};
use crate::span::{Source, Span};

/// Levels above an element: the root and the list.
const LEVELS: usize = 2;

/// A document whose `items` at the root can be read one by one. It is a guess: if one of its elements, or its
/// rest, cannot be read, the document must be read as a whole.
#[derive(Debug)]
pub struct List {
    /// The elements that were found, in order.
    pub elements: Vec<Span>,
    part: Part,
    /// The elements and all between them.
    gap: Span,
    /// Where the key of the list is.
    key: usize,
    style: Style,
}

impl List {
    /// The list of a document, if it is written as `kubectl` writes it: as JSON, or as block YAML of which
    /// neither key nor dash is indented.
    pub fn find(source: &Source, part: &Part) -> Option<Self> {
        let start = part.content_span().start;
        let text = source.text.get(part.content_span().range())?;
        let found = if text.trim_start().starts_with('{') {
            json(text)
        } else {
            block(text)
        }
        .filter(|found| !found.elements.is_empty())?;
        let moved = |span: Span| Span::new(start + span.start..start + span.end);
        Some(Self {
            elements: found.elements.into_iter().map(moved).collect(),
            part: *part,
            gap: moved(found.gap),
            key: start + found.key,
            style: found.style,
        })
    }

    /// The tree of an element; `None` if it has none on its own, or there is anything to report.
    pub fn element(&self, source: &Arc<Source>, element: Span, reading: Reading) -> Option<Node> {
        let region = Region {
            column: match self.style {
                Style::Block => column(&source.text, element.start),
                _ => 0,
            },
            is_whole: false,
            levels: LEVELS,
            ..Region::of(element)
        };
        only(source, region, reading)
    }

    /// The tree of the document with an empty list; `None` as for an element, or if the list is not one.
    pub fn rest(&self, source: &Arc<Source>, reading: Reading) -> Option<Node> {
        let region = Region {
            gap: self.gap,
            ..Region::of(self.part.content_span())
        };
        let mut root = only(source, region, reading)?;
        let style = root.style;
        let Data::Mapping(entries) = &mut root.data else {
            return None;
        };
        let list = entries.iter_mut().find(|entry| entry.key == ITEMS)?;
        if style != self.style || list.key_span.start != self.key {
            return None;
        }
        list.value.data = Data::Sequence(Vec::new());
        Some(root)
    }
}

/// The one document of a region without anything to report.
fn only(source: &Arc<Source>, region: Region, reading: Reading) -> Option<Node> {
    let mut report = Report::default();
    let mut all = load::load(source, region, reading, None, &mut report).into_iter();
    let node = all.next().filter(|_| report.sorted().is_empty())?;
    all.next().is_none().then_some(node)
}

/// What was found in a text.
struct Found {
    elements: Vec<Span>,
    gap: Span,
    key: usize,
    style: Style,
}

/// Each line that begins with a dash begins an element, up to the next key of the root.
fn block(text: &str) -> Option<Found> {
    let key = match text.find("\nitems:") {
        _ if text.starts_with("items:") => 0,
        found => found? + 1,
    };
    let after = text.get(key..)?;
    let first = key + after.find('\n')? + 1;
    if text.get(key..first)?.trim_end() != "items:" {
        return None;
    }
    let bytes = text.as_bytes();
    let mut starts = Vec::new();
    let mut at = first;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'-' if bytes.get(at + 1) == Some(&b' ') => starts.push(at),
            b' ' | b'\n' => {}
            _ => break,
        }
        let rest = text.get(at..)?;
        at = rest.find('\n').map_or(text.len(), |end| at + end + 1);
    }
    let ends = starts.iter().skip(1).copied().chain([at]);
    let element = |(start, end): (&usize, usize)| {
        let inner = text.get(start + 1..end)?;
        let blanks = inner.len() - inner.trim_start_matches(' ').len();
        Some(Span::new(start + 1 + blanks..end))
    };
    let elements: Option<Vec<Span>> = starts.iter().zip(ends).map(element).collect();
    Some(Found {
        elements: elements?,
        gap: Span::new(*starts.first()?..at),
        key,
        style: Style::Block,
    })
}

/// Brackets and commas outside of strings, in a text without anything that JSON does not have there.
fn json(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    let (mut depth, mut at, mut last) = (0_usize, 0, b'{');
    let mut key = None;
    // Where the list begins, and the element in it.
    let (mut list, mut element) = (None, None);
    let mut elements = Vec::new();
    while let Some(byte) = bytes.get(at) {
        let is_in_list = list.is_some() && depth == LEVELS;
        // An element is a mapping, or nothing is known about it.
        if is_in_list && element.is_none() && !b" \n\t\r{],".contains(byte) {
            return None;
        }
        match byte {
            b' ' | b'\n' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'"' if matches!(last, b'{' | b'[' | b',' | b':') => {
                let end = string(bytes, at)?;
                if depth == 1 && text.get(at..end) == Some("\"items\"") && list.is_none() {
                    key = Some(at);
                } else if depth == 1 && last != b':' {
                    key = None;
                }
                at = end - 1;
            }
            b'{' | b'[' => {
                if depth == 1 && *byte == b'[' && list.is_none() && key.is_some() && last == b':' {
                    list = Some(at + 1);
                } else if is_in_list && element.is_none() {
                    element = Some(at);
                }
                depth += 1;
            }
            b'}' | b']' => {
                if is_in_list {
                    elements.extend(element.take().map(|start| Span::new(start..at)));
                    let gap = Span::new(list?..at);
                    // The parser decides about what follows.
                    return Some(Found {
                        elements,
                        gap,
                        key: key?,
                        style: Style::Flow,
                    });
                }
                depth = depth.checked_sub(1)?;
            }
            b',' if is_in_list => elements.push(Span::new(element.take()?..at)),
            b',' | b':' | b'+' | b'-' | b'.' => {}
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {}
            _ => return None,
        }
        last = *byte;
        at += 1;
    }
    None
}

/// One past the end of a string that begins at `at`.
fn string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diag::Report;
    use crate::document::list::List;
    use crate::document::{Node, Reading, parts, stream_items};
    use crate::span::Source;

    /// The elements and the rest, one by one; `None` if the text must be read as a whole.
    fn apart(text: &str) -> Option<(Vec<Node>, Node)> {
        let source = Arc::new(Source::new("test", text));
        let part = parts(&source).pop()?;
        let list = List::find(&source, &part)?;
        let read = |one: &_| list.element(&source, *one, Reading::AsKubectl);
        let all: Option<Vec<Node>> = list.elements.iter().map(read).collect();
        Some((all?, list.rest(&source, Reading::AsKubectl)?))
    }

    /// The same by the parser.
    fn whole(text: &str) -> (Vec<Node>, Node) {
        let source = Arc::new(Source::new("test", text));
        let part = parts(&source).pop().expect("there is one");
        let mut all = Vec::new();
        let mut take = |_: usize, item: Node| {
            all.push(item);
            None
        };
        let mut report = Report::default();
        let root = stream_items(&source, &part, Reading::AsKubectl, &mut take, &mut report);
        (all, root.expect("it is YAML"))
    }

    #[test]
    fn elements_read_as_the_parser_reads_them() {
        for text in [
            "{\"kind\": \"List\", \"items\": [{\"a\": \"}, {\\\"\"}, {\"b\": [1, {}]}\n], \"x\": [{}]}\n",
            "{\n  \"items\": [\n    {\n      \"a\": null\n    }\n  ],\n  \"kind\": \"List\"\n}\n",
            "apiVersion: v1\nitems:\n- a: 1\n  b: |\n    - x\n\n-   c: {d: e} # f\n- g:\n  - h\nkind: List\nmetadata: {}\n",
            "---\r\nitems:\r\n- a: 1\r\n- b: é\r\n",
            "items:\n- a: 1\n- b: 2",
            "items:\n- a: 1\n...\n",
        ] {
            let (items, root) = apart(text).unwrap_or_else(|| panic!("{text}"));
            let (want, want_root) = whole(text);
            assert_eq!(format!("{items:?}"), format!("{want:?}"), "{text}");
            let keys = |root: &Node| -> Vec<_> {
                let entries = root.entries().iter();
                entries.map(|one| (one.key.clone(), one.key_span)).collect()
            };
            assert_eq!(keys(&root), keys(&want_root), "{text}");
            for (entry, want) in root.entries().iter().zip(want_root.entries()) {
                let is_same =
                    entry.value.is_same(&want.value) && entry.value.span == want.value.span;
                assert!(entry.key == "items" || is_same, "{text}");
            }
        }
    }

    #[test]
    fn other_texts_are_read_as_a_whole() {
        for text in [
            "",
            "a: 1\n",
            "items: [{a: 1}]\n",
            "items:\n  - a: 1\n",
            "items:\n- &a {b: 1}\n- *a\n",
            "items:\n- a: \"x\n- y\"\n",
            "items:\n- a: 1\n  a: 2\n",
            "items:\n- a: 1\nitems:\n- b: 1\n",
            "a: \"\nitems:\n- b: 1\n\"\n",
            "items:\n- a: 1\n b: 2\n",
            "{\"items\": [{\"a\": 1, \"a\": 2}]}",
            "{\"items\": [{'a': 1}]}",
            "{\"items\": [1]}",
            "{\"items\": [a  {\"a\": 1}]}",
            "{\"items\": [{\"a\": 1} a]}",
            "{\"items\": [{\"a\": 1}], \"items\": [{}]}",
            "{\"x\": {\"items\": [{\"a\": 1}]}}",
            "{\"items\": {\"b\": [{\"a\": 1}]}}",
            "{\"items\": [{\"a\": 1}",
        ] {
            assert!(apart(text).is_none(), "{text}");
        }
        let deep = format!("items:\n- {}\n", "- ".repeat(99));
        assert!(apart(&deep).is_none());
    }
}

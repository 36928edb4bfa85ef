//! The documents of a stream, and the elements of a long list, one at a time: a tree takes many times the
//! memory of its text.

use std::sync::Arc;

use crate::diag::Report;
use crate::document::chunk::{Chunk, chunks};
use crate::document::load::{self, Region};
use crate::document::{Node, Origin, Reading, Style};
use crate::span::{Source, Span};

/// A document of a stream that is not read yet.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its place in the stream, from 0; empty documents count.
    pub index: usize,
    /// From its marker to the next document.
    pub span: Span,
    content: usize,
}

/// An element of a list that was read before: it can be read again alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Where it is.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    /// Whether it is written there and nowhere else.
    pub origin: Origin,
}

/// The documents of a text, in order.
pub fn parts(source: &Source) -> Vec<Part> {
    let all = chunks(&source.text).into_iter().enumerate();
    let part = |(index, Chunk { span, content }): (usize, Chunk)| Part {
        index,
        span,
        content,
    };
    all.map(part).collect()
}

/// Reads one document; `None` if it is empty, or if there is an error in it, which `report` then has.
pub fn part(
    source: &Arc<Source>,
    part: &Part,
    reading: Reading,
    report: &mut Report,
) -> Option<Node> {
    let all = load::load(source, part.region(), reading, None, report);
    all.into_iter().next()
}

/// As [`part`], but hands the elements of the list `items` at the root on, one by one, each with its index.
/// What `take` gives back stays in the tree; a `null` with the place of the element stays for the rest.
pub fn harvest(
    source: &Arc<Source>,
    part: &Part,
    reading: Reading,
    take: &mut dyn FnMut(usize, Node) -> Option<Node>,
    report: &mut Report,
) -> Option<Node> {
    let all = load::load(source, part.region(), reading, Some(take), report);
    all.into_iter().next()
}

/// Reads an element of a list again. `None` if it cannot be read without what is around it: an alias in it
/// may be that of an anchor before it.
pub(super) fn element(source: &Arc<Source>, element: &Element, reading: Reading) -> Option<Node> {
    let column = match element.style {
        Style::Block => column(&source.text, element.span.start),
        _ => 0,
    };
    let region = Region {
        span: element.span,
        column,
        is_whole: false,
    };
    let mut report = Report::default();
    let mut all = load::load(source, region, reading, None, &mut report).into_iter();
    let mut root = all.next().filter(|_| !report.has_errors())?;
    root.origin = element.origin;
    Some(root)
}

impl Part {
    /// Without a marker that stands alone on its line, and a byte order mark.
    pub(super) fn content_span(&self) -> Span {
        Span::new(self.content..self.span.end)
    }

    /// Whether it begins without a marker of its own.
    pub(super) fn starts_bare(&self, text: &str) -> bool {
        let text = text.get(self.span.range()).unwrap_or_default();
        let text = text.trim_start_matches('\u{feff}');
        !text.starts_with("---") && !text.starts_with('%')
    }

    fn region(&self) -> Region {
        Region {
            span: self.content_span(),
            column: 0,
            is_whole: true,
        }
    }
}

impl Element {
    /// Of a node in a tree.
    pub fn of(node: &Node) -> Self {
        Self {
            span: node.span,
            style: node.style,
            origin: node.origin,
        }
    }
}

/// The column of `offset`, in characters from 0.
pub(super) fn column(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = before.get(line..).unwrap_or_default();
    line.trim_start_matches('\u{feff}').chars().count()
}

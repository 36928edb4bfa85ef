//! Reads the documents of a stream and the elements of a long list one at a time: a tree needs far more
//! memory than its text.

use std::sync::Arc;

use crate::diag::Report;
use crate::document::chunk::{Chunk, chunks};
use crate::document::load::{self, Region};
use crate::document::{Node, Origin, Reading, Style};
use crate::span::{Source, Span};

/// A document of a stream that was not read yet.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its index in the stream, from 0; empty documents count.
    pub index: usize,
    /// Its span, from its marker to the next document.
    pub span: Span,
    content: usize,
}

/// An element of a list that was read before and can be read again on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Its span.
    pub span: Span,
    /// Its style.
    pub style: Style,
    /// Where it comes from.
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

/// Reads one document; `None` if it is empty or contains an error, which is added to `report`.
pub fn part(
    source: &Arc<Source>,
    part: &Part,
    reading: Reading,
    report: &mut Report,
) -> Option<Node> {
    let all = load::load(source, part.region(), reading, None, report);
    all.into_iter().next()
}

/// As [`part`], but passes each element of `items` at the root with its index to `take`. A returned node is
/// kept in the tree; `None` leaves a `null` with the span of the element.
pub fn stream_items(
    source: &Arc<Source>,
    part: &Part,
    reading: Reading,
    take: &mut dyn FnMut(usize, Node) -> Option<Node>,
    report: &mut Report,
) -> Option<Node> {
    let all = load::load(source, part.region(), reading, Some(take), report);
    all.into_iter().next()
}

/// Reads an element of a list again. `None` if it cannot be read on its own: it may use an anchor that is
/// defined before it.
pub(super) fn element(source: &Arc<Source>, element: &Element, reading: Reading) -> Option<Node> {
    let column = match element.style {
        Style::Block => column(&source.text, element.span.start),
        _ => 0,
    };
    let region = Region {
        column,
        is_whole: false,
        ..Region::of(element.span)
    };
    let mut report = Report::default();
    let mut all = load::load(source, region, reading, None, &mut report).into_iter();
    let mut root = all.next().filter(|_| !report.has_errors())?;
    root.origin = element.origin;
    Some(root)
}

impl Part {
    /// Its span without a byte order mark and a marker that is alone on its line.
    pub(super) fn content_span(&self) -> Span {
        Span::new(self.content..self.span.end)
    }

    /// Whether it begins without a marker.
    pub(super) fn starts_bare(&self, text: &str) -> bool {
        let text = text.get(self.span.range()).unwrap_or_default();
        let text = text.trim_start_matches('\u{feff}');
        !text.starts_with("---") && !text.starts_with('%')
    }

    fn region(&self) -> Region {
        Region::of(self.content_span())
    }
}

impl Element {
    /// The element that a node represents.
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

//! Changes of documents and elements of a stream: by edits that were tried, else by writing anew.

use std::sync::Arc;

use crate::diag::Report;
use crate::document::edit::{Change, Edit, apply, edits};
use crate::document::load::{self, Region};
use crate::document::stream::{Element, Part, column, element, part};
use crate::document::{Node, Reading, Style, write};
use crate::span::{Source, Span};

/// The edits of a document; `None` if it cannot be read, or if it must be written anew.
pub fn part_edits(
    source: &Arc<Source>,
    of: &Part,
    reading: Reading,
    changes: &[Change],
) -> Option<Vec<Edit>> {
    let root = part(source, of, reading, &mut Report::default())?;
    let scope = of.content_span();
    tried(source, scope, 0, root, reading, changes)
}

/// The edits of an element of a list; `None` if it cannot be read or changed alone.
pub fn element_edits(
    source: &Arc<Source>,
    of: &Element,
    reading: Reading,
    changes: &[Change],
) -> Option<Vec<Edit>> {
    let root = element(source, of, reading)?;
    let column = match of.style {
        Style::Block => column(&source.text, of.span.start),
        _ => 0,
    };
    tried(source, of.span, column, root, reading, changes)
}

/// A document with its changes, written anew: the values stay, comments and styles do not.
pub fn part_anew(
    source: &Arc<Source>,
    of: &Part,
    reading: Reading,
    changes: &[Change],
) -> Option<Edit> {
    let mut root = part(source, of, reading, &mut Report::default())?;
    for change in changes {
        change.apply(&mut root);
    }
    let span = of.content_span();
    let mut text = write::block(&root, &source.text);
    let old = source.text.get(span.range()).unwrap_or_default();
    if old.contains("\r\n") {
        text = text.replace('\n', "\r\n");
    }
    Some(Edit { span, text })
}

/// Edits, if the edited text means what the changed tree does.
fn tried(
    source: &Arc<Source>,
    scope: Span,
    column: usize,
    mut root: Node,
    reading: Reading,
    changes: &[Change],
) -> Option<Vec<Edit>> {
    let edits = edits(&source.text, &root, changes)?;
    let last = edits.last().map_or(scope.end, |edit| edit.span.end);
    let scope = Span::new(scope.start..scope.end.max(last));
    let mut text = apply(&source.text, scope, &edits);
    // A text that goes on after the piece has a line end there.
    if scope.end < source.text.len() && !text.ends_with('\n') {
        text.push('\n');
    }
    let edited = Arc::new(Source::new("", format!("{}{text}", " ".repeat(column))).hiding_all());
    let region = Region {
        span: Span::new(0..edited.text.len()),
        column: 0,
    };
    let mut report = Report::default();
    let read = load::load(&edited, region, reading, None, &mut report);
    for change in changes {
        change.apply(&mut root);
    }
    let same = matches!(read.as_slice(), [one] if one.is_same(&root));
    same.then_some(edits)
}

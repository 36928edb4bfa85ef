//! Changes of documents and elements of a stream: by edits that were tried, else by writing anew.

use std::sync::Arc;

use crate::diag::Report;
use crate::document::edit::{Change, Edit, apply, edits};
use crate::document::load::{self, Region};
use crate::document::stream::{Element, Part, column, element, part, parts};
use crate::document::{Node, Reading, Style, line, quote, write};
use crate::span::{Source, Span};

/// The edits of a document; `None` if it cannot be read, or if it must be written anew.
pub fn part_edits(
    source: &Arc<Source>,
    of: &Part,
    reading: Reading,
    changes: &[Change],
) -> Option<Vec<Edit>> {
    let mut root = part(source, of, reading, &mut Report::default())?;
    let edits = edits(&source.text, &root, changes)?;
    for change in changes {
        change.apply(&mut root);
    }
    holds(source, of, &edits, reading, &root).then_some(edits)
}

/// The edits of an element of a list; `None` if it cannot be read or changed alone.
pub fn element_edits(
    source: &Arc<Source>,
    of: &Element,
    reading: Reading,
    changes: &[Change],
) -> Option<Vec<Edit>> {
    let mut root = element(source, of, reading)?;
    let column = match of.style {
        Style::Block => column(&source.text, of.span.start),
        _ => 0,
    };
    let edits = edits(&source.text, &root, changes)?;
    let last = edits.last().map_or(of.span.end, |edit| edit.span.end);
    let scope = Span::new(of.span.start..of.span.end.max(last));
    let mut text = apply(&source.text, scope, &edits);
    // A text that goes on after the piece has a line end there.
    if scope.end < source.text.len() && !text.ends_with(line::ENDS) {
        text.push('\n');
    }
    let edited = Arc::new(Source::new("", format!("{}{text}", " ".repeat(column))).hiding_all());
    let region = Region {
        span: Span::new(0..edited.text.len()),
        column: 0,
        is_whole: false,
    };
    let read = load::load(&edited, region, reading, None, &mut Report::default());
    for change in changes {
        change.apply(&mut root);
    }
    let same = matches!(read.as_slice(), [one] if one.is_same(&root));
    same.then_some(edits)
}

/// A document with its changes, written anew: the values stay, comments and styles inside of it do not.
/// What is around it stays: markers, directives, comments. `None`: it cannot be changed at all.
pub fn part_anew(
    source: &Arc<Source>,
    of: &Part,
    reading: Reading,
    changes: &[Change],
) -> Option<Edit> {
    let root = part(source, of, reading, &mut Report::default())?;
    let mut changed = root.clone();
    for change in changes {
        change.apply(&mut changed);
    }
    let ways = [
        in_its_place(source, &root, &changed),
        in_place_of_all(source, of, &changed),
    ];
    let mut fitting = ways.into_iter().map(|edit| [edit]);
    let [edit] = fitting.find(|edit| holds(source, of, edit, reading, &changed))?;
    Some(edit)
}

/// In place of the root alone: on its line for a flow collection, on whole lines for a block.
fn in_its_place(source: &Source, root: &Node, changed: &Node) -> Edit {
    let text = &source.text;
    let Span { start, end } = root.span;
    if root.style == Style::Flow {
        let is_json = text
            .get(start..end)
            .is_some_and(|text| text.starts_with("{\""));
        let value = changed.value();
        return Edit {
            span: root.span,
            text: if is_json {
                quote::json(&value)
            } else {
                quote::inline(&value)
            },
        };
    }
    let is_line_end = |text: &str| text.ends_with(line::ENDS);
    let end = if text.get(..end).is_some_and(is_line_end) {
        end
    } else {
        let rest = text.get(end..).unwrap_or_default();
        end + rest.find(line::ENDS).unwrap_or(rest.len())
    };
    let mut lines = write::block(changed, text);
    if !text.get(..end).is_some_and(is_line_end) {
        lines.truncate(lines.trim_end_matches('\n').len());
    }
    let newline = line::end_at(text, start);
    let lines = lines.replace(
        '\n',
        &format!("{newline}{}", " ".repeat(column(text, start))),
    );
    Edit {
        span: Span::new(start..end),
        text: lines,
    }
}

/// In place of all that a document holds, between its marker and its end.
fn in_place_of_all(source: &Source, of: &Part, changed: &Node) -> Edit {
    let span = of.content_span();
    let old = source.text.get(span.range()).unwrap_or_default();
    let mut text = String::new();
    // A marker with something after it on its line, or after directives, goes with that.
    if span.start == of.span.start && !of.starts_bare(&source.text) {
        text.push_str("---\n");
    }
    text.push_str(&write::block(changed, &source.text));
    if line::lines(old)
        .last()
        .is_some_and(|line| line.starts_with("..."))
    {
        text.push_str("...\n");
    }
    if !old.ends_with(line::ENDS) {
        text.truncate(text.trim_end_matches('\n').len());
    }
    let text = text.replace('\n', line::end_at(&source.text, span.start));
    Edit { span, text }
}

/// Whether a document with its edits is one document, means what `want` does, and ends as it did.
fn holds(source: &Source, of: &Part, edits: &[Edit], reading: Reading, want: &Node) -> bool {
    let old = source.text.get(of.span.range()).unwrap_or_default();
    let text = apply(&source.text, of.span, edits);
    if text.ends_with(line::ENDS) != old.ends_with(line::ENDS) {
        return false;
    }
    let edited = Arc::new(Source::new("", text).hiding_all());
    let mut report = Report::default();
    let all = parts(&edited);
    let read = all
        .iter()
        .filter_map(|one| part(&edited, one, reading, &mut report));
    let read: Vec<Node> = read.collect();
    let is_one = matches!(read.as_slice(), [one] if one.is_same(want));
    is_one && all.len() == 1 && !report.has_errors()
}

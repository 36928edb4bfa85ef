//! Changes documents and elements of a stream: by verified edits, or by rewriting a document.

use std::sync::Arc;

use crate::diag::Report;
use crate::document::edit::{Change, Edit, apply, edits};
use crate::document::load::{self, Region};
use crate::document::stream::{Element, Part, column, element, part, parts};
use crate::document::{Node, Reading, Style, line, quote, write};
use crate::span::{Source, Span};

/// The edits of a document; `None` if it cannot be read or must be rewritten.
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
    is_equivalent(source, of, &edits, reading, &root).then_some(edits)
}

/// The edits of an element of a list; `None` if it cannot be read or changed on its own.
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
    // If text follows the element, the element ends with a line end.
    if scope.end < source.text.len() && !text.ends_with(line::ENDS) {
        text.push('\n');
    }
    let edited = Arc::new(Source::new("", format!("{}{text}", " ".repeat(column))).hiding_all());
    let region = Region {
        is_whole: false,
        ..Region::of(Span::new(0..edited.text.len()))
    };
    let read = load::load(&edited, region, reading, None, &mut Report::default());
    for change in changes {
        change.apply(&mut root);
    }
    let same = matches!(read.as_slice(), [one] if one.is_same(&root));
    same.then_some(edits)
}

/// Rewrites a document with its changes: values are kept, comments and styles in it are not. Markers,
/// directives and comments around it are kept. `None` if the result does not read back correctly.
pub fn part_rewritten(
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
    let variants = [
        replace_root(source, &root, &changed),
        replace_content(source, of, &changed),
    ];
    let mut variants = variants.into_iter().map(|edit| [edit]);
    let [edit] = variants.find(|edit| is_equivalent(source, of, edit, reading, &changed))?;
    Some(edit)
}

/// Replaces only the root: in its line for a flow collection, as whole lines for a block.
fn replace_root(source: &Source, root: &Node, changed: &Node) -> Edit {
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

/// Replaces the whole content of a document, between its marker and its end.
fn replace_content(source: &Source, of: &Part, changed: &Node) -> Edit {
    let span = of.content_span();
    let old = source.text.get(span.range()).unwrap_or_default();
    let mut text = String::new();
    // A marker with content on its line, or after directives, is replaced as well.
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

/// Whether an edited document is still one document, has the values of `want`, and keeps its line end.
fn is_equivalent(
    source: &Source,
    of: &Part,
    edits: &[Edit],
    reading: Reading,
    want: &Node,
) -> bool {
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

//! Where scalars and lists begin and end in a text, where the reader tells it otherwise.

use granit_parser::ScalarStyle;

use crate::document::line::lines;
use crate::span::Span;

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

/// The value of a scalar. A block scalar at the end of a text without a line end has none either; the
/// reader adds one.
pub(super) fn unended<'t>(whole: &str, value: &'t str, style: ScalarStyle, span: Span) -> &'t str {
    if is_block(style) && span.end == whole.len() && !whole.ends_with(['\n', '\r']) {
        value.strip_suffix('\n').unwrap_or(value)
    } else {
        value
    }
}

/// The end of a scalar, without the blank lines that a block scalar does not keep.
pub(super) fn end_of(whole: &str, span: Span, style: ScalarStyle, value: &str) -> usize {
    let keeps = value.ends_with("\n\n") || value == "\n";
    if !is_block(style) || keeps {
        return span.end;
    }
    let raw = whole.get(span.range()).unwrap_or_default();
    span.start + raw.trim_end_matches([' ', '\t', '\r', '\n']).len()
}

/// The place of a list below `key`: the reader begins one whose dashes stand below the key at its first
/// element.
pub(super) fn dash(whole: &str, key: Option<Span>, span: Span) -> Span {
    let Some(key) = key else { return span };
    let mut at = key.end;
    let between = whole.get(key.end..span.start).unwrap_or_default();
    for line in lines(between) {
        let bare = line.trim_start_matches(' ');
        if bare.starts_with('-') && at > key.end {
            let start = at + line.len() - bare.len();
            return Span::new(start..span.end.max(start));
        }
        at += line.len();
    }
    span
}

//! Corrects the spans of scalars and lists where the parser reports different ones.

use granit_parser::ScalarStyle;

use crate::document::line::lines;
use crate::span::Span;

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

/// The value of a scalar. The parser adds a line end to a block scalar that ends a text without one; this
/// removes it.
pub(super) fn without_added_newline<'t>(
    whole: &str,
    value: &'t str,
    style: ScalarStyle,
    span: Span,
) -> &'t str {
    if is_block(style) && span.end == whole.len() && !whole.ends_with(['\n', '\r']) {
        value.strip_suffix('\n').unwrap_or(value)
    } else {
        value
    }
}

/// The end of a scalar, without the trailing blank lines that a block scalar strips.
pub(super) fn end_of(whole: &str, span: Span, style: ScalarStyle, value: &str) -> usize {
    let keeps = value.ends_with("\n\n") || value == "\n";
    if !is_block(style) || keeps {
        return span.end;
    }
    let raw = whole.get(span.range()).unwrap_or_default();
    span.start + raw.trim_end_matches([' ', '\t', '\r', '\n']).len()
}

/// The span of a list below `key`: if its dashes are at the column of the key, the parser begins it at its
/// first element.
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

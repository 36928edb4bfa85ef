//! Finds the scalars and comments of a YAML text, for code that inserts values into a text.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use crate::span::Span;

/// The style of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A plain scalar.
    Plain,
    /// A scalar in single or double quotes.
    Quoted,
    /// A `|` or `>` block.
    Block,
    /// A `#` comment.
    Comment,
}

/// The collection that contains a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// `key: value` lines.
    BlockMapping,
    /// `- item` lines, or the document root.
    BlockSequence,
    /// `{…}` or `[…]`.
    Flow,
}

/// A scalar or a comment.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its span, including quotes and `#`.
    pub span: Span,
    /// Its style.
    pub style: Style,
    /// The collection that contains it.
    pub within: Within,
    /// The text with escapes and folding resolved.
    pub text: String,
}

/// All scalars and comments, in text order.
///
/// # Errors
/// The byte offset and the message of the parser, if the text is not valid YAML.
pub fn tokens(text: &str) -> Result<Vec<Token>, (usize, String)> {
    let mut all = Vec::new();
    let mut within = vec![Within::BlockSequence];
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            (
                error.marker().byte_offset().unwrap_or(text.len()),
                error.info(),
            )
        })?;
        let (style, cooked) = match event {
            Event::SequenceStart(style, ..) => {
                within.push(collection(style, Within::BlockSequence));
                continue;
            }
            Event::MappingStart(style, ..) => {
                within.push(collection(style, Within::BlockMapping));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                within.pop();
                continue;
            }
            Event::Comment(text, _) => (Style::Comment, text.into_owned()),
            Event::Scalar(text, style, ..) => (scalar(style), text.into_owned()),
            _ => continue,
        };
        all.push(Token {
            span: Span::new(span.byte_range().unwrap_or_default()),
            style,
            within: within.last().copied().unwrap_or(Within::Flow),
            text: cooked,
        });
    }
    all.sort_by_key(|token| token.span);
    Ok(all)
}

fn collection(style: StructureStyle, block: Within) -> Within {
    match style {
        StructureStyle::Block => block,
        StructureStyle::Flow => Within::Flow,
    }
}

fn scalar(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

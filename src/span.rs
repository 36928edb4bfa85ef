//! Byte ranges in a text, and the line and column a person sees. No IO here.

use std::ops::Range;
use std::sync::Arc;

/// A byte range; both ends lie on character boundaries of the text it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span of `range`.
    pub fn new(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            end: range.end,
        }
    }

    /// The range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// One text with the name users know it by.
#[derive(PartialEq, Eq)]
pub struct Source {
    /// How messages name it: a path as given, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Values that no excerpt may show.
    pub hidden: Vec<Span>,
}

/// The text is left out: it may hold what somebody pasted in by mistake.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A span in a source.
#[derive(Debug, Clone)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
}

/// Line and column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Where byte `offset` of `text` stands; offsets past the end count as the end.
pub fn line_column(text: &str, offset: usize) -> LineColumn {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    LineColumn {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before[start..].chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use crate::span::{LineColumn, line_column};

    #[test]
    fn columns_count_characters_not_bytes() {
        let at = "a: é\nb: é!".find('!').expect("it is there");
        assert_eq!(
            line_column("a: é\nb: é!", at),
            LineColumn { line: 2, column: 5 }
        );
    }

    #[test]
    fn an_offset_inside_a_character_is_rounded_down() {
        assert_eq!(line_column("é", 1), LineColumn { line: 1, column: 1 });
    }
}

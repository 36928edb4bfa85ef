//! Byte ranges in a text, and the line and column that a user sees. No IO here.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A byte range; both ends are on character boundaries of the text it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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
pub struct Source {
    /// How messages name it: a path as given, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Values that no excerpt may show.
    pub hidden: Vec<Span>,
    /// Where each line starts; determined on first use.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A text that messages may show.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            hidden: Vec::new(),
            lines: OnceLock::new(),
        }
    }

    /// The same text, of which no excerpt shows these parts, beside those that are hidden already.
    #[must_use]
    pub fn hiding(mut self, spans: impl IntoIterator<Item = Span>) -> Self {
        self.hidden.extend(spans);
        self
    }

    /// The same text, of which no excerpt shows anything.
    #[must_use]
    pub fn hiding_all(self) -> Self {
        let whole = Span::new(0..self.text.len());
        self.hiding([whole])
    }

    /// Line and column of byte `offset`; offsets past the end count as the end. After the first call a
    /// look-up takes as long as a line, not as long as the text.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let offset = floor(&self.text, offset);
        let line = self.line_at(offset);
        let start = self.lines().get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        LineColumn {
            line: line + 1,
            column: before.chars().count() + 1,
        }
    }

    /// The line that byte `offset` is in, without its end.
    pub fn line(&self, offset: usize) -> Span {
        let line = self.line_at(floor(&self.text, offset));
        let start = self.lines().get(line).copied().unwrap_or_default();
        let next = self.lines().get(line + 1).copied();
        let text = self.text.get(start..next.unwrap_or(self.text.len()));
        let length = text.map_or(0, |text| text.trim_end_matches(['\n', '\r']).len());
        Span::new(start..start + length)
    }

    /// The number of a line, from 0.
    fn line_at(&self, offset: usize) -> usize {
        let after = self.lines().partition_point(|start| *start <= offset);
        after.saturating_sub(1)
    }

    /// Where each line starts. A carriage return alone ends a line as well: so it does in YAML.
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            });
            let after = ends.map(|(at, _)| at + 1);
            std::iter::once(0).chain(after).collect()
        })
    }
}

/// The lines are determined again.
impl Clone for Source {
    fn clone(&self) -> Self {
        let mut clone = Self::new(self.name.clone(), self.text.clone());
        clone.hidden.clone_from(&self.hidden);
        clone
    }
}

/// The text is left out: it may contain what was pasted in by mistake.
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

/// The boundary of a character at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    let fits = (0..4).filter_map(|back| offset.checked_sub(back));
    fits.into_iter()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::span::{LineColumn, Source, Span};

    fn at(text: &str, offset: usize) -> (usize, usize) {
        let LineColumn { line, column } = Source::new("", text).line_column(offset);
        (line, column)
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "a: é\nb: é!";
        assert_eq!(at(text, text.len() - 1), (2, 5));
    }

    #[test]
    fn an_offset_inside_a_character_is_rounded_down() {
        assert_eq!(at("é", 1), (1, 1));
        assert_eq!(at("a\u{1f980}", 4), (1, 2));
    }

    #[test]
    fn every_line_end_of_yaml_ends_a_line() {
        let text = "a\rb\r\nc\nd";
        let places: Vec<(usize, usize)> = (0..=text.len()).map(|offset| at(text, offset)).collect();
        let want = [
            (1, 1),
            (1, 2),
            (2, 1),
            (2, 2),
            (2, 3),
            (3, 1),
            (3, 2),
            (4, 1),
            (4, 2),
        ];
        assert_eq!(places, want);
        let source = Source::new("", text);
        let lines = [0, 3, 5, 7].map(|offset| source.line(offset));
        let want = [0..1, 2..3, 5..6, 7..8].map(Span::new);
        assert_eq!(lines, want);
    }
}

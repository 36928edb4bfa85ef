//! The lines around a syntax error.

use crate::document::line::{ENDS, lines};
use crate::span::Span;

/// A line of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its first byte in the whole text.
    pub(super) start: usize,
    /// Without its end.
    pub(super) text: &'a str,
}

impl<'a> Line<'a> {
    /// The text without what is around it, blanks and tabs.
    pub(super) fn trimmed(&self) -> &'a str {
        self.text.trim_matches([' ', '\t'])
    }

    /// Whether it is blank or a comment.
    pub(super) fn is_empty(&self) -> bool {
        self.trimmed().is_empty() || self.trimmed().starts_with('#')
    }

    /// How many spaces it begins with.
    pub(super) fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// The text without a comment at its end, as far as that can be told without reading quotes.
    pub(super) fn code(&self) -> &'a str {
        match self.text.split_once(" #") {
            Some((code, _)) => code,
            None => self.text,
        }
    }

    /// The span of a part of it, by its bytes in the line.
    pub(super) fn span(&self, start: usize, length: usize) -> Span {
        let start = self.start + start;
        Span::new(start..start + length)
    }

    /// The span of its trimmed text.
    pub(super) fn whole(&self) -> Span {
        let lead = self.text.len() - self.text.trim_start_matches([' ', '\t']).len();
        self.span(lead, self.trimmed().len())
    }
}

/// A document, and the line that the parser stopped at.
pub(super) struct Context<'a> {
    lines: Vec<Line<'a>>,
    /// The number of the line with the error.
    at: usize,
    /// The byte that the parser stopped at.
    offset: usize,
}

impl<'a> Context<'a> {
    /// The lines of the document at `region`, with an error at `offset`.
    pub(super) fn new(text: &'a str, region: Span, offset: usize) -> Self {
        let mut start = region.start;
        let document = text.get(region.range()).unwrap_or_default();
        let mut all: Vec<Line<'a>> = Vec::new();
        for line in lines(document) {
            let text = line.trim_end_matches(ENDS).trim_start_matches('\u{feff}');
            let lead = line.trim_end_matches(ENDS).len() - text.len();
            all.push(Line {
                start: start + lead,
                text,
            });
            start += line.len();
        }
        let after = all.partition_point(|line| line.start <= offset);
        Self {
            lines: all,
            at: after.saturating_sub(1),
            offset,
        }
    }

    /// All lines of the document.
    pub(super) fn all(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// The line with the error: where the parser stopped at a blank one, the last one before it with
    /// something in it.
    pub(super) fn line(&self) -> Option<Line<'a>> {
        let here = self.lines.get(..=self.at)?;
        here.iter().rev().find(|line| !line.is_empty()).copied()
    }

    /// The byte of that line that the parser stopped at.
    pub(super) fn column(&self) -> Option<usize> {
        let column = self.offset.checked_sub(self.line()?.start)?;
        Some(column)
    }

    /// The lines before that one that are neither blank nor comments, the nearest first.
    pub(super) fn before(&self) -> impl Iterator<Item = Line<'a>> + use<'_, 'a> {
        let here = self.lines.get(..=self.at).unwrap_or_default();
        let filled = here.iter().rev().filter(|line| !line.is_empty());
        filled.copied().skip(1)
    }

    /// The line after it that is neither blank nor a comment.
    pub(super) fn after(&self) -> Option<Line<'a>> {
        let rest = self.lines.get(self.at + 1..)?;
        rest.iter().find(|line| !line.is_empty()).copied()
    }
}

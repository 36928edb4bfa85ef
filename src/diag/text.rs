//! Messages as people read them: rustc's look, by annotate-snippets. Pure: returns the text.

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};

use crate::clean;
use crate::diag::hide::starred;
use crate::diag::{Diagnostic, Report, Severity};
use crate::span::{Place, Span, line_column};

/// Whether to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// ANSI escapes.
    On,
    /// Plain text.
    Off,
}

/// The longest excerpt of one line; longer ones are cut round the caret.
const EXCERPT: usize = 160;

/// The whole report, one message after the other, ending in a newline unless it is empty.
pub fn render(report: &Report, colour: Colour) -> String {
    let mut out = String::new();
    for diagnostic in report.sorted() {
        out.push_str(&render_one(diagnostic, colour));
        out.push('\n');
    }
    out
}

/// One message.
fn render_one(diagnostic: &Diagnostic, colour: Colour) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let excerpt = diagnostic.place.as_ref().map(Excerpt::new);
    let message = one_line(&diagnostic.message);
    let mut group = level
        .primary_title(message)
        .id(diagnostic.code.id())
        .elements(std::iter::empty::<Element<'_>>());
    if let Some((excerpt, place)) = excerpt.as_ref().zip(diagnostic.place.as_ref()) {
        let mut caret = AnnotationKind::Primary.span(excerpt.start..excerpt.end);
        if !diagnostic.label.is_empty() {
            caret = caret.label(one_line(&diagnostic.label));
        }
        group = group.element(
            Snippet::source(excerpt.line.as_str())
                .path(one_line(&place.source.name))
                .line_start(excerpt.number)
                .annotation(caret),
        );
    } else if !diagnostic.label.is_empty() {
        group = group.element(Level::NOTE.message(one_line(&diagnostic.label)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    let renderer = match colour {
        Colour::On => Renderer::styled(),
        Colour::Off => Renderer::plain(),
    };
    renderer.term_width(EXCERPT).render(&[group])
}

/// User text must not move the cursor, nor be a command to whoever reads the log.
fn one_line(text: &str) -> String {
    clean::text(&text.chars().take(2_000).collect::<String>())
}

/// The line of a place, with the caret's bytes in it.
struct Excerpt {
    line: String,
    number: usize,
    start: usize,
    end: usize,
}

impl Excerpt {
    fn new(place: &Place) -> Self {
        let text = &place.source.text;
        let at = place.span.start.min(text.len());
        let from = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[at..]
            .find('\n')
            .map_or(text.len(), |newline| at + newline);
        let hidden: Vec<Span> = place
            .source
            .hidden
            .iter()
            .filter(|span| span.end > from && span.start < to)
            .map(|span| Span::new(span.start.max(from) - from..span.end.min(to) - from))
            .collect();
        let line = text[from..to].trim_end_matches('\r');
        let start = chars_before(line, at - from);
        let end = chars_before(line, place.span.end.clamp(at, to) - from);
        let number = line_column(text, at).line;
        // Stars keep the count of characters, not of bytes: hence the detour by characters.
        Self::cut(&starred(line, &hidden), number, start, end)
    }

    /// Keeps what stands round the caret of a very long line; `start` and `end` count characters.
    fn cut(line: &str, number: usize, start: usize, end: usize) -> Self {
        let chars: Vec<char> = line.chars().map(visible).collect();
        let start = start.min(chars.len());
        let end = end.clamp(start, chars.len()).min(start + EXCERPT / 2);
        let whole = chars.len() <= EXCERPT;
        let from = if whole {
            0
        } else {
            start.saturating_sub(EXCERPT / 4)
        };
        let to = if whole {
            chars.len()
        } else {
            (from + EXCERPT).min(chars.len())
        };
        let bytes = |range: &[char]| range.iter().map(|c| c.len_utf8()).sum::<usize>();
        Self {
            line: chars[from..to].iter().collect(),
            number,
            start: bytes(&chars[from..start]),
            end: bytes(&chars[from..end.min(to)]),
        }
    }
}

/// How many characters of `line` start before byte `offset` .
fn chars_before(line: &str, offset: usize) -> usize {
    line.char_indices()
        .take_while(|(at, _)| *at < offset)
        .count()
}

/// What may stand in an excerpt, where each character has its column.
fn visible(c: char) -> char {
    if c == '\t' { ' ' } else { clean::shown(c) }
}

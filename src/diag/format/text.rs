//! Messages as people read them: rustc's look, by annotate-snippets. Pure: returns the text.

use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use crate::clean;
use crate::diag::format::{Output, Writer};
use crate::diag::hide::{secret_tail, starred};
use crate::diag::{Diagnostic, Report, Severity};
use crate::span::{Place, Source, Span};

/// Reports are shown on stderr as the command goes on.
pub(super) const WRITER: Writer = Writer {
    has_text: true,
    write: |_| Output::Nothing,
};

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
    let mut tails = Tails::default();
    for (_, messages, omitted) in report.files() {
        for diagnostic in messages {
            out.push_str(&render_one(diagnostic, colour, &mut tails));
            out.push('\n');
        }
        if let Some(omitted) = omitted {
            let sentence = one_line(&omitted.sentence());
            let note = Level::NOTE.primary_title(sentence);
            let group = note.elements(std::iter::empty::<Element<'_>>());
            out.push_str(&renderer(colour).render(&[group]));
            out.push('\n');
        }
    }
    out
}

/// Some messages, as [`render`] shows them without colours.
pub(super) fn plain(messages: &[&Diagnostic]) -> String {
    let mut tails = Tails::default();
    let each = messages.iter();
    each.map(|one| render_one(one, Colour::Off, &mut tails) + "\n")
        .collect()
}

fn renderer(colour: Colour) -> Renderer {
    let renderer = match colour {
        Colour::On => Renderer::styled(),
        Colour::Off => Renderer::plain(),
    };
    renderer.term_width(EXCERPT)
}

/// One message.
fn render_one(diagnostic: &Diagnostic, colour: Colour, tails: &mut Tails) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = level
        .primary_title(one_line(&diagnostic.message))
        .id(diagnostic.code.id())
        .elements(std::iter::empty::<Element<'_>>());
    match &diagnostic.place {
        Some(place) => {
            let kind = AnnotationKind::Primary;
            group = group.element(snippet(place, kind, &diagnostic.label, tails));
        }
        None => {
            if !diagnostic.file().is_empty() {
                group = group.element(Origin::path(one_line(diagnostic.file())));
            }
            if !diagnostic.label.is_empty() {
                group = group.element(Level::NOTE.message(one_line(&diagnostic.label)));
            }
        }
    }
    for (place, role) in &diagnostic.related {
        group = group.element(snippet(place, AnnotationKind::Context, role, tails));
    }
    let subject = diagnostic.subject.as_ref().map(ToString::to_string);
    if let Some(subject) = subject.filter(|subject| !subject.is_empty()) {
        group = group.element(Level::NOTE.message(one_line(&subject)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    renderer(colour).render(&[group])
}

/// A place in a text, with a word at the caret.
fn snippet(
    place: &Place,
    kind: AnnotationKind,
    label: &str,
    tails: &mut Tails,
) -> Snippet<'static, Annotation<'static>> {
    let excerpt = Excerpt::new(place, tails);
    let mut caret = kind.span(excerpt.start..excerpt.end);
    if !label.is_empty() {
        caret = caret.label(one_line(label));
    }
    Snippet::source(excerpt.line)
        .path(one_line(&place.source.name))
        .line_start(excerpt.number)
        .annotation(caret)
}

/// User text must not move the cursor, nor be a command to whoever reads the log.
fn one_line(text: &str) -> String {
    clean::text(&text.chars().take(2_000).collect::<String>())
}

/// What follows a secret-looking key on the line that was processed last: messages are sorted, so
/// those about one line follow each other.
#[derive(Default)]
struct Tails {
    last: Option<(Arc<Source>, Span, Option<Span>)>,
}

impl Tails {
    /// The part of a line that no excerpt shows, in bytes of the text.
    fn of(&mut self, source: &Arc<Source>, line: Span) -> Option<Span> {
        if let Some((known, of, tail)) = &self.last
            && Arc::ptr_eq(known, source)
            && *of == line
        {
            return *tail;
        }
        let text = source.text.get(line.range()).unwrap_or_default();
        let tail =
            secret_tail(text).map(|tail| Span::new(line.start + tail.start..line.start + tail.end));
        self.last = Some((Arc::clone(source), line, tail));
        tail
    }
}

/// The line of a place, with the caret's bytes in it.
struct Excerpt {
    line: String,
    number: usize,
    start: usize,
    end: usize,
}

impl Excerpt {
    /// What is round the caret of a long line is shown, without what must stay hidden. A key far
    /// to the left may hide what is shown, so the whole line decides.
    fn new(place: &Place, tails: &mut Tails) -> Self {
        let Place { source, span } = place;
        let line = source.line(span.start);
        let text = source.text.get(line.range()).unwrap_or_default();
        let caret = span.start.clamp(line.start, line.end) - line.start;
        let caret = boundary(text, caret);
        let end = boundary(text, span.end.clamp(line.start, line.end) - line.start);
        let window = window(text, caret);
        let end = back(text, end.clamp(caret, window.end), caret);
        let shown = Span::new(line.start + window.start..line.start + window.end);
        let within = |hidden: &Span| {
            let start = hidden.start.clamp(shown.start, shown.end) - shown.start;
            let end = hidden.end.clamp(shown.start, shown.end) - shown.start;
            (start < end).then(|| Span::new(start..end))
        };
        let hidden: Vec<Span> = source
            .hidden
            .iter()
            .chain(&tails.of(source, line))
            .filter_map(within)
            .collect();
        let cut = text.get(window.range()).unwrap_or_default();
        let chars: Vec<char> = starred(cut, &hidden).chars().map(visible).collect();
        // Stars and signs for control characters keep the count of characters, not of bytes.
        let bytes = |upto: usize| -> usize {
            let count = text
                .get(window.start..upto)
                .map_or(0, |part| part.chars().count());
            chars.iter().take(count).map(|c| c.len_utf8()).sum()
        };
        Self {
            number: source.line_column(span.start).line,
            start: bytes(caret),
            end: bytes(end),
            line: chars.iter().collect(),
        }
    }
}

/// The part of a line that is shown: all of it, or what is round the caret.
fn window(line: &str, caret: usize) -> Span {
    let (before, after) = line.split_at_checked(caret).unwrap_or((line, ""));
    if line.chars().nth(EXCERPT).is_none() {
        return Span::new(0..line.len());
    }
    let mut left = before.char_indices().rev().take(EXCERPT / 4);
    let start = left.by_ref().last().map_or(caret, |(at, _)| at);
    let taken = before.get(start..).map_or(0, |part| part.chars().count());
    let right = after.char_indices().nth(EXCERPT - taken);
    Span::new(start..right.map_or(line.len(), |(at, _)| caret + at))
}

/// The end of a caret that is at most half an excerpt long.
fn back(line: &str, end: usize, caret: usize) -> usize {
    let under = line.get(caret..end).unwrap_or_default();
    let cut = under.char_indices().nth(EXCERPT / 2);
    cut.map_or(end, |(at, _)| caret + at)
}

/// The boundary of a character at or after `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let mut all = offset..text.len();
    all.find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// What may be in an excerpt, where each character has its column.
fn visible(c: char) -> char {
    if c == '\t' { ' ' } else { clean::shown(c) }
}

//! What went wrong, where, and what to do about it: plain data, printed by `text`, `json` and `annotate`.

pub mod annotate;
pub mod code;
pub mod hide;
pub mod json;
pub mod text;

use std::sync::Arc;

use crate::span::{LineColumn, Place, Source, Span, line_column};

pub use crate::diag::code::Code;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written and the exit code is 2.
    Error,
    /// Said, and nothing else happens.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One message. It carries pointers and names, never a secret value.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence: lower case, no full stop, backticks round user text.
    pub message: String,
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// Said at the caret.
    pub label: String,
    /// Orders that a user can follow.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A message without a place, of the code's own severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            place: None,
            label: String::new(),
            help: Vec::new(),
        }
    }

    /// Puts it at `span` of `source`.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Self {
        self.place = Some(Place {
            source: Arc::clone(source),
            span,
        });
        self
    }

    /// Says `label` at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Line and column of the place.
    pub fn line_column(&self) -> Option<LineColumn> {
        let place = self.place.as_ref()?;
        Some(line_column(&place.source.text, place.span.start))
    }
}

/// All messages of a run, sorted by file, place and code, without duplicates.
#[derive(Debug, Clone, Default)]
pub struct Report(Vec<Diagnostic>);

impl Report {
    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all messages of another report.
    pub fn extend(&mut self, other: Report) {
        self.0.extend(other.0);
    }

    /// The messages, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.0.iter_mut()
    }

    /// Whether one of the messages is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|one| one.severity == Severity::Error)
    }

    /// How many messages of that severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|one| one.severity == severity).count()
    }

    /// The messages, in the order they are shown.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.0.iter().collect();
        all.sort_by_key(|one| key(one));
        all.dedup_by_key(|one| (key(one), one.label.as_str()));
        all
    }
}

/// By file, then place, then code, then words.
fn key(one: &Diagnostic) -> (&str, Span, Code, &str) {
    let (name, span) = one.place.as_ref().map_or(("", Span::default()), |place| {
        (place.source.name.as_str(), place.span)
    });
    (name, span, one.code, &one.message)
}

impl From<Diagnostic> for Report {
    fn from(one: Diagnostic) -> Self {
        Self(vec![one])
    }
}

impl FromIterator<Diagnostic> for Report {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

//! What went wrong, where, and what to do about it: plain data, printed by the formats.

pub mod code;
mod fingerprint;
mod fix;
pub mod format;
pub mod hide;
mod nearest;
pub mod problem;
mod report;
pub mod rules;
mod subject;

use std::sync::Arc;

use crate::span::{LineColumn, Place, Source, Span};

pub use crate::diag::code::Code;
pub use crate::diag::fix::{Edit, Fix, Safety};
pub use crate::diag::format::Format;
pub use crate::diag::nearest::{is_slip, nearest};
pub use crate::diag::problem::Problem;
pub use crate::diag::report::{MOST, Omitted, Report};
pub use crate::diag::subject::{FileReference, ObjectReference, Subject};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run fails, or finds that files differ.
    Error,
    /// Reported, and nothing else happens.
    Warning,
    /// What was done, or left as it is.
    Info,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// `error`, `warning` or `info`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
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
    /// Where, if a text holds the place.
    pub place: Option<Place>,
    /// Printed at the caret.
    pub label: String,
    /// Further places, each with what it has to do with this one.
    pub related: Vec<(Place, String)>,
    /// What it is about, if no text holds it or if more is known than a place in a text.
    pub subject: Option<Box<Subject>>,
    /// Orders that a user can follow.
    pub help: Vec<String>,
    /// A change of the texts that would answer it.
    pub fix: Option<Box<Fix>>,
    /// What tells it apart from other messages of its code about the same file and object, and stays when
    /// lines move: a part of [`Diagnostic::fingerprint`], and never shown.
    pub identity: String,
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
            related: Vec::new(),
            subject: None,
            help: Vec::new(),
            fix: None,
            identity: String::new(),
        }
    }

    /// The same message as a warning, whatever its code's severity is: a mistake in a file that is not
    /// ours to refuse.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same message as an error, whatever made it a warning does not hold here.
    #[must_use]
    pub fn as_error(mut self) -> Self {
        self.severity = Severity::Error;
        self
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

    /// Adds a further place and what it has to do with this one: "first declared here".
    #[must_use]
    pub fn related(mut self, source: &Arc<Source>, span: Span, role: impl Into<String>) -> Self {
        let source = Arc::clone(source);
        self.related.push((Place { source, span }, role.into()));
        self
    }

    /// Sets what it is about.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(Box::new(subject));
        self
    }

    /// Prints `label` at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets what tells it apart from others of its code about the same file and object, for
    /// [`Diagnostic::fingerprint`]: names, and no line, position or count.
    #[must_use]
    pub fn identified_by(mut self, identity: impl Into<String>) -> Self {
        self.identity = identity.into();
        self
    }

    /// Adds a suggestion.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The file it is about, as users name it; empty if there is none.
    pub fn file(&self) -> &str {
        let of_subject = self.subject.as_ref().and_then(|one| one.file.as_ref());
        match (&self.place, of_subject) {
            (Some(place), _) => &place.source.name,
            (None, Some(file)) => &file.path,
            (None, None) => "",
        }
    }

    /// All texts that a user reads, to shorten or to mask them, and the identity: its digest is read. What
    /// a fix writes is not among them: a part of it is not a fix, see [`Diagnostic::keep_fix_if`].
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let roles = self.related.iter_mut().map(|(_, role)| role);
        let fix = self.fix.iter_mut().map(|fix| &mut fix.title);
        let subject = self.subject.iter_mut().flat_map(|one| one.texts_mut());
        [&mut self.message, &mut self.label, &mut self.identity]
            .into_iter()
            .chain(roles)
            .chain(&mut self.help)
            .chain(fix)
            .chain(subject)
    }

    /// Drops the fix unless all that it writes `is_fine`.
    pub fn keep_fix_if(&mut self, is_fine: impl Fn(&str) -> bool) {
        let fix = self.fix.take();
        self.fix = fix.filter(|fix| fix.edits.iter().all(|edit| is_fine(&edit.text)));
    }

    /// All places, to hide more of their texts.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        let related = self.related.iter_mut().map(|(place, _)| place);
        let fix = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        let edits = fix.map(|edit| &mut edit.place);
        self.place.iter_mut().chain(related).chain(edits)
    }

    /// Adds a change of the texts that would answer it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// Line and column of the place.
    pub fn line_column(&self) -> Option<LineColumn> {
        let place = self.place.as_ref()?;
        Some(place.source.line_column(place.span.start))
    }
}

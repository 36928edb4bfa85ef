//! What went wrong, where, and what to do about it: plain data, printed by `text`, `json` and `annotate`.

pub mod annotate;
pub mod code;
pub mod hide;
pub mod json;
mod problem;
mod report;
pub mod text;

use std::sync::Arc;

use crate::span::{LineColumn, Place, Source, Span};

pub use crate::diag::code::Code;
pub use crate::diag::problem::Problem;
pub use crate::diag::report::{MOST, Omitted, Report};

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

    /// The same as a warning: what is a mistake in a config may be none in the manifests of others.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same as an error.
    #[must_use]
    pub fn as_error(mut self) -> Self {
        self.severity = Severity::Error;
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
        Some(place.source.line_column(place.span.start))
    }
}

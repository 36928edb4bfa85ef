//! What is wrong with a template or with what it made, in words without values.

use std::sync::Arc;

use crate::artifact::PlannedFile;
use crate::clean;
use crate::diag::{Code, Diagnostic, Problem, Report};
use crate::render::Renderer;
use crate::render::builtin::built_in;
use crate::render::mark::{self, Refusal};
use crate::render::run::{Failure, FailureKind};
use crate::span::{Source, Span};
use crate::verify;

impl Renderer {
    /// What Kubernetes or bash would report.
    pub(super) fn invalid(&self, file: &PlannedFile, problems: Vec<Problem>) -> Report {
        let problems = problems.into_iter().map(|problem| {
            let message = format!(
                "template `{}` renders an invalid `{}`: {}",
                file.template, file.path, problem.message
            );
            let diagnostic = Diagnostic::new(problem.code, message);
            let diagnostic = match verify::subject(&file.expect, problem.pointer) {
                Some(subject) => diagnostic.about(subject),
                None => diagnostic,
            };
            self.advise(diagnostic, file.template)
        });
        problems.collect()
    }

    /// A template that made no text.
    pub(super) fn failed(&self, template: &str, failure: Failure) -> Diagnostic {
        let name = failure.name.as_deref().unwrap_or(template);
        let (code, what) = match failure.kind {
            FailureKind::Syntax => (Code::TemplateSyntax, "is not valid"),
            FailureKind::Missing => (Code::TemplateUnreadable, "was not found"),
            FailureKind::Render | FailureKind::Undefined => {
                (Code::TemplateFailed, "cannot be rendered")
            }
        };
        let why = match &failure.missing {
            Some(missing) => missing.sentence(),
            None => failure.why,
        };
        let message = format!("template `{name}` {what}: {why}");
        let diagnostic = Diagnostic::new(code, message);
        let diagnostic = match (self.templates.find(name), failure.line) {
            (Some(text), Some(line)) => {
                let source = Arc::new(Source::new(format!("template {name}"), text));
                let span = line_span(text, line);
                diagnostic.at(&source, span)
            }
            _ => diagnostic,
        };
        match (&failure.missing, failure.kind) {
            (Some(missing), _) => diagnostic.label(missing.choices()).help(show(template)),
            (None, FailureKind::Undefined) => diagnostic.help(show(template)),
            (None, FailureKind::Syntax | FailureKind::Missing | FailureKind::Render) => {
                self.advise(diagnostic, name)
            }
        }
    }

    /// A value that has no safe form where it is.
    pub(super) fn refusal(&self, file: &PlannedFile, text: &str, refusal: &Refusal) -> Diagnostic {
        let at = refusal.at.min(text.len());
        let shown = format!("template {} (as rendered, without values)", file.template);
        let source = Arc::new(Source::new(shown, mark::without(text)));
        let start = mark::without(&text[..at]).len();
        let message = format!("template `{}`: {}", file.template, refusal.why);
        Diagnostic::new(Code::TemplateUnsafe, message)
            .at(&source, Span::new(start..start))
            .help(refusal.help)
    }

    fn advise(&self, diagnostic: Diagnostic, name: &str) -> Diagnostic {
        match (built_in(name).is_some(), self.templates.is_own(name)) {
            (true, true) => diagnostic.help(format!(
                "compare it with the built-in template: `pullwright templates diff {name}{}`",
                self.templates.folder().map_or_else(String::new, |folder| {
                    format!(" --from {}", clean::path(folder))
                })
            )),
            // What it includes may be a user's.
            (true, false) if !self.templates.own_names().is_empty() => {
                let names = self.templates.own_names().join("`, `");
                diagnostic.help(format!(
                    "compare your own templates (`{names}`) with the built-in ones: `pullwright templates diff{}`",
                    self.templates.folder().map_or_else(String::new, |folder| {
                        format!(" --from {}", clean::path(folder))
                    })
                ))
            }
            (true, false) | (false, true) => diagnostic,
            (false, false) => diagnostic.help("list the names with `pullwright templates list`"),
        }
    }
}

/// Where the variables of a template are described; those that it includes have the same.
fn show(template: &str) -> String {
    format!("list its variables with `pullwright templates show {template}`")
}

/// The bytes of a line, from 1, without the space around it.
fn line_span(text: &str, line: usize) -> Span {
    let mut start = 0;
    for (at, one) in text.split_inclusive('\n').enumerate() {
        if at + 1 == line {
            let lead = one.len() - one.trim_start().len();
            return Span::new(start + lead..start + one.trim_end().len().max(lead));
        }
        start += one.len();
    }
    Span::new(text.len()..text.len())
}

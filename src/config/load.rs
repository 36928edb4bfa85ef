//! Text to config: all mistakes of shape, of names and of sense, in one report.

use std::sync::Arc;

use serde_json::Value;

use crate::config::Config;
use crate::config::check::{Parts, check};
use crate::config::recover::{fill_tags, mend};
use crate::config::validate::{self, Issue};
use crate::config::words;
use crate::diag::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::span::Source;

/// A valid config, where it came from, and what is worth a warning.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The config.
    pub config: Config,
    /// Its text, for messages of later stages.
    pub document: Document,
    /// Warnings only.
    pub warnings: Report,
}

impl Loaded {
    /// A message at the value of `pointer`.
    pub fn diagnose(
        &self,
        code: Code,
        pointer: &Pointer,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, message).at(&self.document.source, self.document.value_span(pointer))
    }
}

/// Reads and checks a config.
///
/// # Errors
/// All mistakes of the text, with their places.
pub fn load(source: Source) -> Result<Loaded, Report> {
    load_document(Document::parse(Arc::new(source))?)
}

/// Checks a config that stands in a larger text.
///
/// # Errors
/// As [`load`].
pub fn load_document(mut document: Document) -> Result<Loaded, Report> {
    let value = document.value();
    let (issues, mut mended) = all_issues(&document, &value);
    if !issues.is_empty() {
        let mut hidden = document.source.as_ref().hidden.clone();
        hidden.extend(words::hidden(&issues, &document));
        document.source = Arc::new(Source {
            name: document.source.name.clone(),
            text: document.source.text.clone(),
            hidden,
        });
    }
    let mut report: Report = issues
        .iter()
        .map(|issue| words::say(issue, &document, &document.source))
        .collect();
    fill_tags(&mut mended);
    report.extend(check(&Parts::read(&mended), &document));
    if report.has_errors() {
        return Err(report);
    }
    match serde_json::from_value::<Config>(mended) {
        Ok(config) => Ok(Loaded {
            config,
            document,
            warnings: report,
        }),
        Err(error) => Err(disagreement(&document, &error).into()),
    }
}

/// Mends and looks again, because a mistake hides others: without a strategy, nobody knows which
/// keys are wrong. Each round has fewer to find.
fn all_issues(document: &Document, value: &Value) -> (Vec<Issue>, Value) {
    const ROUNDS: usize = 4;
    let mut mended = value.clone();
    let mut found: Vec<Issue> = Vec::new();
    let mut cuts: Vec<Pointer> = Vec::new();
    for _ in 0..ROUNDS {
        let is_cut = |issue: &Issue| cuts.iter().any(|cut| issue.pointer.0.starts_with(&cut.0));
        let fresh: Vec<Issue> = validate::issues(document, &mended)
            .into_iter()
            .filter(|issue| !is_cut(issue) && !found.contains(issue))
            .collect();
        if fresh.is_empty() {
            break;
        }
        let (next, gone) = mend(&mended, &fresh);
        mended = next;
        cuts.extend(gone);
        found.extend(fresh);
    }
    (found, mended)
}

/// Schema and types come from one source, so this is a defect of pullwright, not of the config.
fn disagreement(document: &Document, error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        format!("the schema takes this config, its types do not: {error}"),
    )
    .at(&document.source, document.step_span(&Pointer::root()))
    .help("this is a defect of pullwright: please report it")
}

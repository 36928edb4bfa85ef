//! Text to config: all mistakes of shape, of names and of sense, in one report.

use std::sync::Arc;

use serde_json::Value;

use crate::config::Config;
use crate::config::check::{Parts, check};
use crate::config::recover::{fill_tags, repair};
use crate::config::validate::{self, Found, Issue};
use crate::config::words;
use crate::diag::{Code, Diagnostic, Problem, Report, Severity};
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
        self.document.place(Problem::new(code, pointer, message))
    }
}

/// Reads and checks a config.
///
/// # Errors
/// All mistakes of the text, with their places.
pub fn load(source: Source) -> Result<Loaded, Report> {
    load_document(Document::parse(Arc::new(source))?)
}

/// Checks a config that is in a larger text.
///
/// # Errors
/// As [`load`].
pub fn load_document(mut document: Document) -> Result<Loaded, Report> {
    let value = document.value();
    let Shapes {
        issues,
        more,
        cut,
        mut repaired,
    } = all_issues(&document, value);
    if !issues.is_empty() {
        let Source {
            name, text, hidden, ..
        } = document.source.as_ref();
        let private = if more > 0 || cut {
            // The others were not examined: any value may be one that must not be shown.
            words::scalars(&document.root)
        } else {
            words::hidden(&issues, &document)
        };
        let source = Source::new(name, text).hiding(hidden.iter().copied().chain(private));
        document.source = Arc::new(source);
    }
    let mut report: Report = issues
        .iter()
        .map(|issue| document.place(words::problem(issue, &document)))
        .collect();
    if more > 0 || cut {
        // The cross checks are not useful for a config with this many errors.
        report.omit(&document.source, Severity::Error, more);
        if cut {
            report.at_least(&document.source);
        }
        return Err(report);
    }
    fill_tags(&mut repaired);
    report.extend(check(&Parts::read(&repaired), &document));
    if report.has_errors() {
        return Err(report);
    }
    match serde_json::from_value::<Config>(repaired) {
        Ok(config) => Ok(Loaded {
            config,
            document,
            warnings: report,
        }),
        Err(error) => Err(disagreement(&document, &error).into()),
    }
}

/// Repairs and validates again, because a mistake hides others: without a strategy, it is unknown which
/// keys are wrong. Each round has fewer to find.
fn all_issues(document: &Document, value: Value) -> Shapes {
    const ROUNDS: usize = 4;
    let mut repaired = value;
    let mut found: Vec<Issue> = Vec::new();
    let mut cuts: Vec<Pointer> = Vec::new();
    for _ in 0..ROUNDS {
        let is_cut = |issue: &Issue| cuts.iter().any(|cut| issue.pointer.0.starts_with(&cut.0));
        let Found { issues, more, cut } = validate::issues(document, &repaired);
        let fresh: Vec<Issue> = issues
            .into_iter()
            .filter(|issue| !is_cut(issue) && !found.contains(issue))
            .collect();
        if more > 0 || cut || fresh.is_empty() {
            found.extend(fresh);
            return Shapes {
                issues: found,
                more,
                cut,
                repaired,
            };
        }
        cuts.extend(repair(&mut repaired, &fresh));
        found.extend(fresh);
    }
    Shapes {
        issues: found,
        more: 0,
        cut: false,
        repaired,
    }
}

/// The mistakes of shape, and a document without them.
struct Shapes {
    issues: Vec<Issue>,
    /// Mistakes beside the issues; with any, the document is not whole.
    more: usize,
    /// Whether a part of the document was not checked.
    cut: bool,
    repaired: Value,
}

/// Schema and types come from one source, so this is a defect of pullwright, not of the config.
fn disagreement(document: &Document, error: &serde_json::Error) -> Diagnostic {
    let message = format!("the schema accepts this config, the types do not: {error}");
    let problem = Problem::new(Code::WrongType, &Pointer::root(), message).at_key();
    document.place(problem.help("this is a bug in pullwright: please report it"))
}

//! A kind of document that users write: its schema, and how all mistakes of shape and of names in a text are
//! found, placed and put into words. No IO here.

pub mod moves;
mod part;
mod private;
mod recover;
pub mod schema;
mod shape;
mod slips;
mod told;
mod validate;
pub mod words;

use std::collections::HashSet;
use std::sync::Arc;

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::moves::Moves;
use crate::contract::recover::repair;
use crate::contract::told::Told;
use crate::contract::validate::{Found, Issue, issues, validator};
use crate::diag::{Code, Diagnostic, Problem, Report, Severity};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::span::Source;

/// The keyword with which a schema says why a key cannot be set; editors print its text too.
pub const REFUSED: &str = "deprecationMessage";

/// Version of this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ApiVersion {
    /// The first version.
    #[serde(rename = "pullwright.dev/v1alpha1")]
    V1alpha1,
}

/// A kind of document.
#[derive(Debug)]
pub struct Contract {
    schema: Value,
    validator: Validator,
    /// What the keys of a mapping are called that has keys of the user's choice.
    key_noun: &'static str,
}

/// A document that has the shape of its contract, or was repaired by guess so that it has.
#[derive(Debug)]
pub struct Shaped {
    /// The document, with private values hidden from excerpts.
    pub document: Document,
    /// Its value without what violates the schema: list elements that cannot be repaired are null.
    pub repaired: Value,
    /// The mistakes. Without any, `repaired` is the document.
    pub report: Report,
    /// Where in the document the mistakes are.
    pub wrong: HashSet<Pointer>,
    /// Where in the document the values of `repaired` are.
    pub moves: Moves,
}

impl Contract {
    /// The contract of a schema; mappings with keys of the user's choice have keys called `key_noun`.
    ///
    /// # Panics
    /// The text is not a schema: it is part of the program.
    pub fn new(schema: &str, key_noun: &'static str) -> Self {
        let schema = serde_json::from_str(schema).expect("a test keeps the schema file fresh");
        let validator = validator(&schema);
        Self {
            schema,
            validator,
            key_noun,
        }
    }

    /// Finds the mistakes of shape and of names.
    ///
    /// # Errors
    /// There are so many of them that further checks are of no use.
    pub fn shape(&'static self, mut document: Document) -> Result<Shaped, Report> {
        let mut value = document.value();
        if let Value::Object(root) = &mut value {
            root.shift_remove(schema::SELF);
        }
        let Shapes {
            issues,
            more,
            cut,
            repaired,
            moves,
        } = self.all_issues(&document, value);
        if !issues.is_empty() {
            let Source {
                name, text, hidden, ..
            } = document.source.as_ref();
            let private = if more > 0 || cut {
                // The others were not examined: any value may be one that must not be shown.
                words::scalars(&document.root)
            } else {
                words::hidden(self, &issues, &document)
            };
            let source = Source::new(name, text).hiding(hidden.iter().copied().chain(private));
            document.source = Arc::new(source);
        }
        // A value behind an anchor is at one place, however many aliases use it.
        let mut places = HashSet::new();
        let is_new = |issue: &&Issue| {
            let Issue { pointer, kind, .. } = issue;
            let spans = [document.step_span(pointer), document.value_span(pointer)];
            document.find(pointer).is_none() || places.insert((kind.clone(), spans))
        };
        let mut report: Report = issues
            .iter()
            .filter(is_new)
            .map(|issue| document.place(words::problem(self, issue, &document)))
            .collect();
        if more > 0 || cut {
            // The cross checks are not useful for a document with this many errors.
            report.omit(&document.source, Severity::Error, more);
            if cut {
                report.at_least(&document.source);
            }
            return Err(report);
        }
        Ok(Shaped {
            document,
            repaired,
            report,
            wrong: issues.into_iter().map(|issue| issue.pointer).collect(),
            moves,
        })
    }

    /// Repairs and validates again, because a mistake hides others: without a strategy, it is unknown
    /// which keys are wrong. Each round has fewer to find.
    fn all_issues(&'static self, document: &Document, value: Value) -> Shapes {
        const ROUNDS: usize = 6;
        let mut repaired = value;
        let mut moves = Moves::default();
        let mut told = Told::default();
        let mut cuts: Vec<Pointer> = Vec::new();
        for _ in 0..ROUNDS {
            let is_cut = |issue: &Issue| cuts.iter().any(|cut| issue.pointer.0.starts_with(&cut.0));
            let Found { issues, more, cut } = issues(self, &repaired);
            let fresh: Vec<Issue> = issues
                .into_iter()
                .filter(|issue| !is_cut(issue) && !told.is_seen(issue))
                .collect();
            told.add(&fresh, &moves, document);
            if more > 0 || cut || fresh.is_empty() {
                return Shapes {
                    issues: told.into_issues(),
                    more,
                    cut,
                    repaired,
                    moves,
                };
            }
            cuts.extend(repair(&mut repaired, &fresh, &mut moves));
        }
        Shapes {
            issues: told.into_issues(),
            more: 0,
            cut: false,
            repaired,
            moves,
        }
    }

    /// The definition behind `#/$defs/NAME`.
    fn definition(&self, reference: &str) -> Option<&Value> {
        self.schema["$defs"].get(reference.strip_prefix("#/$defs/")?)
    }

    /// A node without its reference.
    fn resolved<'a>(&'a self, node: &'a Value) -> &'a Value {
        let target = node["$ref"].as_str();
        let target = target.and_then(|target| self.definition(target));
        target.unwrap_or(node)
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
    moves: Moves,
}

/// Schema and types come from one source, so this is a defect of pullwright, not of the document; `noun`
/// is what it is called.
pub fn disagreement(document: &Document, noun: &str, error: &serde_json::Error) -> Diagnostic {
    let message = format!("the schema accepts this {noun}, the types do not: {error}");
    let problem = Problem::new(Code::WrongType, &Pointer::root(), message).at_key();
    document.place(problem.help("this is a bug in pullwright: please report it"))
}

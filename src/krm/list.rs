//! The `ResourceList`: the input and output of a KRM function.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Report};
use crate::document::{Change, Document, Edit, Node, Part, edit, parts, stream_items};
use crate::krm::apply::Method;
use crate::krm::finding::{Finding, of_report};
use crate::krm::input::READING;
use crate::krm::transform::Outcome;
use crate::pointer::Pointer;
use crate::span::{Source, Span};

/// The version of the format that messages refer to.
const NEWEST: &str = "config.kubernetes.io/v1";

/// Supported versions of the format; their differences do not matter here.
const VERSIONS: &[&str] = &[
    NEWEST,
    "config.kubernetes.io/v1beta1",
    "config.kubernetes.io/v1alpha1",
];

/// The input of a function.
#[derive(Debug)]
pub struct ResourceList {
    /// The function config, with spans in the text of the list.
    pub config: Document,
    pub(super) part: Part,
    /// The tree of the list; objects are replaced by `null` with their spans.
    root: Node,
}

impl ResourceList {
    /// The message for an input that is not a `ResourceList`.
    pub fn expected() -> Diagnostic {
        let message = format!("the input is not a `ResourceList` of `{NEWEST}`");
        Diagnostic::new(Code::Usage, message).help("kustomize passes one to its functions; for a plain stream of objects, pass the config: `pullwright fn CONFIG`")
    }

    /// Reads the list without its objects, whose trees need far more memory than their text. Messages may
    /// show the text of the config, but not of the objects.
    ///
    /// # Errors
    /// The input is not YAML, is not a `ResourceList` of a supported version, or has no config.
    pub fn read(source: Source) -> Result<Self, Report> {
        let source = Arc::new(source.hiding_all());
        let mut report = Report::default();
        let mut found = Vec::new();
        for part in parts(&source) {
            let root = stream_items(&source, &part, READING, &mut |_, _| None, &mut report);
            found.extend(root.map(|root| (part, root)));
        }
        if report.has_errors() {
            return Err(report);
        }
        // Comments and document markers around the list are not documents.
        let (Some((part, root)), true) = (found.pop(), found.is_empty()) else {
            return Err(Self::expected().into());
        };
        let version = root.text("apiVersion").unwrap_or_default();
        if root.text("kind") != Some("ResourceList") || !VERSIONS.contains(&version) {
            return Err(Self::expected().into());
        }
        let config = root.get("functionConfig");
        let Some(config) = config.filter(|config| !config.is_null()).cloned() else {
            let message = "the `ResourceList` has no `functionConfig`";
            return Err(Diagnostic::new(Code::MissingKey, message)
                .help("the config is the file with the annotation `config.kubernetes.io/function`")
                .into());
        };
        let all = root.entries();
        let items = all.iter().find(|entry| entry.key == "items");
        let items = items.filter(|entry| !entry.value.is_null());
        if let Some(entry) = items.filter(|entry| !entry.value.is_list()) {
            let message = "`items` of a `ResourceList` must be a list";
            let diagnostic = Diagnostic::new(Code::WrongType, message);
            return Err(diagnostic.at(&source, entry.key_span).into());
        }
        // What kubectl ignores in objects is an error in the config and in the rest of the list.
        let mut mistakes = Report::default();
        let objects = items.map(|entry| entry.value.span);
        let is_of_objects =
            |span: Span| objects.is_some_and(|all| all.start <= span.start && span.end <= all.end);
        for one in report.sorted() {
            let place = one.place.as_ref().map(|place| place.span);
            if !place.is_some_and(is_of_objects) {
                mistakes.push(one.clone().as_error());
            }
        }
        drop(report);
        let source = show_only(source, config.span);
        if mistakes.has_errors() {
            return Err(mistakes);
        }
        Ok(Self {
            config: Document::new(source, config),
            part,
            root,
        })
    }

    /// The list with unchanged objects and the findings of the function.
    pub fn unchanged(&self, findings: &[Finding]) -> String {
        self.write(&Outcome::default(), findings)
    }

    /// The list with the changed objects, the objects that the config generates, and the findings. If the
    /// objects cannot be changed, they are written unchanged; the findings say so.
    pub fn write(&self, outcome: &Outcome, findings: &[Finding]) -> String {
        let source = &self.config.source;
        let (mut edits, method) = self.edits(outcome, &outcome.generated, findings);
        let place = self.root.span.start;
        if let Some(warning) = method.warning(source, Span::new(place..place)) {
            let mut findings = findings.to_vec();
            findings.extend(of_report(&warning.clone().into(), None));
            outcome.report(warning);
            let unchanged = Outcome::default();
            let objects = match method {
                Method::Failed => &unchanged,
                Method::InPlace | Method::Rewritten => outcome,
            };
            // With one more finding; what was written without it is kept if that fails.
            let (more, method) = self.edits(objects, &outcome.generated, &findings);
            if method != Method::Failed {
                edits = more;
            }
        }
        edit::apply(&source.text, Span::new(0..source.text.len()), &edits)
    }

    fn edits(
        &self,
        outcome: &Outcome,
        generated: &[Node],
        findings: &[Finding],
    ) -> (Vec<Edit>, Method) {
        let results = findings.iter().map(|one| Node::from(one.to_value()));
        let mut root = Vec::new();
        root.extend(self.added("items", generated.to_vec()));
        root.extend(self.added("results", results.collect()));
        let units = 0..outcome.units.len();
        let root = Some((&self.root, root.as_slice()));
        let source = &self.config.source;
        outcome.changes().edits(source, &self.part, units, root)
    }

    /// Adds elements to a list at the root.
    fn added(&self, key: &str, items: Vec<Node>) -> Option<Change> {
        if items.is_empty() {
            return None;
        }
        Some(if self.root.get(key).is_some_and(Node::is_list) {
            Change::Append {
                at: Pointer::root().key(key),
                items,
            }
        } else {
            Change::Set {
                at: Pointer::root(),
                entries: vec![(key.to_owned(), Node::list(items))],
            }
        })
    }
}

/// The same text, with excerpts limited to `shown`.
fn show_only(source: Arc<Source>, shown: Span) -> Arc<Source> {
    let (name, text) = match Arc::try_unwrap(source) {
        Ok(source) => (source.name, source.text),
        Err(shared) => (shared.name.clone(), shared.text.clone()),
    };
    let end = text.len();
    let source = Source::new(name, text);
    Arc::new(source.hiding([Span::new(0..shown.start), Span::new(shown.end..end)]))
}

//! The `ResourceList` that a host hands to a function and takes back.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Report};
use crate::document::{Change, Document, Node, Part, edit, harvest, parts};
use crate::krm::finding::Finding;
use crate::krm::input::READING;
use crate::krm::transform::Outcome;
use crate::pointer::Pointer;
use crate::span::{Source, Span};

/// The version of the format that messages name.
const NEWEST: &str = "config.kubernetes.io/v1";

/// Versions of the format; they differ in nothing that matters here.
const VERSIONS: &[&str] = &[
    NEWEST,
    "config.kubernetes.io/v1beta1",
    "config.kubernetes.io/v1alpha1",
];

/// What a host hands to a function.
#[derive(Debug)]
pub struct ResourceList {
    /// The function's config, in the text of the list.
    pub config: Document,
    pub(super) part: Part,
    /// The whole list, with places of objects in their stead.
    root: Node,
}

impl ResourceList {
    /// The message for an input that is none.
    pub fn expected() -> Diagnostic {
        let message = format!("the input is not a `ResourceList` of `{NEWEST}`");
        Diagnostic::new(Code::Usage, message).help("kustomize hands one to its functions; for a plain stream of objects, name the config: `pullwright fn CONFIG`")
    }

    /// Reads all but the objects, which take many times the memory of their text. Messages about `source`
    /// may show the config, and nothing of the objects beside it.
    ///
    /// # Errors
    /// It is none, of an unknown version, or without a config; or it is not YAML.
    pub fn read(source: Source) -> Result<Self, Report> {
        let source = Arc::new(source.hiding_all());
        let mut report = Report::default();
        let mut found = Vec::new();
        for part in parts(&source) {
            let root = harvest(&source, &part, READING, &mut |_, _| None, &mut report);
            found.extend(root.map(|root| (part, root)));
        }
        if report.has_errors() {
            return Err(report);
        }
        // Comments and markers around it are no documents.
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
            let message = "`items` of a `ResourceList` is a list";
            let diagnostic = Diagnostic::new(Code::WrongType, message);
            return Err(diagnostic.at(&source, entry.key_span).into());
        }
        // What kubectl reads over in objects is a mistake in a config, and in what a host writes around
        // them, all the same.
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
        let source = shows(source, config.span);
        if mistakes.has_errors() {
            return Err(mistakes);
        }
        Ok(Self {
            config: Document {
                source,
                root: config,
            },
            part,
            root,
        })
    }

    /// The list as it came in, with what the function found.
    pub fn unchanged(&self, findings: &[Finding]) -> String {
        self.write(&Outcome::default(), findings)
    }

    /// The list with the changed objects, those that the config makes, and what the function found.
    pub fn write(&self, outcome: &Outcome, findings: &[Finding]) -> String {
        let source = &self.config.source;
        let made = outcome.made.clone();
        let results = findings.iter().map(|one| Node::from(one.to_value()));
        let mut root = Vec::new();
        root.extend(self.added("items", made));
        root.extend(self.added("results", results.collect()));
        let units = 0..outcome.units.len();
        let root = Some((&self.root, root.as_slice()));
        let (edits, how) = outcome.changes().edits(source, &self.part, units, root);
        let place = self.root.span.start;
        if let Some(warning) = how.warning(source, Span::new(place..place)) {
            outcome.tell(warning);
        }
        edit::apply(&source.text, Span::new(0..source.text.len()), &edits)
    }

    /// Elements more for a list at the root.
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

/// The same text, of which excerpts may show the part `shown`.
fn shows(source: Arc<Source>, shown: Span) -> Arc<Source> {
    let (name, text) = match Arc::try_unwrap(source) {
        Ok(source) => (source.name, source.text),
        Err(shared) => (shared.name.clone(), shared.text.clone()),
    };
    let end = text.len();
    let source = Source::new(name, text);
    Arc::new(source.hiding([Span::new(0..shown.start), Span::new(shown.end..end)]))
}

//! The `ResourceList` that a host hands to a function and takes back, and plain streams of objects.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::diag::{Code, Diagnostic, Report};
use crate::document::{Data, Document, Node, write};
use crate::krm::finding::Finding;
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
    /// The objects, as a list.
    pub items: Node,
    version: String,
}

/// Whether a text is meant to be one.
fn is_list(document: &Document) -> bool {
    document.root.text("kind") == Some("ResourceList")
}

impl ResourceList {
    /// The message for an input that is none.
    pub fn expected() -> Diagnostic {
        let message = format!("the input is no `ResourceList` of `{NEWEST}`");
        Diagnostic::new(Code::Usage, message).help("kustomize hands one to its functions; for a plain stream of objects, name the config: `pullwright fn CONFIG`")
    }

    /// Takes the parts out of a document.
    ///
    /// # Errors
    /// It is none, of an unknown version, or without a config.
    pub fn read(mut document: Document) -> Result<Self, Report> {
        let version = document.root.text("apiVersion").unwrap_or_default();
        if !is_list(&document) || !VERSIONS.contains(&version) {
            return Err(Self::expected().into());
        }
        let version = version.to_owned();
        let config = document.root.get("functionConfig").cloned();
        let Some(config) = config.filter(|config| !config.is_null()) else {
            let message = "the `ResourceList` has no `functionConfig`";
            return Err(Diagnostic::new(Code::MissingKey, message)
                .help("the config is the file with the annotation `config.kubernetes.io/function`")
                .into());
        };
        let items = match &mut document.root.data {
            Data::Mapping(entries) => entries.iter_mut().find(|entry| entry.key == "items"),
            _ => None,
        };
        let items = match items {
            None => Node::from(json!([])),
            Some(entry) if entry.value.is_null() => Node::from(json!([])),
            Some(entry) if matches!(entry.value.data, Data::Sequence(_)) => {
                std::mem::replace(&mut entry.value, Node::from(Value::Null))
            }
            Some(entry) => {
                let message = "`items` of a `ResourceList` is a list";
                let span = entry.key_span;
                return Err(Diagnostic::new(Code::WrongType, message)
                    .at(&document.source, span)
                    .into());
            }
        };
        // Messages may show the config, and nothing of the objects beside it.
        let Source { name, text, .. } = document.source.as_ref();
        let source = Source::new(name, text).hiding([
            Span::new(0..config.span.start),
            Span::new(config.span.end..text.len()),
        ]);
        Ok(Self {
            config: Document {
                source: Arc::new(source),
                root: config,
            },
            items,
            version,
        })
    }

    /// The list with what the function has to say.
    pub fn write(self, findings: &[Finding]) -> String {
        let mut root = Node::from(json!({"apiVersion": self.version, "kind": "ResourceList"}));
        root.set("items", self.items);
        let results: Vec<Value> = findings.iter().map(Finding::to_value).collect();
        if !results.is_empty() {
            root.set("results", Node::from(json!(results)));
        }
        write::block(&root, &self.config.source.text)
    }
}

/// Objects as the documents of a plain stream, one after the other; `source` is the text that they were
/// read from.
pub fn documents(items: &Node, source: &str) -> impl Iterator<Item = String> {
    let all = items.items().iter().filter(|item| !item.is_null());
    all.map(move |item| format!("---\n{}", write::block(item, source)))
}

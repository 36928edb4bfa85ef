//! Would Kubernetes, kustomize or bash take a rendered text? Answers in words without values.

mod object;
mod schema;
mod script;

use serde_json::Value;

use crate::artifact::Expect;

pub use crate::verify::script::check as script;
pub(crate) use crate::verify::script::parse::{Script, read, with_script};

/// Problems of one text that are told; a template that is wrong in a loop has one per round.
const MAX_PROBLEMS: usize = 20;
/// Characters that a problem shows of a place or a key.
const MAX_WORDS: usize = 200;

/// What is wrong with a manifest, or the first of it; nothing if it is as expected.
pub fn manifest(documents: &[Value], expect: &Expect) -> Vec<String> {
    let mut problems = all(documents, expect);
    if problems.len() > MAX_PROBLEMS {
        problems.truncate(MAX_PROBLEMS);
        problems.push("and more".to_owned());
    }
    problems
}

/// The beginning of a text that may have any length.
fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_WORDS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Up to one problem more than is told.
fn all(documents: &[Value], expect: &Expect) -> Vec<String> {
    let [document] = documents else {
        return vec![format!(
            "it holds {} documents in place of one",
            documents.len()
        )];
    };
    match expect {
        Expect::Object {
            kind,
            name,
            namespace,
        } => object::check(document, kind, name, Some(namespace)),
        Expect::Local { kind, name } => object::check(document, kind, name, None),
        Expect::Kustomize { kind } => object::kustomize(document, kind),
        Expect::Script => vec!["a script is expected here".to_owned()],
    }
}

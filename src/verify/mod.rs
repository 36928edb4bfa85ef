//! Would Kubernetes, kustomize or bash take a rendered text? Answers in words without values.

mod object;
mod schema;
mod script;

use serde_json::Value;

use crate::artifact::Expect;

pub use crate::verify::script::check as script;
pub(crate) use crate::verify::script::parse::{Script, read, with_script};

/// What is wrong with a manifest; nothing if it is as expected.
pub fn manifest(documents: &[Value], expect: &Expect) -> Vec<String> {
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

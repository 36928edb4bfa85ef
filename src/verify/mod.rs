//! Would Kubernetes, kustomize or bash take a rendered text? Answers in words without values.

mod attributes;
mod object;
mod pull;
mod schema;
mod script;

use serde_json::Value;

use crate::artifact::Expect;
use crate::diag::{Code, ObjectReference, Problem, Subject};
use crate::pointer::Pointer;

pub use crate::verify::attributes::check as attributes;
pub use crate::verify::script::check as script;
pub(crate) use crate::verify::script::parse::{Script, read, with_script};

/// Maximum number of reported problems of one text; an error in a loop of a template repeats each time.
const MAX_PROBLEMS: usize = 20;
/// Characters that a problem shows of a place or a key.
const MAX_WORDS: usize = 200;

/// What is wrong with a manifest, or the first of it; nothing if it is as expected.
pub fn manifest(documents: &[Value], expect: &Expect) -> Vec<Problem> {
    let mut problems = all(documents, expect);
    if problems.len() > MAX_PROBLEMS {
        problems.truncate(MAX_PROBLEMS);
        problems.push(whole("and more"));
    }
    problems
}

/// What a problem with a text is about: the object that is expected there, and the field.
pub fn subject(expect: &Expect, field: Pointer) -> Option<Subject> {
    let object = |kind: &str, name: &str, namespace: Option<&String>| {
        let api_version = schema::api_version(kind)?;
        let object = ObjectReference {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.cloned(),
            name: name.to_owned(),
        };
        Some(Subject::object(object).field(field))
    };
    match expect {
        Expect::Object {
            kind,
            name,
            namespace,
            carries: _,
        } => object(kind, name, Some(namespace)),
        Expect::Local { kind, name } => object(kind, name, None),
        // They have no name.
        Expect::Kustomize { .. }
        | Expect::Script { .. }
        | Expect::Runner { .. }
        | Expect::Library
        | Expect::Attributes => None,
    }
}

/// A problem with a field.
fn problem(field: &Pointer, message: impl Into<String>) -> Problem {
    Problem::new(Code::OutputInvalid, field, message)
}

/// A problem with a text as a whole.
fn whole(message: impl Into<String>) -> Problem {
    problem(&Pointer::root(), message)
}

/// The beginning of a text that may have any length.
fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_WORDS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Up to one problem more than is reported.
fn all(documents: &[Value], expect: &Expect) -> Vec<Problem> {
    let [document] = documents else {
        let count = documents.len();
        return vec![whole(format!("expected one document, found {count}"))];
    };
    match expect {
        Expect::Object {
            kind,
            name,
            namespace,
            carries,
        } => {
            let problems = object::check(document, kind, name, Some(namespace));
            if problems.is_empty() {
                pull::check(document, carries)
            } else {
                problems
            }
        }
        Expect::Local { kind, name } => object::check(document, kind, name, None),
        Expect::Kustomize { kind, resources } => object::kustomize(document, kind, resources),
        Expect::Script { .. } | Expect::Runner { .. } | Expect::Library => {
            vec![whole("expected a script")]
        }
        Expect::Attributes => vec![whole("expected attributes of git")],
    }
}

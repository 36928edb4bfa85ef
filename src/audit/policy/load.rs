//! Text to policy: all mistakes in one report.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::audit::policy::{CONTRACT, Policy};
use crate::contract::{Shaped, disagreement};
use crate::diag::{Code, Problem, Report};
use crate::document::Document;
use crate::manifest::PodKind;
use crate::pointer::Pointer;
use crate::span::Source;

/// A valid policy and its text.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The policy.
    pub policy: Policy,
    /// Its text, for places in messages.
    pub document: Document,
}

/// Reads and checks a policy.
///
/// # Errors
/// All mistakes of the text, with their places.
pub fn load(source: Source) -> Result<Loaded, Report> {
    let document = Document::parse(Arc::new(source)).map_err(of_policy)?;
    let Shaped {
        document,
        repaired,
        mut report,
        ..
    } = CONTRACT.shape(document)?;
    let kinds = repaired.get("kinds").and_then(Value::as_array);
    let kinds = kinds.into_iter().flatten();
    let kinds = kinds.enumerate().filter_map(|(index, kind)| {
        let at = Pointer::root().key("kinds").index(index);
        Some((at, serde_json::from_value(kind.clone()).ok()?))
    });
    for problem in problems(kinds) {
        report.push(document.place(problem));
    }
    if report.has_errors() {
        return Err(report);
    }
    match serde_json::from_value::<Policy>(repaired) {
        Ok(policy) => Ok(Loaded { policy, document }),
        Err(error) => Err(disagreement(&document, "policy", &error).into()),
    }
}

/// An empty text is answered as what it was meant to be.
fn of_policy(mut report: Report) -> Report {
    for diagnostic in report.iter_mut() {
        if diagnostic.code == Code::Empty {
            diagnostic.help = vec![
                "begin with `apiVersion: pullwright.dev/v1alpha1` and `kind: PullAudit`".to_owned(),
            ];
        }
    }
    report
}

/// What no schema can express about declared kinds.
fn problems(kinds: impl Iterator<Item = (Pointer, PodKind)>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<String, Pointer> = BTreeMap::new();
    for (at, kind) in kinds {
        problems.extend(kind.problems(&at));
        let name = kind.display_name();
        let place = at.key("kind");
        match seen.get(&name.to_lowercase()) {
            Some(first) => problems.push(
                Problem::new(Code::Duplicate, &place, format!("duplicate kind `{name}`"))
                    .related(first, "first one here")
                    .help("declare each kind once, with all of its paths"),
            ),
            None => {
                seen.insert(name.to_lowercase(), place);
            }
        }
    }
    problems
}

//! The mistakes to report: each value has one at a time, and what a repair made has none.

use std::collections::HashMap;

use crate::contract::moves::Moves;
use crate::contract::validate::{Issue, IssueKind};
use crate::document::{Data, Document};
use crate::pointer::Pointer;

/// Mistakes at their places in the document that was written.
#[derive(Default)]
pub(super) struct Told {
    issues: Vec<Issue>,
    /// Those of all rounds, at the places where repairs have moved them.
    seen: Vec<Issue>,
    /// The mistake of each value, by its number.
    values: HashMap<Pointer, usize>,
}

impl Told {
    /// Whether a round before has found this one.
    pub(super) fn is_seen(&self, issue: &Issue) -> bool {
        self.seen.contains(issue)
    }

    /// Adds what a round has found, unless it follows from what is there.
    pub(super) fn add(&mut self, fresh: &[Issue], moves: &Moves, document: &Document) {
        for issue in fresh {
            self.seen.push(issue.clone());
            let placed = Issue {
                pointer: moves.original(&issue.pointer),
                ..issue.clone()
            };
            self.add_one(placed, document);
        }
    }

    fn add_one(&mut self, issue: Issue, document: &Document) {
        let other = self.values.get(&issue.pointer).copied();
        let Some(other) = other.and_then(|at| self.issues.get(at)) else {
            self.values.insert(issue.pointer.clone(), self.issues.len());
            self.issues.push(issue);
            return;
        };
        let node = document.find(&issue.pointer);
        let is_scalar = node.is_some_and(|node| matches!(node.data, Data::Scalar(_)));
        match (&other.kind, &issue.kind) {
            // Several keys may be missing in one mapping, and it has another message at its key alone.
            (IssueKind::MissingKey(..), IssueKind::MissingKey(..)) => self.issues.push(issue),
            // The key first: what is wrong with a collection would be told at the same place.
            (IssueKind::UnknownKey { .. }, _) if is_scalar => {
                self.values.insert(issue.pointer.clone(), self.issues.len());
                self.issues.push(issue);
            }
            _ => {}
        }
    }

    /// All of them.
    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }
}

//! Fixes of one text made together.

use std::sync::Arc;

use crate::diag::{Fix, Report};
use crate::document::edit::{self, Edit};
use crate::document::{Part, Reading, part, parts};
use crate::span::{Source, Span};

/// A text with its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The new text.
    pub text: String,
    /// How many fixes were made, each counted once.
    pub count: usize,
}

/// The text with those of its fixes that do not touch each other; the others can be made when it is read
/// again. `None` if nothing changes, or if the result could not be read as the text could.
pub fn repaired(source: &Arc<Source>, fixes: &[&Fix]) -> Option<Repaired> {
    let mut all: Vec<Edit> = Vec::new();
    let mut made: Vec<Vec<Edit>> = Vec::new();
    for fix in fixes {
        let edits: Vec<Edit> = fix.edits.iter().map(edit_of).collect();
        let touches = |edit: &Edit| all.iter().any(|one| meet(one.span, edit.span));
        if edits.is_empty() || made.contains(&edits) || edits.iter().any(touches) {
            continue;
        }
        all.extend(edits.iter().cloned());
        made.push(edits);
    }
    if made.is_empty() {
        return None;
    }
    // Edits of one place stay in their order.
    all.sort_by_key(|edit| edit.span);
    let whole = Span::new(0..source.text.len());
    let text = edit::apply(&source.text, whole, &all);
    let count = made.len();
    is_sound(source, &text).then_some(Repaired { text, count })
}

fn edit_of(edit: &crate::diag::Edit) -> Edit {
    Edit {
        span: edit.place.span,
        text: edit.text.clone(),
    }
}

/// Whether two parts of a text overlap or touch.
fn meet(one: Span, two: Span) -> bool {
    one.start <= two.end && two.start <= one.end
}

/// Whether the text has as many documents as before, and each that could be read still can.
fn is_sound(before: &Arc<Source>, after: &str) -> bool {
    let after = Arc::new(Source::new("", after).hiding_all());
    let (old, new) = (parts(before), parts(&after));
    let is_same = |old: &Part, new: &Part| {
        before.text.get(old.span.range()) == after.text.get(new.span.range())
    };
    old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| is_same(old, new) || reads(&after, new))
}

fn reads(source: &Arc<Source>, one: &Part) -> bool {
    let mut report = Report::default();
    let read = part(source, one, Reading::AsKubectl, &mut report);
    read.is_some() && !report.has_errors()
}

//! Checks that each declared kind sets the paths of its pods, in one way, and once.

use crate::config::check::{Checker, Parts};

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let names = parts
        .kinds
        .iter()
        .map(|one| (one.value.display_name(), one.pointer.key("kind")));
    checker.unique(
        names,
        "kind",
        "declare each kind once, with all of its paths",
    );
    for kind in &parts.kinds {
        if checker.is_full() {
            return;
        }
        for problem in kind.value.problems(&kind.pointer) {
            checker.push(problem);
        }
    }
}

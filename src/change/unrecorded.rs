//! Files that are up to date, and that the lock does not know: an edit of them would go unnoticed.

use crate::change::{Change, Kind};
use crate::cores;
use crate::lock::Lock;

/// The files that are as they should be and that `lock` does not record so. Of a file with a secret, the
/// record alone counts: to compare its text takes time.
pub fn unrecorded<'c>(changes: &'c [Change], lock: &Lock) -> Vec<&'c Change> {
    let is_unrecorded = cores::map(changes, |change| match (change.kind, &change.new) {
        (Kind::Same | Kind::Permissions | Kind::LineEnds, Some(file)) => {
            match lock.files.get(&change.path) {
                None => true,
                Some(record) => !file.mode.is_private() && !record.is_plainly(file.text.expose()),
            }
        }
        (
            Kind::Same
            | Kind::Permissions
            | Kind::LineEnds
            | Kind::Create
            | Kind::Update
            | Kind::Conflicted
            | Kind::Edited
            | Kind::Stale
            | Kind::StaleEdited,
            _,
        ) => false,
    });
    let all = changes.iter().zip(is_unrecorded);
    all.filter_map(|(change, is)| is.then_some(change))
        .collect()
}

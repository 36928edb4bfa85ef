//! `diff --stat` and `diff --name-only`: which files differ, and by how much.

use crate::artifact::below;
use crate::change::{self, Change, Kind};
use crate::cli::args::{Diff, DiffForm};
use crate::cli::page::{self, Page, Paint};
use crate::cli::session::Look;
use crate::lock;

/// More signs than this are not drawn for one file.
const WIDEST: usize = 40;

/// How many lines differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Lines {
    added: usize,
    removed: usize,
}

/// What differs of some directories.
#[derive(Debug, Default)]
pub(super) struct Stat {
    files: usize,
    lines: Lines,
}

impl Stat {
    /// Prints the files of a directory that differ.
    pub(super) fn directory(
        &mut self,
        look: &Look,
        args: &Diff,
        page: &mut Page<'_, '_>,
    ) -> std::io::Result<()> {
        let folder = &look.target.shown;
        let changes = look.comparison.changes.iter();
        for change in changes.filter(|change| change.kind != Kind::Same) {
            let path = below(folder, &change.path);
            let lines = match change.kind {
                Kind::Stale if !look.prune(args.prune()).removes(change) => Lines::default(),
                Kind::Same | Kind::StaleEdited | Kind::Permissions | Kind::LineEnds => {
                    Lines::default()
                }
                Kind::Create | Kind::Update | Kind::Conflicted | Kind::Edited | Kind::Stale => {
                    lines(change, folder)
                }
            };
            self.file(&path, change.kind, lines, args, page)?;
        }
        if let Some(drift) = &look.comparison.lock_drift {
            let path = below(folder, lock::NAME);
            self.file(&path, drift.kind(), Lines::default(), args, page)?;
        }
        Ok(())
    }

    fn file(
        &mut self,
        path: &str,
        kind: Kind,
        lines: Lines,
        args: &Diff,
        page: &mut Page<'_, '_>,
    ) -> std::io::Result<()> {
        self.files += 1;
        self.lines.added += lines.added;
        self.lines.removed += lines.removed;
        match args.form() {
            DiffForm::Names => page.row("", path),
            DiffForm::Stat | DiffForm::Whole => {
                let rest = match (lines.added + lines.removed, kind) {
                    (0, kind) => format!("{path} | {}", kind.word()),
                    (count, _) => format!("{path} | {count} {}", signs(lines)),
                };
                page.row(" ", &rest)
            }
        }
    }

    /// Prints the sum, after all directories.
    pub(super) fn sum(&self, args: &Diff, page: &mut Page<'_, '_>) -> std::io::Result<()> {
        if args.form() != DiffForm::Stat || self.files == 0 {
            return Ok(());
        }
        let Lines { added, removed } = self.lines;
        let files = page::count(self.files, "file");
        let rest = format!("{files} would change: {added} lines added, {removed} removed");
        page.done(Paint::Bold, "pullwright:", &rest)
    }
}

/// Counts the lines of a unified diff below its two header lines.
fn lines(change: &Change, folder: &str) -> Lines {
    let diff = change::unified(change, folder);
    let mut lines = Lines::default();
    for line in diff.lines().skip(2) {
        match line.as_bytes().first() {
            Some(b'+') => lines.added += 1,
            Some(b'-') => lines.removed += 1,
            Some(_) | None => {}
        }
    }
    lines
}

/// `+++--`
fn signs(lines: Lines) -> String {
    let all = (lines.added + lines.removed).max(1);
    let scaled = |count: usize| match all > WIDEST {
        true => (count * WIDEST).div_ceil(all),
        false => count,
    };
    "+".repeat(scaled(lines.added)) + &"-".repeat(scaled(lines.removed))
}

#[cfg(test)]
mod tests {
    use crate::cli::stat::{Lines, signs};

    #[test]
    fn many_lines_are_drawn_by_their_share() {
        let of = |added, removed| signs(Lines { added, removed });
        assert_eq!(of(2, 1), "++-");
        assert_eq!(of(400, 0).len(), 40);
        assert_eq!(of(300, 100), "+".repeat(30) + &"-".repeat(10));
        assert!(of(1, 999).starts_with("+-"));
    }
}

//! Rendered files against those on disk: what there is to do, and how it looks as a diff. No IO.

mod attributes;
mod place;
mod template;
mod unified;
mod unrecorded;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::artifact::{FileMode, RUNNER, RenderedFile, is_script, runtime};
use crate::cores;
use crate::lock::{Lock, Patience, Record, sides};
use crate::mask::Known;
use crate::secret::Redacted;

pub use crate::change::attributes::{is_foreign, keeps_lf};
pub use crate::change::place::first_difference;
pub use crate::change::template::of_template;
pub use crate::change::unified::{of_texts, unified};
pub use crate::change::unrecorded::unrecorded;

/// A file as it is on disk.
#[derive(Debug, Clone)]
pub struct Existing {
    /// Its text; what is not UTF-8 is replaced, which never equals what is rendered.
    pub text: Redacted,
    /// Its permission bits; all of them where the system has none.
    pub permissions: u32,
}

/// What is to be done with one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The file does not exist yet.
    Create,
    /// It is as pullwright wrote it, and outdated.
    Update,
    /// It is up to date.
    Same,
    /// Its text is up to date, its permissions are not.
    Permissions,
    /// It is up to date but for its line ends, which git changes on Windows.
    LineEnds,
    /// git left a merge conflict in it, which holds nothing but what both branches generated.
    Conflicted,
    /// It was edited by hand; only `--force` overwrites it.
    Edited,
    /// The config no longer generates it; only `--prune` removes it.
    Stale,
    /// The config no longer generates it, and it was edited by hand: it is kept.
    StaleEdited,
}

impl Kind {
    /// The word of the reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Same => "same",
            Self::Permissions => "permissions",
            Self::LineEnds => "line-ends",
            Self::Conflicted => "conflicted",
            Self::Edited => "edited",
            Self::Stale => "stale",
            Self::StaleEdited => "stale-edited",
        }
    }
}

/// Which stale files a run removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prune {
    /// None.
    Nothing,
    /// Manifests: a script is the only way to undo what it did, and git must not spoil it.
    Manifests,
    /// All unedited files that no edited script needs.
    All,
}

impl Prune {
    /// Whether the file of a change is removed.
    pub fn removes(self, change: &Change) -> bool {
        match self {
            Self::Nothing => false,
            Self::Manifests => {
                let is_free = change.is_shared() && change.needed_by.is_none();
                change.kind == Kind::Stale && (change.path.ends_with(".yaml") || is_free)
            }
            Self::All => {
                let needed_by = change.needed_by.as_ref();
                change.kind == Kind::Stale && !needed_by.is_some_and(|one| one.is_edited)
            }
        }
    }
}

/// What is to be done with one path, and both texts.
#[derive(Debug, Clone)]
pub struct Change {
    /// Below the output directory.
    pub path: String,
    /// What.
    pub kind: Kind,
    /// As it is on disk.
    pub old: Option<Redacted>,
    /// Up to date.
    pub new: Option<RenderedFile>,
    /// The script that needs this file, if the config no longer generates either of them.
    pub needed_by: Option<NeededBy>,
    /// The secrets that no diff shows, wherever they are.
    pub(crate) known: Arc<Known>,
}

/// A script that the config no longer generates, and that does not work without another file.
#[derive(Debug, Clone)]
pub struct NeededBy {
    /// Its path.
    pub script: String,
    /// Whether it was edited, so that no run removes it.
    pub is_edited: bool,
}

impl Change {
    /// Whether it is an unedited script, or what one needs, that the config no longer generates.
    pub fn is_stale_script(&self) -> bool {
        let is_free = self.is_shared() && self.needed_by.is_none();
        self.kind == Kind::Stale && is_script(&self.path) && !is_free
    }

    /// Whether it is what all scripts share, which undoes nothing by itself.
    fn is_shared(&self) -> bool {
        [runtime::PATH, RUNNER].contains(&self.path.as_str())
    }

    /// Whether a run writes this file.
    pub fn is_written(&self, force: bool) -> bool {
        match self.kind {
            Kind::Create | Kind::Update | Kind::LineEnds | Kind::Conflicted => true,
            Kind::Edited => force,
            Kind::Same | Kind::Permissions | Kind::Stale | Kind::StaleEdited => false,
        }
    }
}

/// Everything that differs or not, sorted by path. A file that holds one of the `known` secrets is
/// private, whichever template made it. A foreign `.gitattributes` is left out.
pub fn compare(
    rendered: Vec<RenderedFile>,
    existing: BTreeMap<String, Existing>,
    lock: &Lock,
    known: &Arc<Known>,
) -> Vec<Change> {
    let patience = Patience::default();
    let mut rendered = rendered;
    rendered.retain(|file| {
        let old = existing.get(&file.path);
        !old.is_some_and(|old| is_foreign(&file.path, old) && old.text != file.text)
    });
    let is_ours = |path: &String, old: &Existing| {
        let record = lock.files.get(path);
        record.is_some_and(|record| {
            let matches = |text: &Redacted| record.matches(text.expose(), &patience);
            matches(&old.text) || old.text.with_lf().is_some_and(|text| matches(&text))
        })
    };
    let is_conflicted = |path: &String, old: &Existing| {
        lock.files.contains_key(path) && sides(old.text.expose()).is_some()
    };
    let change = |path: String, kind, new: Option<RenderedFile>| Change {
        old: existing.get(&path).map(|old| old.text.clone()),
        path,
        kind,
        new,
        needed_by: None,
        known: Arc::clone(known),
    };
    let wanted: BTreeSet<String> = rendered.iter().map(|file| file.path.clone()).collect();
    let is_theirs = |path: &str| existing.get(path).is_some_and(|old| is_foreign(path, old));
    let unwanted = lock.files.keys();
    let unwanted = unwanted.filter(|path| !wanted.contains(*path) && !is_theirs(path));
    let stale = cores::map_into(unwanted.collect(), |path| {
        let old = existing.get(path)?;
        let kind = if is_ours(path, old) || is_conflicted(path, old) {
            Kind::Stale
        } else {
            Kind::StaleEdited
        };
        Some(change(path.clone(), kind, None))
    });
    let mut changes = cores::map_into(rendered, |mut file| {
        if known.is_in(file.text.expose()) {
            file.mode = file.mode.private();
        }
        let kind = match existing.get(&file.path) {
            None => Kind::Create,
            Some(old) if old.text == file.text => {
                if has_permissions(old.permissions, file.mode) {
                    Kind::Same
                } else {
                    Kind::Permissions
                }
            }
            Some(old) if have_equal_lines(&old.text, &file.text) => Kind::LineEnds,
            Some(old) if is_ours(&file.path, old) => Kind::Update,
            Some(old) if is_conflicted(&file.path, old) => Kind::Conflicted,
            Some(_) => Kind::Edited,
        };
        change(file.path.clone(), kind, Some(file))
    });
    changes.extend(stale.into_iter().flatten());
    note_needed(&mut changes);
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// The runtime stays as long as a script that loads it: that is what can undo what the script did.
fn note_needed(changes: &mut [Change]) {
    let needs = |change: &Change| {
        let is_edited = match change.kind {
            Kind::StaleEdited => true,
            Kind::Stale => false,
            Kind::Same
            | Kind::Create
            | Kind::Update
            | Kind::Edited
            | Kind::Permissions
            | Kind::Conflicted
            | Kind::LineEnds => return None,
        };
        let old = change.old.as_ref()?;
        // The runner loads it too, and undoes nothing that the others cannot.
        let loads = change.path != RUNNER && runtime::is_needed_by(old.expose());
        loads.then(|| NeededBy {
            script: change.path.clone(),
            is_edited,
        })
    };
    let found = changes.iter().filter_map(needs);
    // One that no run removes decides.
    let Some(script) = found.max_by_key(|one| one.is_edited) else {
        return;
    };
    let is_runtime =
        |change: &&mut Change| change.kind == Kind::Stale && change.path == runtime::PATH;
    if let Some(change) = changes.iter_mut().find(is_runtime) {
        change.needed_by = Some(script);
    }
}

/// Whether texts are the same but for CRLF in place of LF.
fn have_equal_lines(one: &Redacted, other: &Redacted) -> bool {
    let lines = |text: &Redacted| text.with_lf().unwrap_or_else(|| text.clone());
    lines(one) == lines(other)
}

/// The lock after a run. Stale files stay recorded until they are gone.
pub fn next_lock(changes: &[Change], lock: &Lock, prune: Prune) -> Lock {
    let salt = lock.salt();
    let record = |change: &Change| match &change.new {
        Some(file) => Some(Record::of(file, salt, &change.known)),
        None if prune.removes(change) => None,
        None => lock.files.get(&change.path).cloned(),
    };
    let records = cores::map(changes, record);
    let mut next = Lock::default();
    for (change, record) in changes.iter().zip(records) {
        if let Some(record) = record {
            next.insert(change.path.clone(), record);
        }
    }
    next
}

/// The lock while a run moves files into place: it knows each file as it was and as it will be, so
/// that a run that is killed leaves no file that looks edited.
pub fn lock_between(changes: &[Change], lock: &Lock, next: &Lock, force: bool) -> Lock {
    let mut between = lock.clone();
    for change in changes.iter().filter(|change| change.is_written(force)) {
        let Some(new) = next.files.get(&change.path) else {
            continue;
        };
        let old = between.files.remove(&change.path);
        let mut record = old.unwrap_or_else(|| new.clone());
        record.secret = new.secret;
        record.next = Some(new.sha256.clone());
        between.insert(change.path.clone(), record);
    }
    between
}

/// Permissions of Unix, as far as they matter: only the owner reads a secret, and scripts are executable.
fn has_permissions(have: u32, mode: FileMode) -> bool {
    match mode {
        FileMode::Plain => true,
        FileMode::Executable => have & 0o100 != 0,
        FileMode::Private => have & 0o077 == 0,
        FileMode::PrivateExecutable => have & 0o177 == 0o100,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use crate::artifact::{FileMode, RenderedFile};
    use crate::change::{Existing, Kind, Prune, compare, next_lock};
    use crate::lock::{Lock, Record};
    use crate::secret::Redacted;

    fn file(path: &str, text: &str) -> RenderedFile {
        RenderedFile {
            path: path.to_owned(),
            text: Redacted::new(text.to_owned()),
            access: None,
            mode: FileMode::Plain,
        }
    }

    #[test]
    fn each_path_gets_its_kind() {
        let mut lock = Lock::default();
        let known = Arc::default();
        for (path, text) in [
            ("update", "1"),
            ("edited", "1"),
            ("stale", "1"),
            ("stale-edited", "1"),
            ("windows", "1\n"),
            ("stale-windows", "1\n"),
            ("gone", "1"),
        ] {
            let record = Record::of(&file(path, text), lock.salt(), &known);
            lock.insert(path.to_owned(), record);
        }
        let disk = [
            ("update", "1"),
            ("edited", "x"),
            ("stale", "1"),
            ("stale-edited", "x"),
            ("same", "2"),
            ("line-ends", "2\r\n2\n"),
            ("windows", "1\r\n"),
            ("stale-windows", "1\r\n"),
            ("unknown", "x"),
        ];
        let existing: BTreeMap<String, Existing> = disk
            .into_iter()
            .map(|(path, text)| {
                let text = Redacted::new(text.to_owned());
                (
                    path.to_owned(),
                    Existing {
                        text,
                        permissions: 0o644,
                    },
                )
            })
            .collect();
        let paths = ["update", "edited", "same", "create", "unknown", "windows"];
        let mut rendered = paths.map(|path| file(path, "2")).to_vec();
        rendered.push(file("line-ends", "2\n2\n"));
        let changes = compare(rendered, existing, &lock, &known);
        let kinds: Vec<(&str, Kind)> = changes
            .iter()
            .map(|one| (one.path.as_str(), one.kind))
            .collect();
        assert_eq!(
            kinds,
            [
                ("create", Kind::Create),
                ("edited", Kind::Edited),
                ("line-ends", Kind::LineEnds),
                ("same", Kind::Same),
                ("stale", Kind::Stale),
                ("stale-edited", Kind::StaleEdited),
                ("stale-windows", Kind::Stale),
                ("unknown", Kind::Edited),
                ("update", Kind::Update),
                ("windows", Kind::Update),
            ]
        );
        let has = |prune, path| next_lock(&changes, &lock, prune).files.contains_key(path);
        assert!(has(Prune::Nothing, "stale"));
        assert!(!has(Prune::All, "stale"));
        assert!(has(Prune::All, "stale-edited"));
    }
}

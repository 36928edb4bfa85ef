//! Rendered files against those on disk: what there is to do, and how it looks as a diff. No IO.

use std::collections::BTreeMap;

use similar::TextDiff;

use crate::artifact::{FileMode, RenderedFile};
use crate::lock::{Lock, Record};
use crate::mask;
use crate::secret::Redacted;

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
    /// There is no such file yet.
    Create,
    /// It is as pullwright wrote it, and no longer what the config says.
    Update,
    /// It is as it should be.
    Same,
    /// Its text is as it should be, its permissions are not.
    Permissions,
    /// Somebody edited it; only `--force` overwrites it.
    Edited,
    /// The config no longer asks for it; only `--prune` removes it.
    Stale,
    /// The config no longer asks for it, and somebody edited it: it stays.
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
            Self::Edited => "edited",
            Self::Stale => "stale",
            Self::StaleEdited => "stale-edited",
        }
    }
}

/// What is to be done with one path, and both texts.
#[derive(Debug, Clone)]
pub struct Change {
    /// Below the output folder.
    pub path: String,
    /// What.
    pub kind: Kind,
    /// As it is on disk.
    pub old: Option<Redacted>,
    /// As it should be.
    pub new: Option<RenderedFile>,
}

impl Change {
    /// Whether a run writes this file.
    pub fn is_written(&self, force: bool) -> bool {
        match self.kind {
            Kind::Create | Kind::Update => true,
            Kind::Edited => force,
            Kind::Same | Kind::Permissions | Kind::Stale | Kind::StaleEdited => false,
        }
    }
}

/// Everything that differs or not, sorted by path.
pub fn compare(
    rendered: Vec<RenderedFile>,
    mut existing: BTreeMap<String, Existing>,
    lock: &Lock,
) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::with_capacity(rendered.len());
    let mut wanted = std::collections::BTreeSet::new();
    for file in rendered {
        wanted.insert(file.path.clone());
        let old = existing.remove(&file.path);
        let kind = match &old {
            None => Kind::Create,
            Some(old) if old.text == file.text => {
                if has_permissions(old.permissions, file.mode) {
                    Kind::Same
                } else {
                    Kind::Permissions
                }
            }
            Some(old) => match lock.files.get(&file.path) {
                Some(record) if record.matches(old.text.expose()) => Kind::Update,
                _ => Kind::Edited,
            },
        };
        changes.push(Change {
            path: file.path.clone(),
            kind,
            old: old.map(|old| old.text),
            new: Some(file),
        });
    }
    for (path, record) in lock
        .files
        .iter()
        .filter(|(path, _)| !wanted.contains(*path))
    {
        let Some(old) = existing.remove(path) else {
            continue;
        };
        let kind = if record.matches(old.text.expose()) {
            Kind::Stale
        } else {
            Kind::StaleEdited
        };
        changes.push(Change {
            path: path.clone(),
            kind,
            old: Some(old.text),
            new: None,
        });
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// The lock after a run. Stale files stay recorded until they are gone.
pub fn next_lock(changes: &[Change], lock: &Lock, pruned: bool) -> Lock {
    let mut next = Lock::default();
    for change in changes {
        let record = match (&change.new, change.kind) {
            (Some(file), _) => Some(Record::of(file)),
            (None, Kind::Stale) if pruned => None,
            (None, _) => lock.files.get(&change.path).cloned(),
        };
        if let Some(record) = record {
            next.files.insert(change.path.clone(), record);
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
        let record = between
            .files
            .entry(change.path.clone())
            .or_insert_with(|| new.clone());
        record.secret = new.secret;
        record.next = Some(new.sha256.clone());
    }
    between
}

/// Permissions of Unix, as far as they matter: nobody else reads a secret, and scripts run.
fn has_permissions(have: u32, mode: FileMode) -> bool {
    match mode {
        FileMode::Plain => true,
        FileMode::Executable => have & 0o100 != 0,
        FileMode::Private => have & 0o077 == 0,
    }
}

/// A unified diff with secrets masked; empty if nothing differs.
pub fn unified(change: &Change, folder: &str) -> String {
    let old = change.old.as_ref().map_or("", Redacted::expose);
    let new = change.new.as_ref().map_or("", |file| file.text.expose());
    if old == new {
        return String::new();
    }
    let (old_masked, new_masked) = mask::pair(old, new);
    let name = |side: &str, there: bool| {
        if there {
            format!("{side}/{}", shown(&format!("{folder}/{}", change.path)))
        } else {
            "/dev/null".to_owned()
        }
    };
    TextDiff::from_lines(&old_masked, &new_masked)
        .unified_diff()
        .context_radius(3)
        .header(
            &name("a", change.old.is_some()),
            &name("b", change.new.is_some()),
        )
        .to_string()
}

/// A path as one line of a diff may show it.
fn shown(path: &str) -> String {
    path.trim_start_matches("./")
        .replace(|c: char| c.is_control(), "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::artifact::{FileMode, RenderedFile};
    use crate::change::{Existing, Kind, compare, next_lock};
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
        for (path, text) in [
            ("update", "1"),
            ("edited", "1"),
            ("stale", "1"),
            ("stale-edited", "1"),
            ("gone", "1"),
        ] {
            lock.files
                .insert(path.to_owned(), Record::of(&file(path, text)));
        }
        let disk = [
            ("update", "1"),
            ("edited", "x"),
            ("stale", "1"),
            ("stale-edited", "x"),
            ("same", "2"),
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
        let rendered =
            ["update", "edited", "same", "create", "unknown"].map(|path| file(path, "2"));
        let changes = compare(rendered.to_vec(), existing, &lock);
        let kinds: Vec<(&str, Kind)> = changes
            .iter()
            .map(|one| (one.path.as_str(), one.kind))
            .collect();
        assert_eq!(
            kinds,
            [
                ("create", Kind::Create),
                ("edited", Kind::Edited),
                ("same", Kind::Same),
                ("stale", Kind::Stale),
                ("stale-edited", Kind::StaleEdited),
                ("unknown", Kind::Edited),
                ("update", Kind::Update),
            ]
        );
        assert!(
            next_lock(&changes, &lock, false)
                .files
                .contains_key("stale")
        );
        assert!(!next_lock(&changes, &lock, true).files.contains_key("stale"));
        assert!(
            next_lock(&changes, &lock, true)
                .files
                .contains_key("stale-edited")
        );
    }
}

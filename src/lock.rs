//! `pullwright.lock`: which files pullwright wrote, and what it wrote there. No IO here.

mod conflict;
mod owner;
mod print;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::artifact::{RenderedFile, is_output};
use crate::diag::{Code, Diagnostic};
use crate::mask::Known;

pub use crate::lock::conflict::sides;
pub use crate::lock::owner::Owner;
pub use crate::lock::print::{Patience, Print, Salt};

/// Name of the lock, in the output directory.
pub const NAME: &str = "pullwright.lock";

/// The version of locks and of all outputs: it grows when a lock gets another form, or equal configs give other files.
///
/// Versions 1 and 2 were of the lock alone. The first one kept digests of masked texts with secrets, which do not tell
/// whether the secret was changed.
pub const VERSION: u32 = 3;
/// The first one.
const OLDEST: u32 = 1;

/// What a run before this one wrote. Untrusted: it is in a repository that others write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    /// Whose outputs they are; older versions did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Owner>,
    /// By path below the output directory.
    pub files: BTreeMap<String, Record>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Of the text.
    pub sha256: Print,
    /// Of the text that a run was about to write. It stays only if that run was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Print>,
    /// Whether the text holds a secret.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The access entry that the file comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
}

/// What every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Default for Lock {
    fn default() -> Self {
        Self {
            version: VERSION,
            config: None,
            files: BTreeMap::new(),
        }
    }
}

impl Record {
    /// The record of a file as it is written now; `known` are the secrets of this run.
    pub fn of(file: &RenderedFile, salt: Salt, known: &Known) -> Self {
        let text = file.text.expose();
        let secret = file.mode.is_private();
        Self {
            sha256: if secret {
                Print::keyed(text, salt, known)
            } else {
                Print::plain(text)
            },
            next: None,
            secret,
            access: file.access.clone(),
        }
    }

    /// Whether `text` is what was written, or was about to be; checking a text with a secret takes
    /// time, and some of the `patience`.
    pub fn matches(&self, text: &str, patience: &Patience) -> bool {
        let mut prints = std::iter::once(&self.sha256).chain(&self.next);
        prints.any(|print| print.is_of(text, patience))
    }

    /// Whether `text` is what was written, of a file without secrets: that takes no time to tell.
    pub fn is_plainly(&self, text: &str) -> bool {
        let patience = Patience::default();
        matches!(self.sha256, Print::Plain(_)) && self.sha256.is_of(text, &patience)
    }

    /// Whether an older pullwright wrote it, which did not keep whether the secret was changed.
    pub fn is_blind(&self) -> bool {
        self.secret && matches!(self.sha256, Print::Plain(_)) && self.next.is_none()
    }
}

/// A lock as it was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What it records; nothing if it is missing.
    pub lock: Lock,
    /// In which state it is.
    pub state: State,
}

/// In which state a lock was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// It does not exist.
    #[default]
    Missing,
    /// It is as a run has written it.
    Whole,
    /// git left a merge conflict in it.
    Conflicted,
}

impl Found {
    /// Reads the text of a lock. Of one with a merge conflict, all that either side records counts.
    ///
    /// # Errors
    /// As [`Lock::parse`].
    pub fn parse(text: &str, place: &str) -> Result<Self, Diagnostic> {
        if let Some([ours, theirs]) = sides(text) {
            let lock = Lock::parse(&ours, place)?.merged(Lock::parse(&theirs, place)?);
            return Ok(Self {
                lock,
                state: State::Conflicted,
            });
        }
        Ok(Self {
            lock: Lock::parse(text, place)?,
            state: State::Whole,
        })
    }
}

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// It is not a valid lock, or one of its paths is not one that pullwright writes.
    pub fn parse(text: &str, place: &str) -> Result<Self, Diagnostic> {
        let invalid = |why: String| {
            Diagnostic::new(Code::LockInvalid, format!("`{place}` is not valid: {why}")).help(
                "restore it from version control, or remove it: unchanged files are then adopted, others require --force",
            )
        };
        let read = |error: serde_json::Error| {
            invalid(format!(
                "it was not written by pullwright (line {}, column {})",
                error.line(),
                error.column()
            ))
        };
        // The version first: what else is in a newer one cannot be known.
        let Versioned { version } = serde_json::from_str(text).map_err(read)?;
        if !(OLDEST..=VERSION).contains(&version) {
            let mut newer = invalid(format!(
                "it has version {version}, this pullwright supports versions up to {VERSION}"
            ));
            newer.help =
                vec!["use the version of pullwright that wrote it, or a newer one".to_owned()];
            return Err(newer);
        }
        let lock: Self = serde_json::from_str(text).map_err(read)?;
        match lock.files.keys().find(|path| !is_inside(path)) {
            Some(path) => Err(invalid(format!(
                "path `{}` is not an output path of pullwright",
                path.escape_debug()
            ))),
            None => Ok(lock),
        }
    }

    /// What it records, and what the lock of another branch does.
    fn merged(mut self, other: Self) -> Self {
        self.config = self.config.or(other.config);
        for (path, theirs) in other.files {
            let merged = match self.files.remove(&path) {
                Some(mut ours) if ours.sha256 != theirs.sha256 => {
                    ours.next = Some(theirs.sha256);
                    ours.secret |= theirs.secret;
                    ours
                }
                Some(ours) => ours,
                None => theirs,
            };
            self.insert(path, merged);
        }
        self
    }

    /// The salt of its prints, or a fresh one: equal files keep equal records.
    pub fn salt(&self) -> Salt {
        let mut prints = self.files.values().map(|record| &record.sha256);
        prints.find_map(Print::salt).unwrap_or_else(Salt::fresh)
    }

    /// Whether an older pullwright wrote it, which may have made other files of an equal config.
    pub fn is_older(&self) -> bool {
        self.version < VERSION
    }

    /// Whether both record the same, whichever versions wrote them.
    pub fn records_as(&self, other: &Self) -> bool {
        self.config == other.config && self.files == other.files
    }

    /// Adds a record, which older versions may not understand.
    pub fn insert(&mut self, path: String, record: Record) {
        self.version = VERSION;
        self.files.insert(path, record);
    }

    /// The text of the lock: equal files give equal bytes.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a lock holds only strings");
        text.push('\n');
        text
    }
}

/// Whether a path is one that pullwright writes: below the output directory, and neither the lock nor
/// anything of others.
pub fn is_inside(path: &str) -> bool {
    is_output(path)
}

#[cfg(test)]
mod tests {
    use crate::lock::{Lock, is_inside};

    #[test]
    fn paths_that_leave_are_refused() {
        for bad in [
            "../x",
            "/etc/passwd",
            "a/../../x",
            "a//b",
            "",
            ".",
            "a\\b",
            "C:x",
            "a\nb",
            "pullwright.lock",
        ] {
            assert!(!is_inside(bad), "{bad:?}");
        }
        assert!(is_inside("sample/default/pod-sample-pod.yaml"));
    }

    #[test]
    fn what_is_no_lock_is_refused_and_what_is_reads_back() {
        for bad in [
            "",
            "[]",
            "{\"version\":4,\"files\":{}}",
            "{\"version\":1,\"files\":{\"../x\":{\"sha256\":\"\"}}}",
            "<<<<<<< HEAD",
        ] {
            assert!(Lock::parse(bad, "l").is_err(), "{bad}");
        }
        let lock = Lock::default();
        assert_eq!(
            Lock::parse(&lock.to_text(), "l").expect("it is a lock"),
            lock
        );
    }
}

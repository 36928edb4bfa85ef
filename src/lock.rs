//! `pullwright.lock`: which files pullwright wrote, and what it wrote there. No IO here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::artifact::RenderedFile;
use crate::diag::{Code, Diagnostic};
use crate::mask::{self, Known};

/// Name of the lock, in the output folder.
pub const NAME: &str = "pullwright.lock";

/// The only version so far.
const VERSION: u32 = 1;

/// What a run before this one wrote. Untrusted: it lies in a repository that others write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    /// By path below the output folder.
    pub files: BTreeMap<String, Record>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Of the text; for a file with a secret of the masked text, because the hash of a weak
    /// password tells the password.
    pub sha256: String,
    /// Of the text that a run was about to write. It stays only if that run was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Whether the text holds a secret.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The access entry that the file comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
}

impl Default for Lock {
    fn default() -> Self {
        Self {
            version: VERSION,
            files: BTreeMap::new(),
        }
    }
}

impl Record {
    /// The record of a file as it is written now.
    pub fn of(file: &RenderedFile) -> Self {
        let secret = file.mode.is_private();
        Self {
            sha256: digest(file.text.expose(), secret),
            next: None,
            secret,
            access: file.access.clone(),
        }
    }

    /// Whether `text` is what was written, or was about to be.
    pub fn matches(&self, text: &str) -> bool {
        let known = |digest: String| self.sha256 == digest || self.next.as_ref() == Some(&digest);
        // A run that was killed may have been about to put a secret into a file without one.
        known(digest(text, self.secret))
            || (self.next.is_some() && known(digest(text, !self.secret)))
    }
}

fn digest(text: &str, secret: bool) -> String {
    let bytes = if secret {
        Sha256::digest(mask::pair(text, text, &Known::default()).0)
    } else {
        Sha256::digest(text)
    };
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// It is none, or one of its paths leaves the output folder.
    pub fn parse(text: &str, place: &str) -> Result<Self, Diagnostic> {
        let invalid = |why: String| {
            Diagnostic::new(Code::LockInvalid, format!("`{place}` is not valid: {why}")).help(
                "restore it from version control, or remove it: files that are as rendered are then taken over, others need --force",
            )
        };
        let lock: Self = serde_json::from_str(text).map_err(|error| {
            invalid(format!(
                "it is not what pullwright writes (line {}, column {})",
                error.line(),
                error.column()
            ))
        })?;
        if lock.version != VERSION {
            return Err(invalid(format!(
                "it has version {}, this pullwright knows version {VERSION}",
                lock.version
            )));
        }
        match lock.files.keys().find(|path| !is_inside(path)) {
            Some(path) => Err(invalid(format!(
                "path `{}` leaves the output folder",
                path.escape_debug()
            ))),
            None => Ok(lock),
        }
    }

    /// The text of the lock: equal files give equal bytes.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a lock holds only strings");
        text.push('\n');
        text
    }
}

/// Whether a path stays below the output folder and is no file of pullwright's own.
pub fn is_inside(path: &str) -> bool {
    let part_is_good = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.starts_with(".pullwright")
    };
    path != NAME
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path.split('/').all(part_is_good)
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
            "{\"version\":2,\"files\":{}}",
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

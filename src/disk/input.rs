//! What a run reads besides its output directory: configs and docker configs.

use std::fs;
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};

use zeroize::Zeroizing;

use crate::diag::{Code, Diagnostic};
use crate::disk::regular::{self, Links, Unfit};
use crate::disk::{unreadable, unwritable};
use crate::document::encoding::{NotText, decode, decode_lossy};
use crate::document::{MAX_BYTES, too_large};
use crate::secret::Redacted;

/// A docker config is a few kilobytes.
const MAX_CREDENTIALS: u64 = 1024 * 1024;

/// The text of a config, named `shown` in messages.
///
/// # Errors
/// It cannot be read, is a link, is too large, or is not UTF-8.
pub fn read_text(path: &Path, shown: &str) -> Result<String, Diagnostic> {
    let limit = MAX_BYTES as u64;
    let bytes = regular::read(path, Links::Refused, limit).map_err(|unfit| match &unfit {
        Unfit::Large => too_large(shown),
        Unfit::System(error) if unfit.is_missing() => unreadable(shown, error)
            .help("create a config with `pullwright init`, or pass another file"),
        Unfit::System(error) => unreadable(shown, error),
        Unfit::Folder | Unfit::Special | Unfit::Link => {
            let message = format!("cannot read `{shown}`: {}", unfit.why(limit));
            let diagnostic = Diagnostic::new(Code::Unreadable, message);
            diagnostic.help(match unfit {
                Unfit::Folder => format!(
                    "pass the file in it: `{}/pullwright.yaml`",
                    shown.trim_end_matches('/')
                ),
                Unfit::Link => {
                    "pass the file that it points to, or `-` to read a config from stdin".to_owned()
                }
                _ => "pass `-` to read a config from stdin".to_owned(),
            })
        }
    })?;
    text(bytes, shown)
}

/// The text of a policy, named `shown` in messages.
///
/// # Errors
/// As [`read_text`].
pub fn read_policy(path: &Path, shown: &str) -> Result<String, Diagnostic> {
    let limit = MAX_BYTES as u64;
    let bytes = regular::read(path, Links::Refused, limit).map_err(|unfit| match &unfit {
        Unfit::Large => too_large(shown),
        Unfit::System(error) => unreadable(shown, error).help("pass an existing file to --policy"),
        Unfit::Folder | Unfit::Special | Unfit::Link => {
            let message = format!("cannot read `{shown}`: {}", unfit.why(limit));
            Diagnostic::new(Code::Unreadable, message).help("pass a regular file to --policy")
        }
    })?;
    text(bytes, shown)
}

/// Without `.` and `..`, as far as that needs no look at the disk.
pub fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// The path without links, as far as it exists: one file has one.
pub fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The text of a config on a stream, named `shown` in messages.
///
/// # Errors
/// As [`read_text`].
pub fn read_all(stream: impl Read, shown: &str) -> Result<String, Diagnostic> {
    let limit = MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    stream
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(shown, &error))?;
    if bytes.len() > MAX_BYTES {
        return Err(too_large(shown));
    }
    text(bytes, shown)
}

/// The text of manifests on a stream, of any size, named `shown` in messages; UTF-16 as well, as kubectl
/// reads it.
///
/// # Errors
/// It cannot be read, or is not text.
pub fn read_manifests(mut stream: impl Read, shown: &str) -> Result<String, Diagnostic> {
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(shown, &error))?;
    text(bytes, shown)
}

/// The beginning of a text of any origin: what is part of no character is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The text, as far as it was read.
    pub text: String,
    /// Whether there is more of it.
    pub is_cut: bool,
}

/// The first `limit` bytes of a stream, named `shown` in messages.
///
/// # Errors
/// It cannot be read.
pub fn read_beginning(
    stream: impl Read,
    limit: usize,
    shown: &str,
) -> Result<Beginning, Diagnostic> {
    let mut bytes = Vec::new();
    stream
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(shown, &error))?;
    let is_cut = bytes.len() > limit;
    bytes.truncate(limit);
    let text = decode_lossy(&bytes);
    Ok(Beginning { text, is_cut })
}

/// As [`read_beginning`], of a file that a user names, which may be a pipe of a shell.
///
/// # Errors
/// As [`read_beginning`].
pub fn open_beginning(path: &Path, limit: usize, shown: &str) -> Result<Beginning, Diagnostic> {
    let file = fs::File::open(path).map_err(|error| unreadable(shown, &error))?;
    read_beginning(file, limit, shown)
}

/// The largest file of manifests that is read.
const MAX_MANIFESTS: u64 = 2 * 1024 * 1024 * 1024;

/// The text of a file of a tree, which may be anything; UTF-16 as well, as kubectl reads it.
///
/// # Errors
/// Why it is not text, as the end of a sentence.
pub fn read_of_tree(path: &Path) -> Result<String, String> {
    let bytes = regular::read(path, Links::Refused, MAX_MANIFESTS)
        .map_err(|unfit| unfit.why(MAX_MANIFESTS))?;
    decode(bytes).map_err(|_| "it is not text".to_owned())
}

/// The text of what a user names that is a link or a pipe, such as `<(kustomize build .)` of a shell; `None`
/// for a regular file.
///
/// # Errors
/// It cannot be read, or is not text.
pub fn read_unusual(path: &Path, shown: &str) -> Result<Option<String>, Diagnostic> {
    let metadata = fs::symlink_metadata(path).map_err(|error| unreadable(shown, &error))?;
    if metadata.is_file() {
        return Ok(None);
    }
    let file = fs::File::open(path).map_err(|error| unreadable(shown, &error))?;
    read_manifests(file, shown).map(Some)
}

/// Whether a file of a tree has this text and no other, byte for byte.
pub fn is_text_of(path: &Path, text: &str) -> bool {
    regular::read(path, Links::Refused, MAX_MANIFESTS).is_ok_and(|bytes| bytes == text.as_bytes())
}

fn text(bytes: Vec<u8>, shown: &str) -> Result<String, Diagnostic> {
    decode(bytes).map_err(|NotText { valid, line }| {
        let message = format!("`{shown}` is not UTF-8: see line {line}, byte {valid} of the file");
        Diagnostic::new(Code::NotUtf8, message).help("save it as UTF-8")
    })
}

/// A file with credentials.
///
/// # Errors
/// Why it cannot be read, as the end of a sentence; never a part of it.
pub fn read_credentials(path: &Path) -> Result<Redacted, String> {
    let bytes = regular::read(path, Links::Followed, MAX_CREDENTIALS)
        .map_err(|unfit| unfit.why(MAX_CREDENTIALS))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Redacted::new(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err("it is not UTF-8".to_owned())
        }
    }
}

/// Whether [`write_new`] may write a file, as far as that is known before.
///
/// # Errors
/// It exists and is not replaced, or cannot be.
pub fn is_free(path: &Path, shown: &str, force: bool) -> Result<(), Diagnostic> {
    let there = fs::symlink_metadata(path).is_ok();
    if there && !force {
        let message = format!("`{shown}` exists");
        return Err(Diagnostic::new(Code::WriteFailed, message)
            .help("choose another name, or pass --force to replace it"));
    }
    // A pipe would be waited for.
    if there && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let message = format!("cannot write `{shown}`: it is not a regular file");
        return Err(Diagnostic::new(Code::WriteFailed, message).help("choose another name"));
    }
    Ok(())
}

/// Writes a new file that a user requested by name.
///
/// # Errors
/// It exists and `force` is off, or it cannot be written.
pub fn write_new(path: &Path, shown: &str, text: &str, force: bool) -> Result<(), Diagnostic> {
    is_free(path, shown, force)?;
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent).map_err(|error| unwritable(shown, &error))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritable(shown, &error))
}

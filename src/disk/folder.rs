//! An output directory: what is in it, seen without following a link out of it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use cap_fs_ext::DirExt;
use cap_std::fs::Dir;

use crate::artifact::below;
use crate::change::Existing;
use crate::cores;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::regular::{self, Unfit};
use crate::disk::unreadable;
use crate::lock;
use crate::secret::Redacted;

/// No file that pullwright writes is larger, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;
/// A lock of more files than any plan has.
const MAX_LOCK: u64 = 64 * 1024 * 1024;
/// All files of a directory together: so much, and so much more for each of them.
const MAX_ALL: u64 = 128 * 1024 * 1024;
const MAX_EACH: u64 = 4 * 1024;

/// An output directory that is there and open. All paths given to it are relative, with `/` between
/// their parts.
#[derive(Clone, Copy)]
pub struct Folder<'a> {
    pub(super) dir: &'a Dir,
    pub(super) shown: &'a str,
}

impl<'a> Folder<'a> {
    /// How messages name it.
    pub fn shown(&self) -> &'a str {
        self.shown
    }

    /// The lock, whether or not there is one.
    ///
    /// # Errors
    /// It is not valid.
    pub fn read_lock(&self) -> Result<lock::Found, Diagnostic> {
        let place = below(self.shown, lock::NAME);
        match read_file(self.dir, lock::NAME, &place, MAX_LOCK)? {
            Some(existing) => lock::Found::parse(existing.text.expose(), &place),
            None => Ok(lock::Found::default()),
        }
    }

    /// Those of `paths` that exist, read on all cores.
    ///
    /// # Errors
    /// A link, a directory, or anything else in place of a file; a link on the way.
    pub fn read(&self, paths: &[&str]) -> Result<BTreeMap<String, Existing>, Report> {
        // By directory, and those by the directory above: each is entered once.
        let mut by_parent: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for path in paths {
            let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
            let (parent, _) = folder.rsplit_once('/').unwrap_or(("", folder));
            let siblings = by_parent.entry(parent).or_default();
            siblings.entry(folder).or_default().push(path);
        }
        let room = MAX_ALL.saturating_add(MAX_EACH.saturating_mul(paths.len() as u64));
        let room = AtomicU64::new(room);
        let mut results: Vec<Result<Vec<(String, Existing)>, Report>> = Vec::new();
        for (parent, folders) in by_parent {
            let Some(dir) = self.enter(self.dir, "", parent)? else {
                continue;
            };
            let read = |(folder, paths): &(&str, Vec<&str>)| {
                let rest = folder.strip_prefix(parent).unwrap_or(folder);
                self.read_folder(&dir, parent, rest, paths, &room)
            };
            let folders: Vec<(&str, Vec<&str>)> = folders.into_iter().collect();
            results.extend(cores::map(&folders, read));
        }
        let mut found = BTreeMap::new();
        let mut report = Report::default();
        for result in results {
            match result {
                Ok(files) => found.extend(files),
                Err(errors) => report.extend(errors),
            }
        }
        if room.into_inner() == 0 {
            let message = format!("the files in `{}` are larger than any output", self.shown);
            report.push(Diagnostic::new(Code::TooLarge, message).help(REPLACE_ALL));
        }
        if report.has_errors() {
            Err(report)
        } else {
            Ok(found)
        }
    }

    /// The files of the directory `rest` below `dir`, which is `parent`.
    fn read_folder(
        &self,
        dir: &Dir,
        parent: &str,
        rest: &str,
        paths: &[&str],
        room: &AtomicU64,
    ) -> Result<Vec<(String, Existing)>, Report> {
        let Some(dir) = self.enter(dir, parent, rest)? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::with_capacity(paths.len());
        let mut report = Report::default();
        for path in paths {
            let name = path.rsplit('/').next().unwrap_or(path);
            let left = room.load(Ordering::Relaxed);
            if left == 0 {
                break;
            }
            match read_file(&dir, name, &below(self.shown, path), MAX_FILE.min(left)) {
                Ok(Some(existing)) => {
                    let size = existing.text.expose().len() as u64;
                    let take = |room: u64| Some(room.saturating_sub(size));
                    let _ = room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
                    found.push(((*path).to_owned(), existing));
                }
                Err(diagnostic) if diagnostic.code == Code::TooLarge && left < MAX_FILE => {
                    room.store(0, Ordering::Relaxed);
                }
                Ok(None) => {}
                Err(diagnostic) => report.push(diagnostic),
            }
        }
        if report.has_errors() {
            Err(report)
        } else {
            Ok(found)
        }
    }

    /// The directory `rest` below `dir`, which is `parent`; entered step by step, never through a
    /// link.
    pub(super) fn enter(
        &self,
        dir: &Dir,
        parent: &str,
        rest: &str,
    ) -> Result<Option<Dir>, Diagnostic> {
        let mut way = format!("{}/{parent}", self.shown);
        let mut dir = dir.try_clone().map_err(|error| unreadable(&way, &error))?;
        for part in rest.split('/').filter(|part| !part.is_empty()) {
            way = format!("{}/{part}", way.trim_end_matches('/'));
            dir = match dir.open_dir_nofollow(part) {
                Ok(below) => below,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(not_a(Wanted::Folder, &dir, part, &way, &error)),
            };
        }
        Ok(Some(dir))
    }
}

/// What to do about files that no run has written.
const REPLACE: &str = "remove the file, or choose another output directory with --out";

const REPLACE_ALL: &str = "remove the large files, or choose another output directory with --out";

/// One file, if there is one.
fn read_file(dir: &Dir, name: &str, way: &str, limit: u64) -> Result<Option<Existing>, Diagnostic> {
    let (bytes, metadata) = match regular::read_in(dir, Path::new(name), limit) {
        Ok(read) => read,
        Err(unfit) if unfit.is_missing() => return Ok(None),
        Err(Unfit::System(error)) => return Err(not_a(Wanted::File, dir, name, way, &error)),
        Err(unfit @ Unfit::Large) => {
            let message = format!("cannot read `{way}`: {}", unfit.why(limit));
            return Err(Diagnostic::new(Code::TooLarge, message).help(REPLACE));
        }
        Err(unfit) => {
            let is_dir = matches!(unfit, Unfit::Folder);
            return Err(misplaced(Wanted::File, is_dir, way));
        }
    };
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Some(Existing {
        text: Redacted::new(text),
        permissions: permissions(&metadata),
    }))
}

/// What should be at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    File,
    Folder,
}

/// Why something cannot be opened: most often it is of another type.
pub(super) fn not_a(
    wanted: Wanted,
    dir: &Dir,
    name: &str,
    way: &str,
    error: &io::Error,
) -> Diagnostic {
    match dir.symlink_metadata(name) {
        Ok(metadata) if metadata.is_symlink() => link(way),
        Ok(metadata) if wanted == Wanted::Folder && !metadata.is_dir() => {
            misplaced(wanted, false, way)
        }
        Ok(metadata) if wanted == Wanted::File && !metadata.is_file() => {
            misplaced(wanted, metadata.is_dir(), way)
        }
        _ => unreadable(way, error),
    }
}

fn misplaced(wanted: Wanted, is_dir: bool, way: &str) -> Diagnostic {
    let message = match (wanted, is_dir) {
        (Wanted::Folder, _) => format!("`{way}` is a file, expected a directory"),
        (Wanted::File, true) => format!("`{way}` is a directory, expected a file"),
        (Wanted::File, false) => format!("`{way}` is not a regular file"),
    };
    Diagnostic::new(Code::OutputPath, message)
        .help("move it away, or choose another output directory with --out")
}

/// A link could lead out of the directory.
fn link(way: &str) -> Diagnostic {
    Diagnostic::new(Code::OutputPath, format!("`{way}` is a symbolic link"))
        .help("remove the link: pullwright writes only real files below the output directory")
}

#[cfg(unix)]
fn permissions(metadata: &cap_std::fs::Metadata) -> u32 {
    use cap_std::fs::PermissionsExt;
    metadata.permissions().mode()
}

#[cfg(not(unix))]
fn permissions(_: &cap_std::fs::Metadata) -> u32 {
    0o700
}

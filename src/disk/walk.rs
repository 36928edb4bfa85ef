//! All files below a directory as git sees it, without asking git.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::cores;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::git::git_folder;
use crate::disk::why;

/// More than any list of patterns needs, in bytes.
const MAX_PATTERNS: u64 = 1024 * 1024;

/// What was found, relative to the directory.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Regular files.
    pub(super) files: BTreeSet<PathBuf>,
    /// Symbolic links in place of files.
    pub(super) links: BTreeSet<PathBuf>,
    /// Symbolic links to directories.
    pub(super) linked_directories: BTreeSet<PathBuf>,
    /// Directories below with a `.git` of their own.
    pub(super) repositories: BTreeSet<PathBuf>,
}

/// All files and links below a directory that are `wanted`. Links are not followed.
///
/// # Errors
/// A directory or a list of patterns that cannot be read.
pub(super) fn walk(
    folder: &Path,
    wanted: &(dyn Fn(&Path) -> bool + Sync),
) -> Result<Walked, Report> {
    // In a repository its patterns count, up to its top; elsewhere those of the directory alone, because
    // what is above may be anybody's.
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let top = real
        .ancestors()
        .find(|one| fs::symlink_metadata(one.join(".git")).is_ok());
    for above in real.ancestors() {
        readable(above)?;
        if top.is_none_or(|top| top == above) {
            break;
        }
    }
    let found: Mutex<(Walked, Report)> = Mutex::default();
    let refused: Arc<Mutex<Report>> = Arc::default();
    let mut builder = WalkBuilder::new(folder);
    // Hidden directories are looked into, and no file of the user's home decides what is found.
    builder
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .require_git(top.is_some())
        .parents(top.is_some())
        .filter_entry(enter(&refused));
    let see = |entry: Result<DirEntry, ignore::Error>| {
        let Ok(mut found) = found.lock() else {
            return WalkState::Quit;
        };
        let (walked, report) = &mut *found;
        match entry {
            Ok(entry) => walked.add(&entry, folder, wanted),
            Err(error) => report.push(unreadable(&error)),
        }
        WalkState::Continue
    };
    if cores::are_several() {
        builder.build_parallel().run(|| Box::new(see));
    } else {
        for entry in builder.build() {
            see(entry);
        }
    }
    let (walked, mut report) = found.into_inner().unwrap_or_default();
    if let Ok(mut refused) = refused.lock() {
        report.extend(std::mem::take(&mut refused));
    }
    if report.has_errors() {
        Err(report)
    } else {
        Ok(walked)
    }
}

impl Walked {
    fn add(&mut self, entry: &DirEntry, folder: &Path, wanted: &(dyn Fn(&Path) -> bool + Sync)) {
        let Some(kind) = entry.file_type() else {
            return;
        };
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        if kind.is_dir() {
            if entry.depth() > 0 && fs::symlink_metadata(entry.path().join(".git")).is_ok() {
                self.repositories.insert(path.to_owned());
            }
        } else if kind.is_symlink() && entry.path().is_dir() {
            self.linked_directories.insert(path.to_owned());
        } else if wanted(path) {
            if kind.is_symlink() {
                self.links.insert(path.to_owned());
            } else if kind.is_file() {
                self.files.insert(path.to_owned());
            }
        }
    }
}

/// Keeps out of what git keeps for itself, and of directories whose patterns cannot be read: they would be
/// read before anybody could look at them.
fn enter(refused: &Arc<Mutex<Report>>) -> impl Fn(&DirEntry) -> bool + Send + Sync + 'static {
    let refused = Arc::clone(refused);
    move |entry| {
        if entry.file_name() == ".git" {
            return false;
        }
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        match readable(entry.path()) {
            Ok(()) => true,
            Err(diagnostic) => {
                if let Ok(mut refused) = refused.lock() {
                    refused.push(diagnostic);
                }
                false
            }
        }
    }
}

/// Whether the lists of patterns of a directory have an end: a link to a device, or a pipe, has none.
fn readable(folder: &Path) -> Result<(), Diagnostic> {
    has_end(&folder.join(".gitignore"))?;
    let dot_git = folder.join(".git");
    let Ok(metadata) = fs::metadata(&dot_git) else {
        return Ok(());
    };
    if metadata.is_dir() {
        return has_end(&dot_git.join("info/exclude"));
    }
    if !metadata.is_file() {
        return Ok(());
    }
    has_end(&dot_git)?;
    // A linked work tree has the patterns of its main one.
    let Ok(dir) = git_folder(&dot_git) else {
        return Ok(());
    };
    let common = dir.join("commondir");
    has_end(&common)?;
    let Ok(common) = fs::read_to_string(&common) else {
        return Ok(());
    };
    has_end(&dir.join(common.trim_end()).join("info/exclude"))
}

/// Whether a file, if there is one, is regular and not too large.
fn has_end(path: &Path) -> Result<(), Diagnostic> {
    let why = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => "it is not a regular file",
        Ok(metadata) if metadata.len() > MAX_PATTERNS => "it is larger than 1 MiB",
        _ => return Ok(()),
    };
    let message = format!("cannot read `{}`: {why}", path.display());
    Err(Diagnostic::new(Code::Unreadable, message).help("replace or remove it"))
}

/// A configuration may be where we cannot look, so going on would be a guess.
fn unreadable(error: &ignore::Error) -> Diagnostic {
    let reason = error.io_error().map_or_else(|| error.to_string(), why);
    let place = place(error).map_or_else(String::new, |path| format!(" `{}`", path.display()));
    Diagnostic::new(Code::Unreadable, format!("cannot read{place}: {reason}"))
        .help("make it readable, or add it to .gitignore")
}

/// The path that an error of the walk is about.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        _ => None,
    }
}

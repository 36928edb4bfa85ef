//! Which configs a name means: a file, a folder or a glob, without what git ignores.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use globset::GlobBuilder;
use ignore::{WalkBuilder, WalkState};

use crate::diag::{Code, Diagnostic, Report};
use crate::disk::why;

/// The configs that `name` means, relative to `folder` unless it is absolute: each file called
/// `file_name` below a folder, each file that a glob matches, or else the name itself. Sorted.
///
/// # Errors
/// A folder or a glob without a config, a broken glob, a folder that cannot be read.
pub fn configs(folder: &Path, name: &Path, file_name: &str) -> Result<Vec<PathBuf>, Report> {
    let whole = folder.join(name);
    let shown = name.display();
    if whole.is_dir() {
        let found = walk(&whole, &|path| {
            path.file_name().is_some_and(|last| last == file_name)
        })?;
        let message = format!("there is no `{file_name}` in `{shown}` or below");
        return some(found, name, message);
    }
    if whole.exists() || !is_glob(name) {
        return Ok(vec![name.to_owned()]);
    }
    let (base, pattern) = split(name);
    let glob = GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| {
            let message = format!("`{shown}` is no pattern: {}", error.kind());
            Diagnostic::new(Code::Usage, message)
                .help("`*`, `**`, `?`, `[a-z]` and `{a,b}` are known")
        })?
        .compile_matcher();
    let start = folder.join(&base);
    let found = if start.is_dir() {
        walk(&start, &|path| glob.is_match(path))?
    } else {
        Vec::new()
    };
    some(found, &base, format!("no file matches `{shown}`"))
}

/// The paths found, as the user would name them.
fn some(found: Vec<PathBuf>, base: &Path, message: String) -> Result<Vec<PathBuf>, Report> {
    if found.is_empty() {
        return Err(Diagnostic::new(Code::NoConfig, message)
            .help("files that git ignores are not looked at; write a first config with `pullwright init`")
            .into());
    }
    let base = base.strip_prefix(".").unwrap_or(base);
    Ok(found.iter().map(|path| base.join(path)).collect())
}

/// Whether a name holds a sign of a glob.
fn is_glob(name: &Path) -> bool {
    name.to_str()
        .is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// The folders before the first sign of a glob, and the pattern below them.
fn split(name: &Path) -> (PathBuf, String) {
    let mut base = PathBuf::new();
    let mut parts = name.components();
    for part in parts.clone() {
        if is_glob(Path::new(part.as_os_str())) {
            break;
        }
        base.push(part);
        parts.next();
    }
    (base, parts.as_path().display().to_string())
}

/// All files below a folder that are `wanted`, relative to it and sorted. Links are not followed.
fn walk(folder: &Path, wanted: &(dyn Fn(&Path) -> bool + Sync)) -> Result<Vec<PathBuf>, Report> {
    let found: Mutex<(Vec<PathBuf>, Report)> = Mutex::default();
    // Hidden folders are looked into, and no file of the user's home decides what is found.
    WalkBuilder::new(folder)
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                let Ok(mut found) = found.lock() else {
                    return WalkState::Quit;
                };
                match entry {
                    Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                        if wanted(path) {
                            found.0.push(path.to_owned());
                        }
                    }
                    Ok(_) => {}
                    Err(error) => found.1.push(unreadable(&error)),
                }
                WalkState::Continue
            })
        });
    let (mut found, report) = found.into_inner().unwrap_or_default();
    if report.has_errors() {
        return Err(report);
    }
    found.sort();
    Ok(found)
}

/// A configuration may lie where we cannot look, so going on would be a guess.
fn unreadable(error: &ignore::Error) -> Diagnostic {
    let reason = error.io_error().map_or_else(|| error.to_string(), why);
    let place = place(error).map_or_else(String::new, |path| format!(" `{}`", path.display()));
    Diagnostic::new(Code::Unreadable, format!("cannot read{place}: {reason}"))
        .help("make it readable, or name it in .gitignore")
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

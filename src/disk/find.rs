//! Which configs a name means: a file, a directory or a glob, without what git ignores.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use crate::diag::{Code, Diagnostic, Report};
use crate::disk::git::Git;
use crate::disk::input::read_of_tree;
use crate::disk::walk::{Walked, walk};
use crate::lock;

/// The configs that a name means.
#[derive(Debug, Default)]
pub struct Found {
    /// As the user would name them, sorted.
    pub configs: Vec<PathBuf>,
    /// The locks below a directory, named in the same way.
    pub locks: Vec<PathBuf>,
    /// Files below a directory that are called almost as a config.
    pub misnamed: Vec<PathBuf>,
    /// The error that a directory contains no config.
    pub none: Option<Diagnostic>,
    /// What was left out and should not be in silence.
    pub warnings: Report,
}

/// The configs that `name` means, relative to `folder` unless it is absolute: each file called
/// `file_name` below a directory, each file that a glob matches, or else the name itself. What git
/// tracks is found though a pattern ignores it.
///
/// # Errors
/// A glob without a config, a broken glob, a directory that cannot be read.
pub fn configs(folder: &Path, name: &Path, file_name: &str, git: &Git) -> Result<Found, Report> {
    let whole = folder.join(name);
    if whole.is_dir() {
        return below_directory(&whole, name, file_name, git);
    }
    if whole.exists() || !is_glob(name) {
        return Ok(Found {
            configs: vec![name.to_owned()],
            ..Found::default()
        });
    }
    let (base, pattern) = split(name);
    let glob = matcher(name, &pattern)?;
    let start = folder.join(&base);
    let mut found = below(&start, &base, &|path| glob.is_match(path), git)?;
    if found.configs.is_empty() {
        let message = format!("no file matches `{}`", name.display());
        found.warnings.push(no_config(message));
        return Err(found.warnings);
    }
    Ok(found)
}

/// The configs, the locks and what may be meant for a config below a directory.
fn below_directory(start: &Path, base: &Path, file_name: &str, git: &Git) -> Result<Found, Report> {
    let stem = file_name.strip_suffix(".yaml").unwrap_or(file_name);
    let almost = format!("{stem}.yml");
    let is = |path: &Path, name: &str| path.file_name().is_some_and(|last| last == name);
    let wanted = |path: &Path| {
        [file_name, lock::NAME, &almost]
            .iter()
            .any(|name| is(path, name))
    };
    let mut found = below(start, base, &wanted, git)?;
    let (configs, others): (Vec<PathBuf>, Vec<PathBuf>) = found
        .configs
        .into_iter()
        .partition(|path| is(path, file_name));
    (found.locks, found.misnamed) = others.into_iter().partition(|path| is(path, lock::NAME));
    found.configs = configs;
    if found.configs.is_empty() {
        let message = format!("`{}` contains no `{file_name}`", base.display());
        found.none = Some(no_config(message));
    }
    Ok(found)
}

fn no_config(message: String) -> Diagnostic {
    Diagnostic::new(Code::NoConfig, message)
        .help("files ignored by git are skipped; create a config with `pullwright init`")
}

/// The regular files directly in a directory that hold one of the `words` each, and end as YAML does; none of
/// a directory that cannot be read, or has more files than people look through.
pub fn yaml_beside(directory: &Path, words: &[&str]) -> Vec<PathBuf> {
    const MOST: usize = 1_000;
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.flatten().take(MOST).map(|entry| entry.path());
    let is_yaml = |path: &PathBuf| {
        let end = path.extension().and_then(|end| end.to_str());
        end.is_some_and(|end| matches!(end, "yaml" | "yml")) && is_file(path)
    };
    let holds = |path: &PathBuf| {
        let text = read_of_tree(path);
        text.is_ok_and(|text| words.iter().all(|word| text.contains(word)))
    };
    let mut found: Vec<PathBuf> = paths.filter(is_yaml).filter(holds).collect();
    found.sort();
    found
}

/// Files of a tree, for a command that reads what others wrote.
#[derive(Debug, Default)]
pub struct Tree {
    /// As the user would name them, sorted.
    pub files: Vec<PathBuf>,
    /// Symbolic links, which are not followed.
    pub links: Vec<PathBuf>,
}

/// The files that `name` means, relative to `folder` unless it is absolute: each `wanted` file below a
/// directory, each `wanted` file that a glob matches, or else the name itself.
///
/// # Errors
/// A name or a glob that means nothing, a broken glob, a directory that cannot be read.
pub fn tree(
    folder: &Path,
    name: &Path,
    wanted: &(dyn Fn(&Path) -> bool + Sync),
    git: &Git,
) -> Result<Tree, Report> {
    let whole = folder.join(name);
    if whole.is_dir() {
        return files_below(&whole, name, wanted, git);
    }
    let is_there = fs::symlink_metadata(&whole).is_ok();
    if !is_there && !is_glob(name) {
        let message = format!(
            "cannot read `{}`: no such file or directory",
            name.display()
        );
        return Err(Diagnostic::new(Code::Unreadable, message)
            .help("pass a file, a directory or a quoted glob; `-` reads stdin")
            .into());
    }
    if is_there {
        return Ok(Tree {
            files: vec![name.to_owned()],
            links: Vec::new(),
        });
    }
    let (base, pattern) = split(name);
    let glob = matcher(name, &pattern)?;
    let start = folder.join(&base);
    let tree = if start.is_dir() {
        files_below(
            &start,
            &base,
            &|path| wanted(path) && glob.is_match(path),
            git,
        )?
    } else {
        Tree::default()
    };
    if tree.files.is_empty() {
        let message = format!("no file matches `{}`", name.display());
        return Err(Diagnostic::new(Code::Unreadable, message)
            .help("files ignored by git are skipped; check the pattern")
            .into());
    }
    Ok(tree)
}

fn files_below(
    start: &Path,
    base: &Path,
    wanted: &(dyn Fn(&Path) -> bool + Sync),
    git: &Git,
) -> Result<Tree, Report> {
    let mut walked = walk(start, wanted)?;
    // Without an answer of git there is nothing to add.
    add_tracked(start, &mut walked, wanted, git, |_, _| {});
    let base = base.strip_prefix(".").unwrap_or(base);
    let named = |paths: BTreeSet<PathBuf>| paths.iter().map(|path| base.join(path)).collect();
    Ok(Tree {
        files: named(walked.files),
        links: named(&walked.links | &walked.linked_directories),
    })
}

/// All that is `wanted` below `start`, which the user calls `base`.
fn below(
    start: &Path,
    base: &Path,
    wanted: &(dyn Fn(&Path) -> bool + Sync),
    git: &Git,
) -> Result<Found, Report> {
    let mut walked = if start.is_dir() {
        walk(start, wanted)?
    } else {
        Walked::default()
    };
    let mut warnings = Report::default();
    if start.is_dir() {
        add_tracked(start, &mut walked, wanted, git, |repository, why| {
            warnings.push(unasked(&base.join(repository), why));
        });
    }
    let base = base.strip_prefix(".").unwrap_or(base);
    let is_lock = |path: &Path| path.file_name().is_some_and(|last| last == lock::NAME);
    for link in walked.links.iter().filter(|link| !is_lock(link)) {
        warnings.push(link_warning(&base.join(link)));
    }
    let configs = walked.files.iter().map(|path| base.join(path)).collect();
    Ok(Found {
        configs,
        warnings,
        ..Found::default()
    })
}

/// Adds what the walk left out because of a pattern, though git tracks it: a pattern is not about
/// tracked files, and a config that is not checked is not maintained. Without an answer of git
/// there is nothing to add; `refused` hears of a repository that git refuses to look at, and why.
fn add_tracked(
    start: &Path,
    walked: &mut Walked,
    wanted: &(dyn Fn(&Path) -> bool + Sync),
    git: &Git,
    mut refused: impl FnMut(&Path, &str),
) {
    let here = BTreeSet::from([PathBuf::new()]);
    let real = fs::canonicalize(start).ok();
    for repository in here.iter().chain(&walked.repositories) {
        let tracked = match git.tracked_below(&start.join(repository)) {
            Ok(tracked) => tracked,
            Err(error) => {
                if error.is_refusal() {
                    refused(repository, &error.why());
                }
                continue;
            }
        };
        for file in tracked {
            let path = repository.join(file);
            if !wanted(&path) {
                continue;
            }
            let whole = start.join(&path);
            let Ok(metadata) = fs::symlink_metadata(&whole) else {
                continue;
            };
            let way = real.as_ref().map(|real| real.join(&path));
            if metadata.is_file() && fs::canonicalize(&whole).ok() == way {
                walked.files.insert(path);
            } else if !metadata.is_dir() {
                walked.links.insert(path);
            }
        }
    }
}

/// A link may lead anywhere, and messages show lines of a config.
fn link_warning(path: &Path) -> Diagnostic {
    let shown = path.display();
    let message = format!("config `{shown}` is skipped: it is, or is below, a symbolic link");
    Diagnostic::new(Code::ConfigLink, message)
        .help("pass the file that it points to, or replace the link with a copy")
}

/// git refused, so that a tracked config may be missing.
fn unasked(folder: &Path, why: &str) -> Diagnostic {
    let shown = folder.display().to_string();
    let shown = shown.trim_end_matches('/');
    let message = format!("cannot determine which configs git tracks in `{shown}`: {why}");
    Diagnostic::new(Code::ConfigUnasked, message)
        .help("configs that .gitignore matches are skipped: pass them on the command line")
}

fn matcher(name: &Path, pattern: &str) -> Result<GlobMatcher, Diagnostic> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| {
        let message = format!(
            "`{}` is not a valid pattern: {}",
            name.display(),
            error.kind()
        );
        Diagnostic::new(Code::Usage, message).help("use `*`, `**`, `?`, `[a-z]` and `{a,b}`")
    })?;
    Ok(glob.compile_matcher())
}

/// Whether a path is a regular file.
pub fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// Whether there is anything at a path, even a link that leads nowhere.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The nearest file called `file_name` in a directory or in one above it, up to the top of its repository;
/// outside of one, up to the directory directly above. `start` is without links.
pub fn above(start: &Path, file_name: &str) -> Option<PathBuf> {
    let depth = start
        .ancestors()
        .position(|directory| exists(&directory.join(".git")));
    let directories = start.ancestors().take(depth.unwrap_or(1) + 1);
    let mut files = directories.map(|directory| directory.join(file_name));
    files.find(|file| is_file(file))
}

/// The top of the git repository that a directory without links is in, found without git.
pub fn repository(start: &Path) -> Option<&Path> {
    let mut above = start.ancestors();
    above.find(|directory| exists(&directory.join(".git")))
}

/// Whether a name holds a sign of a glob.
fn is_glob(name: &Path) -> bool {
    name.to_str()
        .is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// The directories before the first sign of a glob, and the pattern below them.
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

//! Where the repository of a path is: found by us, not by git, which also takes a directory that looks
//! like a bare repository for one, with all that its config makes git run.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::disk::git::unanswered::Unanswered;
use crate::disk::why;

/// A `.git` file holds one path.
const MAX_FILE: u64 = 16 * 1024;

/// A work tree and its git directory; both exist, and no part of them is a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Repository {
    /// Top of the work tree.
    pub(super) top: PathBuf,
    /// The git directory; of a linked work tree, its own.
    pub(super) dir: PathBuf,
}

impl Repository {
    /// That of `place`, a path without links: the nearest `.git` above it.
    ///
    /// # Errors
    /// The nearest `.git` is not one of a repository. git would go on to the next one above, or fail;
    /// neither is an answer.
    pub(super) fn of(place: &Path) -> Result<Option<Self>, Unanswered> {
        for top in place.ancestors() {
            if let Some(found) = Self::at(top)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Those further above, up to the root, each with the top of the repository that it has nested in
    /// it. A `.git` that is not one of a repository tracks nothing.
    pub(super) fn above(&self) -> Vec<(Self, PathBuf)> {
        let mut all = Vec::new();
        let mut nested = self.top.clone();
        for top in self.top.ancestors().skip(1) {
            if let Ok(Some(found)) = Self::at(top) {
                let below = std::mem::replace(&mut nested, found.top.clone());
                all.push((found, below));
            }
        }
        all
    }

    /// The repository whose `.git` is in `top`, if there is one.
    fn at(top: &Path) -> Result<Option<Self>, Unanswered> {
        let dot_git = top.join(".git");
        match fs::symlink_metadata(&dot_git) {
            Ok(_) => {}
            Err(error) if is_nothing(&error) => return Ok(None),
            Err(error) => {
                let why = format!("cannot be inspected: {}", why(&error));
                return Err(Unanswered::NotOne(dot_git, why));
            }
        }
        let dir = git_folder(&dot_git).map_err(|why| Unanswered::NotOne(dot_git, why))?;
        Ok(Some(Self {
            top: top.to_owned(),
            dir,
        }))
    }
}

/// The git directory that `.git`, or `GIT_DIR`, is or names; no part of it is a link.
///
/// # Errors
/// Why it is not a repository, as the end of a sentence.
pub(in crate::disk) fn git_folder(dot_git: &Path) -> Result<PathBuf, String> {
    let metadata = fs::metadata(dot_git).map_err(|error| leads_nowhere(&why(&error)))?;
    let dir = if metadata.is_file() {
        named_by(dot_git)?
    } else {
        dot_git.to_owned()
    };
    let dir = fs::canonicalize(&dir).map_err(|error| leads_nowhere(&why(&error)))?;
    // git itself looks closer; this tells the plain mistakes apart.
    let is_one = fs::symlink_metadata(dir.join("HEAD")).is_ok();
    if is_one && dir.is_dir() {
        Ok(dir)
    } else {
        Err("is not a git repository".to_owned())
    }
}

/// The directory that a `.git` file of a submodule or a linked work tree names.
fn named_by(file: &Path) -> Result<PathBuf, String> {
    let unreadable = |error: io::Error| format!("cannot be read: {}", why(&error));
    let mut text = String::new();
    let opened = fs::File::open(file).map_err(unreadable)?;
    opened
        .take(MAX_FILE)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    let named = text.strip_prefix("gitdir: ");
    let named = named.map(|rest| rest.trim_end_matches(['\n', '\r']));
    let named = named.filter(|rest| !rest.is_empty() && !rest.contains('\0'));
    let Some(named) = named else {
        return Err("does not name a git repository".to_owned());
    };
    let folder = file.parent().unwrap_or(file);
    Ok(folder.join(named))
}

fn is_nothing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

fn leads_nowhere(why: &str) -> String {
    format!("does not point to a git repository: {why}")
}

/// A path without links, though its end need not exist yet.
pub(super) fn place(path: &Path) -> Option<PathBuf> {
    path.ancestors().find_map(|one| {
        let there = fs::canonicalize(one).ok()?;
        let rest = path.strip_prefix(one).ok()?;
        // Nothing there can be a link, so `..` is what it looks like.
        let mut whole = there;
        for part in rest.components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                part => whole.push(part),
            }
        }
        Some(whole)
    })
}

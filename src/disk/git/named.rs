//! The repository that the environment names: of dotfiles, and in hooks.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::git::call::Call;
use crate::disk::git::path_of;
use crate::disk::git::repository::{Repository, git_folder};
use crate::disk::git::{Git, Unanswered};
use crate::disk::why;

const DIR: &str = "GIT_DIR";
const TREE: &str = "GIT_WORK_TREE";
const INDEX: &str = "GIT_INDEX_FILE";

/// What is read of git's variables; git gets none of them.
pub(super) const VARIABLES: &[&str] = &[DIR, TREE, INDEX];

/// A repository that the environment names.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) repository: Repository,
    tree: Tree,
}

/// What sets its work tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tree {
    /// `GIT_WORK_TREE`.
    Variable,
    /// git, for the working directory; a hook of an outer repository looks the same.
    WorkingFolder,
}

impl Named {
    /// Whether the environment leaves no doubt about its work tree.
    pub(super) fn is_explicit(&self) -> bool {
        self.tree == Tree::Variable
    }
}

impl Git {
    fn variable(&self, name: &str) -> Option<&OsStr> {
        let found = self.variables.iter().find(|(key, _)| *key == name)?;
        Some(&found.1)
    }

    /// The repository that the environment names, if `file` is in its work tree and not in a
    /// repository further below.
    pub(super) fn named_over(
        &self,
        file: &Path,
        found: Option<&Repository>,
    ) -> Result<Option<&Named>, Unanswered> {
        let named = self.named.get_or_init(|| self.find_named());
        let named = named.as_ref().map_err(Clone::clone)?;
        Ok(named.as_ref().filter(|named| {
            let top = &named.repository.top;
            let is_above = |found: &Repository| found.top != *top && found.top.starts_with(top);
            file.starts_with(top) && !found.is_some_and(is_above)
        }))
    }

    fn find_named(&self) -> Result<Option<Named>, Unanswered> {
        let (dir, tree) = (self.variable(DIR), self.variable(TREE));
        if dir.is_none() && tree.is_none() {
            return Ok(None);
        }
        let folder = real(&self.folder).map_err(|why| Unanswered::Variable(DIR, why))?;
        let here = || Repository::of(&folder);
        let dir = match dir {
            Some(dir) => {
                let leads = |why| format!("`{}` {why}", dir.display());
                git_folder(&self.folder.join(dir))
                    .map_err(|why| Unanswered::Variable(DIR, leads(why)))?
            }
            None => match here()? {
                Some(here) => here.dir,
                None => return Ok(None),
            },
        };
        let (top, tree) = match tree {
            Some(tree) => {
                let leads = |why| format!("`{}` cannot be entered: {why}", tree.display());
                let top = real(&self.folder.join(tree))
                    .map_err(|why| Unanswered::Variable(TREE, leads(why)))?;
                (top, Tree::Variable)
            }
            // As a hook of the repository that we are in anyway.
            None if here()?.is_some_and(|here| here.dir == dir) => return Ok(None),
            None => (self.work_tree(&dir, &folder)?, Tree::WorkingFolder),
        };
        let repository = Repository { top, dir };
        // Named or found, it is the same one.
        if Repository::of(&repository.top).ok().flatten().as_ref() == Some(&repository) {
            return Ok(None);
        }
        Ok(Some(Named { repository, tree }))
    }

    /// The work tree that git takes for that of a git directory, in the working directory.
    fn work_tree(&self, dir: &Path, folder: &Path) -> Result<PathBuf, Unanswered> {
        let program = self.program.as_ref().ok_or(Unanswered::NoProgram)?;
        let arguments = ["rev-parse", "--show-toplevel"];
        let answer = Call::named(program, dir, folder, &arguments).answer();
        let answer = answer.map_err(|error| {
            let why = format!(
                "cannot determine the work tree of `{}`: {}",
                dir.display(),
                error.why()
            );
            Unanswered::Variable(DIR, why)
        })?;
        let top = path_of(answer.strip_suffix(b"\n").unwrap_or(&answer));
        real(&top).map_err(|why| Unanswered::Variable(DIR, why))
    }

    /// The index that decides on the commit being made: that of the hook we run in, if it is a hook
    /// of this repository, else the repository's own.
    ///
    /// `git commit -a` and `git commit -- PATH` commit from an index of their own, which is in the
    /// git directory; elsewhere it may as well belong to an outer repository, unless `GIT_DIR` sets whose
    /// it is.
    pub(super) fn index(&self, repository: &Repository) -> Result<Option<PathBuf>, Unanswered> {
        let Some(index) = self.variable(INDEX) else {
            return Ok(None);
        };
        // git runs hooks at the top of the work tree, and sets a relative path.
        let index = repository.top.join(index);
        let dir = index.parent().and_then(|parent| real(parent).ok());
        let lies_in_it = dir.is_some_and(|dir| dir == repository.dir);
        let is_named = || {
            let dir = self.variable(DIR).map(|dir| self.folder.join(dir));
            dir.and_then(|dir| git_folder(&dir).ok())
                .is_some_and(|dir| dir == repository.dir)
        };
        Ok((lies_in_it || is_named()).then_some(index))
    }
}

/// A path that exists, without links, or why it does not.
fn real(path: &Path) -> Result<PathBuf, String> {
    fs::canonicalize(path).map_err(|error| why(&error))
}

//! What git tracks: asked before a secret is written in clear text, before a commit, and for configs.

mod call;
mod named;
pub(in crate::disk) mod program;
mod repository;
mod unanswered;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use crate::disk::git::call::Call;
use crate::disk::git::named::Named;
use crate::disk::git::program::Program;
use crate::disk::git::repository::{Repository, place};

pub(super) use crate::disk::git::repository::git_folder;
pub use crate::disk::git::unanswered::Unanswered;

/// git as used by one run: it is located once, and each repository is examined once.
pub struct Git {
    program: Option<Program>,
    /// The working directory, and what the environment sets for repositories.
    folder: PathBuf,
    variables: Vec<(&'static str, OsString)>,
    named: OnceLock<Result<Option<Named>, Unanswered>>,
    /// Whether git takes a repository for one.
    sound: Mutex<BTreeMap<Repository, Result<(), Unanswered>>>,
    /// Whether a repository tracks files in a directory that is another one.
    reach: Mutex<BTreeMap<(Repository, PathBuf), bool>>,
}

/// A file that a commit would leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// As it was asked about.
    pub path: String,
    /// Why it would.
    pub reason: Reason,
}

/// Why a commit would leave a file out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It was not added.
    New,
    /// A pattern ignores it.
    Ignored,
}

impl Git {
    /// git on the `PATH` of an environment, for a run in the absolute `folder`. Nothing is run yet.
    pub fn new(environment: &[(OsString, OsString)], folder: &Path) -> Self {
        let variables = named::VARIABLES.iter().filter_map(|name| {
            let value = program::variable(environment, name)?;
            Some((*name, value.to_owned()))
        });
        Self {
            program: Program::find(environment),
            folder: folder.to_owned(),
            variables: variables.collect(),
            named: OnceLock::new(),
            sound: Mutex::default(),
            reach: Mutex::default(),
        }
    }

    /// Those of `paths`, relative to `folder`, that git tracks or would add; none outside of all
    /// repositories. `folder` is absolute, and may not exist yet. Each path is checked in the nearest
    /// repository, in the one that `GIT_DIR` and `GIT_WORK_TREE` set, and in repositories further above that
    /// track the content of the nested one.
    ///
    /// # Errors
    /// There is a repository, and git cannot be asked about it.
    pub fn would_track(&self, folder: &Path, paths: &[&str]) -> Result<Vec<String>, Unanswered> {
        let mut groups: ByRepository = BTreeMap::new();
        let files = files(folder, paths)?;
        for (path, file) in &files {
            let found = Repository::of(parent(file))?;
            let named = self.named_over(file, found.as_ref())?;
            let named = named.map(|named| named.repository.clone());
            let above = found.iter().flat_map(Repository::above);
            let above = above.filter_map(|(repository, nested)| {
                let reaches = self.reaches_into(&repository, &nested);
                reaches.map(|yes| yes.then_some(repository)).transpose()
            });
            let above: Vec<Repository> = above.collect::<Result<_, _>>()?;
            for repository in named.into_iter().chain(found.clone()).chain(above) {
                groups.entry(repository).or_default().push((path, file));
            }
        }
        let mut tracked: BTreeSet<&str> = BTreeSet::new();
        for (repository, files) in &groups {
            let ignored = self.ignored(repository, files, None)?;
            let kept = files.iter().filter(|(_, file)| !ignored.contains(*file));
            tracked.extend(kept.map(|(path, _)| *path));
        }
        let all = paths.iter().filter(|path| tracked.contains(**path));
        Ok(all.map(|path| (*path).to_owned()).collect())
    }

    /// Those of `paths`, files relative to the absolute `folder`, that the next commit would leave
    /// out; in a hook, the commit that is being created.
    ///
    /// # Errors
    /// One of them is in no repository, or git cannot be asked.
    pub fn left_out(&self, folder: &Path, paths: &[&str]) -> Result<Vec<LeftOut>, Unanswered> {
        let files = files(folder, paths)?;
        let mut groups: ByRepository = BTreeMap::new();
        for (path, file) in &files {
            let repository = self.responsible(file)?.ok_or(Unanswered::NoRepository)?;
            groups.entry(repository).or_default().push((path, file));
        }
        let mut reasons: BTreeMap<&str, Reason> = BTreeMap::new();
        for (repository, files) in groups {
            let index = self.index(&repository)?;
            let known = self.known(&repository, folder, index.as_deref())?;
            let missing = files.iter().filter(|(_, file)| !known.contains(*file));
            let missing: Vec<(&str, &Path)> = missing.copied().collect();
            let ignored = self.ignored(&repository, &missing, index.as_deref())?;
            reasons.extend(missing.iter().map(|(path, file)| {
                let is_ignored = ignored.contains(*file);
                (
                    *path,
                    if is_ignored {
                        Reason::Ignored
                    } else {
                        Reason::New
                    },
                )
            }));
        }
        let all = paths.iter().filter_map(|path| {
            let reason = *reasons.get(path)?;
            let path = (*path).to_owned();
            Some(LeftOut { path, reason })
        });
        Ok(all.collect())
    }

    /// The files below the absolute `folder` that the repository of that directory tracks, relative to
    /// it; none outside of all repositories.
    ///
    /// # Errors
    /// There is a repository, and git cannot be asked about it.
    pub fn tracked_below(&self, folder: &Path) -> Result<Vec<PathBuf>, Unanswered> {
        let Some(folder) = place(folder) else {
            return Ok(Vec::new());
        };
        let Some(repository) = self.responsible(&folder.join("file"))? else {
            return Ok(Vec::new());
        };
        let known = self.known(&repository, &folder, None)?;
        let below = known
            .iter()
            .filter_map(|file| file.strip_prefix(&folder).ok());
        Ok(below.map(Path::to_owned).collect())
    }

    /// Whether a repository tracks files in one that is nested in it: then `git add` takes up more of
    /// them, and stops at the `.git` of the nested one no longer.
    fn reaches_into(&self, outer: &Repository, nested: &Path) -> Result<bool, Unanswered> {
        let key = (outer.clone(), nested.to_owned());
        if let Some(known) = self
            .reach
            .lock()
            .ok()
            .and_then(|all| all.get(&key).copied())
        {
            return Ok(known);
        }
        let known = self.known(outer, nested, None)?;
        let reaches = known
            .iter()
            .any(|file| file != nested && file.starts_with(nested));
        if let Ok(mut all) = self.reach.lock() {
            all.insert(key, reaches);
        }
        Ok(reaches)
    }

    /// The repository whose commit a file would be part of.
    fn responsible(&self, file: &Path) -> Result<Option<Repository>, Unanswered> {
        let found = Repository::of(parent(file))?;
        let named = self.named_over(file, found.as_ref())?;
        let named = named.filter(|named| found.is_none() || named.is_explicit());
        Ok(named.map(|named| named.repository.clone()).or(found))
    }

    /// The files of a repository's index at or below `folder`, whole paths.
    fn known(
        &self,
        repository: &Repository,
        folder: &Path,
        index: Option<&Path>,
    ) -> Result<BTreeSet<PathBuf>, Unanswered> {
        let program = self.sound(repository)?;
        let folder = place(folder).unwrap_or_else(|| folder.to_owned());
        let call = Call::of(program, repository, LIST);
        // All of it, if the directory is the top or, of a nested repository, above it.
        let call = match folder.strip_prefix(&repository.top) {
            Ok(below) if below != Path::new("") => call.path(below),
            _ => call,
        };
        let answer = call.index(index).answer()?;
        let known = paths_of(&answer).map(|path| repository.top.join(path));
        Ok(known.collect())
    }

    /// Those of the files that a pattern of git ignores, and that are not tracked.
    fn ignored(
        &self,
        repository: &Repository,
        files: &[(&str, &Path)],
        index: Option<&Path>,
    ) -> Result<BTreeSet<PathBuf>, Unanswered> {
        if files.is_empty() {
            return Ok(BTreeSet::new());
        }
        let program = self.sound(repository)?;
        let mut input = Vec::new();
        for (_, file) in files {
            // Whole, so that no name looks like one of git's signs.
            input.extend(file.as_os_str().as_encoded_bytes());
            input.push(0);
        }
        let call = Call::of(program, repository, &["check-ignore", "-z", "--stdin"]);
        // 0: some are ignored, 1: none is.
        let answer = call.index(index).reads(input, &[0, 1]).answer()?;
        Ok(paths_of(&answer).collect())
    }

    /// git, once it has said that this is a repository, and that its owner may be trusted.
    fn sound(&self, repository: &Repository) -> Result<&Program, Unanswered> {
        let program = self.program.as_ref().ok_or(Unanswered::NoProgram)?;
        let Ok(mut sound) = self.sound.lock() else {
            return Err(Unanswered::Broken("a thread failed".to_owned()));
        };
        let known = sound.entry(repository.clone());
        let known = known.or_insert_with(|| self.look(program, repository));
        known.clone().map(|()| program)
    }

    fn look(&self, program: &Program, repository: &Repository) -> Result<(), Unanswered> {
        // The user's environment names it, which is trust enough for git as well.
        if Repository::of(&repository.top)?.as_ref() != Some(repository) {
            return Ok(());
        }
        let arguments = ["rev-parse", "--absolute-git-dir"];
        let answer = Call::found(program, &repository.top, &arguments).answer()?;
        let theirs = path_of(answer.strip_suffix(b"\n").unwrap_or(&answer));
        let same = std::fs::canonicalize(&theirs).is_ok_and(|theirs| theirs == repository.dir);
        if same {
            Ok(())
        } else {
            let dot_git = repository.top.join(".git");
            let why = format!("is treated by git as the repository `{}`", theirs.display());
            Err(Unanswered::NotOne(dot_git, why))
        }
    }
}

/// Lists the files of the index.
const LIST: &[&str] = &["--literal-pathspecs", "ls-files", "-z", "--cached", "--"];

/// Paths as they were asked about, and whole, by the repository that they are in.
type ByRepository<'a> = BTreeMap<Repository, Vec<(&'a str, &'a Path)>>;

/// The paths, and where they are without links.
fn files<'a>(folder: &Path, paths: &[&'a str]) -> Result<Vec<(&'a str, PathBuf)>, Unanswered> {
    let files = paths.iter().map(|path| {
        let whole = folder.join(path);
        let name = whole.file_name().map(OsStr::to_owned);
        let parent = whole.parent().and_then(place);
        match (parent, name) {
            (Some(parent), Some(name)) => Ok((*path, parent.join(name))),
            _ => Err(Unanswered::Broken(format!("`{path}` is not a file path"))),
        }
    });
    files.collect()
}

fn parent(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

/// The paths of an answer by `-z`.
fn paths_of(answer: &[u8]) -> impl Iterator<Item = PathBuf> {
    let parts = answer.split(|byte| *byte == 0);
    parts.filter(|part| !part.is_empty()).map(path_of)
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

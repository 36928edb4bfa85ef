//! Where an output directory is: opened once, and held by its handle from the look to the write.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::diag::{Code, Diagnostic};
use crate::disk::folder::{Folder, Wanted, not_a};
use crate::disk::{unreadable, unwritable};

/// An output directory that is there, or is to be made. Once it is open, no link that takes the place
/// of a part of its path leads elsewhere.
pub struct Place {
    /// The directory; or, as long as parts are missing, the deepest one on its way.
    dir: Dir,
    /// What is to be made below `dir`.
    missing: Vec<OsString>,
    /// What this run has made, each in the directory above it.
    made: Vec<(Dir, OsString)>,
    path: PathBuf,
    shown: String,
}

impl Place {
    /// The directory `relative` of the config directory `base`: entered part by part, never through a link
    /// and never into git's own.
    ///
    /// # Errors
    /// A part is a link, a file or cannot be opened.
    pub fn below(base: &Path, relative: &str, shown: &str) -> Result<Self, Diagnostic> {
        let parts = relative.split('/');
        let parts: Vec<&str> = parts.filter(|part| !matches!(*part, "" | ".")).collect();
        if let Some(part) = parts.iter().find(|part| is_of_git(part)) {
            let message =
                format!("output directory `{relative}` is in `{part}`, which belongs to git");
            return Err(Diagnostic::new(Code::OutputPath, message)
                .help("choose another directory with `spec.output`"));
        }
        let dir = Dir::open_ambient_dir(base, ambient_authority()).map_err(|error| {
            unreadable(&base.display().to_string(), &error)
                .help("create the directory of the config")
        })?;
        let mut place = Self {
            dir,
            missing: parts.iter().map(OsString::from).collect(),
            made: Vec::new(),
            path: base.join(parts.join("/")),
            shown: shown.to_owned(),
        };
        place.enter()?;
        Ok(place)
    }

    /// The directory that the user named: what exists of the path may be behind links, and is resolved
    /// here, once.
    ///
    /// # Errors
    /// It cannot be opened, or is a file.
    pub fn named(path: &Path, shown: &str) -> Result<Self, Diagnostic> {
        let mut missing = Vec::new();
        let mut there = path;
        let dir = loop {
            match Dir::open_ambient_dir(there, ambient_authority()) {
                Ok(dir) => break dir,
                Err(error) => match (error.kind(), there.parent(), there.file_name()) {
                    (io::ErrorKind::NotFound, Some(above), Some(name)) => {
                        missing.insert(0, name.to_owned());
                        there = above;
                    }
                    _ => {
                        return Err(unreadable(shown, &error)
                            .help("the output directory must be readable and writable"));
                    }
                },
            }
        };
        let mut place = Self {
            dir,
            missing,
            made: Vec::new(),
            path: path.to_owned(),
            shown: shown.to_owned(),
        };
        place.enter()?;
        Ok(place)
    }

    /// Goes down as far as directories are there.
    fn enter(&mut self) -> Result<(), Diagnostic> {
        while let Some(part) = self.missing.first() {
            match self.dir.open_dir_nofollow(part) {
                Ok(below) => self.go(below),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(self.obstacle(part, &error)),
            }
        }
        self.dir = lockable(&self.dir)
            .unwrap_or_else(|| self.dir.try_clone())
            .map_err(|error| unreadable(&self.shown, &error))?;
        Ok(())
    }

    fn go(&mut self, below: Dir) {
        self.dir = below;
        self.missing.remove(0);
    }

    fn obstacle(&self, part: &OsString, error: &io::Error) -> Diagnostic {
        let part = part.to_string_lossy();
        match self.dir.symlink_metadata(&*part) {
            Ok(metadata) if metadata.is_symlink() => {
                let message = format!(
                    "`{part}` in the output directory `{}` is a symbolic link",
                    self.shown
                );
                Diagnostic::new(Code::OutputPath, message)
                    .help("use the real directory; with `--out` it can be anywhere")
            }
            _ => not_a(Wanted::Folder, &self.dir, &part, &self.shown, error),
        }
    }

    /// The directory, if it is there.
    pub fn folder(&self) -> Option<Folder<'_>> {
        self.missing.is_empty().then_some(Folder {
            dir: &self.dir,
            shown: &self.shown,
        })
    }

    /// Makes the directory, unless it is there.
    ///
    /// # Errors
    /// It cannot be made. What was made on the way is gone again.
    pub fn make(&mut self) -> Result<(), Diagnostic> {
        while let Some(part) = self.missing.first().cloned() {
            let made = match self.dir.create_dir(&part) {
                // Another run may have been faster.
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                Err(_) => Ok(false),
                Ok(()) => Ok(true),
            };
            let made = made.and_then(|made| {
                if made {
                    self.made.push((self.dir.try_clone()?, part.clone()));
                }
                Ok(())
            });
            let below = made
                .map_err(|error| unwritable(&self.shown, &error))
                .and_then(|()| {
                    let below = self.dir.open_dir_nofollow(&part);
                    below.map_err(|error| self.obstacle(&part, &error))
                });
            match below {
                Ok(below) => self.go(below),
                Err(diagnostic) => {
                    self.abandon();
                    return Err(diagnostic);
                }
            }
        }
        self.enter()
    }

    /// Removes the directories again that this run has made, as far as nothing is in them.
    pub fn abandon(&mut self) {
        for (above, name) in self.made.drain(..).rev() {
            if above.remove_dir(name).is_err() {
                break;
            }
        }
    }

    /// Removes the directory, and so many above it, as far as nothing is in them.
    pub fn remove_empty(&self, levels: usize) {
        for directory in self.path.ancestors().take(levels) {
            if std::fs::remove_dir(directory).is_err() {
                break;
            }
        }
    }

    /// Waits until no other run holds the directory, and holds it. Systems without such locks go on
    /// without: each file is still whole.
    ///
    /// # Errors
    /// The directory was removed in the meantime.
    pub fn lock(&self) -> Result<(), Diagnostic> {
        // The lock belongs to what was opened, not to the handle: it outlives this copy.
        let locked = self.dir.try_clone();
        let _ = locked.and_then(|dir| dir.into_std_file().lock());
        if self.missing.is_empty() && is_gone(&self.dir) {
            let message = format!("`{}` was removed in the meantime", self.shown);
            return Err(Diagnostic::new(Code::WriteFailed, message).help("run it again"));
        }
        Ok(())
    }

    /// Lets other runs have the directory.
    pub fn unlock(&self) {
        let locked = self.dir.try_clone();
        let _ = locked.and_then(|dir| dir.into_std_file().unlock());
    }

    /// Equal for two places that are one directory, whatever their paths are; the order in which
    /// several are locked.
    pub fn identity(&self) -> (u64, u64, PathBuf) {
        let rest: PathBuf = self.missing.iter().collect();
        #[cfg(unix)]
        {
            use cap_std::fs::MetadataExt;
            if let Ok(metadata) = self.dir.dir_metadata() {
                return (metadata.dev(), metadata.ino(), rest);
            }
        }
        (0, 0, self.path.join(rest))
    }
}

/// Whether a part of a path may be git's own directory on some file system: those of Windows and macOS
/// know it by other names as well.
fn is_of_git(part: &str) -> bool {
    let name = part.split(':').next().unwrap_or_default();
    let name = name.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    let name: String = name.chars().filter(char::is_ascii).collect();
    name == ".git" || name == "git~1"
}

/// The same directory, opened so that it can be locked and flushed; cap-std's own handles can do neither.
#[cfg(unix)]
fn lockable(dir: &Dir) -> Option<io::Result<Dir>> {
    let file = dir.open(".").ok()?;
    Some(Ok(Dir::from_std_file(file.into_std())))
}

#[cfg(not(unix))]
fn lockable(_: &Dir) -> Option<io::Result<Dir>> {
    None
}

/// Whether an open directory has no name any more.
#[cfg(unix)]
fn is_gone(dir: &Dir) -> bool {
    use cap_std::fs::MetadataExt;
    dir.dir_metadata()
        .is_ok_and(|metadata| metadata.nlink() == 0)
}

#[cfg(not(unix))]
fn is_gone(_: &Dir) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use crate::disk::place::is_of_git;

    #[test]
    fn no_name_of_gits_own_folder_is_taken() {
        for name in [
            ".git",
            ".GIT",
            ".git.",
            ".Git ",
            "git~1",
            "GIT~1",
            ".git::$INDEX_ALLOCATION",
            ".g\u{200c}it",
        ] {
            assert!(is_of_git(name), "{name:?}");
        }
        for name in ["git", ".github", ".gitops", "k8s"] {
            assert!(!is_of_git(name), "{name:?}");
        }
    }
}

//! Changes an output folder: everything is written beside it first, and only then moved into place.

use std::collections::BTreeSet;
use std::io::{self, Write};

use cap_std::fs::{Dir, OpenOptions};

use crate::artifact::FileMode;
use crate::change::{Change, Kind};
use crate::diag::{Diagnostic, Report};
use crate::disk::folder::Folder;
use crate::disk::unwritable;
use crate::lock;

/// Holds what is not in place yet. On the same file system, so that moving is atomic.
const STAGE: &str = ".pullwright-tmp";
/// The two locks of a run, as they are staged.
const LOCKS: [&str; 2] = ["lock-between", "lock-after"];

/// What a run is to do.
pub struct Work<'a> {
    /// All changes; those that ask for nothing are passed over.
    pub changes: &'a [Change],
    /// Whether files that somebody edited are overwritten.
    pub force: bool,
    /// Whether stale files are removed.
    pub prune: bool,
    /// The lock's texts while files are moved and after that, if it differs.
    pub locks: Option<[String; 2]>,
}

impl Folder {
    /// Does the work. Before the first file is moved, all new ones are on the disk; each move is
    /// atomic, so whatever happens each file is the old one or the new one.
    ///
    /// # Errors
    /// What could not be written. If that was noticed before the first move, nothing has changed.
    pub fn apply(&self, work: &Work<'_>) -> Result<(), Report> {
        let writes: Vec<&Change> = work
            .changes
            .iter()
            .filter(|change| change.is_written(work.force))
            .collect();
        let staged = !writes.is_empty() || work.locks.is_some();
        if staged {
            let made = self.stage(&writes, work.locks.as_ref());
            if let Err(diagnostic) = made {
                let _ = self.dir.remove_dir_all(STAGE);
                self.abandon();
                return Err(diagnostic.into());
            }
        }
        let moved = self.place(&writes, work);
        self.tidy();
        moved
    }

    /// Removes what is not in place: what a run that was killed has left.
    pub fn tidy(&self) {
        let _ = self.dir.remove_dir_all(STAGE);
    }

    /// Writes all new files beside the folder's own.
    fn stage(&self, writes: &[&Change], locks: Option<&[String; 2]>) -> Result<(), Diagnostic> {
        let stage_error = |error: io::Error| unwritable(&format!("{}/{STAGE}", self.shown), &error);
        // A run that was killed may have left one.
        match self.dir.remove_dir_all(STAGE) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(stage_error(error)),
        }
        self.dir.create_dir(STAGE).map_err(stage_error)?;
        let stage = self.dir.open_dir(STAGE).map_err(stage_error)?;
        for (number, change) in writes.iter().enumerate() {
            let Some(file) = &change.new else { continue };
            write(
                &stage,
                &number.to_string(),
                file.text.expose(),
                bits(file.mode),
            )
            .map_err(|error| unwritable(&format!("{}/{}", self.shown, change.path), &error))?;
        }
        for (name, text) in LOCKS.into_iter().zip(locks.into_iter().flatten()) {
            write(&stage, name, text, 0o644)
                .map_err(|error| unwritable(&format!("{}/{}", self.shown, lock::NAME), &error))?;
        }
        Ok(())
    }

    /// Moves a lock into place.
    fn place_lock(&self, staged: &str) -> Result<(), Report> {
        let from = format!("{STAGE}/{staged}");
        let moved = self.dir.rename(from, &self.dir, lock::NAME);
        moved.map_err(|error| unwritable(&format!("{}/{}", self.shown, lock::NAME), &error).into())
    }

    /// Moves the new files into place, and does what needs no new file. The lock of the time between
    /// comes first, the final one last.
    fn place(&self, writes: &[&Change], work: &Work<'_>) -> Result<(), Report> {
        if work.locks.is_some() {
            self.place_lock(LOCKS[0])?;
        }
        let mut report = Report::default();
        let folders: BTreeSet<&str> = writes
            .iter()
            .filter_map(|change| change.path.rsplit_once('/'))
            .map(|(folder, _)| folder)
            .collect();
        for folder in folders {
            if let Err(error) = self.dir.create_dir_all(folder) {
                return Err(unwritable(&format!("{}/{folder}", self.shown), &error).into());
            }
        }
        for (number, change) in writes.iter().enumerate() {
            let from = format!("{STAGE}/{number}");
            if let Err(error) = self.dir.rename(from, &self.dir, &change.path) {
                report.push(unwritable(
                    &format!("{}/{}", self.shown, change.path),
                    &error,
                ));
            }
        }
        for change in work.changes {
            let result = match (change.kind, &change.new) {
                (Kind::Permissions, Some(file)) => self.set_bits(&change.path, bits(file.mode)),
                (Kind::Stale, _) if work.prune => self.remove(&change.path),
                _ => Ok(()),
            };
            if let Err(error) = result {
                report.push(unwritable(
                    &format!("{}/{}", self.shown, change.path),
                    &error,
                ));
            }
        }
        if report.has_errors() {
            return Err(report);
        }
        match work.locks {
            Some(_) => self.place_lock(LOCKS[1]),
            None => Ok(()),
        }
    }

    /// Removes a file, and the folders that it leaves empty.
    fn remove(&self, path: &str) -> io::Result<()> {
        match self.dir.remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut folder = path;
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if self.dir.remove_dir(parent).is_err() {
                break;
            }
            folder = parent;
        }
        Ok(())
    }

    #[cfg(unix)]
    fn set_bits(&self, path: &str, bits: u32) -> io::Result<()> {
        use cap_std::fs::{Permissions, PermissionsExt};
        self.dir.set_permissions(path, Permissions::from_mode(bits))
    }

    #[cfg(not(unix))]
    fn set_bits(&self, _: &str, _: u32) -> io::Result<()> {
        Ok(())
    }
}

/// Permissions of a new file, before the user's umask.
fn bits(mode: FileMode) -> u32 {
    match mode {
        FileMode::Plain => 0o644,
        FileMode::Executable => 0o755,
        FileMode::Private => 0o600,
        FileMode::PrivateExecutable => 0o700,
    }
}

fn write(dir: &Dir, name: &str, text: &str, bits: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        options.mode(bits);
    }
    #[cfg(not(unix))]
    let _ = bits;
    dir.open_with(name, &options)?.write_all(text.as_bytes())
}

//! Everything that a run is to write, written beside the output directory's own files before the first of
//! them is moved.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, DirBuilder, OpenOptions};

use crate::artifact::FileMode;
use crate::change::{Change, Kind, Prune};
use crate::diag::Report;
use crate::disk::folder::Folder;
use crate::disk::{rehearse, unwritable};
use crate::lock;

/// Holds what is not in place yet. On the same file system, so that moving is atomic.
const STAGE: &str = ".pullwright-tmp";
/// Makes git see nothing of it.
const IGNORE: &str = ".gitignore";

/// What a run is to do.
pub struct Work<'a> {
    /// All changes; those without an action are skipped.
    pub changes: &'a [Change],
    /// Whether files that were edited by hand are overwritten.
    pub force: bool,
    /// Which stale files are removed.
    pub prune: Prune,
    /// What becomes of the lock, if it differs.
    pub locks: Option<Locks>,
}

/// What becomes of a lock.
pub struct Locks {
    /// Its text while files are moved.
    pub between: String,
    /// Its text after that; without one, it is removed.
    pub after: Option<String>,
}

/// What one step does with its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act<'a> {
    /// Makes the file; nothing is there.
    Create(&'a str, u32),
    /// Makes the file, in place of the one that may be there.
    Replace(&'a str, u32),
    /// Removes the file.
    Remove,
    /// Gives the file these permissions.
    Permit(u32),
}

/// One step of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) path: &'a str,
    pub(super) act: Act<'a>,
}

impl Work<'_> {
    /// The steps, in their order: the lock of the time between comes first, the final one last.
    pub(super) fn steps(&self) -> Vec<Step<'_>> {
        let [between, after] = match &self.locks {
            Some(locks) => {
                [Some(&locks.between), locks.after.as_ref()].map(|text| Some(lock(text)))
            }
            None => [None, None],
        };
        let mut steps: Vec<Step<'_>> = between.into_iter().collect();
        let acts = self.changes.iter().filter_map(|change| {
            Some(Step {
                path: &change.path,
                act: self.act(change)?,
            })
        });
        steps.extend(acts);
        steps.extend(after);
        steps
    }

    fn act<'c>(&self, change: &'c Change) -> Option<Act<'c>> {
        let text = change
            .new
            .as_ref()
            .map(|file| (file.text.expose(), bits(file.mode)));
        match (change.kind, text) {
            (Kind::Create, Some((text, bits))) => Some(Act::Create(text, bits)),
            (_, Some((text, bits))) if change.is_written(self.force) => {
                Some(Act::Replace(text, bits))
            }
            (Kind::Permissions, Some((_, bits))) => Some(Act::Permit(bits)),
            _ if self.prune.removes(change) => Some(Act::Remove),
            _ => None,
        }
    }
}

/// Writes the lock, or removes it.
fn lock(text: Option<&String>) -> Step<'_> {
    Step {
        path: lock::NAME,
        act: text.map_or(Act::Remove, |text| Act::Replace(text, 0o644)),
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

/// All that a run writes into one directory, on the disk and not in place.
pub(super) struct Stage<'a> {
    pub(super) folder: Folder<'a>,
    pub(super) steps: Vec<Step<'a>>,
    /// Holds the text of each step under its number.
    pub(super) dir: Dir,
    /// Directories that were made for the files, those above first.
    made: Vec<String>,
}

impl<'a> Stage<'a> {
    /// Writes all new files beside the directory's own, and tries whatever else can fail. `None` if there
    /// is nothing to do.
    ///
    /// # Errors
    /// What failed, file by file; the directory is as it was before.
    pub(super) fn prepare(folder: Folder<'a>, work: &'a Work<'_>) -> Result<Option<Self>, Report> {
        let steps = work.steps();
        // A run that was killed may have left a stage.
        tidy(folder);
        if steps.is_empty() {
            return Ok(None);
        }
        let dir = open(folder).map_err(|error| {
            tidy(folder);
            unwritable(&format!("{}/{STAGE}", folder.shown), &error)
        })?;
        let mut stage = Self {
            folder,
            steps,
            dir,
            made: Vec::new(),
        };
        let mut report = stage.write();
        if !report.has_errors() {
            report = rehearse::all(&stage.folder, &stage.dir, &stage.steps, &mut stage.made);
        }
        if report.has_errors() {
            stage.give_up();
            return Err(report);
        }
        Ok(Some(stage))
    }

    /// Writes the text of each step; the first fault ends it, as a full disk has many.
    fn write(&self) -> Report {
        for (number, step) in self.steps.iter().enumerate() {
            if let Act::Create(text, bits) | Act::Replace(text, bits) = step.act
                && let Err(error) = write(&self.dir, &number.to_string(), text, bits)
            {
                return unwritable(&self.shown(step), &error).into();
            }
        }
        Report::default()
    }

    /// A step's file as messages name it.
    pub(super) fn shown(&self, step: &Step<'_>) -> String {
        format!("{}/{}", self.folder.shown, step.path)
    }

    /// Removes the stage, and the directories that were made for files that will not come.
    pub(super) fn give_up(&self) {
        tidy(self.folder);
        for path in self.made.iter().rev() {
            let _ = self.folder.dir.remove_dir(path);
        }
    }

    /// Removes the stage, with the old files in it, and the directories that pruning emptied.
    pub(super) fn finish(&self) {
        tidy(self.folder);
        let removed = self.steps.iter().filter(|step| step.act == Act::Remove);
        for step in removed {
            let mut folder = step.path;
            while let Some((parent, _)) = folder.rsplit_once('/') {
                if self.folder.dir.remove_dir(parent).is_err() {
                    break;
                }
                folder = parent;
            }
        }
    }
}

/// Removes what is not in place: what a run that was killed has left. Only who holds the directory may
/// do so.
pub fn tidy(folder: Folder<'_>) {
    // In a repository of others it may be anything.
    let _ = match folder.dir.symlink_metadata(STAGE) {
        Ok(metadata) if metadata.is_dir() => clear(folder),
        Ok(_) => folder.dir.remove_file_or_symlink(STAGE),
        Err(error) => Err(error),
    };
}

/// Removes the stage, its list of patterns last: until then git sees nothing of what is still there.
fn clear(folder: Folder<'_>) -> io::Result<()> {
    let stage = folder.dir.open_dir_nofollow(STAGE)?;
    for entry in stage.entries()? {
        let entry = entry?;
        let name = entry.file_name();
        if name == IGNORE {
            continue;
        }
        if entry.file_type()?.is_dir() {
            stage.remove_dir_all(name)?;
        } else {
            stage.remove_file_or_symlink(name)?;
        }
    }
    folder.dir.remove_dir_all(STAGE)
}

/// Makes the stage. A run that is killed leaves it behind, with secrets in it perhaps: no other user may
/// enter it, and git sees nothing of it. It ignores all files, and tracks none: those are in a directory
/// whose name no repository can know.
fn open(folder: Folder<'_>) -> io::Result<Dir> {
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "there are no permissions to set")
    )]
    let mut private = DirBuilder::new();
    #[cfg(unix)]
    {
        use cap_std::fs::DirBuilderExt;
        private.mode(0o700);
    }
    folder.dir.create_dir_with(STAGE, &private)?;
    let stage = folder.dir.open_dir_nofollow(STAGE)?;
    at_once(&stage, IGNORE, "*\n", 0o600)?;
    let name = format!("{:016x}", RandomState::new().build_hasher().finish());
    stage.create_dir_with(&name, &private)?;
    stage.open_dir_nofollow(&name)
}

/// Makes a file that is there with its whole text or not at all: a run may be killed at any moment.
#[cfg(target_os = "linux")]
fn at_once(dir: &Dir, name: &str, text: &str, bits: u32) -> io::Result<()> {
    use std::os::fd::{AsFd, AsRawFd};

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};

    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let made = openat(dir.as_fd(), ".", flags, Mode::from_raw_mode(bits));
    let linked = made.map_err(io::Error::from).and_then(|file| {
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        std::fs::File::from(file.try_clone()?).write_all(text.as_bytes())?;
        linkat(CWD, path, dir.as_fd(), name, AtFlags::SYMLINK_FOLLOW)?;
        Ok(())
    });
    // Some file systems have no files without a name, and some systems no `/proc`.
    linked.or_else(|_| write(dir, name, text, bits))
}

#[cfg(not(target_os = "linux"))]
fn at_once(dir: &Dir, name: &str, text: &str, bits: u32) -> io::Result<()> {
    write(dir, name, text, bits)
}

fn write(dir: &Dir, name: &str, text: &str, bits: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create_new(true)
        .follow(FollowSymlinks::No);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        options.mode(bits);
    }
    #[cfg(not(unix))]
    let _ = bits;
    dir.open_with(name, &options)?.write_all(text.as_bytes())
}

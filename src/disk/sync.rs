//! Waits until files and directories are on the disk, so that a power failure leaves what a kill leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use cap_std::fs::Dir;

use crate::diag::Report;
use crate::disk::stage::{Act, Stage};
use crate::disk::unwritable;

/// Up to so many, one by one; more of them faster with their whole file system.
const FEW: usize = 16;

/// All staged files; by stage, what failed.
pub(super) fn files(stages: &[Option<&Stage<'_>>]) -> Vec<Report> {
    let texts = |stage: &&Stage<'_>| stage.steps.iter().filter(|step| is_text(&step.act)).count();
    let few = stages.iter().flatten().map(texts).sum::<usize>() <= FEW;
    all(stages, few, |stage| {
        let numbers = stage.steps.iter().enumerate();
        numbers
            .filter(|(_, step)| is_text(&step.act))
            .try_for_each(|(number, _)| stage.dir.open(number.to_string())?.sync_all())
    })
}

fn is_text(act: &Act<'_>) -> bool {
    matches!(act, Act::Create(..) | Act::Replace(..))
}

/// All directories whose files were moved.
pub(super) fn folders(stages: &[Option<&Stage<'_>>]) -> Vec<Report> {
    let folders = |stage: &Stage<'_>| -> BTreeSet<String> {
        let paths = stage.steps.iter().map(|step| step.path);
        let parents = paths.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder));
        // A directory that was made is an entry of the one above.
        let above = |path: &str| {
            let above: Vec<String> = path
                .match_indices('/')
                .map(|(at, _)| path[..at].to_owned())
                .collect();
            above
        };
        parents
            .flat_map(|path| [vec![String::new(), path.to_owned()], above(path)].concat())
            .collect()
    };
    let few = stages
        .iter()
        .flatten()
        .map(|stage| folders(stage).len())
        .sum::<usize>()
        <= FEW;
    all(stages, few, |stage| {
        folders(stage)
            .iter()
            .try_for_each(|path| match path.as_str() {
                "" => folder(stage.folder.dir),
                path => match stage.folder.dir.open_dir(path) {
                    // Pruning may have emptied it.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                    Err(error) => Err(error),
                    Ok(dir) => folder(&dir),
                },
            })
    })
}

/// The directories themselves, after the final lock. All files are in place: nothing is undone for this.
pub(super) fn roots(stages: &[Option<&Stage<'_>>]) {
    let few = stages.iter().flatten().count() <= FEW;
    all(stages, few, |stage| folder(stage.folder.dir));
}

/// By stage, what failed to be flushed; if they are many, by whole file systems.
fn all(
    stages: &[Option<&Stage<'_>>],
    few: bool,
    one: impl Fn(&Stage<'_>) -> io::Result<()>,
) -> Vec<Report> {
    let mut known: BTreeMap<u64, ()> = BTreeMap::new();
    let flush = |stage: &Option<&Stage<'_>>| {
        let Some(stage) = stage else {
            return Report::default();
        };
        let flushed = if few {
            one(stage)
        } else {
            let is_new =
                device(stage.folder.dir).is_none_or(|device| known.insert(device, ()).is_none());
            if !is_new {
                return Report::default();
            }
            file_system(stage.folder.dir).unwrap_or_else(|| one(stage))
        };
        match flushed {
            Err(error) if !is_unsupported(&error) => unwritable(stage.folder.shown, &error).into(),
            _ => Report::default(),
        }
    };
    stages.iter().map(flush).collect()
}

/// Some file systems, and handles without the right to read, cannot be asked.
fn is_unsupported(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let unsupported = [
            Errno::INVAL,
            Errno::NOSYS,
            Errno::NOTSUP,
            Errno::OPNOTSUPP,
            Errno::BADF,
        ];
        Errno::from_io_error(error).is_some_and(|errno| unsupported.contains(&errno))
    }
    #[cfg(not(unix))]
    {
        error.kind() == io::ErrorKind::Unsupported
    }
}

#[cfg(unix)]
fn folder(dir: &Dir) -> io::Result<()> {
    dir.open(".")?.sync_all()
}

/// Directories cannot be flushed here.
#[cfg(not(unix))]
fn folder(_: &Dir) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn device(dir: &Dir) -> Option<u64> {
    use cap_std::fs::MetadataExt;
    dir.dir_metadata().ok().map(|metadata| metadata.dev())
}

#[cfg(not(unix))]
fn device(_: &Dir) -> Option<u64> {
    None
}

/// Everything of the file system that a directory is on, in one call; `None` where there is none.
#[cfg(target_os = "linux")]
fn file_system(dir: &Dir) -> Option<io::Result<()>> {
    Some(rustix::fs::syncfs(dir).map_err(io::Error::from))
}

#[cfg(not(target_os = "linux"))]
fn file_system(_: &Dir) -> Option<io::Result<()>> {
    None
}

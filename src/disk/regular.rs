//! Opens what should be a regular file without waiting for it, and reads no more of it than a limit.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};

use crate::disk::why;

/// Why something is not read.
#[derive(Debug)]
pub(super) enum Unfit {
    /// The system refuses.
    System(io::Error),
    /// It is a directory.
    Folder,
    /// It is a pipe, a device, a socket or a link: what it holds may have no end.
    Special,
    /// It is a link, and none is followed.
    Link,
    /// It is larger than the limit, or grew beyond it while it was read.
    Large,
}

impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl Unfit {
    /// Whether there is nothing.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::System(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// The end of a sentence; `limit` is what the reader allowed.
    pub(super) fn why(&self, limit: u64) -> String {
        match self {
            Self::System(error) => why(error),
            Self::Folder => "it is a directory".to_owned(),
            Self::Special => "it is not a regular file".to_owned(),
            Self::Link => "it is a symbolic link".to_owned(),
            Self::Large if limit >= 1024 * 1024 => {
                format!("it is larger than {} MiB", limit / 1024 / 1024)
            }
            Self::Large => format!("it is larger than {} KiB", limit / 1024),
        }
    }
}

/// Whether a file may be a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// The user sets where it is.
    Followed,
    /// Messages show lines of it, and a link in a repository may lead to anything.
    Refused,
}

/// A file of the user's; links among the directories on the way to it are followed.
pub(super) fn read(path: &Path, links: Links, limit: u64) -> Result<Vec<u8>, Unfit> {
    // Asked before it is opened as well: opening alone makes some devices act.
    let metadata = match links {
        Links::Refused => fs::symlink_metadata(path)?,
        Links::Followed => fs::metadata(path)?,
    };
    if metadata.is_symlink() {
        return Err(Unfit::Link);
    }
    fit(metadata.is_file(), metadata.is_dir(), metadata.len(), limit)?;
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let mut flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        if links == Links::Refused {
            flags |= rustix::fs::OFlags::NOFOLLOW;
        }
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    fit(metadata.is_file(), metadata.is_dir(), metadata.len(), limit)?;
    bounded(file, metadata.len(), limit)
}

/// A file in a directory, never through a link; its metadata as well.
pub(super) fn read_in(
    dir: &Dir,
    name: &Path,
    limit: u64,
) -> Result<(Vec<u8>, cap_std::fs::Metadata), Unfit> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let file = dir.open_with(name, &options)?;
    let metadata = file.metadata()?;
    fit(metadata.is_file(), metadata.is_dir(), metadata.len(), limit)?;
    Ok((bounded(file, metadata.len(), limit)?, metadata))
}

fn fit(is_file: bool, is_dir: bool, size: u64, limit: u64) -> Result<(), Unfit> {
    match (is_file, is_dir) {
        (_, true) => Err(Unfit::Folder),
        (false, _) => Err(Unfit::Special),
        (true, _) if size > limit => Err(Unfit::Large),
        _ => Ok(()),
    }
}

/// Reads to the end. `size` is the reported size: files of `/proc` report 0, and a file may
/// grow meanwhile.
fn bounded(file: impl Read, size: u64, limit: u64) -> Result<Vec<u8>, Unfit> {
    let size = usize::try_from(size.min(limit)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Unfit::Large);
    }
    Ok(bytes)
}

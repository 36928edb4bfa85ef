//! Tries whatever can fail before the first file of a directory is moved.

use std::collections::BTreeMap;
use std::io;

use cap_fs_ext::DirExt;
use cap_std::fs::Dir;

use crate::diag::Report;
use crate::disk::folder::Folder;
use crate::disk::stage::{Act, Step};
use crate::disk::unwritable;

/// Makes the directories of all steps, and checks for each step whether it can be done. `made` gets the
/// directories that were not there. File by file, what cannot be done.
pub(super) fn all(
    folder: &Folder<'_>,
    stage: &Dir,
    steps: &[Step<'_>],
    made: &mut Vec<String>,
) -> Report {
    let mut by_folder: BTreeMap<&str, Vec<&Step<'_>>> = BTreeMap::new();
    for step in steps {
        let (parent, _) = step.path.rsplit_once('/').unwrap_or(("", step.path));
        by_folder.entry(parent).or_default().push(step);
    }
    let mut report = Report::default();
    for (parent, steps) in by_folder {
        let mut refuse = |step: &Step<'_>, error: &io::Error| {
            report.push(unwritable(
                &format!("{}/{}", folder.shown, step.path),
                error,
            ));
        };
        let wanted = make(folder.dir, parent, made);
        let wanted = wanted.and_then(|dir| system::folder(&dir, stage).map(|()| dir));
        match wanted {
            Err(error) => steps.iter().for_each(|step| refuse(step, &error)),
            Ok(dir) => {
                for step in steps {
                    if let Err(error) = one(&dir, step) {
                        refuse(step, &error);
                    }
                }
            }
        }
    }
    report
}

/// The directory `parent`, never through a link; made as far as it is not there.
fn make(dir: &Dir, parent: &str, made: &mut Vec<String>) -> io::Result<Dir> {
    let mut dir = dir.try_clone()?;
    let mut way = String::new();
    for part in parent.split('/').filter(|part| !part.is_empty()) {
        way = format!("{way}/{part}").trim_start_matches('/').to_owned();
        dir = match dir.open_dir_nofollow(part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                dir.create_dir(part)?;
                made.push(way.clone());
                dir.open_dir_nofollow(part)?
            }
            result => result?,
        };
    }
    Ok(dir)
}

/// Whether a step can be done in a directory that can be written.
fn one(dir: &Dir, step: &Step<'_>) -> io::Result<()> {
    let name = step.path.rsplit('/').next().unwrap_or(step.path);
    let metadata = match dir.symlink_metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match step.act {
                Act::Create(..) | Act::Replace(..) => Ok(()),
                // Gone meanwhile.
                Act::Remove | Act::Permit(_) => Err(error),
            };
        }
        result => result?,
    };
    if matches!(step.act, Act::Create(..)) {
        return Err(io::Error::other("it was created in the meantime"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    match step.act {
        // To give it the permissions that it has is allowed to who may change them.
        Act::Permit(_) => permit(dir, name, None).map(drop),
        _ => system::file(dir, name),
    }
}

/// Gives a file these permissions, or those that it has; returns those that it had.
#[cfg(unix)]
pub(super) fn permit(dir: &Dir, name: &str, bits: Option<u32>) -> io::Result<u32> {
    use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
    use cap_std::fs::{OpenOptions, Permissions, PermissionsExt};

    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let file = dir.open_with(name, &options)?;
    let had = file.metadata()?.permissions().mode();
    file.set_permissions(Permissions::from_mode(bits.unwrap_or(had) & 0o7777))?;
    Ok(had)
}

#[cfg(not(unix))]
pub(super) fn permit(_: &Dir, _: &str, _: Option<u32>) -> io::Result<u32> {
    Ok(0)
}

#[cfg(target_os = "linux")]
mod system {
    use std::io;

    use cap_std::fs::Dir;
    use rustix::fs::{Access, AtFlags, Statx, StatxAttributes, StatxFlags, accessat, statx};

    /// Whether files can come into `dir` from `stage`, and go.
    pub(super) fn folder(dir: &Dir, stage: &Dir) -> io::Result<()> {
        // In the rights that count for what is to come.
        accessat(
            dir,
            ".",
            Access::WRITE_OK | Access::EXEC_OK,
            AtFlags::EACCESS,
        )?;
        let (Some(own), Some(other)) = (ask(dir, ".")?, ask(stage, ".")?) else {
            return Ok(());
        };
        changeable(&own)?;
        let device = |one: &Statx| (one.stx_dev_major, one.stx_dev_minor, one.stx_mnt_id);
        if device(&own) == device(&other) {
            Ok(())
        } else {
            Err(io::ErrorKind::CrossesDevices.into())
        }
    }

    /// Whether the file can be replaced or removed, in a directory where that is allowed.
    pub(super) fn file(dir: &Dir, name: &str) -> io::Result<()> {
        let (Some(file), Some(folder)) = (ask(dir, name)?, ask(dir, ".")?) else {
            return Ok(());
        };
        changeable(&file)?;
        if file.stx_attributes.contains(StatxAttributes::MOUNT_ROOT)
            || file.stx_mnt_id != folder.stx_mnt_id
        {
            return Err(io::Error::other("it is a mount point"));
        }
        let user = rustix::process::geteuid();
        let sticky = u32::from(folder.stx_mode) & 0o1000 != 0;
        let owns = [file.stx_uid, folder.stx_uid].contains(&user.as_raw());
        if sticky && !owns && !user.is_root() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }

    /// What the system tells of a path, if it can tell.
    fn ask(dir: &Dir, name: &str) -> io::Result<Option<Statx>> {
        let wanted = StatxFlags::BASIC_STATS | StatxFlags::MNT_ID;
        match statx(dir, name, AtFlags::SYMLINK_NOFOLLOW, wanted) {
            Ok(found) => Ok(Some(found)),
            Err(rustix::io::Errno::NOSYS) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn changeable(found: &Statx) -> io::Result<()> {
        let locked = StatxAttributes::IMMUTABLE | StatxAttributes::APPEND;
        if found.stx_attributes.intersects(locked) {
            return Err(io::Error::other(
                "it is immutable (`chattr -i -a` frees it)",
            ));
        }
        Ok(())
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod system {
    use std::io;

    use cap_std::fs::Dir;
    use rustix::fs::{Access, AtFlags, accessat};

    /// Whether files can come into `dir`, and go. What this does not see is undone when it fails.
    pub(super) fn folder(dir: &Dir, _: &Dir) -> io::Result<()> {
        Ok(accessat(
            dir,
            ".",
            Access::WRITE_OK | Access::EXEC_OK,
            AtFlags::EACCESS,
        )?)
    }

    pub(super) fn file(_: &Dir, _: &str) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    use cap_std::fs::Dir;

    /// What is not asked here is undone when it fails.
    pub(super) fn folder(_: &Dir, _: &Dir) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn file(_: &Dir, _: &str) -> io::Result<()> {
        Ok(())
    }
}

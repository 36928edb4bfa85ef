//! Moves files between two open directories, so that what was there before is kept.

use std::io;

use cap_std::fs::Dir;

/// How a file came to its place, and so how it goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moved {
    /// Nothing was there before.
    Created,
    /// It changed places with the one that was there.
    Exchanged,
    /// The one that was there is in the stage under its number and [`OLD`].
    Aside,
}

/// Ends the name of a file that was moved out of its place.
const OLD: &str = ".old";

/// Moves `staged` to `name`, where nothing is.
///
/// # Errors
/// Something is there, or it cannot be moved.
pub(super) fn create(stage: &Dir, staged: &str, dir: &Dir, name: &str) -> io::Result<Moved> {
    match system::rename_new(stage, staged, dir, name) {
        Err(error) if system::is_unsupported(&error) => {
            if dir.symlink_metadata(name).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            stage.rename(staged, dir, name)
        }
        result => result,
    }?;
    Ok(Moved::Created)
}

/// Moves `staged` to `name`, and what was there to the stage. At each moment one of the two is there,
/// as far as the file system can do that.
///
/// # Errors
/// It cannot be moved, or is not a file.
pub(super) fn replace(stage: &Dir, staged: &str, dir: &Dir, name: &str) -> io::Result<Moved> {
    match system::exchange(stage, staged, dir, name) {
        Ok(()) if stage.symlink_metadata(staged)?.is_file() => Ok(Moved::Exchanged),
        Ok(()) => {
            system::exchange(stage, staged, dir, name)?;
            Err(io::Error::other("it is not a regular file"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(stage, staged, dir, name),
        Err(error) if system::is_unsupported(&error) => replace_in_two(stage, staged, dir, name),
        Err(error) => Err(error),
    }
}

/// For file systems that cannot exchange: a second name for the old file, then the new one over it;
/// without second names, for a moment none.
fn replace_in_two(stage: &Dir, staged: &str, dir: &Dir, name: &str) -> io::Result<Moved> {
    match dir.symlink_metadata(name) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(io::Error::other("it is not a regular file")),
        Err(_) => return create(stage, staged, dir, name),
    }
    let old = format!("{staged}{OLD}");
    let linked = dir.hard_link(name, stage, &old).is_ok();
    if !linked {
        dir.rename(name, stage, &old)?;
    }
    if let Err(error) = stage.rename(staged, dir, name) {
        if !linked {
            stage.rename(&old, dir, name)?;
        }
        return Err(error);
    }
    Ok(Moved::Aside)
}

/// Moves the file `name` to the stage.
///
/// # Errors
/// It cannot be moved.
pub(super) fn remove(stage: &Dir, staged: &str, dir: &Dir, name: &str) -> io::Result<Moved> {
    dir.rename(name, stage, format!("{staged}{OLD}"))?;
    Ok(Moved::Aside)
}

/// Undoes a move.
///
/// # Errors
/// It cannot be undone: the place is as it was after the move.
pub(super) fn undo(
    moved: &Moved,
    stage: &Dir,
    staged: &str,
    dir: &Dir,
    name: &str,
) -> io::Result<()> {
    match moved {
        Moved::Created => dir.rename(name, stage, staged),
        Moved::Exchanged => system::exchange(stage, staged, dir, name),
        Moved::Aside => stage.rename(format!("{staged}{OLD}"), dir, name),
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod system {
    use std::io;

    use cap_std::fs::Dir;
    use rustix::fs::{RenameFlags, renameat_with};
    use rustix::io::Errno;

    pub(super) fn exchange(stage: &Dir, staged: &str, dir: &Dir, name: &str) -> io::Result<()> {
        Ok(renameat_with(
            stage,
            staged,
            dir,
            name,
            RenameFlags::EXCHANGE,
        )?)
    }

    pub(super) fn rename_new(stage: &Dir, staged: &str, dir: &Dir, name: &str) -> io::Result<()> {
        Ok(renameat_with(
            stage,
            staged,
            dir,
            name,
            RenameFlags::NOREPLACE,
        )?)
    }

    /// Whether the system or the file system lacks such a move.
    pub(super) fn is_unsupported(error: &io::Error) -> bool {
        let unsupported = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP];
        Errno::from_io_error(error).is_some_and(|errno| unsupported.contains(&errno))
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod system {
    use std::io;

    use cap_std::fs::Dir;

    pub(super) fn exchange(_: &Dir, _: &str, _: &Dir, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn rename_new(_: &Dir, _: &str, _: &Dir, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn is_unsupported(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::Unsupported
    }
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;
    use cap_std::fs::Dir;

    use crate::disk::rename::{Moved, create, replace, replace_in_two, undo};

    /// A stage and a directory, with a file in each.
    fn two() -> (tempfile::TempDir, [Dir; 2]) {
        let folder = tempfile::tempdir().expect("there is a place for scratch folders");
        let dirs = ["stage", "own"].map(|name| {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).expect("it is ours");
            Dir::open_ambient_dir(path, ambient_authority()).expect("it is there")
        });
        dirs[0].write("0", "new").expect("it is ours");
        dirs[1].write("x", "old").expect("it is ours");
        (folder, dirs)
    }

    #[test]
    fn each_way_to_replace_a_file_can_be_undone() {
        for way in [replace, replace_in_two] {
            let (_folder, [stage, own]) = two();
            let moved = way(&stage, "0", &own, "x").expect("nothing is in the way");
            assert_eq!(own.read_to_string("x").expect("it is there"), "new");
            undo(&moved, &stage, "0", &own, "x").expect("nothing is in the way");
            assert_eq!(own.read_to_string("x").expect("it is there"), "old");
            // And where nothing is.
            let (_folder, [stage, own]) = two();
            let moved = way(&stage, "0", &own, "y").expect("nothing is in the way");
            assert_eq!(moved, Moved::Created);
            undo(&moved, &stage, "0", &own, "y").expect("nothing is in the way");
            assert!(!own.exists("y") && stage.exists("0"));
        }
    }

    #[test]
    fn nothing_but_a_file_is_replaced() {
        for way in [replace, replace_in_two] {
            let (_folder, [stage, own]) = two();
            own.create_dir("d").expect("it is ours");
            own.write("d/mine", "mine").expect("it is ours");
            assert!(way(&stage, "0", &own, "d").is_err());
            assert!(own.exists("d/mine") && stage.exists("0"));
        }
    }

    #[test]
    fn what_was_made_meanwhile_is_not_replaced() {
        let (_folder, [stage, own]) = two();
        assert!(create(&stage, "0", &own, "x").is_err());
        assert_eq!(own.read_to_string("x").expect("it is there"), "old");
    }
}

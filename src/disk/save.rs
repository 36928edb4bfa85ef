//! A file that the user named for the output of a run: replaced as a whole, or left as it is.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic};
use crate::disk::unwritable;

/// Whether a file may be written there, as far as a look can tell.
///
/// # Errors
/// It is a directory, or something else that is not a regular file.
pub fn check(path: &Path, shown: &str) -> Result<(), Diagnostic> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(found) => {
            let what = if found.is_dir() {
                "it is a directory"
            } else {
                "it is not a regular file"
            };
            let message = format!("cannot write `{shown}`: {what}");
            Err(Diagnostic::new(Code::WriteFailed, message).help("set another file"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unwritable(shown, &error)),
    }
}

/// Writes a file, and the directories on its way. Who reads it meanwhile sees the old text or the new one,
/// never a part; a link is followed, and permissions stay.
///
/// # Errors
/// [`check`] refuses it, or it cannot be written; then the old file is as it was.
pub fn replace(path: &Path, shown: &str, text: &str) -> Result<(), Diagnostic> {
    check(path, shown)?;
    // What a link leads to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    written(&path, text).map_err(|error| unwritable(shown, &error))
}

fn written(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    fs::create_dir_all(&folder)?;
    let staged = staged(&folder)?;
    let moved = fill(&staged, path, text).and_then(|()| fs::rename(&staged, path));
    if moved.is_err() {
        let _ = fs::remove_file(&staged);
    }
    moved
}

/// A name in the same directory that nobody can foresee.
fn staged(folder: &Path) -> io::Result<PathBuf> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let number = u64::from_ne_bytes(random);
    Ok(folder.join(format!(".pullwright-{number:016x}.new")))
}

fn fill(staged: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(staged)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}

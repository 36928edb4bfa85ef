//! A script that calls this program, where another program looks for it.

use std::fs;
use std::path::Path;

use crate::clean::single_quoted;
use crate::diag::{Code, Diagnostic};
use crate::disk::regular::{self, Links};
use crate::disk::{unwritable, why};

/// The second line of every script of ours.
const MARK: &str =
    "# Installed by `pullwright fn --install-plugin`; run it again after moving pullwright.";

/// Our scripts are smaller, in bytes.
const MAX_SCRIPT: u64 = 64 * 1024;

/// Writes the legacy plugin of kustomize, which calls `program`.
///
/// # Errors
/// Something of others is there, or it cannot be written.
pub fn plugin(path: &Path, program: &Path) -> Result<(), Diagnostic> {
    let shown = path.display().to_string();
    let is_ours = match regular::read(path, Links::Followed, MAX_SCRIPT) {
        Ok(text) => String::from_utf8_lossy(&text).contains(MARK),
        // A link that leads nowhere is replaced.
        Err(unfit) => unfit.is_missing(),
    };
    if !is_ours {
        let message = format!("`{shown}` exists and was not installed by pullwright");
        return Err(Diagnostic::new(Code::WriteFailed, message).help("move it away"));
    }
    let Some(program) = program.to_str().filter(|program| !program.is_empty()) else {
        let message = "the path of this program is unknown, or is not UTF-8";
        return Err(Diagnostic::new(Code::WriteFailed, message));
    };
    let quoted = single_quoted(program);
    let text = format!("#!/bin/sh\n{MARK}\nexec {quoted} fn \"$@\"\n");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| unwritable(&shown, &error))?;
    }
    // Moved into place, so that a build that runs meanwhile never sees half of it.
    let staged = path.with_extension("new");
    let written = fs::write(&staged, text)
        .and_then(|()| executable(&staged))
        .and_then(|()| fs::rename(&staged, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&staged);
        Diagnostic::new(
            Code::WriteFailed,
            format!("cannot write `{shown}`: {}", why(&error)),
        )
    })
}

#[cfg(unix)]
fn executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

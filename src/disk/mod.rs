//! The only module that touches files: reads inputs, and changes an output directory all or nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one module that may use the file system"
)]

pub mod apart;
pub mod find;
pub mod folder;
pub mod git;
mod handles;
pub mod include;
pub mod input;
pub mod install;
pub mod kustomize;
mod moves;
mod place;
mod regular;
mod rehearse;
mod rename;
pub mod save;
mod stage;
mod sync;
mod templates;
#[cfg(test)]
mod tests;
mod walk;

use std::io;

use crate::diag::{Code, Diagnostic};

pub use crate::disk::folder::Folder;
pub use crate::disk::handles::reserve;
pub use crate::disk::moves::{Failure, Task, apply};
pub use crate::disk::place::Place;
pub use crate::disk::stage::{Locks, Work, tidy};
pub use crate::disk::templates::read_templates;

/// An error of the system in the words of a message.
fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::CrossesDevices => "it is on another file system".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is a file, not a directory".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error")
                .next()
                .unwrap_or(&text)
                .to_lowercase()
        }
    }
}

fn unreadable(what: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::Unreadable,
        format!("cannot read `{what}`: {}", why(error)),
    )
}

fn unwritable(what: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::WriteFailed,
        format!("cannot write `{what}`: {}", why(error)),
    )
}

//! The file that gets the output of a run in place of stdout.

use std::path::{Path, PathBuf};

use crate::clean;
use crate::diag::format::Output;
use crate::diag::{Diagnostic, Format};
use crate::disk::save;

/// The output of a run for a file. It is cleaned as for a stream, because a CI service may print the file.
pub(super) struct Saved {
    path: PathBuf,
    shown: String,
    format: Format,
    text: String,
}

impl Saved {
    /// An output for `file`, which is relative to `folder`.
    ///
    /// # Errors
    /// Something is there that is not a file.
    pub(super) fn new(folder: &Path, file: &Path, format: Format) -> Result<Self, Diagnostic> {
        let path = folder.join(file);
        let shown = file.display().to_string();
        save::check(&path, &shown)?;
        Ok(Self {
            path,
            shown,
            format,
            text: String::new(),
        })
    }

    /// Adds text for people, if that is the format. It has no colours.
    pub(super) fn add_text(&mut self, text: impl FnOnce() -> String) {
        if self.format == Format::Text {
            self.text.push_str(&clean::text(&text()));
        }
    }

    /// Adds what the format makes of the run.
    pub(super) fn add(&mut self, output: &Output) {
        match output {
            Output::Nothing => {}
            Output::Json(text) => self.text.push_str(&clean::json(text)),
            Output::Commands(commands) => self.text.push_str(commands.as_str()),
            Output::Xml(text) => self.text.push_str(&clean::text(text)),
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// It cannot be written; then it is as it was.
    pub(super) fn write(self) -> Result<(), Diagnostic> {
        save::replace(&self.path, &self.shown, &self.text)
    }
}

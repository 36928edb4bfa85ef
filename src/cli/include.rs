//! Reads the inventories that a config includes.

use std::path::{Path, PathBuf};

use crate::config::include::{Included, Includes};
use crate::disk::include::Bounds;
use crate::disk::input;
use crate::span::Source;

/// Reads files for one config.
pub(super) struct Files {
    bounds: Bounds,
    /// The working directory, which messages name files relative to.
    here: PathBuf,
}

impl Files {
    /// For a config in `folder`.
    pub(super) fn of(folder: &Path, here: &Path) -> Self {
        Self {
            bounds: Bounds::of(folder, here),
            here: input::real(here),
        }
    }
}

impl Includes for Files {
    fn read(&self, from: Option<&str>, path: &str) -> Result<Included, String> {
        let file = self.bounds.resolve(from.map(Path::new), path)?;
        let shown = file.strip_prefix(&self.here).unwrap_or(&file);
        let shown = shown.to_string_lossy().into_owned();
        let text = input::read_text(&file, &shown).map_err(|diagnostic| {
            let message = diagnostic.message;
            let why = message.rsplit_once("`: ").map(|(_, why)| why.to_owned());
            why.unwrap_or(message)
        })?;
        let identity = file.to_string_lossy().into_owned();
        Ok(Included {
            source: Source::new(shown, text),
            identity,
        })
    }
}

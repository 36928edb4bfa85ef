//! What a run sees of the world: streams, environment, working folder.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::disk::input;
use crate::render::Renderer;
use crate::secret::Redacted;
use crate::strategy::Outside;

/// Streams and surroundings of one run.
pub struct Io<'a> {
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard output: data only.
    pub stdout: &'a mut dyn Write,
    /// Standard error: everything else.
    pub stderr: &'a mut dyn Write,
    /// Whether the three streams, in this order, are terminals.
    pub terminals: [bool; 3],
    /// The working folder.
    pub folder: PathBuf,
    /// Where this program lies; empty if that is not known.
    pub program: PathBuf,
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
}

impl Io<'_> {
    /// A variable of the environment, if it is set and is text.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let found = self.environment.iter().find(|(key, _)| key == name)?;
        found.1.to_str()
    }
}

/// What the jobs of several threads see of the world.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    /// The working folder.
    pub(super) folder: &'a Path,
    /// The environment.
    pub(super) environment: &'a [(OsString, OsString)],
    /// Renders the built-in templates, for all jobs: what it finds out about a template's structure for
    /// one config holds for the next.
    pub(super) renderer: &'a OnceLock<Arc<Renderer>>,
}

/// Credentials from the environment and from files beside the config.
pub(super) struct Credentials<'a> {
    /// The environment.
    pub(super) environment: &'a [(OsString, OsString)],
    /// The folder that files are relative to.
    pub(super) folder: &'a Path,
}

impl Outside for Credentials<'_> {
    fn variable(&self, name: &str) -> Option<Redacted> {
        let found = self.environment.iter().find(|(key, _)| key == name)?;
        Some(Redacted::new(found.1.to_str()?.to_owned()))
    }

    fn file(&self, path: &str) -> Result<Redacted, String> {
        input::read_credentials(&self.folder.join(path))
    }
}

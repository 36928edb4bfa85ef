//! What a run sees of the world: streams, environment, working directory.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::cli::args::When;
use crate::cli::stream::Stream;
use crate::diag::format::text::Colour;
use crate::disk::input;
use crate::render::{Renderer, Templates};
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
    /// The working directory.
    pub folder: PathBuf,
    /// Where this program is; empty if that is not known.
    pub program: PathBuf,
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
}

impl<'a> Io<'a> {
    /// Stdout and stderr, which only take text that is cleaned, and the rest.
    pub(super) fn split(self) -> ([Stream<'a>; 2], Around<'a>) {
        let [_, out, err] = self.terminals;
        let streams = [Stream::new(self.stdout, out), Stream::new(self.stderr, err)];
        let around = Around {
            stdin: self.stdin,
            terminals: self.terminals,
            folder: self.folder,
            program: self.program,
            environment: self.environment,
        };
        (streams, around)
    }
}

/// An [`Io`] without what can be written to.
pub(super) struct Around<'a> {
    pub(super) stdin: &'a mut dyn Read,
    pub(super) terminals: [bool; 3],
    pub(super) folder: PathBuf,
    pub(super) program: PathBuf,
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Around<'_> {
    /// A variable of the environment, if it is set and is text.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.environment.iter().find(|(key, _)| key == name)?;
        found.1.to_str()
    }

    /// Whether stream 1 (stdout) or 2 (stderr) is coloured.
    pub(super) fn colour(&self, when: When, stream: usize) -> Colour {
        let plain = self
            .variable("NO_COLOR")
            .is_some_and(|value| !value.is_empty());
        let forced = self
            .variable("CLICOLOR_FORCE")
            .is_some_and(|value| value != "0");
        let on = match when {
            When::Always => true,
            When::Never => false,
            When::Auto if plain => false,
            When::Auto if forced => true,
            When::Auto => self.terminals[stream] && self.variable("TERM") != Some("dumb"),
        };
        if on { Colour::On } else { Colour::Off }
    }

    /// Whether a CI service reads what this run prints, and takes some lines of it for commands.
    pub(super) fn is_ci(&self) -> bool {
        let is_set = |name| {
            let value = self.variable(name);
            value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        is_set("GITHUB_ACTIONS") || is_set("TF_BUILD")
    }
}

/// What the jobs of several threads see of the world.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    /// The working directory.
    pub(super) folder: &'a Path,
    /// Where this program is; empty if that is not known.
    pub(super) program: &'a Path,
    /// The environment.
    pub(super) environment: &'a [(OsString, OsString)],
    /// Renders the built-in templates, for all jobs: what it finds out about a template's structure for
    /// one config holds for the next.
    pub(super) renderer: &'a OnceLock<Arc<Renderer>>,
    /// The most files that one config may generate.
    pub(super) max_files: usize,
}

impl World<'_> {
    /// What renders the built-in templates.
    pub(super) fn built_in(self) -> Arc<Renderer> {
        let make = || Arc::new(Renderer::new(Templates::default()));
        Arc::clone(self.renderer.get_or_init(make))
    }
}

/// Credentials from the environment and from files beside the config.
pub(super) struct Credentials<'a> {
    /// The environment.
    pub(super) environment: &'a [(OsString, OsString)],
    /// The directory that files are relative to.
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

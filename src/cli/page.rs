//! What a run prints: messages and notes to stderr, data to stdout, in colour or not.

use std::io;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::cli::args::{Common, When};
use crate::cli::world::World;
use crate::cli::{Exit, Io};
use crate::diag::annotate::{self, Service};
use crate::diag::text::Colour;
use crate::diag::{self, Report};
use crate::render::Renderer;

/// Why a command ended early.
pub(super) enum Stop {
    /// The messages to show; exit 2.
    Report(Report),
    /// Stdout or stderr cannot be written.
    Stream(io::Error),
}

impl From<Report> for Stop {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

impl From<diag::Diagnostic> for Stop {
    fn from(diagnostic: diag::Diagnostic) -> Self {
        Self::Report(diagnostic.into())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

/// A command's result.
pub(super) type Ending = Result<Exit, Stop>;

/// The streams of a run, with its choice of colours.
pub(super) struct Page<'a, 'b> {
    pub(super) io: &'a mut Io<'b>,
    common: Common,
    renderer: OnceLock<Arc<Renderer>>,
}

/// Colours of the reports, as ANSI numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paint {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
    Bold = 1,
}

impl<'a, 'b> Page<'a, 'b> {
    pub(super) fn new(common: &Common, io: &'a mut Io<'b>) -> Self {
        Self {
            io,
            common: *common,
            renderer: OnceLock::new(),
        }
    }

    /// The part that threads may share.
    pub(super) fn world(&self) -> World<'_> {
        World {
            folder: &self.io.folder,
            environment: &self.io.environment,
            renderer: &self.renderer,
        }
    }

    /// Whether stream 1 (stdout) or 2 (stderr) is coloured.
    fn colour(&self, stream: usize) -> Colour {
        let set = |name: &str| {
            self.io
                .variable(name)
                .is_some_and(|value| !value.is_empty())
        };
        let on = match self.common.color {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto
                if self
                    .io
                    .variable("CLICOLOR_FORCE")
                    .is_some_and(|value| value != "0") =>
            {
                true
            }
            When::Auto => self.io.terminals[stream] && self.io.variable("TERM") != Some("dumb"),
        };
        if on { Colour::On } else { Colour::Off }
    }

    /// Shows messages on stderr.
    pub(super) fn report(&mut self, report: &Report) -> io::Result<()> {
        let text = diag::text::render(report, self.colour(2));
        self.io.stderr.write_all(text.as_bytes())
    }

    /// Annotations on stdout, if a service takes them.
    pub(super) fn annotations(
        &mut self,
        report: &Report,
        service: Option<Service>,
    ) -> io::Result<()> {
        let Some(service) = service else {
            return Ok(());
        };
        self.data(&annotate::render(report, service))
    }

    /// A line on stderr, its first word painted.
    pub(super) fn note(&mut self, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        let word = painted(self.colour(2), paint, word);
        let rest = one_line(rest);
        writeln!(self.io.stderr, "{word} {rest}")
    }

    /// A line on stdout, its first word painted.
    pub(super) fn line(&mut self, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        let word = painted(self.colour(1), paint, word);
        let rest = one_line(rest);
        writeln!(self.io.stdout, "{word} {rest}")
    }

    /// Data on stdout.
    pub(super) fn data(&mut self, text: &str) -> io::Result<()> {
        self.io.stdout.write_all(text.as_bytes())
    }

    /// One JSON value on stdout.
    pub(super) fn json(&mut self, value: &Value) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        writeln!(self.io.stdout, "{text}")
    }

    /// A unified diff on stdout.
    pub(super) fn diff(&mut self, diff: &str) -> io::Result<()> {
        if self.colour(1) == Colour::Off {
            return self.data(diff);
        }
        let text = coloured(diff);
        self.data(&text)
    }

    /// A unified diff on stderr.
    pub(super) fn diff_note(&mut self, diff: &str) -> io::Result<()> {
        let text = if self.colour(2) == Colour::On {
            coloured(diff)
        } else {
            diff.to_owned()
        };
        self.io.stderr.write_all(text.as_bytes())
    }

    /// Shows why a command ended early, writes out what is buffered, and says the exit code.
    pub(super) fn close(mut self, result: Ending) -> Exit {
        let exit = match result {
            Ok(exit) => Ok(exit),
            Err(Stop::Report(report)) => self.report(&report).map(|()| Exit::Failed),
            Err(Stop::Stream(error)) => Err(error),
        };
        let flushed = self.io.stdout.flush().and_then(|()| self.io.stderr.flush());
        match exit.and_then(|exit| flushed.map(|()| exit)) {
            Ok(exit) => exit,
            // Whoever reads us has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Ok,
            Err(error) => {
                let _ = writeln!(self.io.stderr, "error: cannot write the output: {error}");
                Exit::Failed
            }
        }
    }
}

/// What clap has to say: help and version on stdout, mistakes on stderr.
pub(super) fn usage(error: &clap::Error, io: &mut Io<'_>) -> Exit {
    let is_mistake = error.use_stderr();
    let stream = if is_mistake { 2 } else { 1 };
    let plain = io
        .variable("NO_COLOR")
        .is_some_and(|value| !value.is_empty());
    let rendered = error.render();
    let text = if io.terminals[stream] && !plain {
        rendered.ansi().to_string()
    } else {
        rendered.to_string()
    };
    let written = if is_mistake {
        io.stderr.write_all(text.as_bytes())
    } else {
        io.stdout
            .write_all(text.as_bytes())
            .and_then(|()| io.stdout.flush())
    };
    match (written, is_mistake) {
        (Ok(()), false) => Exit::Ok,
        _ => Exit::Failed,
    }
}

fn painted(colour: Colour, paint: Paint, text: &str) -> String {
    match colour {
        Colour::On => format!("\u{1b}[{}m{text}\u{1b}[0m", paint as u8),
        Colour::Off => text.to_owned(),
    }
}

/// Text of users must not break out of its line, nor move the cursor.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), "\u{fffd}")
}

fn coloured(diff: &str) -> String {
    let mut out = String::with_capacity(diff.len() + 256);
    for line in diff.split_inclusive('\n') {
        let paint = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Some(Paint::Bold),
            [b'+', ..] => Some(Paint::Green),
            [b'-', ..] => Some(Paint::Red),
            [b'@', ..] => Some(Paint::Cyan),
            _ => None,
        };
        match paint {
            Some(paint) => {
                let body = line.trim_end_matches('\n');
                out.push_str(&painted(Colour::On, paint, body));
                out.push_str(&line[body.len()..]);
            }
            None => out.push_str(line),
        }
    }
    out
}

/// `1 mistake`, `3 mistakes`.
pub(super) fn count(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

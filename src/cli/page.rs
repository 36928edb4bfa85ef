//! What a run prints: messages and notes to stderr, data to stdout, in colour or not.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use clap::Parser;
use serde_json::Value;

use crate::clean;
use crate::cli::Exit;
use crate::cli::args::{Args, Common, Detail, Reporting, When};
use crate::cli::paint::{coloured, painted};
use crate::cli::saved::Saved;
use crate::cli::stream::Stream;
use crate::cli::world::{Around, World};
use crate::diag::format::Output;
use crate::diag::format::text::{self, Colour};
use crate::diag::{Code, Diagnostic, Format, Report, Severity};
use crate::plan::MAX_FILES;
use crate::render::Renderer;

pub(super) use crate::cli::paint::Paint;

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

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
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
    streams: &'a mut [Stream<'b>; 2],
    pub(super) io: Around<'b>,
    common: Common,
    renderer: OnceLock<Arc<Renderer>>,
    saved: Option<Saved>,
    reporting: Reporting,
    /// Where lines about results go: commands to a CI service have stdout for themselves.
    lines: To,
    /// How many warnings there were.
    warnings: usize,
    /// The most files that one config may generate.
    pub(super) max_files: usize,
}

/// One of the streams.
#[derive(Debug, Clone, Copy)]
enum To {
    Out = 1,
    Err = 2,
}

impl<'a, 'b> Page<'a, 'b> {
    pub(super) fn new(
        common: &Common,
        streams: &'a mut [Stream<'b>; 2],
        around: Around<'b>,
    ) -> Self {
        Self {
            streams,
            io: around,
            common: *common,
            renderer: OnceLock::new(),
            saved: None,
            reporting: Reporting::default(),
            lines: To::Out,
            warnings: 0,
            max_files: MAX_FILES,
        }
    }

    /// Sets how much is printed, and whether warnings are denied.
    pub(super) fn set(&mut self, reporting: Reporting) {
        self.reporting = reporting;
    }

    /// How much is printed.
    pub(super) fn detail(&self) -> Detail {
        self.reporting.detail()
    }

    /// Remembers the warnings of a report.
    pub(super) fn count_warnings(&mut self, report: &Report) {
        self.warnings += report.count(Severity::Warning);
    }

    /// The exit code, if warnings are denied and there were any.
    pub(super) fn denied(&self, exit: Exit) -> Exit {
        match self.reporting.deny_warnings && self.warnings > 0 {
            true => exit.max(Exit::Differs),
            false => exit,
        }
    }

    /// The part that threads may share.
    pub(super) fn world(&self) -> World<'_> {
        World {
            folder: &self.io.folder,
            program: &self.io.program,
            environment: &self.io.environment,
            renderer: &self.renderer,
            max_files: self.max_files,
        }
    }

    fn colour(&self, to: To) -> Colour {
        self.io.colour(self.common.color, to as usize)
    }

    /// Collects the output of the run for a file, in place of stdout, if one is given: what the format makes of
    /// it, or all text for people if that is the format. Text for people goes to stderr. `-` is stdout.
    ///
    /// # Errors
    /// It is not a file.
    pub(super) fn save_to(
        &mut self,
        file: Option<&Path>,
        format: Format,
    ) -> Result<(), Diagnostic> {
        self.lines = match format {
            Format::Text => To::Out,
            Format::Json
            | Format::Github
            | Format::Azure
            | Format::Sarif
            | Format::Gitlab
            | Format::Junit => To::Err,
        };
        if let Some(file) = file.filter(|file| file.as_os_str() != "-") {
            self.saved = Some(Saved::new(&self.io.folder, file, format)?);
        }
        Ok(())
    }

    /// Writes the file that was given to [`Page::save_to`].
    pub(super) fn save(&mut self) -> Result<(), Diagnostic> {
        self.saved.take().map_or(Ok(()), Saved::write)
    }

    /// Whether text for people is printed beside what a format makes of a run.
    pub(super) fn has_text(&self, format: Format) -> bool {
        format.has_text() || self.saved.is_some()
    }

    fn stream(&mut self, to: To) -> &mut Stream<'b> {
        let [out, err] = &mut *self.streams;
        match to {
            To::Out => out,
            To::Err => err,
        }
    }

    /// Text for people, whose untrusted parts are clean; a file has no colours.
    fn show(&mut self, to: To, text: impl Fn(Colour) -> String) -> io::Result<()> {
        let mut to = to;
        if let Some(saved) = &mut self.saved {
            to = To::Err;
            saved.add_text(|| text(Colour::Off));
        }
        match self.colour(to) {
            Colour::On => self.stream(to).painted(&text(Colour::On)),
            Colour::Off => self.stream(to).text(&text(Colour::Off)),
        }
    }

    /// Shows messages on stderr.
    pub(super) fn report(&mut self, report: &Report) -> io::Result<()> {
        self.count_warnings(report);
        self.show(To::Err, |colour| text::render(report, colour))
    }

    /// What a format makes of a run, on stdout or for the file in place of it.
    pub(super) fn output(&mut self, output: &Output) -> io::Result<()> {
        if let Some(saved) = &mut self.saved {
            saved.add(output);
            return Ok(());
        }
        match output {
            Output::Nothing => Ok(()),
            Output::Json(text) => self.stream(To::Out).json(text),
            Output::Commands(commands) => self.stream(To::Out).commands(commands),
            Output::Xml(text) => self.stream(To::Out).text(text),
        }
    }

    /// A line on stderr, its first word painted.
    pub(super) fn note(&mut self, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        self.worded(To::Err, paint, word, rest)
    }

    /// A line about a result, its first word painted: on stdout, or on stderr beside commands.
    pub(super) fn line(&mut self, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        self.worded(self.lines, paint, word, rest)
    }

    /// A line on stderr about what was done; not with `--quiet`.
    pub(super) fn done(&mut self, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        match self.detail() {
            Detail::Quiet => Ok(()),
            Detail::Normal | Detail::Verbose => self.note(paint, word, rest),
        }
    }

    /// As [`Page::line`], about what is right; not with `--quiet`.
    pub(super) fn fine(&mut self, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        match self.detail() {
            Detail::Quiet => Ok(()),
            Detail::Normal | Detail::Verbose => self.line(paint, word, rest),
        }
    }

    /// A line on stderr about one file; only with `--verbose`.
    pub(super) fn each(&mut self, word: &str, rest: &str) -> io::Result<()> {
        match self.detail() {
            Detail::Quiet | Detail::Normal => Ok(()),
            Detail::Verbose => self.note(Paint::Cyan, word, rest),
        }
    }

    /// A line on stdout without colours.
    pub(super) fn row(&mut self, before: &str, rest: &str) -> io::Result<()> {
        let line = format!("{before}{}\n", clean::line(rest));
        self.show(To::Out, |_| line.clone())
    }

    fn worded(&mut self, to: To, paint: Paint, word: &str, rest: &str) -> io::Result<()> {
        let rest = clean::line(rest);
        self.show(to, |colour| {
            format!("{} {rest}\n", painted(colour, paint, word))
        })
    }

    /// Text on stdout, without colours.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.stream(To::Out).text(text)
    }

    /// A question on stderr, without an end of line.
    pub(super) fn question(&mut self, text: &str) -> io::Result<()> {
        self.stream(To::Err).text(text)?;
        self.stream(To::Err).flush()
    }

    /// Data on stdout: exact bytes for other programs, cleaned for a terminal.
    pub(super) fn data(&mut self, text: &str) -> io::Result<()> {
        self.stream(To::Out).data(text)
    }

    /// Whether a CI service would find a command in this data, if its log is what stdout leads to.
    ///
    /// Data must stay as it is, so no token of it can be broken; GitHub's `::stop-commands::` would
    /// have to be among the data, and Azure Pipelines does not support that. What stdout leads to
    /// cannot be seen, because a runner reads from a pipe as `kubectl apply -f -` does.
    pub(super) fn would_command(&self, text: &str) -> bool {
        self.io.is_ci() && clean::breaks_out(text)
    }

    /// Refuses to print such data.
    pub(super) fn refuse_commands<'t>(
        &self,
        mut texts: impl Iterator<Item = &'t str>,
    ) -> Result<(), Diagnostic> {
        if !texts.any(|text| self.would_command(text)) {
            return Ok(());
        }
        let message = "the manifests contain a line that the CI service would run as a command";
        Err(Diagnostic::new(Code::CiCommand, message).help(
            "remove it from the template, or run without --stdout: files may contain such a line",
        ))
    }

    /// One JSON value on stdout.
    pub(super) fn json(&mut self, value: &Value) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.stream(To::Out).json(&format!("{text}\n"))
    }

    /// A unified diff on stdout.
    pub(super) fn diff(&mut self, diff: &str) -> io::Result<()> {
        self.unified(To::Out, diff)
    }

    /// A unified diff on stderr.
    pub(super) fn diff_note(&mut self, diff: &str) -> io::Result<()> {
        self.unified(To::Err, diff)
    }

    fn unified(&mut self, to: To, diff: &str) -> io::Result<()> {
        let clean = clean::text(diff);
        self.show(to, |colour| match colour {
            Colour::On => coloured(&clean),
            Colour::Off => clean.clone(),
        })
    }

    /// Shows why a command ended early, writes out what is buffered, and returns the exit code.
    pub(super) fn close(mut self, result: Ending) -> Exit {
        let exit = match result {
            Ok(exit) => Ok(self.denied(exit)),
            Err(Stop::Report(report)) => self.report(&report).map(|()| Exit::Failed),
            Err(Stop::Stream(error)) => Err(error),
        };
        ended(self.streams, exit)
    }
}

/// Writes out what is buffered; an output that cannot be written is a failure.
fn ended(streams: &mut [Stream<'_>; 2], exit: io::Result<Exit>) -> Exit {
    let [out, err] = streams;
    let flushed = out.flush().and(err.flush());
    match exit.and_then(|exit| flushed.map(|()| exit)) {
        Ok(exit) => exit,
        Err(error) => {
            let _ = err.text(&format!("error: cannot write the output: {error}\n"));
            Exit::Failed
        }
    }
}

/// The output of clap: help and version on stdout, mistakes on stderr.
pub(super) fn usage(
    arguments: &[OsString],
    error: clap::Error,
    streams: &mut [Stream<'_>; 2],
    around: &Around<'_>,
) -> Exit {
    let (to, exit) = match error.use_stderr() {
        true => (To::Err, Exit::Failed),
        false => (To::Out, Exit::Ok),
    };
    let [out, err] = &mut *streams;
    let stream = match to {
        To::Out => out,
        To::Err => err,
    };
    let written = match around.colour(When::Auto, to as usize) {
        Colour::On => stream.painted(&repeated(arguments, error).render().ansi().to_string()),
        Colour::Off => stream.text(&repeated(arguments, error).render().to_string()),
    };
    ended(streams, written.map(|()| exit))
}

/// The same mistake about the same arguments, cleaned: clap shows them as they are, amidst its own
/// colours, which cannot be distinguished from those of a user.
fn repeated(arguments: &[OsString], error: clap::Error) -> clap::Error {
    let clean = arguments
        .iter()
        .map(|one| clean::line(&one.to_string_lossy()));
    match Args::try_parse_from(clean) {
        Err(again) if again.kind() == error.kind() => again,
        _ => clap::Error::new(error.kind()),
    }
}

/// `1 error`, `3 errors`, `3 directories`.
pub(super) fn count(count: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if count == 1 => format!("1 {noun}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {noun}s"),
    }
}

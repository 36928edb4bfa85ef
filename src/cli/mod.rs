//! The command line: arguments and streams in, an exit code out.

pub mod args;
mod attributes;
mod audit;
mod batch;
mod check;
mod claims;
mod commit;
mod comparison;
mod crash;
mod diff;
mod drift;
mod explain;
mod function;
mod include;
mod init;
mod misnamed;
mod next;
mod orphans;
mod page;
mod paint;
mod progress;
mod render;
mod saved;
mod script;
mod session;
mod shell;
mod stat;
mod stream;
mod templates;
mod validate;
mod why;
mod world;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::{Args, Command};
use crate::cli::page::Page;
use crate::cli::stream::Stream;
use crate::cli::world::Around;

pub use crate::cli::crash::report_panics;
pub use crate::cli::world::Io;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success.
    Ok = 0,
    /// Success, with drift or changes found; of `fn`, failure; of `why`, no cause found.
    Differs = 1,
    /// Failure: invalid usage or config, or an I/O error.
    Failed = 2,
}

impl Exit {
    /// All codes and what they mean; the table in `docs/output.md`.
    pub const ALL: &[(Exit, &str)] = &[
        (Exit::Ok, "success"),
        (
            Exit::Differs,
            "success, with drift, changes or findings; `fn` failed; `why` recognized no cause",
        ),
        (
            Exit::Failed,
            "failed: invalid usage or config, or I/O error",
        ),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Runs one command. Ends no process, and touches no global state. A panic, on whichever thread, ends
/// in [`Exit::Failed`]; what is said of it is the matter of [`report_panics`].
pub fn run(arguments: impl IntoIterator<Item = OsString>, io: Io<'_>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let (mut streams, around) = io.split();
    crash::caught(|| match Args::try_parse_from(&arguments) {
        Ok(args) => command(args, &mut streams, around),
        Err(error) => page::usage(&arguments, error, &mut streams, &around),
    })
}

fn command<'a>(args: Args, streams: &mut [Stream<'a>; 2], around: Around<'a>) -> Exit {
    let mut page = Page::new(&args.common, streams, around);
    page.set(args.command.reporting());
    let result = match args.command {
        Command::Init(args) => init::run(&args, &mut page),
        Command::Validate(args) => validate::run(&args, &mut page),
        Command::Render(args) => render::run(&args, &mut page),
        Command::Diff(args) => diff::run(&args, &mut page),
        Command::Check(args) => check::run(&args, &mut page),
        Command::Script(args) => script::run(&args, &mut page),
        Command::Audit(args) => audit::run(&args, &mut page),
        Command::Fn(args) => function::run(&args, &mut page),
        Command::Explain(args) => explain::run(&args, &mut page),
        Command::Why(args) => why::run(&args, &mut page),
        Command::Schema(args) => shell::schema(&args, &mut page),
        Command::Templates(args) => templates::run(&args, &mut page),
        Command::Completions { shell } => shell::completions(shell, &mut page),
        Command::Man { command } => shell::man(command.as_deref(), &mut page),
        Command::Version => shell::version(&mut page),
    };
    page.close(result)
}

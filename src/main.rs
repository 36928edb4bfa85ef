//! Hands over arguments, streams and environment, and returns the exit code.
#![expect(
    clippy::disallowed_methods,
    reason = "environment and working directory come in here"
)]

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;

use pullwright::cli::{Io, report_panics, run};
use pullwright::disk::apart;
use pullwright::render::apart::serve;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments
        .get(1)
        .is_some_and(|first| first == apart::ARGUMENT)
    {
        return run_templates(arguments.get(2));
    }
    report_panics(&arguments);
    // Not locked: a panic on another thread must be able to speak.
    let (mut stdin, stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let terminals = [
        stdin.is_terminal(),
        stdout.is_terminal(),
        stderr.is_terminal(),
    ];
    let mut stdout = BufWriter::with_capacity(1 << 16, stdout);
    let io = Io {
        terminals,
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        folder: std::env::current_dir().unwrap_or_default(),
        program: std::env::current_exe().unwrap_or_default(),
        environment: std::env::vars_os().collect(),
    };
    let exit = run(arguments, io);
    // What is not written by now was given up; a partial output is useless.
    let _ = stdout.into_parts();
    exit.into()
}

/// What a first pullwright asks of this one, which it started.
fn run_templates(texts: Option<&OsString>) -> ExitCode {
    let texts = texts.and_then(|texts| texts.to_str()?.parse().ok());
    let served = apart::confine(texts.unwrap_or_default())
        .and_then(|()| serve(&mut io::stdin().lock(), &mut io::stdout().lock()));
    if served.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

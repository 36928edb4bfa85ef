//! Hands over arguments, streams and environment, and returns the exit code.
#![expect(
    clippy::disallowed_methods,
    reason = "environment and working folder come in here"
)]

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use pullwright::cli::{Io, run};

fn main() -> ExitCode {
    // Not locked: a panic on another thread must be able to speak.
    let (mut stdin, stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let io = Io {
        terminals: [
            stdin.is_terminal(),
            stdout.is_terminal(),
            stderr.is_terminal(),
        ],
        stdin: &mut stdin,
        stdout: &mut io::BufWriter::with_capacity(1 << 16, stdout),
        stderr: &mut stderr,
        folder: std::env::current_dir().unwrap_or_default(),
        program: std::env::current_exe().unwrap_or_default(),
        environment: std::env::vars_os().collect(),
    };
    run(std::env::args_os(), io).into()
}

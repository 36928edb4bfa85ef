//! Examples and exit codes of every command: one source for `--help`, manual pages and the tests that run them.

mod exits;
mod files;
mod manuals;

use std::fmt::Write;

use crate::cli::Exit;

pub use crate::cli::args::help::manuals::MANUALS;

/// Variables of the environment that every command reads; a config names those that hold credentials.
const VARIABLES: &[(&str, &str)] = &[
    (
        "NO_COLOR",
        "Set to anything: no colours, unless `--color` asks for them",
    ),
    (
        "CLICOLOR_FORCE",
        "Set to anything but 0: colours also where the output is no terminal",
    ),
];

/// What the help of a command ends with.
#[derive(Debug, Clone, Copy)]
pub struct Manual {
    /// The command without the program: `templates show`; empty for the program itself.
    pub command: &'static str,
    /// The files that it reads or writes, and what they are.
    pub files: &'static [(&'static str, &'static str)],
    /// Commands that can be run, and what they do.
    pub examples: &'static [(&'static str, &'static str)],
    /// The exit codes and what they mean.
    pub exits: &'static [(Exit, &'static str)],
}

impl Manual {
    /// The manual of a command; `None` if it has none.
    pub fn of(command: &str) -> Option<&'static Self> {
        MANUALS.iter().find(|one| one.command == command)
    }

    /// As `--help` prints it.
    pub fn in_help(&self) -> String {
        let mut out = String::from("Examples:\n");
        for (command, about) in self.examples {
            let _ = writeln!(out, "  {command}\n          {about}\n");
        }
        out.push_str("Exit codes:\n");
        for (exit, about) in self.exits {
            let _ = writeln!(out, "  {}  {about}", *exit as u8);
        }
        out.trim_end().to_owned()
    }

    /// As a manual page contains it.
    pub fn in_manual(&self) -> String {
        let mut out = String::from(".SH EXAMPLES\n");
        for (command, about) in self.examples {
            let _ = writeln!(
                out,
                ".PP\n{}\n.PP\n.RS 4\n.nf\n{}\n.fi\n.RE",
                roff(about),
                roff(command)
            );
        }
        out.push_str(".SH \"EXIT STATUS\"\n");
        for (exit, about) in self.exits {
            let _ = writeln!(out, ".TP\n{}\n{}", *exit as u8, roff(about));
        }
        if !self.files.is_empty() {
            out.push_str(".SH FILES\n");
        }
        for (file, about) in self.files {
            let _ = writeln!(out, ".TP\n{}\n{}", roff(file), roff(about));
        }
        out.push_str(".SH ENVIRONMENT\n");
        for (variable, about) in VARIABLES {
            let _ = writeln!(out, ".TP\n{}\n{}", roff(variable), roff(about));
        }
        out
    }
}

/// The end of the help of a command.
pub(super) fn after(command: &str) -> String {
    Manual::of(command).map(Manual::in_help).unwrap_or_default()
}

/// Text that roff prints as it is. No line begins with a dot.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq")
}

//! The edge to stdout and stderr: the one place that writes there, so that nothing untrusted can pass
//! uncleaned.

use std::io::{self, ErrorKind, Write};

use crate::clean;
use crate::diag::format::Commands;

/// One of the two streams. Each way of writing defines how its text is cleaned.
///
/// A closed pipe is not a failure, and not a reason to stop: what is written after that is
/// dropped, and the command goes on to its verdict, because that determines its exit code.
pub(super) struct Stream<'a> {
    to: &'a mut dyn Write,
    is_terminal: bool,
    is_closed: bool,
}

impl<'a> Stream<'a> {
    /// The edge to `to`.
    pub(super) fn new(to: &'a mut dyn Write, is_terminal: bool) -> Self {
        Self {
            to,
            is_terminal,
            is_closed: false,
        }
    }

    /// Text without colours.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.write(&clean::text(text))
    }

    /// Text with colours; its untrusted parts were cleaned before they were painted.
    pub(super) fn painted(&mut self, text: &str) -> io::Result<()> {
        self.write(&clean::painted(text))
    }

    /// A JSON value in text form.
    pub(super) fn json(&mut self, text: &str) -> io::Result<()> {
        self.write(&clean::json(text))
    }

    /// Our own commands to a CI service.
    pub(super) fn commands(&mut self, commands: &Commands) -> io::Result<()> {
        self.write(commands.as_str())
    }

    /// Data for other programs, byte for byte; a terminal gets it as text.
    pub(super) fn data(&mut self, text: &str) -> io::Result<()> {
        if self.is_terminal {
            self.text(text)
        } else {
            self.write(text)
        }
    }

    /// Hands on what is buffered.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.unless_closed(|to| to.flush())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.unless_closed(|to| to.write_all(text.as_bytes()))
    }

    fn unless_closed(
        &mut self,
        work: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        match work(self.to) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            result => result,
        }
    }
}

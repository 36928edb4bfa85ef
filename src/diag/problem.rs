//! What is wrong at a pointer, before anybody knows which text the pointer leads into.

use crate::diag::Code;
use crate::pointer::Pointer;

/// A mistake at a place of a document, without the document. Pure modules make these; whoever has the
/// document places them with `Document::place`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake.
    pub code: Code,
    /// Where: from the document root, or from whatever the maker was given.
    pub pointer: Pointer,
    /// One sentence, as in `Diagnostic`.
    pub message: String,
    /// Orders that a user can follow.
    pub help: Vec<String>,
}

impl Problem {
    /// A mistake at the value of `pointer`.
    pub fn new(code: Code, pointer: &Pointer, message: impl Into<String>) -> Self {
        Self {
            code,
            pointer: pointer.clone(),
            message: message.into(),
            help: Vec::new(),
        }
    }

    /// Adds a suggestion.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The same mistake, its pointer taken from `root` on.
    #[must_use]
    pub fn below(mut self, root: &Pointer) -> Self {
        self.pointer = root.join(&self.pointer);
        self
    }
}

//! What is wrong at a pointer, before anybody knows which text the pointer leads into.

use crate::diag::{Code, Safety};
use crate::pointer::Pointer;

/// A mistake at a place of a document, without the document. Pure modules make these; whoever has the
/// document places them with `Document::place`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake.
    pub code: Code,
    /// Where: from the document root, or from whatever the maker was given.
    pub pointer: Pointer,
    /// What is meant at the pointer.
    pub focus: Focus,
    /// One sentence, as in `Diagnostic`.
    pub message: String,
    /// Printed at the caret.
    pub label: String,
    /// Further values, each with what it has to do with this one.
    pub related: Vec<(Pointer, String)>,
    /// Orders that a user can follow.
    pub help: Vec<String>,
    /// What to write in place of what is wrong.
    pub rewrite: Option<Rewrite>,
}

/// What a pointer is meant to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The key that leads there, or the element of a list.
    Key,
    /// A scalar itself, a collection by its key.
    Value,
}

/// What is in place of a key or of a scalar afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// An order, in a few words.
    pub title: String,
    /// Whether it may be made without a look at it.
    pub safety: Safety,
    /// As it is written in YAML.
    pub text: String,
}

impl Problem {
    /// A mistake at the value of `pointer`.
    pub fn new(code: Code, pointer: &Pointer, message: impl Into<String>) -> Self {
        Self {
            code,
            pointer: pointer.clone(),
            focus: Focus::Value,
            message: message.into(),
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            rewrite: None,
        }
    }

    /// The same mistake, shown at the key.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.focus = Focus::Key;
        self
    }

    /// Prints `label` at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a further value and what it has to do with this one.
    #[must_use]
    pub fn related(mut self, pointer: &Pointer, role: impl Into<String>) -> Self {
        self.related.push((pointer.clone(), role.into()));
        self
    }

    /// Adds a suggestion.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Offers to write `text`, a piece of YAML, in place of the key or the scalar.
    #[must_use]
    pub fn rewrite(
        mut self,
        title: impl Into<String>,
        safety: Safety,
        text: impl Into<String>,
    ) -> Self {
        self.rewrite = Some(Rewrite {
            title: title.into(),
            safety,
            text: text.into(),
        });
        self
    }

    /// The same mistake, its pointers taken from `root` on.
    #[must_use]
    pub fn below(mut self, root: &Pointer) -> Self {
        self.pointer = root.join(&self.pointer);
        for (pointer, _) in &mut self.related {
            *pointer = root.join(pointer);
        }
        self
    }
}

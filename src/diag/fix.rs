//! Changes of a text that would answer a message.

use crate::span::Place;

/// Whether a fix may be made without a look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// It keeps the meaning of the text, in a valid form.
    Safe,
    /// It is a guess, or changes what the text means.
    Unsafe,
}

impl Safety {
    /// `safe` or `unsafe`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A change of texts that would answer a message.
#[derive(Debug, Clone)]
pub struct Fix {
    /// An order, in a few words.
    pub title: String,
    /// Whether it may be made without a look at it.
    pub safety: Safety,
    /// All or none of them; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One part of a text that is replaced.
#[derive(Debug, Clone)]
pub struct Edit {
    /// What is replaced; an empty span is where something is added.
    pub place: Place,
    /// What is there afterwards.
    pub text: String,
}

//! Puts problems where their pointers lead.

use std::sync::Arc;

use crate::diag::{Diagnostic, Problem};
use crate::document::Document;
use crate::span::Source;

impl Document {
    /// The message of a problem, at the place in this document that its pointer leads to; what is not
    /// there is placed one step higher.
    pub fn place(&self, problem: Problem) -> Diagnostic {
        self.place_in(problem, &self.source)
    }

    /// As [`Document::place`], with the excerpt taken from `source`: the document's own text, with more
    /// of it hidden.
    pub fn place_in(&self, problem: Problem, source: &Arc<Source>) -> Diagnostic {
        let Problem {
            code,
            pointer,
            message,
            help,
        } = problem;
        let mut diagnostic = Diagnostic::new(code, message).at(source, self.value_span(&pointer));
        diagnostic.help = help;
        diagnostic
    }
}

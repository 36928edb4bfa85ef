//! Variables that a script makes more than text.

use std::collections::BTreeSet;

use crate::render::shell::call::{Call, said};

/// What a script declares about its variables, anywhere.
#[derive(Debug, Default)]
pub(super) struct Known {
    evaluating: Names,
    arrays: Names,
    functions: BTreeSet<String>,
}

/// Names, or any name.
#[derive(Debug, Default)]
struct Names {
    names: BTreeSet<String>,
    any: bool,
}

impl Names {
    fn note(&mut self, call: &Call) {
        for word in &call.arguments {
            let name = word.split(['=', '+', '[']).next().unwrap_or_default();
            match said(name) {
                Some(name) => {
                    self.names.insert(name);
                }
                None => self.any = true,
            }
        }
    }

    fn hold(&self, name: &str) -> bool {
        self.any || self.names.contains(name)
    }
}

impl Known {
    /// Notes what a command makes of its arguments: integers, references, arrays.
    pub(super) fn note(&mut self, call: &Call) {
        if call.computed {
            self.evaluating.any = true;
            self.arrays.any = true;
        }
        let options = call.options();
        let has = |letters: [char; 2]| match &options {
            Some(options) => options.contains(letters),
            None => true,
        };
        match call.name.as_deref() {
            Some("declare" | "typeset" | "local") if has(['i', 'n']) => self.evaluating.note(call),
            Some("mapfile" | "readarray") => self.arrays.note(call),
            Some("read") if has(['a', 'a']) => self.arrays.note(call),
            _ => {}
        }
        if call.declares_array() {
            self.arrays.note(call);
        }
    }

    /// Notes a function.
    pub(super) fn note_function(&mut self, name: &str) {
        self.functions.insert(name.to_owned());
    }

    /// Notes names that a word, of whatever kind, has a subscript after.
    pub(super) fn note_subscripts(&mut self, word: &str) {
        for (at, _) in word.match_indices('[') {
            let before = word.get(..at).unwrap_or_default();
            let name = before
                .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .next();
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                self.note_array(name);
            }
        }
    }

    /// Whether the script has a function of this name.
    pub(super) fn is_function(&self, name: &str) -> bool {
        self.functions.contains(name)
    }

    /// Notes that a variable holds an array.
    pub(super) fn note_array(&mut self, name: &str) {
        self.arrays.names.insert(name.to_owned());
    }

    /// Whether bash evaluates what is assigned to it.
    pub(super) fn evaluates(&self, name: &str) -> bool {
        self.evaluating.hold(name)
    }

    /// Whether it may hold an array.
    pub(super) fn is_array(&self, name: &str) -> bool {
        self.arrays.hold(name)
    }
}

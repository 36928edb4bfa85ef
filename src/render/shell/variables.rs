//! Variables that a script makes more than text.

use std::collections::BTreeSet;

use crate::render::shell::call::{Call, said};

/// What a script says of its variables, anywhere.
#[derive(Debug, Default)]
pub(super) struct Known {
    evaluating: Names,
    arrays: Names,
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

//! What ignores findings: comments in the inputs, and the entries of the policies.

use std::collections::HashSet;

use crate::audit::facts::{Spot, TextId};
use crate::audit::ignore::{Ignores, OfPolicy};
use crate::audit::policy::Accepted;
use crate::audit::policy::paths::Paths;
use crate::cli::audit::inputs::Inputs;
use crate::cli::audit::settings::{Located, Settings};
use crate::pointer::Pointer;

/// All of them.
pub(super) fn all<'a>(inputs: &'a Inputs, settings: &'a Settings) -> Ignores<'a> {
    let policies = settings.policies.iter().zip(&inputs.policies);
    let accepted = policies.flat_map(|(located, text)| {
        let entries = located.loaded.policy.ignore.iter().enumerate();
        entries.map(move |(index, entry)| OfPolicy {
            entry,
            spot: Spot {
                text: *text,
                span: located.loaded.document.value_span(&rule(index)),
            },
            texts: texts(entry, located, inputs, settings),
        })
    });
    Ignores {
        comments: &inputs.comments,
        quiet: inputs.above.clone(),
        accepted: accepted.collect(),
    }
}

fn rule(index: usize) -> Pointer {
    Pointer::root().key("ignore").index(index).key("rule")
}

/// The files that the path of an entry means.
fn texts(
    entry: &Accepted,
    located: &Located,
    inputs: &Inputs,
    settings: &Settings,
) -> Option<HashSet<TextId>> {
    let paths = Paths::new([entry.path.as_ref()?]);
    let files = inputs.paths.iter();
    let meant = files.filter(|(_, file)| paths.has(&settings.path_of(located, file)));
    Some(meant.map(|(text, _)| *text).collect())
}

//! The `.gitattributes` of an output directory: git keeps the line ends of what is generated there.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::{ATTRIBUTES, Context, Expect, PlannedFile, Sharing, Template};

/// The `.gitattributes` of the output directory.
#[derive(Serialize, JsonSchema)]
pub(super) struct Attributes<'a> {
    /// The config as the first comment names it.
    config: &'a str,
    /// Patterns that match each generated file, and nothing beside them.
    patterns: &'a [String],
}

impl Template for Attributes<'_> {
    const NAME: &'static str = "git/output.gitattributes.j2";
}

/// The file for outputs of these `paths`. The directory may hold files of others, even binary ones,
/// so it names ours alone.
pub(super) fn file<'a>(paths: impl Iterator<Item = &'a String>, config: &str) -> PlannedFile {
    let pattern = |path: &'a String| match path.split_once('/') {
        Some((folder, _)) => format!("/{folder}/**"),
        None => format!("/{path}"),
    };
    let patterns: BTreeSet<String> = paths.map(pattern).collect();
    let patterns: Vec<String> = patterns.into_iter().collect();
    let patterns = patterns.as_slice();
    PlannedFile {
        path: ATTRIBUTES.to_owned(),
        template: Attributes::NAME,
        context: Context::of(&Attributes { config, patterns }),
        own: Vec::new(),
        secrets: Vec::new(),
        access: None,
        expect: Expect::Attributes,
        sharing: Sharing::Own,
    }
}

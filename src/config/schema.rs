//! The schema of the config, and its contract.

use std::sync::LazyLock;

use serde_json::Value;

use crate::config::Config;
use crate::contract::{Contract, schema};

/// The schema as it was generated when this version was built; `generate` returns the same.
pub const TEXT: &str = include_str!("../../schemas/pullwright.schema.json");

/// Tags that may be left out, and what they then are. `load` fills them in.
pub const DEFAULT_TAGS: schema::Defaults<'_> = &[("delivery", "script")];

/// The contract of the config, compiled once for all configs of a run.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(TEXT, "registry name"));

/// The schema from the Rust types.
pub fn generate() -> Value {
    schema::generate::<Config>("pullwright.schema.json", DEFAULT_TAGS)
}

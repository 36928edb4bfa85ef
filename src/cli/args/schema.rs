//! Flags of `schema`, and the schemas.

use clap::ValueEnum;

use crate::audit::policy;
use crate::config::{inventory, schema};

/// Flags of `schema`.
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// Document that the schema describes
    #[arg(long, value_enum, default_value_t)]
    pub kind: SchemaKind,
}

/// Documents with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SchemaKind {
    /// The config, of kind `PullAccess`.
    #[default]
    Config,
    /// Registries and clusters that configs share, of kind `PullInventory`.
    Inventory,
    /// The policy of `audit`, of kind `PullAudit`.
    Audit,
    /// What `validate`, `render`, `diff`, `check` and `audit` print with `--format json`, and every command that fails.
    Result,
    /// What `explain KIND/NAME` prints with `--format json`.
    Explain,
    /// What `explain rule` prints with `--format json`.
    Rule,
    /// What `why` prints with `--format json`.
    Why,
    /// What `templates show` prints with `--format json`.
    Template,
}

impl SchemaKind {
    /// The schema.
    pub fn text(self) -> &'static str {
        match self {
            Self::Config => schema::TEXT,
            Self::Inventory => inventory::TEXT,
            Self::Audit => policy::TEXT,
            Self::Result => include_str!("../../../schemas/result.schema.json"),
            Self::Explain => include_str!("../../../schemas/explain.schema.json"),
            Self::Rule => include_str!("../../../schemas/rule.schema.json"),
            Self::Why => include_str!("../../../schemas/why.schema.json"),
            Self::Template => include_str!("../../../schemas/template.schema.json"),
        }
    }
}

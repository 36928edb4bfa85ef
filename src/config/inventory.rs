//! A `PullInventory`: registries and clusters that several configs share.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{Metadata, clusters_example, registries_example};
use crate::contract::{ApiVersion, Contract, schema};
use crate::model::{Cluster, Registry};
use crate::names::IncludePath;

/// The only `kind`.
pub const KIND: &str = "PullInventory";

/// The schema as it was generated when this version was built; `generate` returns the same.
pub const TEXT: &str = include_str!("../../schemas/inventory.schema.json");

/// The contract of an inventory.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(TEXT, "key"));

/// The schema from the Rust types.
pub fn generate() -> Value {
    schema::generate::<Inventory>("inventory.schema.json", &[])
}

/// Declares registries and clusters of a fleet, for configs that include this file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "PullInventory")]
pub struct Inventory {
    /// Version of this format.
    #[schemars(example = ApiVersion::V1alpha1)]
    pub api_version: ApiVersion,
    /// Kind of this document.
    #[schemars(example = InventoryKind::PullInventory)]
    pub kind: InventoryKind,
    /// Name of this inventory.
    #[schemars(example = metadata_example())]
    pub metadata: Metadata,
    /// What the inventory declares.
    #[schemars(example = spec_example())]
    pub spec: InventorySpec,
}

/// Kind of this document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
pub enum InventoryKind {
    /// Registries and clusters that several configs share.
    PullInventory,
}

/// What an inventory declares.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventorySpec {
    /// Further inventories, relative to this file.
    #[serde(default)]
    #[schemars(example = ["../fleet.yaml"])]
    pub include: Vec<IncludePath>,
    /// Registries that access entries may refer to.
    #[serde(default)]
    #[schemars(example = registries_example())]
    pub registries: Vec<Registry>,
    /// Clusters that scripts may act on. An entry of a config that includes this file selects its own with `clusters`.
    #[serde(default)]
    #[schemars(example = clusters_example())]
    pub clusters: Vec<Cluster>,
}

fn metadata_example() -> Value {
    serde_json::json!({"name": "fleet"})
}

fn spec_example() -> Value {
    serde_json::json!({"registries": registries_example()})
}

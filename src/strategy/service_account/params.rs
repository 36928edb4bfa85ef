//! The config of a ServiceAccount that references the pull secret.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::names::ServiceAccountName;
use crate::strategy::secret::params::{PullSecret, secret_example};

/// The `serviceAccount` strategy: the Secret is referenced by a ServiceAccount that the pods use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ServiceAccountStrategy")]
pub struct Params {
    /// The pull secret.
    #[schemars(example = secret_example())]
    pub secret: PullSecret,
    /// The ServiceAccount that references the pull secret.
    #[schemars(example = account_example())]
    pub service_account: Account,
}

/// A ServiceAccount.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Name of the account.
    pub name: ServiceAccountName,
    /// Whether the account is created or already exists.
    #[serde(default)]
    #[schemars(example = Mode::Create)]
    pub mode: Mode,
}

/// Whether an account is created or already exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ServiceAccountMode")]
pub enum Mode {
    /// A generated ServiceAccount manifest.
    #[default]
    Create,
    /// The account exists, such as `default`: the Secret is added to its existing list.
    Merge,
}

fn account_example() -> serde_json::Value {
    serde_json::json!({"name": "sample-account", "mode": "create"})
}

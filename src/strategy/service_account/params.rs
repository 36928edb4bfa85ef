//! The config of a ServiceAccount that references the pull secret.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::names::{LabelValue, ServiceAccountName};
use crate::strategy::secret::params::{
    PullSecret, annotations_example, labels_example, secret_example,
};

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
    /// Labels of the account, beside `app.kubernetes.io/managed-by`. Only with `mode: create`.
    #[serde(default)]
    #[schemars(example = labels_example())]
    pub labels: BTreeMap<String, LabelValue>,
    /// Annotations of the account. Only with `mode: create`.
    #[serde(default)]
    #[schemars(example = annotations_example())]
    pub annotations: BTreeMap<String, String>,
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

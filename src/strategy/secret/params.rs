//! The config of a pull secret: its name, its delivery and its credentials.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::names::{
    AppName, EnvironmentVariable, FilePath, Guid, LabelValue, RegistryName, RepositoryPattern,
    ScopeMapName, SecretName, TokenName,
};

/// The `secret` strategy: pods reference the Secret in their `imagePullSecrets`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SecretStrategy")]
pub struct Params {
    /// The pull secret.
    #[schemars(example = secret_example())]
    pub secret: PullSecret,
}

/// A Secret of type `kubernetes.io/dockerconfigjson`, one for all registries of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PullSecret {
    /// Name of the Secret.
    pub name: SecretName,
    /// Labels of the Secret, beside `app.kubernetes.io/managed-by`.
    #[serde(default)]
    #[schemars(example = labels_example())]
    pub labels: BTreeMap<String, LabelValue>,
    /// Annotations of the Secret.
    #[serde(default)]
    #[schemars(example = annotations_example())]
    pub annotations: BTreeMap<String, String>,
    /// How the value is delivered.
    #[serde(flatten)]
    pub delivery: Delivery,
}

/// How the value of a Secret is delivered to the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "delivery", rename_all = "camelCase")]
pub enum Delivery {
    /// A bash script: `az` creates or retrieves the credential, `kubectl` reads it from stdin. No
    /// secret is written to disk. The default.
    Script(Script),
    /// The Secret itself, with values from environment variables or a docker config. Never commit it.
    Manifest(Manifest),
    /// A Secret with an empty value, safe to commit, to be filled by another tool.
    Placeholder,
}

/// Credentials that a script creates or retrieves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Script {
    /// The credential for each registry that is not listed in `credentials`.
    #[schemars(example = credential_example(), extend("writeOnly" = true))]
    pub credential: Option<ScriptCredential>,
    /// Credentials by registry name, for registries that require a different one.
    #[serde(default)]
    #[schemars(example = credentials_example(), extend("writeOnly" = true))]
    pub credentials: BTreeMap<RegistryName, ScriptCredential>,
}

/// Credentials that exist when pullwright runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The credential for each registry that is not listed in `credentials`.
    #[schemars(example = env_example(), extend("writeOnly" = true))]
    pub credential: Option<ManifestCredential>,
    /// Credentials by registry name, for registries that require a different one.
    #[serde(default)]
    #[schemars(example = env_by_registry_example(), extend("writeOnly" = true))]
    pub credentials: BTreeMap<RegistryName, ManifestCredential>,
}

/// A credential that a script creates or retrieves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ScriptCredential {
    /// A token of the registry that may only pull from some repositories. Recommended.
    Token(Token),
    /// A service principal of Microsoft Entra ID with the pull role.
    ServicePrincipal(ServicePrincipal),
    /// The admin user: full access, one identity for all. For tests only.
    Admin(Admin),
}

/// A repository-scoped token, with two password slots so that a rotation leaves no gap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Name of the token. With several clusters each has its own, `NAME-CLUSTER`, so that rotating
    /// one never breaks another.
    pub name: TokenName,
    /// Scope map of the token. Default: the token's name and `-scope-map`.
    pub scope_map: Option<ScopeMapName>,
    /// Repositories that may be pulled.
    #[schemars(length(min = 1), example = ["sample-container", "team/*"])]
    pub repositories: Vec<RepositoryPattern>,
    /// Validity of a password, in days.
    #[serde(default = "ninety")]
    #[schemars(range(min = 1, max = 730), example = 90)]
    pub expires_in_days: u32,
}

/// A service principal: an existing one by its ID, or one by its name, which the script creates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    /// Application (client) ID of an existing service principal.
    pub app_id: Option<Guid>,
    /// Display name of the app registration; created if it does not exist.
    pub name: Option<AppName>,
    /// Validity of a password, in days.
    #[serde(default = "ninety")]
    #[schemars(range(min = 1, max = 730), example = 90)]
    pub expires_in_days: u32,
}

/// The admin user of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Admin {
    /// Acknowledges that the admin user is shared and can push and pull everything.
    #[schemars(extend("const" = true), example = true)]
    pub allow_admin_user: bool,
}

/// A credential that exists when pullwright runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ManifestCredential {
    /// Two environment variables.
    Env {
        /// Environment variable with the username.
        #[schemars(extend("writeOnly" = true))]
        username_from: EnvironmentVariable,
        /// Environment variable with the password.
        #[schemars(extend("writeOnly" = true))]
        password_from: EnvironmentVariable,
    },
    /// A docker `config.json`, of which only the declared registries are used.
    File {
        /// Path of the file, relative to this config.
        path: FilePath,
    },
}

impl ManifestCredential {
    /// The key with the name of the variable that holds the username.
    pub const USERNAME_FROM: &str = "usernameFrom";
    /// The key with the name of the variable that holds the password. Where no such variable is set, the
    /// name may be a password that was pasted in its place.
    pub const PASSWORD_FROM: &str = "passwordFrom";
}

fn ninety() -> u32 {
    90
}

fn credential_example() -> serde_json::Value {
    serde_json::json!({"type": "token", "name": "sample-pull", "repositories": ["sample-container"]})
}

fn credentials_example() -> serde_json::Value {
    serde_json::json!({"youruniquename": credential_example()})
}

fn env_example() -> serde_json::Value {
    serde_json::json!({"type": "env", "usernameFrom": "ACR_USERNAME", "passwordFrom": "ACR_PASSWORD"})
}

fn env_by_registry_example() -> serde_json::Value {
    serde_json::json!({"youruniquename": env_example()})
}

pub(in crate::strategy) fn secret_example() -> serde_json::Value {
    serde_json::json!({"name": "acr-secret", "delivery": "script", "credential": credential_example()})
}

pub(in crate::strategy) fn labels_example() -> serde_json::Value {
    serde_json::json!({"app.kubernetes.io/part-of": "sample"})
}

pub(in crate::strategy) fn annotations_example() -> serde_json::Value {
    serde_json::json!({"argocd.argoproj.io/sync-wave": "-1"})
}

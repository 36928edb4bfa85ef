//! Variables of the templates in `secret/`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::Template;
use crate::model::Cluster;
use crate::names::{AppName, Guid, ImageReference, Namespace, RepositoryPattern, SecretName};
use crate::strategy::component::Component;
use crate::strategy::context::{Object, Script, ScriptRegistry};
use crate::strategy::contract::Contract;
use crate::strategy::secret::params::ScriptCredential;

/// The contracts of these templates.
pub(in crate::strategy) fn contracts() -> Vec<Contract> {
    vec![
        Contract::of::<SecretComponent<'_>>(),
        Contract::of::<PullSecretScript<'_>>(),
        Contract::of::<SecretManifest<'_>>(),
    ]
}

/// A Secret, with its value or with an empty one.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct SecretManifest<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    /// Whether the value is an empty object, to be filled by another tool.
    pub(super) placeholder: bool,
    /// The value of `.dockerconfigjson` in base64. A credential in it can be printed as a whole only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub(super) data: Option<&'static str>,
}

impl Template for SecretManifest<'_> {
    const NAME: &'static str = "secret/secret.yaml.j2";
}

/// A kustomize component that adds the Secret to workloads of your own.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct SecretComponent<'a> {
    #[serde(flatten)]
    pub(super) component: Component<'a>,
}

impl Template for SecretComponent<'_> {
    const NAME: &'static str = "secret/component.yaml.j2";
}

/// A script that creates or retrieves credentials and stores them in the Secret.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct PullSecretScript<'a> {
    #[serde(flatten)]
    pub(super) script: Script<'a>,
    /// Name of the Secret.
    pub(super) secret: &'a SecretName,
    /// Labels and annotations of the Secret as JSON, if the config sets any.
    pub(super) metadata: Option<String>,
    /// Namespaces of the Secret.
    pub(super) namespaces: &'a [Namespace],
    /// The registries that the Secret has credentials for.
    pub(super) registries: Vec<PullRegistry<'a>>,
    /// Images of the workloads in these registries.
    pub(super) images: BTreeSet<&'a ImageReference>,
}

impl Template for PullSecretScript<'_> {
    const NAME: &'static str = "secret/pull-secret.sh.j2";
}

/// A registry and its credential.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct PullRegistry<'a> {
    #[serde(flatten)]
    pub(super) registry: ScriptRegistry<'a>,
    /// The credential of the registry.
    pub(super) credential: Option<Credential<'a>>,
}

/// A credential as the script needs it.
#[derive(Serialize, JsonSchema)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(in crate::strategy) enum Credential<'a> {
    /// A token of the registry.
    Token {
        /// Name of the token.
        name: String,
        /// Name of the scope map of the token.
        scope_map: String,
        /// Repositories that may be pulled.
        repositories: BTreeSet<&'a RepositoryPattern>,
        /// Validity of a password.
        days: u32,
    },
    /// A service principal of Microsoft Entra ID.
    ServicePrincipal {
        /// Application ID of an existing service principal.
        app_id: Option<&'a Guid>,
        /// Display name of the app registration that the script creates.
        name: Option<&'a AppName>,
        /// Validity of a password.
        days: u32,
    },
    /// The admin user of the registry.
    Admin,
}

impl<'a> Credential<'a> {
    /// What the script of `cluster`, one of so many, needs to know about a credential.
    pub(super) fn of(credential: &'a ScriptCredential, cluster: &Cluster, clusters: usize) -> Self {
        match credential {
            ScriptCredential::Token(token) => {
                let name = token.name_for(cluster.name.as_str(), clusters);
                Self::Token {
                    scope_map: token.scope_map_for(&name),
                    name,
                    repositories: token.repositories.iter().collect(),
                    days: token.expires_in_days,
                }
            }
            ScriptCredential::ServicePrincipal(principal) => Self::ServicePrincipal {
                app_id: principal.app_id.as_ref(),
                name: principal.name.as_ref(),
                days: principal.expires_in_days,
            },
            ScriptCredential::Admin(_) => Self::Admin,
        }
    }
}

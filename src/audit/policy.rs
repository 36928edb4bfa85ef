//! The policy of an audit: what is known besides the manifests, and which findings do not count.

pub mod load;
pub mod paths;
pub mod rule;

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::judge::Target;
use crate::audit::policy::rule::Rule;
use crate::contract::{ApiVersion, Contract, schema};
use crate::manifest::PodKind;
use crate::names::{
    ContainerName, Namespace, ObjectPattern, PathGlob, Reason, RegistryHost, SecretName,
};

/// The name of a policy in the root of a tree.
pub const FILE: &str = "pullwright-audit.yaml";

/// The schema as it was generated when this version was built; `generate` returns the same.
pub const TEXT: &str = include_str!("../../schemas/audit.schema.json");

/// The contract of a policy.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(TEXT, "key"));

/// The schema from the Rust types.
pub fn generate() -> Value {
    schema::generate::<Policy>("audit.schema.json", &[])
}

/// Declares what manifests do not show, so that `audit` can decide, and which findings are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "PullAudit")]
pub struct Policy {
    /// Version of this format.
    #[schemars(example = ApiVersion::V1alpha1)]
    pub api_version: ApiVersion,
    /// Kind of this document.
    #[schemars(example = DocumentKind::PullAudit)]
    pub kind: DocumentKind,
    /// Registries that the identity of the nodes can pull from.
    #[serde(default)]
    #[schemars(example = attached_example())]
    pub attached: Vec<Attached>,
    /// Login servers of registries that allow anonymous pulls.
    #[serde(default)]
    #[schemars(example = ["yourpublicname.azurecr.io"])]
    pub anonymous: Vec<RegistryHost>,
    /// Pull secrets that something else creates.
    #[serde(default)]
    #[schemars(example = secrets_example())]
    pub secrets: Vec<Secret>,
    /// Additional kinds that contain pods, as in `spec.kinds` of a config. An entry for a built-in kind
    /// replaces it.
    #[serde(default)]
    #[schemars(example = kinds_example())]
    pub kinds: Vec<PodKind>,
    /// Files that are not read.
    #[serde(default)]
    #[schemars(example = ["vendor/**", "*.generated.yaml"])]
    pub exclude: Vec<PathGlob>,
    /// Findings that are accepted.
    #[serde(default)]
    #[schemars(example = ignore_example())]
    pub ignore: Vec<Accepted>,
    /// Where the pods run. Default: `aks`. `--target` overrides it.
    #[schemars(example = Target::Aks)]
    pub target: Option<Target>,
    /// Namespace of objects that set none. `--namespace` overrides it.
    pub namespace: Option<Namespace>,
}

/// Kind of this document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum DocumentKind {
    /// The policy of `audit`.
    PullAudit,
}

/// A registry that the identity of the nodes can pull from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attached {
    /// Login server of the registry.
    pub server: RegistryHost,
    /// Why it is so.
    #[schemars(example = &"attached by the platform team, see the Terraform of the cluster")]
    pub reason: Option<Reason>,
}

/// A pull secret that something else creates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    /// Name of the Secret.
    pub name: SecretName,
    /// Namespaces it is in. Default: every namespace.
    #[schemars(length(min = 1), example = ["web"])]
    pub namespaces: Option<Vec<Namespace>>,
    /// Login servers that it has credentials for.
    #[schemars(length(min = 1), example = ["youruniquename.azurecr.io"])]
    pub servers: Vec<RegistryHost>,
}

/// Findings that are accepted: those that all of the keys match.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The code of the findings.
    pub rule: Rule,
    /// Files of the findings. Default: all.
    #[schemars(example = &"legacy/**")]
    pub path: Option<PathGlob>,
    /// Objects of the findings. Default: all.
    pub object: Option<ObjectPattern>,
    /// Container of the findings. Default: all.
    pub container: Option<ContainerName>,
    /// Why they are accepted.
    #[schemars(example = &"the team migrates this application in May")]
    pub reason: Reason,
}

fn attached_example() -> Value {
    json!([{"server": "youruniquename.azurecr.io", "reason": "attached by the platform team"}])
}

fn secrets_example() -> Value {
    json!([{"name": "acr-secret", "namespaces": ["web"], "servers": ["youruniquename.azurecr.io"]}])
}

fn kinds_example() -> Value {
    json!([{"group": "example.com", "kind": "Thing", "pod": "spec.template.spec"}])
}

fn ignore_example() -> Value {
    json!([{
        "rule": "no-credential",
        "path": "legacy/**",
        "object": "Deployment/*",
        "reason": "the team migrates this application in May",
    }])
}

//! The config of a cluster that pulls with its own identity.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::names::{KubernetesVersion, Region, RepositoryPattern, VmSize};

/// The `attach` strategy: the cluster's kubelet identity may pull; pods require nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AttachStrategy")]
pub struct Params {
    /// How the registry is attached.
    #[serde(default)]
    #[schemars(example = attach_example())]
    pub attach: Attach,
}

/// How a registry is attached to a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attach {
    /// Whether the cluster already exists or is created.
    #[serde(default)]
    #[schemars(example = Mode::Update)]
    pub mode: Mode,
    /// How the role is assigned.
    #[serde(default)]
    #[schemars(example = Method::RoleAssignment)]
    pub method: Method,
    /// Limits the role to repositories; only for registries with `roleAssignmentMode: abac` (or
    /// `detect`, and then refused at run time if the registry is not). Default: all.
    #[serde(default)]
    #[schemars(example = ["sample-container", "team/*"])]
    pub repositories: Vec<RepositoryPattern>,
    /// The new cluster, for `mode: create`.
    #[schemars(example = create_example())]
    pub create: Option<Create>,
}

/// Whether the cluster already exists or is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AttachMode")]
pub enum Mode {
    /// The cluster exists.
    #[default]
    Update,
    /// The script creates the cluster if it does not exist.
    Create,
}

/// How the role is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// An explicit `az role assignment create` for the kubelet identity: works for all registries.
    #[default]
    RoleAssignment,
    /// `az aks … --attach-acr`, which always assigns `AcrPull`: not suitable for ABAC registries.
    AttachAcr,
}

/// The new cluster; omitted keys use the defaults of `az aks create`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Create {
    /// Region of the cluster. Default: that of the resource group.
    pub location: Option<Region>,
    /// Number of nodes.
    #[schemars(range(min = 1, max = 1000), example = 3)]
    pub node_count: Option<u32>,
    /// Size of the nodes.
    pub node_vm_size: Option<VmSize>,
    /// Version of Kubernetes.
    pub kubernetes_version: Option<KubernetesVersion>,
}

impl Attach {
    /// The repositories that the role is limited to; none if it is for all of them. Two entries with equal
    /// ones assign the same role.
    pub fn limit(&self) -> BTreeSet<&str> {
        match self.method {
            Method::RoleAssignment => limit(&self.repositories),
            Method::AttachAcr => BTreeSet::new(),
        }
    }

    /// The keys, from the entry on, that decide what role it is.
    pub fn role_keys(&self) -> &'static [&'static str] {
        match self.method {
            Method::RoleAssignment if self.repositories.is_empty() => &["strategy"],
            Method::RoleAssignment => &["attach", "repositories"],
            Method::AttachAcr => &["attach", "method"],
        }
    }
}

/// Some repositories, each once; none if they are all there are.
pub(super) fn limit(repositories: &[RepositoryPattern]) -> BTreeSet<&str> {
    let all: BTreeSet<&str> = repositories.iter().map(RepositoryPattern::as_str).collect();
    if all.contains("*") {
        return BTreeSet::new();
    }
    all
}

fn attach_example() -> serde_json::Value {
    serde_json::json!({"mode": "update", "method": "roleAssignment"})
}

fn create_example() -> serde_json::Value {
    serde_json::json!({"nodeCount": 3})
}

//! A cluster, as far as scripts need to know it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::names::{ClusterName, ContextName, Guid, ResourceGroup};

/// A Kubernetes cluster. Only required for scripts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Name of the cluster; for `aks` that of the Azure resource. Access entries refer to it.
    pub name: ClusterName,
    /// Kubeconfig context of the cluster. Default: the name, as `az aks get-credentials`
    /// writes it.
    pub context: Option<ContextName>,
    /// Where the cluster runs.
    #[serde(flatten)]
    pub kind: ClusterKind,
}

/// Where a cluster runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ClusterKind {
    /// Azure Kubernetes Service: its kubelet identity can be allowed to pull.
    Aks(Aks),
    /// Any other cluster: pods pull with a Secret.
    Generic,
}

/// What `az` requires to find an AKS cluster.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Aks {
    /// Resource group of the cluster.
    pub resource_group: ResourceGroup,
    /// Subscription of the cluster. Default: the one that `az` has selected.
    pub subscription: Option<Guid>,
    /// Tenant that the script must be signed in to. Default: any.
    pub tenant: Option<Guid>,
}

impl Cluster {
    /// The kubectl context.
    pub fn context(&self) -> &str {
        self.context
            .as_ref()
            .map_or(self.name.as_str(), ContextName::as_str)
    }
}

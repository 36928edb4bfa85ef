//! Variables that templates of several strategies have in common. Doc comments are what
//! `pullwright templates show` prints.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::{PerFile, Template};
use crate::model::{ClusterKind, Registry, RoleAssignmentMode};
use crate::names::{ClusterName, Guid, LabelValue, Namespace, RegistryName, ResourceGroup};
use crate::strategy::contract::Contract;

/// The contracts of these templates.
pub(in crate::strategy) fn contracts() -> Vec<Contract> {
    vec![
        Contract::of::<Extras<'_>>(),
        Contract::of::<Load>(),
        Contract::of::<Opening<'_>>(),
        Contract::of::<ClusterLine<'_>>(),
        Contract::of::<RegistryLine<'_>>(),
        Contract::without(
            "script/words.sh.j2",
            "A macro that prints a list as words of a command: more than four on a line each.",
        ),
    ]
}

/// The first lines of a script.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Opening<'a> {
    /// The config as the first comment names it.
    pub(crate) config: &'a str,
}

impl Template for Opening<'_> {
    const NAME: &'static str = "script/opening.sh.j2";
}

/// The line that loads the runtime, or the runtime itself. No template replaces the runtime.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct Load {
    /// Whether the script contains the runtime instead of loading it.
    pub(crate) standalone: bool,
}

impl Template for Load {
    const NAME: &'static str = "script/load.sh.j2";
}

/// What every script of a cluster prints.
#[derive(Serialize, JsonSchema)]
pub(super) struct Script<'a> {
    #[serde(flatten)]
    pub(super) opening: Opening<'a>,
    #[serde(flatten)]
    pub(super) load: Load,
    /// Config, access entry and cluster, which the script leaves on what it creates.
    pub(super) owner: String,
    #[serde(flatten)]
    pub(super) cluster: ClusterLine<'a>,
}

/// The line that declares the cluster.
#[derive(Serialize, JsonSchema)]
pub(super) struct ClusterLine<'a> {
    /// The cluster that the script acts on.
    pub(super) cluster: Cluster<'a>,
}

impl Template for ClusterLine<'_> {
    const NAME: &'static str = "script/cluster.sh.j2";
}

/// The line that declares a registry.
#[derive(Serialize, JsonSchema)]
pub(super) struct RegistryLine<'a> {
    /// The registry.
    registry: ScriptRegistry<'a>,
}

impl Template for RegistryLine<'_> {
    const NAME: &'static str = "script/registry.sh.j2";
}

/// A cluster as scripts see it.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster<'a> {
    /// Name of the cluster.
    name: &'a ClusterName,
    /// Kubeconfig context of the cluster.
    context: &'a str,
    /// Resource group of an AKS cluster.
    resource_group: Option<&'a ResourceGroup>,
    /// Subscription of an AKS cluster, if the config sets it.
    subscription: Option<&'a Guid>,
    /// Tenant that `az` must be signed in to, if the config sets it.
    tenant: Option<&'a Guid>,
}

impl<'a> From<&'a crate::model::Cluster> for Cluster<'a> {
    fn from(cluster: &'a crate::model::Cluster) -> Self {
        let aks = match &cluster.kind {
            ClusterKind::Aks(aks) => Some(aks),
            ClusterKind::Generic => None,
        };
        Self {
            name: &cluster.name,
            context: cluster.context(),
            resource_group: aks.map(|aks| &aks.resource_group),
            subscription: aks.and_then(|aks| aks.subscription.as_ref()),
            tenant: aks.and_then(|aks| aks.tenant.as_ref()),
        }
    }
}

/// A registry as scripts see it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScriptRegistry<'a> {
    /// Resource name of the registry.
    name: &'a RegistryName,
    /// Login server of the registry.
    host: String,
    /// Resource group of the registry, if the config sets it.
    resource_group: Option<&'a ResourceGroup>,
    /// Subscription of the registry, if the config sets it.
    subscription: Option<&'a Guid>,
    /// Which roles the registry honors.
    mode: RoleAssignmentMode,
}

impl<'a> From<&'a Registry> for ScriptRegistry<'a> {
    fn from(registry: &'a Registry) -> Self {
        Self {
            name: &registry.name,
            host: registry.host(),
            resource_group: registry.resource_group.as_ref(),
            subscription: registry.subscription.as_ref(),
            mode: registry.role_assignment_mode,
        }
    }
}

/// What every manifest in the directory of a namespace prints.
#[derive(Serialize, JsonSchema)]
pub(super) struct Object<'a> {
    /// The config as the first comment names it.
    pub(super) config: &'a str,
    /// Name of the object.
    pub(super) name: &'a str,
    /// Namespace of the object, which differs from file to file.
    #[serde(skip_serializing_if = "PerFile::is_beside")]
    pub(super) namespace: PerFile<Namespace>,
    /// Labels of the object, beside those that the template sets.
    pub(super) labels: &'a BTreeMap<String, LabelValue>,
    /// Annotations of the object.
    pub(super) annotations: &'a BTreeMap<String, String>,
}

/// Labels and annotations of an object, one more line each, below those that the template sets.
#[derive(Serialize, JsonSchema)]
pub(super) struct Extras<'a> {
    /// Labels of the object, beside those that the template sets.
    labels: &'a BTreeMap<String, LabelValue>,
    /// Annotations of the object.
    annotations: &'a BTreeMap<String, String>,
}

impl Template for Extras<'_> {
    const NAME: &'static str = "kubernetes/labels.yaml.j2";
}

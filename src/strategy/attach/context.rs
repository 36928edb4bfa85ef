//! Variables of the templates in `attach/`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::Template;
use crate::strategy::attach::params::Method;
use crate::strategy::context::{Azure, Script, ScriptRegistry};
use crate::strategy::contract::Contract;

/// The contracts of these templates.
pub(in crate::strategy) fn contracts() -> Vec<Contract> {
    vec![Contract::of::<AttachScript<'_>>()]
}

/// A script that lets the kubelet identity of an AKS cluster pull from registries.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct AttachScript<'a> {
    #[serde(flatten)]
    pub(super) script: Script<'a>,
    #[serde(flatten)]
    pub(super) azure: Azure<'a>,
    /// How the role is assigned.
    pub(super) method: Method,
    /// The condition that limits the role to repositories; empty for all of them.
    pub(super) condition: String,
    /// Flags of `az aks create`, if the script creates the cluster.
    pub(super) create: Option<Vec<String>>,
    /// The registries to pull from.
    pub(super) registries: Vec<ScriptRegistry<'a>>,
}

impl Template for AttachScript<'_> {
    const NAME: &'static str = "attach/attach.sh.j2";
}

//! Variables of the templates in `attach/`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::Template;
use crate::strategy::attach::params::{Create, Method};
use crate::strategy::context::{Script, ScriptRegistry};
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
    /// How the role is assigned.
    pub(super) method: Method,
    /// The condition that limits the role to repositories; empty for all of them.
    pub(super) condition: String,
    /// The new cluster, if the script creates it.
    pub(super) create: Option<Create>,
    /// The registries to pull from.
    pub(super) registries: Vec<ScriptRegistry<'a>>,
}

impl Template for AttachScript<'_> {
    const NAME: &'static str = "attach/attach.sh.j2";
}

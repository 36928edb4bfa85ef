//! Variables of the templates in `service_account/`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::Template;
use crate::names::{ImageReference, Namespace, SecretName, ServiceAccountName};
use crate::strategy::component::Component;
use crate::strategy::context::{Object, Script};
use crate::strategy::contract::Contract;

/// The contracts of these templates.
pub(in crate::strategy) fn contracts() -> Vec<Contract> {
    vec![
        Contract::of::<AccountComponent<'_>>(),
        Contract::of::<AccountScript<'_>>(),
        Contract::of::<AccountManifest<'_>>(),
    ]
}

/// A ServiceAccount that references the Secret.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct AccountManifest<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    /// Name of the Secret.
    pub(super) pull_secret: &'a SecretName,
}

impl Template for AccountManifest<'_> {
    const NAME: &'static str = "service_account/service-account.yaml.j2";
}

/// A kustomize component that adds the Secret to a ServiceAccount of your own.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct AccountComponent<'a> {
    #[serde(flatten)]
    pub(super) component: Component<'a>,
    /// Name of the ServiceAccount.
    pub(super) service_account: &'a ServiceAccountName,
}

impl Template for AccountComponent<'_> {
    const NAME: &'static str = "service_account/component.yaml.j2";
}

/// A script that adds the Secret to a ServiceAccount in the cluster.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct AccountScript<'a> {
    #[serde(flatten)]
    pub(super) script: Script<'a>,
    /// Name of the Secret.
    pub(super) secret: &'a SecretName,
    /// Name of the ServiceAccount.
    pub(super) service_account: &'a ServiceAccountName,
    /// Namespaces of the ServiceAccount.
    pub(super) namespaces: &'a [Namespace],
    /// Images of the workloads in the registries.
    pub(super) images: BTreeSet<&'a ImageReference>,
}

impl Template for AccountScript<'_> {
    const NAME: &'static str = "service_account/service-account.sh.j2";
}

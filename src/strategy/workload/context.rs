//! Variables of the templates in `workload/`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::Template;
use crate::model::Container;
use crate::names::{CronSchedule, SecretName, ServiceAccountName, WorkloadName};
use crate::strategy::context::Object;
use crate::strategy::contract::Contract;

/// The contracts of these templates.
pub(in crate::strategy) fn contracts() -> Vec<Contract> {
    vec![
        Contract::of::<Containers<'_>>(),
        Contract::of::<PodSpec<'_>>(),
        Contract::of::<CronJob<'_>>(),
        Contract::of::<DaemonSet<'_>>(),
        Contract::of::<Deployment<'_>>(),
        Contract::of::<Job<'_>>(),
        Contract::of::<Pod<'_>>(),
        Contract::of::<StatefulSet<'_>>(),
    ]
}

/// The spec of a pod.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct PodSpec<'a> {
    /// Name of the ServiceAccount, if the strategy has one.
    pub(super) service_account: Option<&'a ServiceAccountName>,
    /// Name of the Secret, if the pod itself names it.
    pub(super) pull_secret: Option<&'a SecretName>,
    /// When containers start again, if the kind needs another answer than Kubernetes' default.
    pub(super) restart_policy: Option<RestartPolicy>,
    /// Containers that run before the others.
    pub(super) init_containers: &'a [Container],
    /// The containers of the pod.
    pub(super) containers: &'a [Container],
}

impl Template for PodSpec<'_> {
    const NAME: &'static str = "workload/pod-spec.yaml.j2";
}

/// When the containers of a pod start again.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(in crate::strategy) enum RestartPolicy {
    /// They do not.
    Never,
}

/// A list of containers.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct Containers<'a> {
    /// The containers; the template that includes this one sets them.
    list: &'a [Container],
}

impl Template for Containers<'_> {
    const NAME: &'static str = "workload/containers.yaml.j2";
}

/// A Pod.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct Pod<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
}

impl Template for Pod<'_> {
    const NAME: &'static str = "workload/pod.yaml.j2";
}

/// A Deployment.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct Deployment<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Number of pods.
    pub(super) replicas: u32,
}

impl Template for Deployment<'_> {
    const NAME: &'static str = "workload/deployment.yaml.j2";
}

/// A StatefulSet.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct StatefulSet<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Number of pods.
    pub(super) replicas: u32,
    /// Headless Service that governs the pods.
    pub(super) service_name: &'a WorkloadName,
}

impl Template for StatefulSet<'_> {
    const NAME: &'static str = "workload/stateful-set.yaml.j2";
}

/// A DaemonSet.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct DaemonSet<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
}

impl Template for DaemonSet<'_> {
    const NAME: &'static str = "workload/daemon-set.yaml.j2";
}

/// A Job.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct Job<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
}

impl Template for Job<'_> {
    const NAME: &'static str = "workload/job.yaml.j2";
}

/// A CronJob.
#[derive(Serialize, JsonSchema)]
pub(in crate::strategy) struct CronJob<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Schedule of the job.
    pub(super) schedule: &'a CronSchedule,
}

impl Template for CronJob<'_> {
    const NAME: &'static str = "workload/cron-job.yaml.j2";
}

//! Variables of the templates in `workload/`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::Template;
use crate::model::sets::{
    ContainerFields, CronJobFields, DaemonSetFields, DeploymentFields, JobFields, PodFields,
    StatefulSetFields,
};
use crate::model::{self, Fields, PullPolicy};
use crate::names::{
    ContainerName, CronSchedule, ImageReference, LabelValue, SecretName, ServiceAccountName,
    WorkloadName,
};
use crate::strategy::context::Object;
use crate::strategy::contract::Contract;

/// The contracts of these templates.
pub(in crate::strategy) fn contracts() -> Vec<Contract> {
    vec![
        Contract::of::<Containers<'_>>(),
        Contract::of::<PodTemplate<'_>>(),
        Contract::of::<PodSpec<'_>>(),
        Contract::of::<CronJob<'_>>(),
        Contract::of::<DaemonSet<'_>>(),
        Contract::of::<Deployment<'_>>(),
        Contract::of::<Job<'_>>(),
        Contract::of::<Pod<'_>>(),
        Contract::of::<StatefulSet<'_>>(),
    ]
}

/// Labels and annotations of pods, one more line each, below the label that the template sets.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct PodTemplate<'a> {
    /// Labels of the pods, beside the name of the workload.
    pub(super) pod_labels: &'a BTreeMap<String, LabelValue>,
    /// Annotations of the pods.
    pub(super) pod_annotations: &'a BTreeMap<String, String>,
}

impl Template for PodTemplate<'_> {
    const NAME: &'static str = "workload/pod-labels.yaml.j2";
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
    /// Other fields of the spec, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) pod_fields: &'a Fields<PodFields>,
    /// Containers that run before the others.
    pub(super) init_containers: Vec<Container<'a>>,
    /// The containers of the pod.
    pub(super) containers: Vec<Container<'a>>,
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
    list: Vec<Container<'a>>,
}

impl Template for Containers<'_> {
    const NAME: &'static str = "workload/containers.yaml.j2";
}

/// A container.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct Container<'a> {
    /// Name of the container.
    name: &'a ContainerName,
    /// Full image reference.
    image: &'a ImageReference,
    /// Image pull policy.
    image_pull_policy: Option<PullPolicy>,
    /// Entrypoint.
    command: &'a [String],
    /// Arguments of the entrypoint.
    args: &'a [String],
    /// All other fields, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    fields: &'a Fields<ContainerFields>,
}

impl<'a> From<&'a model::Container> for Container<'a> {
    fn from(container: &'a model::Container) -> Self {
        Self {
            name: &container.name,
            image: &container.image,
            image_pull_policy: container.image_pull_policy,
            command: &container.command,
            args: &container.args,
            fields: &container.fields,
        }
    }
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
    pub(super) template: PodTemplate<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Number of pods.
    pub(super) replicas: u32,
    /// Other fields of its spec, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) fields: &'a Fields<DeploymentFields>,
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
    pub(super) template: PodTemplate<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Number of pods.
    pub(super) replicas: u32,
    /// Headless Service that governs the pods.
    pub(super) service_name: &'a WorkloadName,
    /// Other fields of its spec, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) fields: &'a Fields<StatefulSetFields>,
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
    pub(super) template: PodTemplate<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Other fields of its spec, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) fields: &'a Fields<DaemonSetFields>,
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
    pub(super) template: PodTemplate<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Other fields of its spec, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) fields: &'a Fields<JobFields>,
}

impl Template for Job<'_> {
    const NAME: &'static str = "workload/job.yaml.j2";
}

/// A CronJob.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::strategy) struct CronJob<'a> {
    #[serde(flatten)]
    pub(super) object: Object<'a>,
    #[serde(flatten)]
    pub(super) template: PodTemplate<'a>,
    #[serde(flatten)]
    pub(super) spec: PodSpec<'a>,
    /// Schedule of the job.
    pub(super) schedule: &'a CronSchedule,
    /// Fields of the spec of its Jobs, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) job_fields: &'a Fields<JobFields>,
    /// Other fields of its spec, as the config sets them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) fields: &'a Fields<CronJobFields>,
}

impl Template for CronJob<'_> {
    const NAME: &'static str = "workload/cron-job.yaml.j2";
}

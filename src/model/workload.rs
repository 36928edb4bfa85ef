//! The six workload kinds and their containers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::names::{ContainerName, CronSchedule, ImageReference, WorkloadName};

/// A workload that runs pods.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// Name of the object, and value of its `app.kubernetes.io/name` label.
    pub name: WorkloadName,
    /// The containers of the pod.
    #[schemars(length(min = 1), example = container_example())]
    pub containers: Vec<Container>,
    /// Containers that run before the others.
    #[serde(default)]
    #[schemars(example = container_example())]
    pub init_containers: Vec<Container>,
    /// What runs the pods.
    #[serde(flatten)]
    pub kind: WorkloadKind,
}

/// What runs the pods.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all_fields = "camelCase")]
pub enum WorkloadKind {
    /// One pod, not replaced when it ends.
    Pod,
    /// Interchangeable pods.
    Deployment {
        /// Number of pods.
        #[serde(default = "one")]
        #[schemars(range(min = 0, max = 100_000), example = 2)]
        replicas: u32,
    },
    /// Pods with a stable identity.
    StatefulSet {
        /// Number of pods.
        #[serde(default = "one")]
        #[schemars(range(min = 0, max = 100_000), example = 3)]
        replicas: u32,
        /// Headless Service that governs the pods. Default: the name of the workload.
        service_name: Option<WorkloadName>,
    },
    /// One pod on each node.
    DaemonSet,
    /// Pods that run to completion.
    Job,
    /// A Job on a schedule.
    CronJob {
        /// Schedule of the job.
        schedule: CronSchedule,
    },
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Name of the container.
    pub name: ContainerName,
    /// Full image reference. Its host must be the login server of a registry of the access entry.
    pub image: ImageReference,
    /// Image pull policy. Default: that of Kubernetes.
    #[schemars(example = PullPolicy::Always)]
    pub image_pull_policy: Option<PullPolicy>,
    /// Entrypoint; overrides the image's own.
    #[serde(default)]
    #[schemars(example = ["sleep"])]
    pub command: Vec<String>,
    /// Arguments of the entrypoint.
    #[serde(default)]
    #[schemars(example = ["3600"])]
    pub args: Vec<String>,
}

/// Image pull policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum PullPolicy {
    /// At each start of a container.
    Always,
    /// When the node does not have the image.
    IfNotPresent,
    /// Never: the image must be on the node.
    Never,
}

impl PullPolicy {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Always, Self::IfNotPresent, Self::Never];

    /// As Kubernetes writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::IfNotPresent => "IfNotPresent",
            Self::Never => "Never",
        }
    }
}

fn one() -> u32 {
    1
}

fn container_example() -> serde_json::Value {
    serde_json::json!([{
        "name": "sample-pod-container",
        "image": "youruniquename.azurecr.io/sample-container:0.0.1",
    }])
}

impl WorkloadKind {
    /// The Kubernetes kind.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pod => "Pod",
            Self::Deployment { .. } => "Deployment",
            Self::StatefulSet { .. } => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob { .. } => "CronJob",
        }
    }

    /// The kind in file and template names.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Deployment { .. } => "deployment",
            Self::StatefulSet { .. } => "stateful-set",
            Self::DaemonSet => "daemon-set",
            Self::Job => "job",
            Self::CronJob { .. } => "cron-job",
        }
    }
}

impl Workload {
    /// All containers, those that run first included.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(&self.containers)
    }
}

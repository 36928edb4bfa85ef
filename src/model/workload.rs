//! The six workload kinds and their containers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::fields::Fields;
use crate::model::sets::{
    ContainerFields, CronJobFields, DaemonSetFields, DeploymentFields, JobFields, PodFields,
    StatefulSetFields,
};
use crate::names::{ContainerName, CronSchedule, ImageReference, LabelValue, WorkloadName};

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
    /// All other fields of the pod spec, as Kubernetes has them.
    #[serde(default)]
    #[schemars(example = pod_example())]
    pub pod: Fields<PodFields>,
    /// Labels of the object, beside `app.kubernetes.io/name`.
    #[serde(default)]
    #[schemars(example = labels_example())]
    pub labels: BTreeMap<String, LabelValue>,
    /// Annotations of the object.
    #[serde(default)]
    #[schemars(example = annotations_example())]
    pub annotations: BTreeMap<String, String>,
    /// Labels of the pods, beside `app.kubernetes.io/name`. A Pod has only `labels`.
    #[serde(default)]
    #[schemars(example = labels_example())]
    pub pod_labels: BTreeMap<String, LabelValue>,
    /// Annotations of the pods. A Pod has only `annotations`.
    #[serde(default)]
    #[schemars(example = annotations_example())]
    pub pod_annotations: BTreeMap<String, String>,
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
        /// Other fields of its spec.
        #[serde(flatten)]
        fields: Fields<DeploymentFields>,
    },
    /// Pods with a stable identity.
    StatefulSet {
        /// Number of pods.
        #[serde(default = "one")]
        #[schemars(range(min = 0, max = 100_000), example = 3)]
        replicas: u32,
        /// Headless Service that governs the pods. Default: the name of the workload.
        service_name: Option<WorkloadName>,
        /// Other fields of its spec.
        #[serde(flatten)]
        fields: Fields<StatefulSetFields>,
    },
    /// One pod on each node.
    DaemonSet {
        /// Other fields of its spec.
        #[serde(flatten)]
        fields: Fields<DaemonSetFields>,
    },
    /// Pods that run to completion.
    Job {
        /// Other fields of its spec.
        #[serde(flatten)]
        fields: Fields<JobFields>,
    },
    /// A Job on a schedule.
    CronJob {
        /// Schedule of the job.
        schedule: CronSchedule,
        /// Fields of the spec of its Jobs.
        #[serde(default)]
        #[schemars(example = job_example())]
        job: Fields<JobFields>,
        /// Other fields of its spec.
        #[serde(flatten)]
        fields: Fields<CronJobFields>,
    },
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
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
    /// All other fields of a container, as Kubernetes has them.
    #[serde(flatten)]
    pub fields: Fields<ContainerFields>,
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

fn pod_example() -> serde_json::Value {
    serde_json::json!({"nodeSelector": {"kubernetes.io/os": "linux"}})
}

fn labels_example() -> serde_json::Value {
    serde_json::json!({"app.kubernetes.io/part-of": "sample"})
}

fn annotations_example() -> serde_json::Value {
    serde_json::json!({"argocd.argoproj.io/sync-wave": "1"})
}

fn job_example() -> serde_json::Value {
    serde_json::json!({"backoffLimit": 2})
}

impl WorkloadKind {
    /// The Kubernetes kind.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pod => "Pod",
            Self::Deployment { .. } => "Deployment",
            Self::StatefulSet { .. } => "StatefulSet",
            Self::DaemonSet { .. } => "DaemonSet",
            Self::Job { .. } => "Job",
            Self::CronJob { .. } => "CronJob",
        }
    }

    /// Keys from the root of the object to the spec of its pods.
    pub fn pod_path(&self) -> &'static [&'static str] {
        match self {
            Self::Pod => &["spec"],
            Self::Deployment { .. }
            | Self::StatefulSet { .. }
            | Self::DaemonSet { .. }
            | Self::Job { .. } => &["spec", "template", "spec"],
            Self::CronJob { .. } => &["spec", "jobTemplate", "spec", "template", "spec"],
        }
    }

    /// About how many bytes its own fields take in a manifest.
    fn size(&self) -> usize {
        match self {
            Self::Pod => 0,
            Self::Deployment { fields, .. } => fields.size(),
            Self::StatefulSet { fields, .. } => fields.size(),
            Self::DaemonSet { fields } => fields.size(),
            Self::Job { fields } => fields.size(),
            Self::CronJob { job, fields, .. } => job.size() + fields.size(),
        }
    }

    /// The kind in file and template names.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Deployment { .. } => "deployment",
            Self::StatefulSet { .. } => "stateful-set",
            Self::DaemonSet { .. } => "daemon-set",
            Self::Job { .. } => "job",
            Self::CronJob { .. } => "cron-job",
        }
    }
}

impl Workload {
    /// About how many bytes it adds to a manifest beside its containers.
    pub fn size(&self) -> usize {
        let labels = self.labels.iter().chain(&self.pod_labels);
        let labels = labels.map(|(key, value)| key.len() + value.as_str().len());
        let annotations = self.annotations.iter().chain(&self.pod_annotations);
        let annotations = annotations.map(|(key, value)| key.len() + value.len());
        let texts: usize = labels.chain(annotations).map(|text| text + 16).sum();
        texts + self.pod.size() + self.kind.size()
    }

    /// All containers, those that run first included.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(&self.containers)
    }
}

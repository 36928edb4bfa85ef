//! Workload manifests, with what the strategy puts into their pod template.

pub(super) mod context;

use std::sync::Arc;

use crate::artifact::{Carries, PerFile, PlannedFile, PodAccess, Template};
use crate::model::{Container, Workload, WorkloadKind};
use crate::names::{SecretName, ServiceAccountName};
use crate::strategy::Entry;
use crate::strategy::context::Object;
use crate::strategy::workload::context::{
    CronJob, DaemonSet, Deployment, Job, Pod, PodSpec, PodTemplate, RestartPolicy, StatefulSet,
};

/// What a pod refers to in order to pull.
#[derive(Clone, Copy, Default)]
pub(super) struct PodReferences<'a> {
    /// Named in `imagePullSecrets`.
    pub(super) pull_secret: Option<&'a SecretName>,
    /// Named in `serviceAccountName`.
    pub(super) service_account: Option<&'a ServiceAccountName>,
}

/// One file for each workload in each namespace.
pub(super) fn plan(entry: &Entry<'_>, references: PodReferences<'_>) -> Vec<PlannedFile> {
    let adder = Adder { entry, references };
    let mut files = Vec::with_capacity(entry.namespaces.len() * entry.workloads.len());
    for workload in entry.workloads {
        let object = Object {
            config: entry.config,
            name: workload.name.as_str(),
            namespace: PerFile::default(),
            labels: &workload.labels,
            annotations: &workload.annotations,
        };
        let template = PodTemplate {
            pod_labels: &workload.pod_labels,
            pod_annotations: &workload.pod_annotations,
        };
        let spec = PodSpec {
            containers: workload.containers.iter().map(Into::into).collect(),
            init_containers: workload.init_containers.iter().map(Into::into).collect(),
            pull_secret: references.pull_secret,
            service_account: references.service_account,
            restart_policy: restart_policy(workload),
            pod_fields: &workload.pod,
        };
        match &workload.kind {
            WorkloadKind::Pod => {
                let context = Pod { object, spec };
                adder.add(workload, &context, &mut files);
            }
            WorkloadKind::Deployment { replicas, fields } => {
                let context = Deployment {
                    object,
                    template,
                    spec,
                    replicas: *replicas,
                    fields,
                };
                adder.add(workload, &context, &mut files);
            }
            WorkloadKind::StatefulSet {
                replicas,
                service_name,
                fields,
            } => {
                let context = StatefulSet {
                    object,
                    template,
                    spec,
                    replicas: *replicas,
                    service_name: service_name.as_ref().unwrap_or(&workload.name),
                    fields,
                };
                adder.add(workload, &context, &mut files);
            }
            WorkloadKind::DaemonSet { fields } => {
                let context = DaemonSet {
                    object,
                    template,
                    spec,
                    fields,
                };
                adder.add(workload, &context, &mut files);
            }
            WorkloadKind::Job { fields } => {
                let context = Job {
                    object,
                    template,
                    spec,
                    fields,
                };
                adder.add(workload, &context, &mut files);
            }
            WorkloadKind::CronJob {
                schedule,
                job,
                fields,
            } => {
                let context = CronJob {
                    object,
                    template,
                    spec,
                    schedule,
                    job_fields: job,
                    fields,
                };
                adder.add(workload, &context, &mut files);
            }
        }
    }
    files
}

/// Adds the files of workloads.
struct Adder<'a, 'e> {
    entry: &'a Entry<'e>,
    references: PodReferences<'a>,
}

impl Adder<'_, '_> {
    /// The files of one workload.
    fn add<T: Template>(&self, workload: &Workload, context: &T, files: &mut Vec<PlannedFile>) {
        let stem = format!("{}-{}", workload.kind.slug(), workload.name);
        let object = (workload.kind.word(), workload.name.as_str());
        let images = workload.all_containers().map(|one| one.image.to_string());
        let access = PodAccess {
            path: workload.kind.pod_path(),
            pull_secret: self.references.pull_secret.map(ToString::to_string),
            service_account: self.references.service_account.map(ToString::to_string),
            images: images.collect(),
            fields: workload.pod.names().map(str::to_owned).collect(),
            containers: workload.all_containers().map(fields).collect(),
        };
        let carries = Carries::Pod(Arc::new(access));
        files.extend(self.entry.objects(&stem, object, carries, context));
    }
}

/// A container and the fields that the config sets.
fn fields(container: &Container) -> (String, Vec<String>) {
    let names = container.fields.names().map(str::to_owned);
    (container.name.to_string(), names.collect())
}

/// What a kind needs in place of `Always`, the default of Kubernetes: a Job refuses it. Not if the config sets it.
fn restart_policy(workload: &Workload) -> Option<RestartPolicy> {
    if workload.pod.get("restartPolicy").is_some() {
        return None;
    }
    match &workload.kind {
        WorkloadKind::Job { .. } | WorkloadKind::CronJob { .. } => Some(RestartPolicy::Never),
        WorkloadKind::Pod
        | WorkloadKind::Deployment { .. }
        | WorkloadKind::StatefulSet { .. }
        | WorkloadKind::DaemonSet { .. } => None,
    }
}

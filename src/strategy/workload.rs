//! Workload manifests, with what the strategy puts into their pod template.

pub(super) mod context;

use crate::artifact::{PerFile, PlannedFile, Template};
use crate::model::{Workload, WorkloadKind};
use crate::names::{SecretName, ServiceAccountName};
use crate::strategy::Entry;
use crate::strategy::context::Object;
use crate::strategy::workload::context::{
    CronJob, DaemonSet, Deployment, Job, Pod, PodSpec, RestartPolicy, StatefulSet,
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
    let mut files = Vec::with_capacity(entry.namespaces.len() * entry.workloads.len());
    for workload in entry.workloads {
        let object = Object {
            config: entry.config,
            name: workload.name.as_str(),
            namespace: PerFile::default(),
        };
        let spec = PodSpec {
            containers: &workload.containers,
            init_containers: &workload.init_containers,
            pull_secret: references.pull_secret,
            service_account: references.service_account,
            restart_policy: restart_policy(&workload.kind),
        };
        match &workload.kind {
            WorkloadKind::Pod => add(entry, workload, &Pod { object, spec }, &mut files),
            WorkloadKind::Deployment { replicas } => {
                let replicas = *replicas;
                let context = Deployment {
                    object,
                    spec,
                    replicas,
                };
                add(entry, workload, &context, &mut files);
            }
            WorkloadKind::StatefulSet {
                replicas,
                service_name,
            } => {
                let context = StatefulSet {
                    object,
                    spec,
                    replicas: *replicas,
                    service_name: service_name.as_ref().unwrap_or(&workload.name),
                };
                add(entry, workload, &context, &mut files);
            }
            WorkloadKind::DaemonSet => {
                add(entry, workload, &DaemonSet { object, spec }, &mut files);
            }
            WorkloadKind::Job => add(entry, workload, &Job { object, spec }, &mut files),
            WorkloadKind::CronJob { schedule } => {
                let context = CronJob {
                    object,
                    spec,
                    schedule,
                };
                add(entry, workload, &context, &mut files);
            }
        }
    }
    files
}

/// Adds the files of one workload.
fn add<T: Template>(
    entry: &Entry<'_>,
    workload: &Workload,
    context: &T,
    files: &mut Vec<PlannedFile>,
) {
    let stem = format!("{}-{}", workload.kind.slug(), workload.name);
    let object = (workload.kind.word(), workload.name.as_str());
    files.extend(entry.objects(&stem, object, context));
}

/// What a kind needs in place of `Always`, the default of Kubernetes: a Job refuses it.
fn restart_policy(kind: &WorkloadKind) -> Option<RestartPolicy> {
    match kind {
        WorkloadKind::Job | WorkloadKind::CronJob { .. } => Some(RestartPolicy::Never),
        WorkloadKind::Pod
        | WorkloadKind::Deployment { .. }
        | WorkloadKind::StatefulSet { .. }
        | WorkloadKind::DaemonSet => None,
    }
}

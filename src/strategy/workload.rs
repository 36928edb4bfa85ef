//! Workload manifests, with what the strategy puts into their pod template.

use serde_json::json;

use crate::artifact::PlannedFile;
use crate::model::WorkloadKind;
use crate::names::{SecretName, ServiceAccountName};
use crate::strategy::Entry;

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
        let mut context = json!({
            "containers": workload.containers,
            "initContainers": workload.init_containers,
            "pullSecret": references.pull_secret,
            "serviceAccount": references.service_account,
        });
        match &workload.kind {
            WorkloadKind::Pod | WorkloadKind::DaemonSet | WorkloadKind::Job => {}
            WorkloadKind::Deployment { replicas } => context["replicas"] = json!(replicas),
            WorkloadKind::StatefulSet {
                replicas,
                service_name,
            } => {
                context["replicas"] = json!(replicas);
                context["serviceName"] = json!(service_name.as_ref().unwrap_or(&workload.name));
            }
            WorkloadKind::CronJob { schedule } => context["schedule"] = json!(schedule),
        }
        let file = format!("{}-{}", workload.kind.slug(), workload.name);
        let object = (workload.kind.word(), workload.name.as_str());
        files.extend(entry.objects(&file, template(&workload.kind), object, context));
    }
    files
}

fn template(kind: &WorkloadKind) -> &'static str {
    match kind {
        WorkloadKind::Pod => "workload/pod.yaml.j2",
        WorkloadKind::Deployment { .. } => "workload/deployment.yaml.j2",
        WorkloadKind::StatefulSet { .. } => "workload/stateful-set.yaml.j2",
        WorkloadKind::DaemonSet => "workload/daemon-set.yaml.j2",
        WorkloadKind::Job => "workload/job.yaml.j2",
        WorkloadKind::CronJob { .. } => "workload/cron-job.yaml.j2",
    }
}

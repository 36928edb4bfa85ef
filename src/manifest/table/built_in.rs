//! Built-in kinds of Kubernetes.

use crate::manifest::table::row::{Project, row, spec};

const TEMPLATE: &str = "spec.template.spec";

pub(super) const PROJECTS: &[Project] = &[Project {
    link: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/",
    kinds: &[
        row("", &["Pod"], &[spec("spec")]),
        row("", &["PodTemplate"], &[spec("template.spec")]),
        row("", &["ReplicationController"], &[spec(TEMPLATE)]),
        // `extensions` is read as `apps`.
        row(
            "apps",
            &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
            &[spec(TEMPLATE)],
        ),
        row("batch", &["Job"], &[spec(TEMPLATE)]),
        row(
            "batch",
            &["CronJob"],
            &[spec("spec.jobTemplate.spec.template.spec")],
        ),
    ],
}];

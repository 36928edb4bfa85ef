//! The kinds of Kubernetes and of well-known projects, as data. Read from each project's own schemas
//! or types; a kind belongs to its API group, because names repeat between groups.

mod built_in;
mod controllers;
mod databases;
mod learning;
mod monitoring;
mod platforms;
mod row;
mod workflows;
mod workloads;

use std::sync::LazyLock;

use crate::manifest::kinds::{Kind, Pods};
use crate::manifest::path::Path;
use crate::manifest::table::row::{Project, pods, spec};

/// All projects, by subject.
const SUBJECTS: &[&[Project]] = &[
    built_in::PROJECTS,
    workloads::PROJECTS,
    workflows::PROJECTS,
    learning::PROJECTS,
    databases::PROJECTS,
    monitoring::PROJECTS,
    platforms::PROJECTS,
    controllers::PROJECTS,
];

/// Kinds that hold whole objects of other kinds: where those are.
struct Holder {
    group: &'static str,
    kinds: &'static [&'static str],
    at: &'static [&'static str],
}

const HOLDERS: &[Holder] = &[
    // https://github.com/argoproj/argo-events/blob/master/pkg/apis/events/v1alpha1/sensor_types.go
    Holder {
        group: "argoproj.io",
        kinds: &["Sensor"],
        at: &[
            "spec.triggers[].template.k8s.source.resource",
            "spec.triggers[].template.argoWorkflow.source.resource",
        ],
    },
    // https://github.com/tektoncd/triggers/blob/main/pkg/apis/triggers/v1beta1/trigger_template_types.go
    Holder {
        group: "triggers.tekton.dev",
        kinds: &["TriggerTemplate"],
        at: &["spec.resourcetemplates[]"],
    },
    // https://github.com/kubeflow/katib/blob/master/pkg/apis/controller/experiments/v1beta1/experiment_types.go
    Holder {
        group: "kubeflow.org",
        kinds: &["Experiment"],
        at: &["spec.trialTemplate.trialSpec"],
    },
    // https://github.com/open-cluster-management-io/api/blob/main/work/v1/types.go
    Holder {
        group: "work.open-cluster-management.io",
        kinds: &["ManifestWork"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/karmada-io/karmada/blob/master/pkg/apis/work/v1alpha1/work_types.go
    Holder {
        group: "work.karmada.io",
        kinds: &["Work"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/kubernetes-sigs/work-api/blob/master/pkg/apis/v1alpha1/work_types.go
    Holder {
        group: "multicluster.x-k8s.io",
        kinds: &["Work"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/Azure/fleet/blob/main/apis/placement/v1beta1/work_types.go
    Holder {
        group: "placement.kubernetes-fleet.io",
        kinds: &["Work"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/crossplane-contrib/provider-kubernetes
    Holder {
        group: "kubernetes.crossplane.io",
        kinds: &["Object"],
        at: &["spec.forProvider.manifest"],
    },
];

/// Group and kind of each holder, and its paths, read once.
static HELD: LazyLock<Vec<(&str, &str, Vec<Path>)>> = LazyLock::new(|| {
    let all = HOLDERS.iter().flat_map(|holder| {
        let paths = || holder.at.iter().map(|at| row::path(at)).collect();
        let kinds = holder.kinds.iter();
        kinds.map(move |kind| (holder.group, *kind, paths()))
    });
    all.collect()
});

/// The paths from an object of this kind to objects of other kinds in it.
pub(super) fn held(group: &str, kind: &str) -> &'static [Path] {
    let found = HELD.iter().find(|one| (one.0, one.1) == (group, kind));
    found.map_or(&[], |(_, _, paths)| paths)
}

/// A whole `PodSpec` at this path.
pub(super) fn pod_spec(at: Path) -> Pods {
    Pods {
        at,
        ..pods(&spec(""))
    }
}

/// All kinds of the table.
pub(super) fn kinds() -> Vec<Kind> {
    let mut all: Vec<Kind> = Vec::new();
    for project in SUBJECTS.iter().copied().flatten() {
        for row in project.kinds {
            for kind in row.kinds {
                all.push(Kind {
                    group: row.group.to_owned(),
                    kind: (*kind).to_owned(),
                    pods: row.pods.iter().map(pods).collect(),
                    link: Some(project.link),
                });
            }
        }
    }
    for (group, kind, _) in HELD.iter() {
        if !all
            .iter()
            .any(|one| (&*one.group, &*one.kind) == (*group, *kind))
        {
            all.push(Kind {
                group: (*group).to_owned(),
                kind: (*kind).to_owned(),
                pods: Vec::new(),
                link: None,
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::manifest::table::{HELD, SUBJECTS, kinds};

    #[test]
    fn every_row_is_read_and_no_kind_has_two() {
        let all = kinds();
        let mut names: Vec<_> = all.iter().map(|one| (&one.group, &one.kind)).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "a kind is in two rows");
        for kind in &all {
            let holds = HELD
                .iter()
                .any(|one| (one.0, one.1) == (&*kind.group, &*kind.kind));
            let images = kind
                .pods
                .iter()
                .map(|pods| pods.images.len())
                .sum::<usize>();
            assert!(images > 0 || holds, "{}", kind.kind);
            for pods in &kind.pods {
                // Someone who adds a pull secret or an account needs one place for it.
                for place in pods.pull_secrets.iter().chain(&pods.accounts) {
                    assert!(place.path.pointer().is_some(), "{}", kind.kind);
                }
            }
        }
    }

    #[test]
    fn every_project_says_where_its_kinds_are_defined() {
        for project in SUBJECTS.iter().copied().flatten() {
            assert!(project.link.starts_with("https://"), "{}", project.link);
            assert!(!project.kinds.is_empty(), "{}", project.link);
        }
    }
}

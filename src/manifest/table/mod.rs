//! The kinds of Kubernetes and of well-known projects, as data. Derived from each project's own schemas or
//! types. A kind is identified with its API group, because different groups use the same names.

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

/// Kinds that contain complete objects of other kinds, and the paths to those.
struct Wrapper {
    group: &'static str,
    kinds: &'static [&'static str],
    at: &'static [&'static str],
}

const WRAPPERS: &[Wrapper] = &[
    // https://github.com/argoproj/argo-events/blob/master/pkg/apis/events/v1alpha1/sensor_types.go
    Wrapper {
        group: "argoproj.io",
        kinds: &["Sensor"],
        at: &[
            "spec.triggers[].template.k8s.source.resource",
            "spec.triggers[].template.argoWorkflow.source.resource",
        ],
    },
    // https://github.com/tektoncd/triggers/blob/main/pkg/apis/triggers/v1beta1/trigger_template_types.go
    Wrapper {
        group: "triggers.tekton.dev",
        kinds: &["TriggerTemplate"],
        at: &["spec.resourcetemplates[]"],
    },
    // https://github.com/kubeflow/katib/blob/master/pkg/apis/controller/experiments/v1beta1/experiment_types.go
    Wrapper {
        group: "kubeflow.org",
        kinds: &["Experiment"],
        at: &["spec.trialTemplate.trialSpec"],
    },
    // https://github.com/open-cluster-management-io/api/blob/main/work/v1/types.go
    Wrapper {
        group: "work.open-cluster-management.io",
        kinds: &["ManifestWork"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/karmada-io/karmada/blob/master/pkg/apis/work/v1alpha1/work_types.go
    Wrapper {
        group: "work.karmada.io",
        kinds: &["Work"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/kubernetes-sigs/work-api/blob/master/pkg/apis/v1alpha1/work_types.go
    Wrapper {
        group: "multicluster.x-k8s.io",
        kinds: &["Work"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/Azure/fleet/blob/main/apis/placement/v1beta1/work_types.go
    Wrapper {
        group: "placement.kubernetes-fleet.io",
        kinds: &["Work"],
        at: &["spec.workload.manifests[]"],
    },
    // https://github.com/crossplane-contrib/provider-kubernetes
    Wrapper {
        group: "kubernetes.crossplane.io",
        kinds: &["Object"],
        at: &["spec.forProvider.manifest"],
    },
];

/// Group, kind and parsed paths of each wrapper.
static NESTED: LazyLock<Vec<(&str, &str, Vec<Path>)>> = LazyLock::new(|| {
    let all = WRAPPERS.iter().flat_map(|holder| {
        let paths = || holder.at.iter().map(|at| row::path(at)).collect();
        let kinds = holder.kinds.iter();
        kinds.map(move |kind| (holder.group, *kind, paths()))
    });
    all.collect()
});

/// The paths from an object of this kind to nested objects.
pub(super) fn nested_paths(group: &str, kind: &str) -> &'static [Path] {
    let found = NESTED.iter().find(|one| (one.0, one.1) == (group, kind));
    found.map_or(&[], |(_, _, paths)| paths)
}

/// A complete `PodSpec` at this path.
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
    for (group, kind, _) in NESTED.iter() {
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
    use crate::manifest::table::{NESTED, SUBJECTS, kinds};

    #[test]
    fn every_row_is_valid_and_kinds_are_unique() {
        let all = kinds();
        let mut names: Vec<_> = all.iter().map(|one| (&one.group, &one.kind)).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "a kind is in two rows");
        for kind in &all {
            let is_wrapper = NESTED
                .iter()
                .any(|one| (one.0, one.1) == (&*kind.group, &*kind.kind));
            let images = kind
                .pods
                .iter()
                .map(|pods| pods.images.len())
                .sum::<usize>();
            assert!(images > 0 || is_wrapper, "{}", kind.kind);
            for pods in &kind.pods {
                // A pull secret or an account is added at exactly one place.
                for place in pods.pull_secrets.iter().chain(&pods.accounts) {
                    assert!(place.path.pointer().is_some(), "{}", kind.kind);
                }
            }
        }
    }

    #[test]
    fn every_project_links_the_definition_of_its_kinds() {
        for project in SUBJECTS.iter().copied().flatten() {
            assert!(project.link.starts_with("https://"), "{}", project.link);
            assert!(!project.kinds.is_empty(), "{}", project.link);
        }
    }
}

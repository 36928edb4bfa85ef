//! Kinds that run containers like the built-in ones: rollouts, sets, serverless, batch, games.

use crate::manifest::kinds::Shape;
use crate::manifest::table::row::{Project, own, row, spec};

const TEMPLATE: &str = "spec.template.spec";

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://github.com/argoproj/argo-rollouts/tree/master/manifests/crds",
        kinds: &[
            // With `workloadRef`, the template of another object is used.
            row(
                "argoproj.io",
                &["Rollout"],
                &[spec(TEMPLATE).unless("spec.workloadRef")],
            ),
            row(
                "argoproj.io",
                &["AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"],
                &[spec("spec.metrics[].provider.job.spec.template.spec")],
            ),
            row(
                "argoproj.io",
                &["Experiment"],
                &[spec("spec.templates[].template.spec")],
            ),
        ],
    },
    Project {
        link: "https://github.com/knative/serving/blob/main/pkg/apis/serving/v1",
        kinds: &[
            row(
                "serving.knative.dev",
                &["Service", "Configuration"],
                &[spec(TEMPLATE)],
            ),
            row("serving.knative.dev", &["Revision"], &[spec("spec")]),
        ],
    },
    Project {
        link: "https://github.com/knative/eventing/tree/main/config/core/resources",
        kinds: &[
            row(
                "sources.knative.dev",
                &["ContainerSource"],
                &[spec(TEMPLATE)],
            ),
            row(
                "sinks.knative.dev",
                &["JobSink"],
                &[spec("spec.job.spec.template.spec")],
            ),
        ],
    },
    Project {
        link: "https://github.com/kubernetes-sigs/jobset/blob/main/api/jobset/v1alpha2/jobset_types.go",
        kinds: &[row(
            "jobset.x-k8s.io",
            &["JobSet"],
            &[spec("spec.replicatedJobs[].template.spec.template.spec")],
        )],
    },
    Project {
        link: "https://github.com/kubernetes-sigs/lws/blob/main/api/leaderworkerset/v1/leaderworkerset_types.go",
        kinds: &[row(
            "leaderworkerset.x-k8s.io",
            &["LeaderWorkerSet"],
            &[
                spec("spec.leaderWorkerTemplate.leaderTemplate.spec"),
                spec("spec.leaderWorkerTemplate.workerTemplate.spec"),
            ],
        )],
    },
    Project {
        link: "https://github.com/kubernetes-sigs/agent-sandbox/tree/main/api/v1alpha1",
        kinds: &[
            row(
                "agents.x-k8s.io",
                &["Sandbox"],
                &[spec("spec.podTemplate.spec")],
            ),
            row(
                "extensions.agents.x-k8s.io",
                &["SandboxTemplate"],
                &[spec("spec.podTemplate.spec")],
            ),
        ],
    },
    Project {
        link: "https://github.com/kubernetes-sigs/kueue/blob/main/apis/kueue/v1beta1/workload_types.go",
        kinds: &[row(
            "kueue.x-k8s.io",
            &["Workload"],
            &[spec("spec.podSets[].template.spec")],
        )],
    },
    Project {
        link: "https://github.com/volcano-sh/apis/tree/master/pkg/apis",
        kinds: &[
            row(
                "batch.volcano.sh",
                &["Job"],
                &[spec("spec.tasks[].template.spec")],
            ),
            row(
                "batch.volcano.sh",
                &["CronJob"],
                &[spec("spec.jobTemplate.spec.tasks[].template.spec")],
            ),
            row(
                "flow.volcano.sh",
                &["JobTemplate"],
                &[spec("spec.tasks[].template.spec")],
            ),
        ],
    },
    Project {
        link: "https://github.com/openkruise/kruise/tree/master/apis/apps",
        kinds: &[
            row(
                "apps.kruise.io",
                &["CloneSet", "StatefulSet", "DaemonSet", "BroadcastJob"],
                &[spec(TEMPLATE)],
            ),
            row(
                "apps.kruise.io",
                &["AdvancedCronJob"],
                &[
                    spec("spec.template.jobTemplate.spec.template.spec"),
                    spec("spec.template.broadcastJobTemplate.spec.template.spec"),
                ],
            ),
            row(
                "apps.kruise.io",
                &["UnitedDeployment"],
                &[
                    spec("spec.template.statefulSetTemplate.spec.template.spec"),
                    spec("spec.template.advancedStatefulSetTemplate.spec.template.spec"),
                    spec("spec.template.cloneSetTemplate.spec.template.spec"),
                    spec("spec.template.deploymentTemplate.spec.template.spec"),
                ],
            ),
            row(
                "apps.kruise.io",
                &["SidecarSet"],
                &[
                    own("spec", &["containers[].image", "initContainers[].image"])
                        .secrets(&["imagePullSecrets"]),
                ],
            ),
            // Images are pulled by a daemon of the project, with the referenced Secrets.
            row(
                "apps.kruise.io",
                &["ImagePullJob"],
                &[own("spec", &["image"])
                    .secrets_as(Shape::Names, &["pullSecrets"])
                    .by_controller()],
            ),
            row(
                "apps.kruise.io",
                &["ImageListPullJob"],
                &[own("spec", &["images[]"])
                    .secrets_as(Shape::Names, &["pullSecrets"])
                    .by_controller()],
            ),
        ],
    },
    Project {
        link: "https://github.com/kedacore/keda/blob/main/apis/keda/v1alpha1/scaledjob_types.go",
        kinds: &[row(
            "keda.sh",
            &["ScaledJob"],
            &[spec("spec.jobTargetRef.template.spec")],
        )],
    },
    Project {
        link: "https://github.com/googleforgames/agones/tree/main/pkg/apis/agones/v1",
        kinds: &[
            row("agones.dev", &["GameServer"], &[spec(TEMPLATE)]),
            row(
                "agones.dev",
                &["Fleet", "GameServerSet"],
                &[spec("spec.template.spec.template.spec")],
            ),
        ],
    },
    // Each disk of a virtual machine is an image with its own pull secret.
    Project {
        link: "https://kubevirt.io/api-reference/main/definitions.html#_v1_containerdisksource",
        kinds: &[
            row(
                "kubevirt.io",
                &["VirtualMachine", "VirtualMachineInstanceReplicaSet"],
                &[
                    own("spec.template.spec.volumes[].containerDisk", &["image"])
                        .secrets_as(Shape::Name, &["imagePullSecret"]),
                ],
            ),
            row(
                "kubevirt.io",
                &["VirtualMachineInstance"],
                &[own("spec.volumes[].containerDisk", &["image"])
                    .secrets_as(Shape::Name, &["imagePullSecret"])],
            ),
        ],
    },
];

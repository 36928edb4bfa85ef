//! Kinds that run steps: workflows, pipelines, events, builds, runners.

use crate::manifest::kinds::Shape;
use crate::manifest::table::row::{KindRow, PodRow, Project, own, row, spec};

/// The pods of a workflow whose spec is at a path: one for each template, including templates that are
/// inlined in a step or task, with the account of the template, of the defaults, or of the workflow.
macro_rules! workflow {
    ($kinds:expr, $at:literal) => {
        row(
            "argoproj.io",
            $kinds,
            &[
                // Volumes of all pods.
                own($at, &["volumes[].image.reference"])
                    .secrets(&["imagePullSecrets"])
                    .account(&["serviceAccountName"]),
                workflow_pod!($at, "templates[]"),
                workflow_pod!($at, "templates[].steps[][].inline"),
                workflow_pod!($at, "templates[].dag.tasks[].inline"),
                own(
                    concat!($at, ".templateDefaults"),
                    &[
                        "container.image",
                        "script.image",
                        "initContainers[].image",
                        "sidecars[].image",
                        "containerSet.containers[].image",
                        "volumes[].image.reference",
                    ],
                )
                .secrets(&[concat!("/", $at, ".imagePullSecrets")])
                .account(&[
                    "serviceAccountName",
                    concat!("/", $at, ".serviceAccountName"),
                ]),
            ],
        )
    };
}

/// A template of a workflow.
macro_rules! workflow_pod {
    ($at:literal, $template:literal) => {
        own(
            concat!($at, ".", $template),
            &[
                "container.image",
                "script.image",
                "initContainers[].image",
                "sidecars[].image",
                "containerSet.containers[].image",
                "volumes[].image.reference",
            ],
        )
        .secrets(&[concat!("/", $at, ".imagePullSecrets")])
        .account(&[
            "serviceAccountName",
            concat!("/", $at, ".templateDefaults.serviceAccountName"),
            concat!("/", $at, ".serviceAccountName"),
        ])
    };
}

const WORKFLOWS: &[KindRow] = &[
    workflow!(
        &["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"],
        "spec"
    ),
    workflow!(&["CronWorkflow"], "spec.workflowSpec"),
];

/// Images of a Tekton task.
const STEPS: &[&str] = &[
    "steps[].image",
    "sidecars[].image",
    "stepTemplate.image",
    "volumes[].image.reference",
];
/// Images of a task that is inlined in another object.
const INLINE: &[&str] = &[
    "taskSpec.steps[].image",
    "taskSpec.sidecars[].image",
    "taskSpec.stepTemplate.image",
    "taskSpec.volumes[].image.reference",
];
/// Versions of `tekton.dev` in which the run itself defines the pod template.
const BEFORE_V1: &[&str] = &["v1beta1", "v1alpha1"];
const TASKS: &str = "spec.pipelineSpec.tasks[]";
const FINALLY: &str = "spec.pipelineSpec.finally[]";
const TASK_RUNS: &str = "spec.taskRunSpecs[]";

/// A task of a run; `taskRunSpecs` may define a pod template and an account for it.
const fn task_v1(at: &'static str) -> PodRow {
    own(at, INLINE)
        .except(BEFORE_V1)
        .peer(TASK_RUNS, "pipelineTaskName", "name")
        .secrets(&[
            "~podTemplate.imagePullSecrets",
            "/spec.taskRunTemplate.podTemplate.imagePullSecrets",
        ])
        .account(&[
            "~serviceAccountName",
            "/spec.taskRunTemplate.serviceAccountName",
        ])
}

const fn task_v1beta1(at: &'static str) -> PodRow {
    own(at, INLINE)
        .only(BEFORE_V1)
        .peer(TASK_RUNS, "pipelineTaskName", "name")
        .secrets(&[
            "~taskPodTemplate.imagePullSecrets",
            "/spec.podTemplate.imagePullSecrets",
        ])
        .account(&["~taskServiceAccountName", "/spec.serviceAccountName"])
}

const TEKTON: &[KindRow] = &[
    // Pulled with the pull secrets of the run.
    row(
        "tekton.dev",
        &["Task", "ClusterTask"],
        &[own("spec", STEPS)],
    ),
    row("tekton.dev", &["StepAction"], &[own("spec", &["image"])]),
    row(
        "tekton.dev",
        &["Pipeline"],
        &[own("spec.tasks[]", INLINE), own("spec.finally[]", INLINE)],
    ),
    row(
        "tekton.dev",
        &["TaskRun"],
        &[own("spec", INLINE)
            .secrets(&["podTemplate.imagePullSecrets"])
            .account(&["serviceAccountName"])],
    ),
    row(
        "tekton.dev",
        &["PipelineRun"],
        &[
            // Tasks that are defined in other objects.
            own("spec", &[])
                .except(BEFORE_V1)
                .secrets(&["taskRunTemplate.podTemplate.imagePullSecrets"])
                .account(&["taskRunTemplate.serviceAccountName"]),
            task_v1(TASKS),
            task_v1(FINALLY),
            own("spec", &[])
                .only(BEFORE_V1)
                .secrets(&["podTemplate.imagePullSecrets"])
                .account(&["serviceAccountName"]),
            task_v1beta1(TASKS),
            task_v1beta1(FINALLY),
        ],
    ),
];

/// A strategy of a build. The pull secret is for the builder image.
const fn build(at: &'static str) -> PodRow {
    own(at, &["from.name"])
        .secrets_as(Shape::Object, &["pullSecret"])
        .account(&["/spec.serviceAccount"])
        .by_controller()
}

const BUILDS: &[PodRow] = &[
    build("spec.strategy.dockerStrategy"),
    build("spec.strategy.sourceStrategy"),
    build("spec.strategy.customStrategy"),
];

/// Images of a runner in addition to those of a `PodSpec`.
const RUNNER: &[&str] = &["image", "dockerImage", "sidecarContainers[].image"];

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://argo-workflows.readthedocs.io/en/latest/fields/",
        kinds: WORKFLOWS,
    },
    Project {
        link: "https://github.com/argoproj/argo-events/tree/master/pkg/apis/events/v1alpha1",
        kinds: &[row(
            "argoproj.io",
            &["Sensor", "EventSource"],
            &[own(
                "spec.template",
                &["container.image", "volumes[].image.reference"],
            )
            .secrets(&["imagePullSecrets"])
            .account(&["serviceAccountName"])],
        )],
    },
    Project {
        link: "https://tekton.dev/docs/pipelines/pipeline-api/",
        kinds: TEKTON,
    },
    Project {
        link: "https://github.com/openshift/api/blob/master/build/v1/types.go",
        kinds: &[row("build.openshift.io", &["BuildConfig", "Build"], BUILDS)],
    },
    Project {
        link: "https://github.com/actions/actions-runner-controller/tree/master/apis",
        kinds: &[
            row(
                "actions.github.com",
                &["AutoscalingRunnerSet"],
                &[
                    spec("spec.template.spec"),
                    spec("spec.listenerTemplate.spec"),
                ],
            ),
            row(
                "actions.summerwind.dev",
                &["RunnerDeployment", "RunnerReplicaSet", "RunnerSet"],
                &[spec("spec.template.spec").also(RUNNER)],
            ),
            row(
                "actions.summerwind.dev",
                &["Runner"],
                &[spec("spec").also(RUNNER)],
            ),
        ],
    },
];

//! Kinds for data and machine learning.

use crate::manifest::kinds::Shape;
use crate::manifest::table::row::{PodRow, Project, own, row, spec};

/// The driver or the executors of Spark: `spec.image` applies to those without an image.
macro_rules! spark {
    ($at:literal, $role:literal) => {
        own(
            concat!($at, ".", $role),
            &[
                "image",
                "initContainers[].image",
                "sidecars[].image",
                "template.spec.initContainers[].image",
                "template.spec.containers[].image",
                concat!("/", $at, ".image"),
            ],
        )
        .secrets_as(Shape::Names, &[concat!("/", $at, ".imagePullSecrets")])
        .account(&["serviceAccount"])
    };
}

/// The head and the workers of a Ray cluster.
macro_rules! ray {
    ($at:literal) => {
        [
            spec(concat!($at, ".headGroupSpec.template.spec")).also(&[concat!(
                "/",
                $at,
                ".autoscalerOptions.image"
            )]),
            spec(concat!($at, ".workerGroupSpecs[].template.spec")),
        ]
    };
}

const RAY_JOB: [PodRow; 2] = ray!("spec.rayClusterSpec");

/// The fields of a `PodSpec` next to other fields, and the container of a framework:
/// `spec.predictor.sklearn.image`.
const FRAMEWORK: &[&str] = &["*.image"];

/// The node pools of an inference service for language models.
const LANGUAGE_MODEL: &[PodRow] = &[
    spec("spec.template"),
    spec("spec.worker"),
    spec("spec.prefill.template"),
    spec("spec.prefill.worker"),
    spec("spec.router.scheduler.template"),
];

/// An image of a model or of its data in KAITO, whose fields are at the root of the object.
const fn kaito(at: &'static str) -> PodRow {
    own(at, &["image"])
        .secrets_as(Shape::Names, &["imagePullSecrets"])
        .operator_account()
}

const KAITO: &[PodRow] = &[
    spec("inference.template.spec"),
    kaito("inference.preset.presetOptions"),
    kaito("inference.adapters[].source"),
    kaito("tuning.preset.presetOptions"),
    kaito("tuning.input"),
];

/// A Flink pod: its own template is merged over the common one.
const fn flink(at: &'static str) -> PodRow {
    own(at, &[])
        .below("podTemplate.spec")
        .also(&["/spec.image"])
        .secrets(&["/spec.podTemplate.spec.imagePullSecrets"])
        .account(&["/spec.serviceAccount"])
}

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://github.com/kubeflow/trainer/tree/release-1.9/pkg/apis/kubeflow.org/v1",
        kinds: &[
            row(
                "kubeflow.org",
                &["PyTorchJob"],
                &[spec("spec.pytorchReplicaSpecs.*.template.spec")],
            ),
            row(
                "kubeflow.org",
                &["TFJob"],
                &[spec("spec.tfReplicaSpecs.*.template.spec")],
            ),
            row(
                "kubeflow.org",
                &["XGBoostJob"],
                &[spec("spec.xgbReplicaSpecs.*.template.spec")],
            ),
            row(
                "kubeflow.org",
                &["PaddleJob"],
                &[spec("spec.paddleReplicaSpecs.*.template.spec")],
            ),
            row(
                "kubeflow.org",
                &["JAXJob"],
                &[spec("spec.jaxReplicaSpecs.*.template.spec")],
            ),
            row(
                "kubeflow.org",
                &["MPIJob"],
                &[spec("spec.mpiReplicaSpecs.*.template.spec")],
            ),
        ],
    },
    Project {
        link: "https://github.com/kubeflow/trainer/tree/master/pkg/apis/trainer/v1alpha1",
        kinds: &[
            row(
                "trainer.kubeflow.org",
                &["TrainingRuntime", "ClusterTrainingRuntime"],
                &[spec(
                    "spec.template.spec.replicatedJobs[].template.spec.template.spec",
                )],
            ),
            // Pulled with the pull secrets of its runtime.
            row(
                "trainer.kubeflow.org",
                &["TrainJob"],
                &[own("spec.trainer", &["image"])],
            ),
        ],
    },
    Project {
        link: "https://github.com/kubeflow/notebooks/tree/master/components/notebook-controller",
        kinds: &[row(
            "kubeflow.org",
            &["Notebook"],
            &[spec("spec.template.spec")],
        )],
    },
    Project {
        link: "https://github.com/ray-project/kuberay/tree/master/ray-operator/apis/ray/v1",
        kinds: &[
            row("ray.io", &["RayCluster"], &ray!("spec")),
            row("ray.io", &["RayService"], &ray!("spec.rayClusterConfig")),
            row(
                "ray.io",
                &["RayJob"],
                &[
                    RAY_JOB[0],
                    RAY_JOB[1],
                    spec("spec.submitterPodTemplate.spec"),
                ],
            ),
        ],
    },
    Project {
        link: "https://github.com/kserve/kserve/tree/master/pkg/apis/serving",
        kinds: &[
            row(
                "serving.kserve.io",
                &["InferenceService"],
                &[
                    spec("spec.predictor").also(FRAMEWORK),
                    spec("spec.predictor.workerSpec"),
                    spec("spec.transformer").also(FRAMEWORK),
                    spec("spec.explainer").also(FRAMEWORK),
                ],
            ),
            row(
                "serving.kserve.io",
                &["ServingRuntime", "ClusterServingRuntime"],
                &[spec("spec"), spec("spec.workerSpec")],
            ),
            row(
                "serving.kserve.io",
                &["LLMInferenceService", "LLMInferenceServiceConfig"],
                LANGUAGE_MODEL,
            ),
        ],
    },
    // The group of KServe before 0.7.
    Project {
        link: "https://github.com/kserve/kserve/tree/v0.6.1/pkg/apis/serving/v1beta1",
        kinds: &[row(
            "serving.kubeflow.org",
            &["InferenceService"],
            &[
                spec("spec.predictor").also(FRAMEWORK).only(&["v1beta1"]),
                spec("spec.transformer").also(FRAMEWORK).only(&["v1beta1"]),
                spec("spec.explainer").also(FRAMEWORK).only(&["v1beta1"]),
            ],
        )],
    },
    Project {
        link: "https://github.com/kaito-project/kaito/blob/main/api/v1beta1/workspace_types.go",
        kinds: &[row("kaito.sh", &["Workspace"], KAITO)],
    },
    Project {
        link: "https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md",
        kinds: &[
            row(
                "sparkoperator.k8s.io",
                &["SparkApplication"],
                &[spark!("spec", "driver"), spark!("spec", "executor")],
            ),
            row(
                "sparkoperator.k8s.io",
                &["ScheduledSparkApplication"],
                &[
                    spark!("spec.template", "driver"),
                    spark!("spec.template", "executor"),
                ],
            ),
        ],
    },
    Project {
        link: "https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-main/docs/custom-resource/reference/",
        kinds: &[row(
            "flink.apache.org",
            &["FlinkDeployment"],
            &[
                own("spec", &[])
                    .below("podTemplate.spec")
                    .also(&["image"])
                    .account(&["serviceAccount"]),
                flink("spec.jobManager"),
                flink("spec.taskManager"),
            ],
        )],
    },
    Project {
        link: "https://github.com/dask/dask-kubernetes/tree/main/dask_kubernetes/operator/customresources",
        kinds: &[
            row(
                "kubernetes.dask.org",
                &["DaskCluster"],
                &[spec("spec.scheduler.spec"), spec("spec.worker.spec")],
            ),
            row(
                "kubernetes.dask.org",
                &["DaskWorkerGroup"],
                &[spec("spec.worker.spec")],
            ),
            row(
                "kubernetes.dask.org",
                &["DaskJob"],
                &[
                    spec("spec.job.spec"),
                    spec("spec.cluster.spec.scheduler.spec"),
                    spec("spec.cluster.spec.worker.spec"),
                ],
            ),
        ],
    },
    Project {
        link: "https://github.com/SeldonIO/seldon-core/tree/v1.18.2/operator/apis/machinelearning.seldon.io/v1",
        kinds: &[row(
            "machinelearning.seldon.io",
            &["SeldonDeployment"],
            &[spec("spec.predictors[].componentSpecs[].spec")],
        )],
    },
];

//! The kinds of Kubernetes and of well-known projects, as data. Read from each project's own schemas
//! or types; a kind belongs to its API group, because names repeat between groups.

use crate::manifest::kinds::{Kind, Pods, Puller, Shape, path, paths};

/// A whole `PodSpec` at each of these paths: group, kinds, paths.
const POD_SPECS: &[(&str, &[&str], &[&str])] = &[
    // https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
    ("", &["Pod"], &["spec"]),
    ("", &["PodTemplate"], &["template.spec"]),
    ("", &["ReplicationController"], &["spec.template.spec"]),
    (
        "apps",
        &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
        &["spec.template.spec"],
    ),
    ("batch", &["Job"], &["spec.template.spec"]),
    (
        "batch",
        &["CronJob"],
        &["spec.jobTemplate.spec.template.spec"],
    ),
    // https://github.com/argoproj/argo-rollouts: with `spec.workloadRef` a Rollout has no template.
    ("argoproj.io", &["Rollout"], &["spec.template.spec"]),
    (
        "argoproj.io",
        &["AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"],
        &["spec.metrics[].provider.job.spec.template.spec"],
    ),
    (
        "argoproj.io",
        &["Experiment"],
        &["spec.templates[].template.spec"],
    ),
    // https://github.com/knative/serving
    (
        "serving.knative.dev",
        &["Service", "Configuration"],
        &["spec.template.spec"],
    ),
    ("serving.knative.dev", &["Revision"], &["spec"]),
    // https://github.com/kubeflow/trainer (v1 jobs), https://github.com/kubeflow/notebooks
    (
        "kubeflow.org",
        &["PyTorchJob"],
        &["spec.pytorchReplicaSpecs.*.template.spec"],
    ),
    (
        "kubeflow.org",
        &["TFJob"],
        &["spec.tfReplicaSpecs.*.template.spec"],
    ),
    (
        "kubeflow.org",
        &["XGBoostJob"],
        &["spec.xgbReplicaSpecs.*.template.spec"],
    ),
    (
        "kubeflow.org",
        &["PaddleJob"],
        &["spec.paddleReplicaSpecs.*.template.spec"],
    ),
    (
        "kubeflow.org",
        &["JAXJob"],
        &["spec.jaxReplicaSpecs.*.template.spec"],
    ),
    (
        "kubeflow.org",
        &["MPIJob"],
        &["spec.mpiReplicaSpecs.*.template.spec"],
    ),
    ("kubeflow.org", &["Notebook"], &["spec.template.spec"]),
    (
        "trainer.kubeflow.org",
        &["TrainingRuntime", "ClusterTrainingRuntime"],
        &["spec.template.spec.replicatedJobs[].template.spec.template.spec"],
    ),
    // https://github.com/kubernetes-sigs/jobset, https://github.com/kubernetes-sigs/lws
    (
        "jobset.x-k8s.io",
        &["JobSet"],
        &["spec.replicatedJobs[].template.spec.template.spec"],
    ),
    (
        "leaderworkerset.x-k8s.io",
        &["LeaderWorkerSet"],
        &[
            "spec.leaderWorkerTemplate.leaderTemplate.spec",
            "spec.leaderWorkerTemplate.workerTemplate.spec",
        ],
    ),
    // https://github.com/ray-project/kuberay
    (
        "ray.io",
        &["RayCluster"],
        &[
            "spec.headGroupSpec.template.spec",
            "spec.workerGroupSpecs[].template.spec",
        ],
    ),
    (
        "ray.io",
        &["RayJob"],
        &[
            "spec.rayClusterSpec.headGroupSpec.template.spec",
            "spec.rayClusterSpec.workerGroupSpecs[].template.spec",
            "spec.submitterPodTemplate.spec",
        ],
    ),
    (
        "ray.io",
        &["RayService"],
        &[
            "spec.rayClusterConfig.headGroupSpec.template.spec",
            "spec.rayClusterConfig.workerGroupSpecs[].template.spec",
        ],
    ),
    // https://github.com/volcano-sh/volcano
    (
        "batch.volcano.sh",
        &["Job"],
        &["spec.tasks[].template.spec"],
    ),
    (
        "batch.volcano.sh",
        &["CronJob"],
        &["spec.jobTemplate.spec.tasks[].template.spec"],
    ),
    // https://github.com/openkruise/kruise
    (
        "apps.kruise.io",
        &["CloneSet", "StatefulSet", "DaemonSet", "BroadcastJob"],
        &["spec.template.spec"],
    ),
    // https://github.com/kedacore/keda
    (
        "keda.sh",
        &["ScaledJob"],
        &["spec.jobTargetRef.template.spec"],
    ),
    // https://github.com/openshift/api
    (
        "apps.openshift.io",
        &["DeploymentConfig"],
        &["spec.template.spec"],
    ),
    // https://github.com/actions/actions-runner-controller
    (
        "actions.github.com",
        &["AutoscalingRunnerSet"],
        &["spec.template.spec", "spec.listenerTemplate.spec"],
    ),
    // https://github.com/operator-framework/api
    (
        "operators.coreos.com",
        &["ClusterServiceVersion"],
        &["spec.install.spec.deployments[].spec.template.spec"],
    ),
    // https://github.com/crossplane/crossplane
    (
        "pkg.crossplane.io",
        &["DeploymentRuntimeConfig"],
        &["spec.deploymentTemplate.spec.template.spec"],
    ),
    // https://github.com/kserve/kserve: the fields of a PodSpec stand beside fields of its own.
    (
        "serving.kserve.io",
        &["ServingRuntime", "ClusterServingRuntime"],
        &["spec", "spec.workerSpec"],
    ),
    (
        "serving.kserve.io",
        &["InferenceService"],
        &["spec.predictor.workerSpec"],
    ),
];

/// All of them.
pub(super) fn kinds() -> Vec<Kind> {
    let mut all: Vec<Kind> = Vec::new();
    let mut add = |group: &str, kind: &str, pods: Vec<Pods>| match all
        .iter_mut()
        .find(|one| one.group == group && one.kind == kind)
    {
        Some(known) => known.pods.extend(pods),
        None => all.push(Kind {
            group: group.to_owned(),
            kind: kind.to_owned(),
            pods,
        }),
    };
    for (group, kinds, at) in POD_SPECS {
        for kind in *kinds {
            let pods = at.iter().map(|at| Pods::pod_spec(path(at)));
            add(group, kind, pods.collect());
        }
    }
    for component in ["predictor", "transformer", "explainer"] {
        let at = path(&format!("spec.{component}"));
        // `spec.predictor.sklearn.image`: a framework's own container.
        let pods = Pods::pod_spec(at).also(&["*.image"]);
        add("serving.kserve.io", "InferenceService", vec![pods]);
    }
    for (group, kind, pods) in scattered() {
        add(group, kind, pods);
    }
    all
}

/// Kinds that keep images and pull secrets in places of their own.
fn scattered() -> Vec<(&'static str, &'static str, Vec<Pods>)> {
    let mut all = Vec::new();
    // https://argo-workflows.readthedocs.io/en/latest/fields/
    for (kind, at) in [
        ("Workflow", "spec"),
        ("WorkflowTemplate", "spec"),
        ("ClusterWorkflowTemplate", "spec"),
        ("CronWorkflow", "spec.workflowSpec"),
    ] {
        let mut images = Vec::new();
        for template in ["templates[]", "templateDefaults"] {
            for place in [
                "container.image",
                "script.image",
                "initContainers[].image",
                "sidecars[].image",
                "containerSet.containers[].image",
            ] {
                images.push(path(&format!("{template}.{place}")));
            }
        }
        let account = &["serviceAccountName", "templates[].serviceAccountName"];
        all.push(("argoproj.io", kind, vec![part(at, images, account)]));
    }
    // https://github.com/argoproj/argo-events
    for kind in ["Sensor", "EventSource"] {
        let images = paths(&["container.image"]);
        let pods = part("spec.template", images, &["serviceAccountName"]);
        all.push(("argoproj.io", kind, vec![pods]));
    }
    all.extend(tekton());
    all.extend(spark());
    // https://github.com/prometheus-operator/prometheus-operator
    for kind in [
        "Prometheus",
        "PrometheusAgent",
        "Alertmanager",
        "ThanosRuler",
    ] {
        let images = paths(&[
            "image",
            "thanos.image",
            "containers[].image",
            "initContainers[].image",
        ]);
        let pods = part("spec", images, &["serviceAccountName"]);
        all.push(("monitoring.coreos.com", kind, vec![pods]));
    }
    // https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/
    let cluster = part("spec", paths(&["imageName"]), &[]);
    all.push(("postgresql.cnpg.io", "Cluster", vec![cluster]));
    let pooler = Pods::pod_spec(path("spec.template.spec"));
    all.push(("postgresql.cnpg.io", "Pooler", vec![pooler]));
    all.extend(strimzi());
    all.extend(elastic());
    // https://github.com/openkruise/kruise
    let side_cars = paths(&["containers[].image", "initContainers[].image"]);
    let side_cars = part("spec", side_cars, &[]);
    all.push(("apps.kruise.io", "SidecarSet", vec![side_cars]));
    let job = Pods {
        pull_secrets: Some(path("pullSecrets")),
        shape: Shape::Names,
        ..part("spec", paths(&["image"]), &[])
    };
    all.push(("apps.kruise.io", "ImagePullJob", vec![job]));
    // https://github.com/operator-framework/api
    let catalog = Pods {
        pull_secrets: Some(path("secrets")),
        shape: Shape::Names,
        ..part("spec", paths(&["image"]), &[])
    };
    all.push(("operators.coreos.com", "CatalogSource", vec![catalog]));
    all.extend(controllers());
    all
}

/// Images and a list `imagePullSecrets` of objects beside each other.
fn part(at: &str, images: Vec<crate::manifest::path::Path>, account: &[&str]) -> Pods {
    Pods {
        at: path(at),
        images,
        shared_images: Vec::new(),
        pull_secrets: Some(path("imagePullSecrets")),
        shape: Shape::Objects,
        account: paths(account),
        puller: Puller::Kubelet,
    }
}

/// <https://tekton.dev/docs/pipelines/>: a task is pulled with the pull secrets of its run.
fn tekton() -> Vec<(&'static str, &'static str, Vec<Pods>)> {
    let steps = |before: &str| {
        let places = ["steps[].image", "sidecars[].image", "stepTemplate.image"];
        places
            .map(|place| path(&format!("{before}{place}")))
            .to_vec()
    };
    let task = |at: &str, images| Pods {
        pull_secrets: None,
        ..part(at, images, &[])
    };
    let run = |images, secrets: &str, account: &[&str]| Pods {
        pull_secrets: Some(path(secrets)),
        ..part("spec", images, account)
    };
    let inline = || {
        let mut images = steps("pipelineSpec.tasks[].taskSpec.");
        images.extend(steps("pipelineSpec.finally[].taskSpec."));
        images
    };
    vec![
        ("tekton.dev", "Task", vec![task("spec", steps(""))]),
        ("tekton.dev", "ClusterTask", vec![task("spec", steps(""))]),
        (
            "tekton.dev",
            "StepAction",
            vec![task("spec", paths(&["image"]))],
        ),
        (
            "tekton.dev",
            "TaskRun",
            vec![run(
                steps("taskSpec."),
                "podTemplate.imagePullSecrets",
                &["serviceAccountName"],
            )],
        ),
        (
            "tekton.dev",
            "PipelineRun",
            vec![run(
                inline(),
                "taskRunTemplate.podTemplate.imagePullSecrets",
                &["taskRunTemplate.serviceAccountName", "serviceAccountName"],
            )],
        ),
    ]
}

/// <https://github.com/kubeflow/spark-operator>: pull secrets are plain names.
fn spark() -> Vec<(&'static str, &'static str, Vec<Pods>)> {
    let kinds = [
        ("SparkApplication", "spec"),
        ("ScheduledSparkApplication", "spec.template"),
    ];
    let application = |at: &str| {
        let mut images = paths(&["image"]);
        for role in ["driver", "executor"] {
            for place in ["image", "initContainers[].image", "sidecars[].image"] {
                images.push(path(&format!("{role}.{place}")));
            }
        }
        Pods {
            shape: Shape::Names,
            ..part(
                at,
                images,
                &["driver.serviceAccount", "executor.serviceAccount"],
            )
        }
    };
    kinds
        .into_iter()
        .map(|(kind, at)| ("sparkoperator.k8s.io", kind, vec![application(at)]))
        .collect()
}

/// <https://strimzi.io/docs/operators/latest/configuring.html>: each component has a pod template.
fn strimzi() -> Vec<(&'static str, &'static str, Vec<Pods>)> {
    let component = |at: &str, images: &[&str]| Pods {
        pull_secrets: Some(path("template.pod.imagePullSecrets")),
        ..part(at, paths(images), &[])
    };
    let whole = ["KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge"];
    let mut all: Vec<_> = whole
        .into_iter()
        .map(|kind| {
            (
                "kafka.strimzi.io",
                kind,
                vec![component("spec", &["image"])],
            )
        })
        .collect();
    let parts = vec![
        component("spec.kafka", &["image"]),
        component("spec.zookeeper", &["image"]),
        component("spec.kafkaExporter", &["image"]),
        component("spec.cruiseControl", &["image"]),
        component(
            "spec.entityOperator",
            &["topicOperator.image", "userOperator.image"],
        ),
    ];
    all.push(("kafka.strimzi.io", "Kafka", parts));
    all
}

/// <https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s>: `spec.image` is meant for each pod
/// template, and `spec.serviceAccountName` is not the account of the pods.
fn elastic() -> Vec<(&'static str, &'static str, Vec<Pods>)> {
    let template = |at: &str, template: &str| {
        let at_template = |place: &str| path(&format!("{template}.spec.{place}"));
        let images = ["initContainers[].image", "containers[].image"];
        let pods = Pods {
            pull_secrets: Some(at_template("imagePullSecrets")),
            account: vec![at_template("serviceAccountName")],
            ..part(at, images.map(at_template).to_vec(), &[])
        };
        pods.shared(&["spec.image"])
    };
    let kinds = [
        ("elasticsearch.k8s.elastic.co", "Elasticsearch"),
        ("kibana.k8s.elastic.co", "Kibana"),
        ("apm.k8s.elastic.co", "ApmServer"),
        ("enterprisesearch.k8s.elastic.co", "EnterpriseSearch"),
        ("maps.k8s.elastic.co", "ElasticMapsServer"),
        ("logstash.k8s.elastic.co", "Logstash"),
        ("beat.k8s.elastic.co", "Beat"),
        ("agent.k8s.elastic.co", "Agent"),
    ];
    let places = |kind: &str| match kind {
        "Elasticsearch" => vec![template("spec.nodeSets[]", "podTemplate")],
        "Beat" | "Agent" => ["spec.deployment", "spec.daemonSet", "spec.statefulSet"]
            .map(|at| template(at, "podTemplate"))
            .to_vec(),
        _ => vec![template("spec", "podTemplate")],
    };
    kinds
        .into_iter()
        .map(|(group, kind)| (group, kind, places(kind)))
        .collect()
}

/// What a controller pulls: the node's identity does not help.
fn controllers() -> Vec<(&'static str, &'static str, Vec<Pods>)> {
    let mut all = Vec::new();
    // https://docs.crossplane.io/latest/packages/
    for kind in ["Provider", "Function", "Configuration"] {
        let package = Pods {
            pull_secrets: Some(path("packagePullSecrets")),
            puller: Puller::Controller,
            ..part("spec", paths(&["package"]), &[])
        };
        all.push(("pkg.crossplane.io", kind, vec![package]));
    }
    // https://fluxcd.io/flux/components/source/
    for kind in ["OCIRepository", "HelmRepository"] {
        let source = Pods {
            pull_secrets: Some(path("secretRef")),
            shape: Shape::Object,
            puller: Puller::Controller,
            ..part("spec", paths(&["url"]), &["serviceAccountName"])
        };
        all.push(("source.toolkit.fluxcd.io", kind, vec![source]));
    }
    // https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/
    let plugin = Pods {
        pull_secrets: Some(path("imagePullSecret")),
        shape: Shape::Name,
        puller: Puller::Controller,
        ..part("spec", paths(&["url"]), &[])
    };
    all.push(("extensions.istio.io", "WasmPlugin", vec![plugin]));
    all
}

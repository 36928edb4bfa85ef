//! Fields of Kubernetes that a config sets: they reach the manifests with the values that they have, whatever those are.

use pullwright::cli::Exit;
use serde_json::{Value, json};

use crate::support::Scratch;

/// Texts that break out of what does not quote them.
const HOSTILE: &[&str] = &[
    "",
    "'",
    "\"",
    "it's \"both\"",
    "# no comment",
    "a: b",
    "a #b",
    "$(id) `id` ${HOME}",
    "{{ name }} {% if x %}",
    "two\nlines",
    "\n\nthree\n\n",
    "  indented\n more\n",
    "tab\there",
    "trailing \n \n",
    "-rf",
    "- item",
    "yes",
    "010",
    "0x1f",
    "1e3",
    "1_000",
    "~",
    "null",
    "é ü 漢",
    "\u{2028}line\u{85}",
    "&anchor *alias !tag",
    "%directive",
    "@at",
    "[1, {a: b}]",
    "---",
    "...",
    "\\n \\",
    "\u{feff}bom",
];

/// A config of JSON with one Deployment of these fields.
fn config(workload: &Value) -> String {
    json!({
        "apiVersion": "pullwright.dev/v1alpha1", "kind": "PullAccess", "metadata": {"name": "sample"},
        "spec": {
            "registries": [{"name": "youruniquename"}],
            "access": [{
                "name": "sample", "strategy": "secret", "registries": ["youruniquename"], "namespaces": ["web"],
                "secret": {"name": "acr-secret", "delivery": "placeholder"}, "workloads": [workload],
            }],
        },
    })
    .to_string()
}

/// The manifest of a workload, as another reader of YAML has it.
fn rendered(workload: &Value, file: &str) -> Value {
    let scratch = Scratch::with_config(&config(workload));
    scratch.expect(&["render"], Exit::Ok);
    scratch.expect(&["check"], Exit::Ok);
    serde_yaml::from_str(&scratch.read(&format!("k8s/sample/web/{file}.yaml"))).expect("it is YAML")
}

#[test]
fn hostile_values_stay_what_they_are() {
    let env: Vec<Value> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| json!({"name": format!("V{at}"), "value": text}))
        .collect();
    let annotations: serde_json::Map<String, Value> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("example.com/a{at}"), json!(text)))
        .collect();
    let probe = json!({"exec": {"command": HOSTILE}, "periodSeconds": 10});
    let workload = json!({
        "kind": "Deployment", "name": "web", "annotations": annotations, "podAnnotations": annotations,
        "pod": {"nodeSelector": {"yes": "010", "a/b": "no"}, "hostAliases": [{"ip": "::1", "hostnames": HOSTILE}]},
        "containers": [{
            "name": "web", "image": "youruniquename.azurecr.io/web:1", "env": env, "livenessProbe": probe,
            "args": HOSTILE,
        }],
    });
    let made = rendered(&workload, "deployment-web");
    let template = &made["spec"]["template"];
    let container = &template["spec"]["containers"][0];
    assert_eq!(made["metadata"]["annotations"], json!(annotations));
    assert_eq!(template["metadata"]["annotations"], json!(annotations));
    assert_eq!(container["env"], json!(env));
    assert_eq!(container["args"], json!(HOSTILE));
    assert_eq!(container["livenessProbe"], probe);
    assert_eq!(
        template["spec"]["nodeSelector"],
        workload["pod"]["nodeSelector"]
    );
    assert_eq!(
        template["spec"]["hostAliases"],
        workload["pod"]["hostAliases"]
    );
}

#[test]
fn values_of_all_types_stay_what_they_are() {
    let workload = json!({
        "kind": "StatefulSet", "name": "db", "replicas": 0, "minReadySeconds": 0,
        "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete"},
        "volumeClaimTemplates": [{
            "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}}},
        }],
        "pod": {
            "terminationGracePeriodSeconds": 9_007_199_254_740_993_i64, "hostNetwork": false, "securityContext": {},
            "volumes": [{"name": "tmp", "emptyDir": {}}], "tolerations": [],
        },
        "containers": [{
            "name": "db", "image": "youruniquename.azurecr.io/db:1", "stdin": true,
            "resources": {"limits": {"cpu": 1.5, "memory": "1Gi"}, "requests": {"cpu": 1}},
            "volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "tmp", "mountPath": "/tmp"}],
        }],
    });
    let made = rendered(&workload, "stateful-set-db");
    let spec = &made["spec"];
    for field in [
        "replicas",
        "minReadySeconds",
        "persistentVolumeClaimRetentionPolicy",
        "volumeClaimTemplates",
    ] {
        assert_eq!(spec[field], workload[field], "{field}");
    }
    for (field, value) in workload["pod"].as_object().expect("it is a mapping") {
        assert_eq!(spec["template"]["spec"][field], *value, "{field}");
    }
    let container = &spec["template"]["spec"]["containers"][0];
    for (field, value) in workload["containers"][0]
        .as_object()
        .expect("it is a mapping")
    {
        assert_eq!(container[field], *value, "{field}");
    }
    assert_eq!(spec["serviceName"], "db");
}

#[test]
fn each_kind_has_its_own_fields() {
    let containers = json!([{"name": "c", "image": "youruniquename.azurecr.io/c:1"}]);
    let job = json!({"kind": "Job", "name": "once", "backoffLimit": 1, "pod": {"restartPolicy": "OnFailure"}, "containers": containers});
    let made = rendered(&job, "job-once");
    assert_eq!(made["spec"]["backoffLimit"], 1);
    assert_eq!(
        made["spec"]["template"]["spec"]["restartPolicy"],
        "OnFailure"
    );
    let policy = json!({"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}]});
    let job = json!({"kind": "Job", "name": "twice", "podFailurePolicy": policy, "containers": containers});
    assert_eq!(
        rendered(&job, "job-twice")["spec"]["podFailurePolicy"],
        policy
    );
    let job = json!({
        "kind": "CronJob", "name": "nightly", "schedule": "@daily", "suspend": true, "labels": {"team": ""},
        "job": {"ttlSecondsAfterFinished": 60}, "podLabels": {"team": "a"}, "containers": containers,
    });
    let made = rendered(&job, "cron-job-nightly");
    assert_eq!(made["spec"]["suspend"], true);
    assert_eq!(made["metadata"]["labels"]["team"], "");
    let template = &made["spec"]["jobTemplate"]["spec"];
    assert_eq!(template["ttlSecondsAfterFinished"], 60);
    assert_eq!(template["template"]["metadata"]["labels"]["team"], "a");
    assert_eq!(template["template"]["spec"]["restartPolicy"], "Never");
    let set = json!({
        "kind": "DaemonSet", "name": "agent", "updateStrategy": {"type": "OnDelete"},
        "initContainers": [{"name": "side", "image": "youruniquename.azurecr.io/side:1", "restartPolicy": "Always"}],
        "containers": containers,
    });
    let made = rendered(&set, "daemon-set-agent");
    assert_eq!(made["spec"]["updateStrategy"]["type"], "OnDelete");
    let side = &made["spec"]["template"]["spec"]["initContainers"][0];
    assert_eq!(side["restartPolicy"], "Always");
    let pod = json!({
        "kind": "Pod", "name": "alone", "pod": {"serviceAccountName": "own", "hostname": "alone"}, "containers": containers,
    });
    let made = rendered(&pod, "pod-alone");
    assert_eq!(made["spec"]["serviceAccountName"], "own");
    assert_eq!(made["spec"]["hostname"], "alone");
}

#[test]
fn secrets_and_accounts_have_labels_and_annotations_of_their_own() {
    let text = config(&json!({
        "kind": "Pod", "name": "p", "containers": [{"name": "c", "image": "youruniquename.azurecr.io/c:1"}],
    }));
    let mut value: Value = serde_json::from_str(&text).expect("it is JSON");
    let entry = &mut value["spec"]["access"][0];
    entry["strategy"] = json!("serviceAccount");
    let extra =
        json!({"labels": {"team": "a"}, "annotations": {"example.com/note": HOSTILE.join("|")}});
    for (key, own) in [
        (
            "secret",
            json!({"name": "acr-secret", "delivery": "placeholder"}),
        ),
        ("serviceAccount", json!({"name": "puller"})),
    ] {
        entry[key] = own;
        for (field, value) in extra.as_object().expect("it is a mapping") {
            entry[key][field] = value.clone();
        }
    }
    let scratch = Scratch::with_config(&value.to_string());
    scratch.expect(&["render"], Exit::Ok);
    for file in ["secret", "service-account"] {
        let text = scratch.read(&format!("k8s/sample/web/{file}.yaml"));
        let made: Value = serde_yaml::from_str(&text).expect("it is YAML");
        let labels = json!({"app.kubernetes.io/managed-by": "pullwright", "team": "a"});
        assert_eq!(made["metadata"]["labels"], labels, "{file}");
        let mut annotations = extra["annotations"].clone();
        if file == "secret" {
            annotations["kustomize.toolkit.fluxcd.io/ssa"] = json!("IfNotPresent");
        }
        assert_eq!(made["metadata"]["annotations"], annotations, "{file}");
    }
}

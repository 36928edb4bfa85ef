//! The manifests that `audit` is measured on: a tree of the shape of kubeflow/manifests, files of which every
//! document matters, and what `kubectl get -A` prints.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// `{"auths":{"youruniquename.azurecr.io":{"username":"u","password":"p"}}}` in base64.
const CREDENTIAL: &str = "eyJhdXRocyI6eyJ5b3VydW5pcXVlbmFtZS5henVyZWNyLmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicCJ9fX0=";

/// How `kubectl` prints.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    Json,
    Yaml,
}

/// Writes a tree of `apps` applications, about 280 kB in 20 documents each, of which six hold an image, a
/// Secret or an account (<https://github.com/kubeflow/manifests> has about 90 of them). There is no
/// kustomization: a build is the time of another program.
pub(crate) fn write_tree(folder: &Path, apps: usize) {
    for app in 0..apps {
        let base = folder.join(format!("apps/app-{app}/base"));
        let file = |name: &str, text: String| write(&base.join(name), &text);
        file(
            "crds.yaml",
            definition(app, 120_000) + &definition(app + apps, 120_000),
        );
        let small = (0..9).map(|number| other(app, number));
        file("params.yaml", small.collect());
        for number in 0..3 {
            file(&format!("service-{number}.yaml"), other(app, 10 + number));
        }
        let manager =
            deployment(app, "example.com", 60) + &deployment(app + apps, "example.com", 60);
        file("deployment.yaml", manager);
        file("account.yaml", account(app));
        let bindings = (0..3).map(|number| binding(app, number));
        file("rbac.yaml", bindings.collect());
        if app % 6 == 0 {
            let chart = folder.join(format!("charts/app-{app}"));
            write(
                &chart.join("Chart.yaml"),
                "apiVersion: v2\nname: app\nversion: 1.0.0\n",
            );
            write(
                &chart.join("values.yaml"),
                "image:\n  repository: example.com/app\n  tag: v1\n",
            );
            let template = deployment(app, "{{ .Values.registry }}", 12).replace(
                "  replicas: 2\n",
                "{{- if .Values.replicas }}\n  replicas: {{ .Values.replicas }}\n{{- end }}\n",
            );
            for number in 0..4 {
                write(
                    &chart.join(format!("templates/deployment-{number}.yaml")),
                    &template,
                );
            }
        }
    }
}

/// Writes `files` files of `documents` documents that all matter: Deployments, Pods, and the Secrets of them.
pub(crate) fn write_relevant(folder: &Path, files: usize, documents: usize) {
    for file in 0..files {
        let all = (0..documents).map(|number| match number % 20 {
            0 => secret(number / 20),
            1 | 2 => format!("---\n{}", yaml(&pod(number), 0)),
            _ => deployment(number, "youruniquename.azurecr.io", 12),
        });
        let text: String = all.collect();
        write(&folder.join(format!("all-{file}.yaml")), &text);
    }
}

/// What `kubectl get -A` prints of so many objects.
pub(crate) fn list(objects: usize, form: Form) -> String {
    let mut text = match form {
        Form::Json => "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n".to_owned(),
        Form::Yaml => "apiVersion: v1\nitems:\n".to_owned(),
    };
    for number in 0..objects {
        let object = match number % 20 {
            0 => serde_json::json!({
                "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/dockerconfigjson",
                "metadata": metadata("acr-secret", number / 20), "data": {".dockerconfigjson": CREDENTIAL},
            }),
            1 => serde_json::json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": metadata(&format!("app-{number}"), number / 20),
                "spec": {"ports": [{"port": 80, "targetPort": 8080}], "selector": {"app": "web"}},
            }),
            _ => pod(number),
        };
        match form {
            Form::Json => {
                let pretty = serde_json::to_string_pretty(&object).expect("it is JSON");
                let end = if number + 1 < objects { ",\n" } else { "\n" };
                for line in pretty.lines() {
                    let words = line.trim_start();
                    let depth = (line.len() - words.len()) * 2 + 8;
                    writeln!(text, "{:depth$}{words}", "").expect("memory can be written");
                }
                text.truncate(text.len() - 1);
                text.push_str(end);
            }
            Form::Yaml => {
                let lines = yaml(&object, 2);
                text.push_str("- ");
                text.push_str(lines.trim_start());
            }
        }
    }
    text.push_str(match form {
        Form::Json => "    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
        Form::Yaml => "kind: List\nmetadata:\n  resourceVersion: \"\"\n",
    });
    text
}

fn write(path: &Path, text: &str) {
    let parent = path.parent().expect("it is below a folder");
    fs::create_dir_all(parent).expect("the folder is ours");
    fs::write(path, text).expect("the folder is ours");
}

/// A CustomResourceDefinition of about so many bytes.
fn definition(number: usize, bytes: usize) -> String {
    let mut text = format!(
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  annotations:\n    controller-gen.kubebuilder.io/version: v0.16.4\n  name: things{number}.example.com\nspec:\n  group: example.com\n  names:\n    kind: Thing{number}\n    plural: things{number}\n  scope: Namespaced\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        properties:\n          spec:\n            properties:\n"
    );
    let mut field = 0;
    while text.len() < bytes {
        write!(
            text,
            "              field{field}:\n                description: |-\n                  Image {field} of the container, and its ServiceAccount. More info:\n                  https://kubernetes.io/docs/concepts/containers/images This field is optional to\n                  allow higher level config management to default or override it.\n                items:\n                  properties:\n                    image:\n                      description: Container image name.\n                      type: string\n                    imagePullSecrets:\n                      items:\n                        properties:\n                          name:\n                            default: \"\"\n                            type: string\n                        type: object\n                        x-kubernetes-map-type: atomic\n                      type: array\n                  required:\n                  - image\n                  type: object\n                type: array\n"
        )
        .expect("memory can be written");
        field += 1;
    }
    text + "            type: object\n        type: object\n    served: true\n    storage: true\n"
}

/// An object without images: a ConfigMap, a Service or a role.
fn other(app: usize, number: usize) -> String {
    let (version, kind, rest) = match number % 3 {
        0 => {
            let lines = (0..60).map(|line| format!("    option.{line} = value of option {line} of the image\n"));
            ("v1", "ConfigMap", format!("data:\n  config.ini: |\n{}", lines.collect::<String>()))
        }
        1 => ("v1", "Service", "spec:\n  ports:\n  - name: http\n    port: 80\n    targetPort: 8080\n  selector:\n    app: web\n".to_owned()),
        _ => {
            let rules = (0..20).map(|rule| format!("- apiGroups:\n  - group{rule}.example.com\n  resources:\n  - things\n  - things/status\n  verbs:\n  - get\n  - list\n  - watch\n  - update\n"));
            ("rbac.authorization.k8s.io/v1", "ClusterRole", format!("rules:\n{}", rules.collect::<String>()))
        }
    };
    format!(
        "---\napiVersion: {version}\nkind: {kind}\nmetadata:\n  labels:\n    app: app-{app}\n  name: app-{app}-{number}\n{rest}"
    )
}

fn account(app: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app-{app}\n  namespace: team-0\n"
    )
}

fn binding(app: usize, number: usize) -> String {
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: app-{app}-{number}\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: app-{app}-{number}\nsubjects:\n- kind: ServiceAccount\n  name: app-{app}\n  namespace: team-0\n"
    )
}

fn secret(team: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: acr-secret\n  namespace: team-{team}\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {CREDENTIAL}\n"
    )
}

/// A Deployment of one container with so many variables, as a generator of manifests writes it.
fn deployment(number: usize, host: &str, variables: usize) -> String {
    let team = number / 20;
    let environment = (0..variables).map(|at| {
        format!("        - name: VARIABLE_{at}\n          value: \"value number {at}\"\n")
    });
    let environment: String = environment.collect();
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app.kubernetes.io/name: app-{number}\n    app.kubernetes.io/part-of: team-{team}\n  name: app-{number}\n  namespace: team-{team}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: app-{number}\n  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: app-{number}\n        app.kubernetes.io/part-of: team-{team}\n    spec:\n      imagePullSecrets:\n      - name: acr-secret\n      containers:\n      - name: main\n        image: {host}/team/app-{number}:v1.{number}.0\n        args:\n        - --leader-elect\n        - --metrics-bind-address=127.0.0.1:8080\n        env:\n{environment}        livenessProbe:\n          httpGet:\n            path: /healthz\n            port: 8081\n          initialDelaySeconds: 15\n          periodSeconds: 20\n        resources:\n          limits:\n            cpu: 500m\n            memory: 128Mi\n          requests:\n            cpu: 10m\n            memory: 64Mi\n        securityContext:\n          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n            - ALL\n        volumeMounts:\n        - mountPath: /etc/config\n          name: config\n      securityContext:\n        runAsNonRoot: true\n      terminationGracePeriodSeconds: 10\n      volumes:\n      - configMap:\n          name: config\n        name: config\n"
    )
}

fn metadata(name: &str, team: usize) -> serde_json::Value {
    serde_json::json!({
        "creationTimestamp": "2024-05-01T10:00:00Z", "name": name, "namespace": format!("team-{team}"),
        "resourceVersion": "123456789", "uid": "0d8a3f3e-5b1c-4b52-9d5e-0c6a1f1b2a3c",
    })
}

/// A running pod, as a cluster shows it.
fn pod(number: usize) -> serde_json::Value {
    let condition = |kind: &str| serde_json::json!({"lastProbeTime": null, "lastTransitionTime": "2024-05-01T10:00:05Z", "status": "True", "type": kind});
    let conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map(condition);
    serde_json::json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": metadata(&format!("app-{number}-7c9d6b5f4-x2x4z"), number / 20),
        "spec": {
            "containers": [{
                "image": format!("youruniquename.azurecr.io/team/app-{number}:v1"), "imagePullPolicy": "IfNotPresent",
                "name": "main", "ports": [{"containerPort": 8080, "protocol": "TCP"}], "resources": {},
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                "volumeMounts": [{"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access-x", "readOnly": true}],
            }],
            "dnsPolicy": "ClusterFirst", "enableServiceLinks": true,
            "imagePullSecrets": [{"name": "acr-secret"}], "nodeName": "aks-pool-1",
            "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "serviceAccount": "default", "serviceAccountName": "default",
        },
        "status": {
            "conditions": conditions,
            "hostIP": "10.0.0.4", "phase": "Running", "podIP": "10.244.0.7", "qosClass": "BestEffort",
        },
    })
}

/// Block YAML as `kubectl` prints it; the first line is indented as well.
fn yaml(value: &serde_json::Value, indent: usize) -> String {
    let mut text = String::new();
    block(value, indent, &mut text);
    text
}

fn block(value: &serde_json::Value, indent: usize, text: &mut String) {
    use serde_json::Value;
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let is_block = value.as_object().is_some_and(|map| !map.is_empty())
                    || value.as_array().is_some_and(|all| !all.is_empty());
                if is_block {
                    let _ = writeln!(text, "{pad}{key}:");
                    block(value, indent + if value.is_array() { 0 } else { 2 }, text);
                } else {
                    let _ = writeln!(text, "{pad}{key}: {}", inline(value));
                }
            }
        }
        Value::Array(all) => {
            for one in all {
                let inner = yaml(one, indent + 2);
                let _ = write!(text, "{pad}- {}", inner.trim_start());
            }
        }
        scalar => {
            let _ = writeln!(text, "{pad}{}", inline(scalar));
        }
    }
}

/// A scalar, without quotes where it needs none.
fn inline(value: &serde_json::Value) -> String {
    match value.as_str() {
        Some(plain) if plain.starts_with(|c: char| c.is_ascii_lowercase()) => plain.to_owned(),
        _ => value.to_string(),
    }
}

//! What the manifests hold, whatever the kind of workload and the values in it.

use pullwright::cli::Exit;
use serde_json::{Value, json};

use crate::support::{SMALL, Scratch};

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("it is YAML")
}

/// `SMALL` with its workload replaced by this one, written in flow style.
fn with_workload(workload: &Value) -> String {
    let start = SMALL
        .find("        - kind: Pod")
        .expect("the config has a workload");
    format!("{}        - {workload}\n", &SMALL[..start])
}

/// The pod spec of a workload manifest, by its kind.
fn pod_spec(manifest: &Value) -> &Value {
    match manifest["kind"].as_str() {
        Some("Pod") => &manifest["spec"],
        Some("CronJob") => &manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        _ => &manifest["spec"]["template"]["spec"],
    }
}

#[test]
fn all_six_kinds_name_the_secret_and_keep_every_value() {
    let containers = json!([{
        "name": "main", "image": "youruniquename.azurecr.io/app:1.0", "imagePullPolicy": "IfNotPresent",
        "command": ["yes", "010", "1e3", "~", "", "- x", "a: b", "#c", "'", "\"", "$(id)", "é", "two\nlines\n", "\ttab", " space ", "{{ x }}", "%y", "\u{1f600}", "\u{85}"],
        "args": ["--flag", "x".repeat(1_000_000)],
    }]);
    let init = json!([{"name": "first", "image": "youruniquename.azurecr.io/init@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]);
    for (kind, extra, slug) in [
        ("Pod", json!({}), "pod"),
        ("Deployment", json!({"replicas": 0}), "deployment"),
        (
            "StatefulSet",
            json!({"replicas": 3, "serviceName": "svc"}),
            "stateful-set",
        ),
        ("DaemonSet", json!({}), "daemon-set"),
        ("Job", json!({}), "job"),
        ("CronJob", json!({"schedule": "*/5 * * * 1-5"}), "cron-job"),
    ] {
        let mut workload =
            json!({"kind": kind, "name": "web", "containers": containers, "initContainers": init});
        for (key, value) in extra.as_object().into_iter().flatten() {
            workload[key] = value.clone();
        }
        let scratch = Scratch::with_config(&with_workload(&workload));
        scratch.expect(&["render"], Exit::Ok);
        let manifest = yaml(&scratch.read(&format!("k8s/sample/default/{slug}-web.yaml")));
        assert_eq!(manifest["kind"], kind);
        let spec = pod_spec(&manifest);
        assert_eq!(
            spec["imagePullSecrets"],
            json!([{"name": "acr-secret"}]),
            "{kind}"
        );
        assert_eq!(spec["containers"], containers, "{kind}");
        assert_eq!(spec["initContainers"], init, "{kind}");
        for key in ["replicas", "serviceName", "schedule"] {
            assert_eq!(manifest["spec"].get(key), extra.get(key), "{kind}");
        }
        if let Some(labels) = manifest["spec"].get("selector") {
            assert_eq!(
                labels["matchLabels"],
                manifest["spec"]["template"]["metadata"]["labels"]
            );
        }
        let piped = scratch.expect(&["render", "--stdout"], Exit::Ok).stdout;
        assert_eq!(piped.matches("\n---\n").count(), 1, "{kind}");
    }
}

#[test]
fn several_registries_make_one_secret() {
    let config = crate::support::PLAINTEXT
        .replace("    - name: youruniquename\n", "    - name: youruniquename\n    - name: secondone\n")
        .replace("registries: [youruniquename]", "registries: [youruniquename, secondone]")
        .replace(
            "        credential:",
            "        credentials: {secondone: {type: env, usernameFrom: U2, passwordFrom: P2}}\n        credential:",
        );
    let scratch = Scratch::with_config(&config)
        .variable("ACR_USERNAME", "one")
        .variable("ACR_PASSWORD", "p1")
        .variable("U2", "two")
        .variable("P2", "p2\"<&>é");
    scratch.expect(&["render"], Exit::Ok);
    let secret = yaml(&scratch.read("k8s/sample/default/secret.yaml"));
    let data = secret["data"][".dockerconfigjson"]
        .as_str()
        .expect("it has a value");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data)
        .expect("it is base64");
    let value: Value = serde_json::from_slice(&bytes).expect("it is JSON");
    assert_eq!(
        value["auths"]["youruniquename.azurecr.io"]["username"],
        "one"
    );
    assert_eq!(
        value["auths"]["secondone.azurecr.io"]["password"],
        "p2\"<&>é"
    );
}

#[test]
fn entries_that_share_a_secret_write_it_once() {
    let pods = "      workloads: [{kind: Pod, name: other, containers: [{name: c, image: \"youruniquename.azurecr.io/c:1\"}]}]\n";
    let second = "
    - name: other
      strategy: secret
      registries: [youruniquename]
      namespaces: [default, web]
      secret: {name: acr-secret, delivery: placeholder}
";
    let scratch =
        Scratch::with_config(&format!("{SMALL}{}{pods}", second.trim_start_matches('\n')));
    scratch.expect(&["render"], Exit::Ok);
    assert!(scratch.has("k8s/sample/default/secret.yaml"));
    assert!(!scratch.has("k8s/other/default/secret.yaml"));
    assert!(scratch.has("k8s/other/web/secret.yaml"));
    let kustomization = yaml(&scratch.read("k8s/other/kustomization.yaml"));
    let listed = json!(["default/pod-other.yaml", "web/pod-other.yaml"]);
    assert_eq!(kustomization["resources"], listed);
}

#[test]
fn one_cluster_each_gets_a_token_of_its_own() {
    let config =
        std::fs::read_to_string(crate::support::root().join("examples/secret/pullwright.yaml"))
            .expect("it is there")
            .replace(
                "  access:",
                "    - name: Edge_2\n      kind: generic\n  access:",
            )
            .replace(
                "      namespaces:",
                "      clusters: [prod, Edge_2]\n      namespaces:",
            );
    let scratch = Scratch::with_config(&config);
    scratch.expect(&["render"], Exit::Ok);
    assert!(
        scratch.read("k8s/sample/pull-secret-prod.sh").contains(
            "token 'sample-pull-prod' --scope-map 'sample-pull-prod-scope-map' --days '90'"
        )
    );
    assert!(
        scratch
            .read("k8s/sample/pull-secret-Edge_2.sh")
            .contains("token 'sample-pull-Edge-2' --scope-map")
    );
}

#[test]
fn outputs_do_not_depend_on_how_the_config_came_in() {
    let file = Scratch::with_config(SMALL);
    file.expect(&["render"], Exit::Ok);
    let piped = Scratch::new().stdin(SMALL);
    piped.expect(&["render", "-"], Exit::Ok);
    // Whose they are is all that differs: stdin is no file.
    let lock = file.read("k8s/pullwright.lock");
    let lock = lock.replace("\"config\": \"../pullwright.yaml\"", "\"config\": \"-\"");
    assert_eq!(lock, piped.read("k8s/pullwright.lock"));
}

#[test]
fn a_namespace_may_be_called_component() {
    let config = std::fs::read_to_string(
        crate::support::root().join("examples/service-account-default/pullwright.yaml"),
    )
    .expect("it is there")
    .replace("[default, web]", "[component]");
    let scratch = Scratch::with_config(&config);
    scratch.expect(&["render"], Exit::Ok);
    let kustomization = yaml(&scratch.read("k8s/sample/kustomization.yaml"));
    assert_eq!(
        kustomization["resources"],
        json!(["component/deployment-sample-app.yaml"])
    );
    let piped = scratch.expect(&["render", "--stdout"], Exit::Ok).stdout;
    assert!(piped.contains("kind: Deployment"));
    assert!(!piped.contains("kind: ConfigMap") && !piped.contains("kind: Secret"));
    assert!(scratch.has("k8s/sample/component/secret.yaml"));
}

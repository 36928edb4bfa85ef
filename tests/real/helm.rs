//! `fn` as a post-renderer of Helm, by the snippets of its how-to guide.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde_json::Value;

use crate::integrations::{block, on_path};
use crate::kustomize::scratch;
use crate::tools::{program, run};

/// The name that the docs give the script.
const SCRIPT: &str = "pullwright-helm";

const CHART: &str = "apiVersion: v2\nname: web\nversion: 0.1.0\n";

const TEMPLATE: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}, labels: {chart: '{{ .Chart.Name }}'}}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: '{{ .Values.image }}'}]}
---
# A comment of the chart.
apiVersion: v1
kind: ConfigMap
metadata: {name: values}
data: {image: youruniquename.azurecr.io/not-a-pod:1}
";

const HOOK: &str = "apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: pre-install}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: '{{ .Values.image }}'}]}}}
";

/// A folder with a chart, the config and the script of the docs.
fn folder() -> tempfile::TempDir {
    let config = block("inside-kustomize", "yaml", "config.kubernetes.io/function");
    let script = block("helm", "sh", "pullwright fn pullwright.yaml");
    let folder = scratch(&[("pullwright.yaml", &config), (SCRIPT, &script)]);
    let templates = folder.path().join("chart/templates");
    std::fs::create_dir_all(&templates).expect("it is ours");
    for (name, text) in [
        ("chart/Chart.yaml", CHART),
        (
            "chart/values.yaml",
            "image: youruniquename.azurecr.io/c:1\n",
        ),
        ("chart/templates/all.yaml", TEMPLATE),
        ("chart/templates/hook.yaml", HOOK),
    ] {
        std::fs::write(folder.path().join(name), text).expect("it is ours");
    }
    executable(&folder.path().join(SCRIPT));
    folder
}

fn executable(file: &Path) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
}

/// The command of the docs that has this word, in the folder.
fn helm(folder: &Path, word: &str) -> Command {
    let line = block("helm", "console", word);
    let line = line.lines().find(|line| line.contains(word));
    let mut words = line.expect("the block has it").split_whitespace().skip(1);
    assert_eq!(words.next(), Some("helm"));
    let mut command = on_path(program("helm"));
    command.args(words).current_dir(folder);
    // Nothing of the user's.
    for name in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
        command.env(name, folder.join(name));
    }
    command
}

fn objects(output: &Output) -> Vec<Value> {
    serde_yaml::Deserializer::from_slice(&output.stdout)
        .map(|one| Value::deserialize(one).expect("it is YAML"))
        .filter(|one| !one.is_null())
        .collect()
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> &'a Value {
    let mut all = objects.iter().filter(|one| one["kind"] == kind);
    let found = all.next().unwrap_or_else(|| panic!("no {kind}"));
    assert!(all.next().is_none(), "two of {kind}");
    found
}

#[test]
fn the_release_of_the_docs_can_pull() {
    let folder = folder();
    let output = run(&mut helm(folder.path(), "./pullwright-helm"));
    let objects = objects(&output);
    let deployment = of_kind(&objects, "Deployment");
    assert_eq!(deployment["metadata"]["name"], "web");
    assert_eq!(
        deployment["spec"]["template"]["spec"]["imagePullSecrets"],
        serde_json::json!([{"name": "acr-secret"}])
    );
    // Something else fills the Secret: each upgrade would empty it.
    assert!(objects.iter().all(|one| one["kind"] != "Secret"));
    assert_eq!(
        of_kind(&objects, "ConfigMap")["data"]["image"],
        "youruniquename.azurecr.io/not-a-pod:1"
    );
    // As the docs say: this Helm does not send hooks through.
    let version = run(program("helm").args(["version", "--short"]));
    assert!(version.stdout.starts_with(b"v3.6."), "the docs name it");
    let job = of_kind(&objects, "Job");
    assert_eq!(
        job["spec"]["template"]["spec"]["imagePullSecrets"],
        Value::Null
    );
}

#[test]
fn what_pullwright_refuses_ends_helm_with_its_message() {
    let folder = folder();
    let config = folder.path().join("pullwright.yaml");
    let text = std::fs::read_to_string(&config).expect("it is there");
    let text = text.replace("strategy: secret", "stratgy: secret");
    std::fs::write(&config, text).expect("it is ours");
    let output = helm(folder.path(), "./pullwright-helm")
        .output()
        .expect("it starts");
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("unknown key `stratgy`"), "{message}");
    assert!(output.stdout.is_empty());
}

/// A config that makes no objects, as the docs ask for in Helm 4.
const NO_OBJECTS: &str = "apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: sample}
spec:
  registries: [{name: youruniquename}]
  clusters: [{name: prod, kind: aks, resourceGroup: rg-prod}]
  access:
    - name: sample
      strategy: secret
      registries: [youruniquename]
      namespaces: [web]
      secret:
        name: acr-secret
        delivery: script
        credential: {type: token, name: sample-pull, repositories: [c], expiresInDays: 90}
";

/// Helm 4 runs the command of the plugin, with the folder of the plugin in a variable: once for the
/// hooks, once for the rest.
#[test]
fn the_command_of_the_plugin_of_the_docs_is_a_post_renderer() {
    let folder = folder();
    let plugin = folder.path().join("pullwright-plugin");
    std::fs::create_dir(&plugin).expect("it is ours");
    std::fs::copy(folder.path().join(SCRIPT), plugin.join(SCRIPT)).expect("it is there");
    let manifest = block("helm", "yaml", "postrenderer/v1");
    let manifest: Value = serde_yaml::from_str(&manifest).expect("it is YAML");
    assert_eq!(
        (&manifest["apiVersion"], &manifest["type"]),
        (&"v1".into(), &"postrenderer/v1".into())
    );
    let command = &manifest["runtimeConfig"]["platformCommand"][0]["command"];
    let command = command.as_str().expect("it is a command");
    let command = command.replace(
        "${HELM_PLUGIN_DIR}",
        plugin.to_str().expect("it is a simple path"),
    );
    let config = folder.path().join("pullwright.yaml");
    std::fs::write(config, NO_OBJECTS).expect("it is ours");
    let mut release = helm(folder.path(), "./pullwright-helm");
    release.args(["--post-renderer", "cat"]);
    let release = objects(&run(&mut release));
    let (hooks, rest): (Vec<Value>, Vec<Value>) =
        release.into_iter().partition(|one| one["kind"] == "Job");
    for (stream, kind) in [(hooks, "Job"), (rest, "Deployment")] {
        let out = post_rendered(&command, &stream, folder.path());
        assert_eq!(out.len(), stream.len(), "nothing is added");
        assert_eq!(
            of_kind(&out, kind)["spec"]["template"]["spec"]["imagePullSecrets"][0]["name"],
            "acr-secret"
        );
    }
}

/// What the command makes of a stream.
fn post_rendered(command: &str, stream: &[Value], folder: &Path) -> Vec<Value> {
    let mut child = on_path(Command::new(command))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    for object in stream {
        writeln!(stdin, "---\n{object}").expect("it is read");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    objects(&output)
}

//! `audit` of what the real kustomize builds, traced back to files, and of what it and helm print.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::tools::{program, pullwright, run};

pub(crate) const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - name: c
          image: placeholder/web
";

/// A base with a Deployment whose image and pull secret come from its overlays.
const TREE: &[(&str, &str)] = &[
    ("base/deployment.yaml", DEPLOYMENT),
    ("base/kustomization.yaml", "resources: [deployment.yaml]\n"),
    (
        "overlays/dev/kustomization.yaml",
        "namespace: dev
resources: [../../base]
images:
  - {name: placeholder/web, newName: youruniquename.azurecr.io/web, newTag: '1'}
",
    ),
    (
        "overlays/prod/kustomization.yaml",
        "namespace: prod
namePrefix: prod-
resources: [../../base]
images:
  - {name: placeholder/web, newName: youruniquename.azurecr.io/web, newTag: '1'}
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: add
        path: /spec/template/spec/imagePullSecrets
        value: [{name: acr-secret}]
secretGenerator:
  - name: acr-secret
    type: kubernetes.io/dockerconfigjson
    files: [.dockerconfigjson=config.json]
",
    ),
    (
        "overlays/prod/config.json",
        "{\"auths\": {\"youruniquename.azurecr.io\": {\"username\": \"u\", \"password\": \"hunter2\"}}}\n",
    ),
];

pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is ours");
        std::fs::write(path, text).expect("it is ours");
    }
    folder
}

/// The command with only one of the programs on its path.
fn with_only(mut command: Command, name: &str) -> (Command, tempfile::TempDir) {
    let bin = folder(&[]);
    let real = program(name).get_program().to_owned();
    let real = std::fs::canonicalize(real).expect("it is there");
    std::os::unix::fs::symlink(real, bin.path().join(name)).expect("it is ours");
    let mut path = bin.path().as_os_str().to_owned();
    path.push(":/usr/bin:/bin");
    command.env("PATH", path);
    (command, bin)
}

/// Audits a folder; `name` is the program that builds kustomizations.
pub(crate) fn audit(folder: &Path, name: &str, flags: &[&str]) -> (Value, Output) {
    let (mut command, _bin) = with_only(pullwright(), name);
    command.current_dir(folder).args(["audit", "."]).args(flags);
    let output = command.output().expect("it starts");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!stdout.contains("hunter2"), "{stdout}");
    let json = serde_json::from_str(&stdout).unwrap_or_default();
    (json, output)
}

pub(crate) fn verdicts(json: &Value) -> Vec<String> {
    let images = json["configs"][0]["images"].as_array();
    let mut all: Vec<String> = images
        .into_iter()
        .flatten()
        .map(|one| {
            format!(
                "{}/{} {} {}:{}",
                one["object"]["namespace"].as_str().unwrap_or("-"),
                one["object"]["name"].as_str().unwrap_or("-"),
                one["verdict"].as_str().unwrap_or("-"),
                one["file"].as_str().unwrap_or("-"),
                one["line"],
            )
        })
        .collect();
    all.sort();
    all
}

#[test]
fn overlays_are_judged_as_built_in_the_files_they_come_from() {
    let tree = folder(TREE);
    for name in ["kustomize", "kubectl"] {
        let (json, output) = audit(tree.path(), name, &["--format", "json"]);
        assert_eq!(
            verdicts(&json),
            [
                "dev/web no-credential base/deployment.yaml:12",
                "prod/prod-web ok base/deployment.yaml:12",
            ],
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(1), "{name}");
    }
}

#[test]
fn a_build_without_a_program_or_with_a_mistake_is_told() {
    let tree = folder(TREE);
    let mut command = pullwright();
    command.current_dir(tree.path()).args(["audit", "."]);
    let output = command.env("PATH", "/nowhere").output().expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        stderr.matches("neither `kustomize` nor `kubectl`").count(),
        2
    );
    let broken = folder(TREE);
    std::fs::write(
        broken.path().join("overlays/dev/kustomization.yaml"),
        "resources: [../../base, nothing.yaml]\n",
    )
    .expect("it is ours");
    let (_, output) = audit(broken.path(), "kustomize", &[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("warning[not-checked]: kustomization `overlays/dev/kustomization.yaml`")
            && stderr.contains("nothing.yaml"),
        "{stderr}"
    );
}

/// Neither a name nor a download of a repository happens without the flag.
#[test]
fn remote_resources_are_not_fetched_unasked() {
    let tree = folder(&[(
        "kustomization.yaml",
        "resources: ['https://example.invalid/a?ref=v1']\n",
    )]);
    let (_, output) = audit(tree.path(), "kustomize", &[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("fetched with --remote only"), "{stderr}");
}

/// A key in the singular is wrong whatever is built of it; what an overlay adds is not added to its base.
#[test]
fn only_what_holds_for_every_build_is_fixed() {
    let wrong = DEPLOYMENT.replace(
        "      containers:\n",
        "      imagePullSecret: acr-secret\n      containers:\n",
    );
    let tree = folder(TREE);
    let base = tree.path().join("base/deployment.yaml");
    std::fs::remove_dir_all(tree.path().join("overlays/prod")).expect("it is ours");
    std::fs::write(&base, &wrong).expect("it is ours");
    let config =
        std::fs::read_to_string(crate::tools::root().join("examples/secret/pullwright.yaml"))
            .expect("it is there")
            .replace("namespaces: [default]", "namespaces: [dev]");
    std::fs::write(tree.path().join("pullwright.yaml"), config).expect("it is ours");
    let (_, output) = audit(tree.path(), "kustomize", &["--fix"]);
    let text = std::fs::read_to_string(&base).expect("it is there");
    assert_eq!(
        text,
        wrong.replace("Secret: acr-secret", "Secrets: [{name: acr-secret}]"),
        "{output:?}"
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    std::fs::write(&base, DEPLOYMENT).expect("it is ours");
    let (_, output) = audit(tree.path(), "kustomize", &["--fix"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = std::fs::read_to_string(&base).expect("it is there");
    assert_eq!(text, DEPLOYMENT);
}

/// Services and baselines know files from the root of the repository on, wherever the command runs.
#[test]
fn paths_begin_at_the_root_of_the_repository() {
    let pod = |tag: &str| {
        let image = format!("youruniquename.azurecr.io/a:{tag}");
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{{image: '{image}'}}, {{image: '{image}'}}]}}\n"
        )
    };
    let tree = folder(&[("repo/.git/HEAD", ""), ("repo/sub/pod.yaml", &pod("1"))]);
    let repo = tree.path().join("repo");
    let run = |from: &Path, args: &[&str]| {
        let output = pullwright().current_dir(from).args(args).output();
        String::from_utf8(output.expect("it starts").stdout).expect("it is text")
    };
    for format in ["sarif", "gitlab", "junit", "github", "azure"] {
        let below = run(
            &repo.join("sub"),
            &["audit", "pod.yaml", "--format", format],
        );
        let above = run(&repo, &["audit", "sub/pod.yaml", "--format", format]);
        assert!(below.contains("sub/pod.yaml"), "{format} {below}");
        let places = |text: &str| text.matches("sub/pod.yaml").count();
        assert!(places(&below) >= places(&above) / 2, "{format} {below}");
    }
    run(&repo, &["audit", "sub", "--write-baseline"]);
    std::fs::write(repo.join("sub/pod.yaml"), pod("2")).expect("it is ours");
    let file = repo.join("pullwright-audit.baseline.json");
    let file = file.to_str().expect("it is text");
    let whole = repo.join("sub").display().to_string();
    for (from, path) in [("", "sub"), ("sub", "."), ("sub", "pod.yaml"), ("", &whole)] {
        let said = run(&repo.join(from), &["audit", path, "--baseline", file]);
        assert!(said.contains("2 findings in the baseline"), "{path} {said}");
        assert!(!said.contains("fixed"), "{path} {said}");
    }
    let json = piped(pod("1").as_bytes(), &["--format", "sarif"]);
    let place = &json["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let place = &place["artifactLocation"];
    assert_eq!(*place, serde_json::json!({"uri": "stdin"}));
}

/// Gives text to `audit -` and returns its output as JSON.
fn piped(text: &[u8], flags: &[&str]) -> Value {
    let mut command = pullwright();
    command.args(["audit", "-"]).args(flags);
    if !flags.contains(&"--format") {
        command.args(["--format", "json"]);
    }
    let folder = folder(&[]);
    command.current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(text).expect("it is read");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

#[test]
fn what_kustomize_and_helm_print_is_judged() {
    let tree = folder(TREE);
    let build = run(program("kustomize")
        .args(["build", "overlays/prod"])
        .current_dir(tree.path()));
    let verdict = |json: &Value| json["configs"][0]["images"][0]["verdict"].clone();
    assert_eq!(verdict(&piped(&build.stdout, &[])), "ok");
    let chart = folder(&[
        (
            "chart/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        ),
        (
            "chart/values.yaml",
            "image: youruniquename.azurecr.io/c:1\n",
        ),
        (
            "chart/templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  imagePullSecrets: [{name: acr-secret}]\n  containers: [{name: c, image: '{{ .Values.image }}'}]\n",
        ),
        (
            "chart/templates/secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: acr-secret, namespace: other}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"youruniquename.azurecr.io\":{\"username\":\"u\",\"password\":\"hunter2\"}}}'}\n",
        ),
    ]);
    let template = run(program("helm")
        .args(["template", "web", "chart"])
        .current_dir(chart.path()));
    let json = piped(&template.stdout, &["--namespace", "web"]);
    assert_eq!(verdict(&json), "wrong-namespace");
    let json = piped(&template.stdout, &["--namespace", "other"]);
    assert_eq!(verdict(&json), "ok");
    let here = run(pullwright().args(["audit", "."]).current_dir(chart.path()));
    let said = String::from_utf8_lossy(&here.stdout);
    assert!(said.contains("2 Helm templates skipped"), "{said}");
}

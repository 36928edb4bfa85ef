//! What the action, the GitLab file and the Azure template run, run here: with the wheel of a release in a folder in
//! place of the package index.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::release::{VERSION, release};
use crate::tools::{program, pullwright, root, run};

const CONFIG: &str = include_str!("../../examples/secret/pullwright.yaml");
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n}\nspec: {containers: [{name: c, image: 'youruniquename.azurecr.io/c:1'}]}\n";

/// A repository that `check` and `audit` have nothing to say about.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    std::fs::create_dir(folder.path().join("team")).expect("it is ours");
    std::fs::write(folder.path().join("team/pullwright.yaml"), CONFIG).expect("it is ours");
    run(pullwright()
        .args(["render", "."])
        .current_dir(folder.path()));
    for words in [&["init", "-q"][..], &["add", "."]] {
        run(program("git").args(words).current_dir(folder.path()));
    }
    folder
}

fn drifts(folder: &Path) {
    let config = CONFIG.replace("0.0.1", "0.0.2");
    std::fs::write(folder.join("team/pullwright.yaml"), config).expect("it is ours");
}

/// A command that gets packages from the release alone.
fn offline(mut command: Command) -> Command {
    command
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", release().join("wheels"))
        .env("PIP_ROOT_USER_ACTION", "ignore");
    command
}

fn said(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// A job of GitHub Actions: its folder for files, its files for outputs and the PATH.
struct Job {
    files: tempfile::TempDir,
}

impl Job {
    fn step(&self, name: &str, inputs: &[(&str, &str)], place: &Path) -> Output {
        let mut command = offline(program("bash"));
        let added = std::fs::read_to_string(self.files.path().join("path")).unwrap_or_default();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = added
            .lines()
            .map(Into::into)
            .chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).expect("no colon in a path");
        command
            .arg(root().join(".github/action").join(name))
            .env("PATH", path)
            .env("RUNNER_TEMP", self.files.path())
            .env("GITHUB_PATH", self.files.path().join("path"))
            .env("GITHUB_OUTPUT", self.files.path().join("output"))
            .envs(inputs.iter().copied())
            .current_dir(place);
        command.output().expect("bash starts")
    }

    fn installed() -> Self {
        let files = tempfile::tempdir().expect("there is a place for scratch folders");
        let job = Self { files };
        let output = job.step("install", &[], root());
        assert!(output.status.success(), "{}", said(&output));
        job
    }

    fn outputs(&self) -> String {
        let path = self.files.path().join("output");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(path, "").expect("it is ours");
        text
    }
}

#[test]
fn the_action_annotates_and_writes_sarif() {
    let job = Job::installed();
    let folder = repository();
    let place = folder.path();
    let output = job.step("run", &[], place);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(job.outputs(), "exit-code=0\n");
    drifts(place);
    let output = job.step("run", &[("INPUT_COMMAND", "check")], place);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("::error "), "{}", said(&output));
    assert_eq!(job.outputs(), "exit-code=1\n");

    std::fs::write(place.join("pod.yaml"), POD).expect("it is ours");
    let inputs = [
        ("INPUT_COMMAND", "audit"),
        ("INPUT_PATHS", "team\npod.yaml"),
        ("INPUT_ARGS", "--deny-warnings  --quiet\n"),
        ("INPUT_SARIF", "found.sarif"),
    ];
    let output = job.step("run", &inputs, place);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(job.outputs(), "sarif=found.sarif\nexit-code=1\n");
    let text = std::fs::read_to_string(place.join("found.sarif")).expect("it was written");
    let sarif: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "no-credential");
}

/// Inputs are words for the program: no shell reads them, and none becomes another package.
#[test]
fn inputs_of_the_action_are_data() {
    let job = Job::installed();
    let folder = repository();
    let hostile = "$(touch ran) `touch ran` ; touch ran";
    for input in ["INPUT_PATHS", "INPUT_ARGS", "INPUT_COMMAND"] {
        let output = job.step("run", &[(input, hostile)], folder.path());
        assert_eq!(output.status.code(), Some(2), "{input}: {}", said(&output));
        assert!(!folder.path().join("ran").exists(), "{input}");
    }
    for version in [
        "0.1.0 evil",
        "*",
        "https://example.com/x.whl",
        "$(touch ran)",
    ] {
        let output = job.step("install", &[("INPUT_VERSION", version)], folder.path());
        assert_eq!(output.status.code(), Some(2), "{version}");
    }
    // The versions of the files for other systems are ours.
    let azure = std::fs::read_to_string(root().join("azure-pipelines-template.yml"));
    let gitlab = std::fs::read_to_string(root().join("pullwright.gitlab-ci.yml"));
    for text in [azure, gitlab] {
        assert!(
            text.expect("it is there")
                .contains(&format!("default: {VERSION}\n"))
        );
    }
}

/// The lines of the job for GitLab, by the shell that GitLab takes, with the inputs as GitLab would put them in.
fn gitlab(place: &Path, command: &str, paths: &str) -> Output {
    let text =
        std::fs::read_to_string(root().join("pullwright.gitlab-ci.yml")).expect("it is there");
    let (inputs, job) = text.split_once("\n---\n").expect("it has inputs and a job");
    let inputs: Value = serde_yaml::from_str(inputs).expect("it is YAML");
    let mut job = job.to_owned();
    for (name, input) in inputs["spec"]["inputs"].as_object().expect("it has some") {
        let value = match name.as_str() {
            "command" => command,
            "paths" => paths,
            _ => input["default"].as_str().expect("it is text"),
        };
        job = job.replace(&format!("$[[ inputs.{name} ]]"), value);
    }
    assert!(!job.contains("$[["), "{job}");
    let job: Value = serde_yaml::from_str(&job).expect("it is YAML");
    let job = &job["pullwright"];
    let mut command = offline(program("sh"));
    for (name, value) in job["variables"].as_object().expect("it has some") {
        command.env(name, value.as_str().expect("it is text"));
    }
    let lines: Vec<&str> = job["script"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    // In a place of our own.
    let script = lines
        .join("\n")
        .replace("/tmp/", &format!("{}/.git/", place.display()));
    let script = format!("set -e\n{script}");
    command.args(["-c", &script]).current_dir(place);
    command.output().expect("sh starts")
}

#[test]
fn the_job_for_gitlab_writes_its_report() {
    let folder = repository();
    let place = folder.path();
    let output = gitlab(place, "check", ".");
    assert!(output.status.success(), "{}", said(&output));
    drifts(place);
    std::fs::write(place.join("pod.yaml"), POD).expect("it is ours");
    for (command, found) in [("check", "file-outdated"), ("audit", "no-credential")] {
        let output = gitlab(place, command, "team pod.yaml");
        let wanted = if command == "check" { 2 } else { 1 };
        assert_eq!(output.status.code(), Some(wanted), "{}", said(&output));
        let output = gitlab(place, command, ".");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let text = std::fs::read_to_string(place.join("pullwright.json")).expect("it was written");
        let report: Value = serde_json::from_str(&text).expect("it is JSON");
        let codes: Vec<&Value> = report
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| &one["check_name"])
            .collect();
        assert!(codes.iter().any(|code| **code == found), "{codes:?}");
    }
}

#[test]
fn the_steps_for_azure_annotate_the_run() {
    let text = std::fs::read_to_string(root().join("azure-pipelines-template.yml"));
    let template: Value = serde_yaml::from_str(&text.expect("it is there")).expect("it is YAML");
    let steps = template["steps"].as_array().expect("it has some");
    let temporary = tempfile::tempdir().expect("there is a place for scratch folders");
    let folder = repository();
    let step = |step: &Value, command: &str| {
        let mut shell = offline(program("bash"));
        for (name, value) in step["env"].as_object().expect("it has some") {
            let name_of = value.as_str().expect("it is text");
            let parameter = name_of
                .trim_start_matches("${{ parameters.")
                .trim_end_matches(" }}");
            let defaults = template["parameters"].as_array().into_iter().flatten();
            let mut own = defaults.filter(|one| one["name"] == parameter);
            let default = own.next().expect("it is declared")["default"].as_str();
            let value = if parameter == "command" {
                command
            } else {
                default.expect("it is text")
            };
            shell.env(name, value);
        }
        shell
            .env("AGENT_TEMPDIRECTORY", temporary.path())
            .args(["-c", step["bash"].as_str().expect("it is a script")])
            .current_dir(folder.path());
        shell.output().expect("bash starts")
    };
    let output = step(&steps[0], "check");
    assert!(output.status.success(), "{}", said(&output));
    let output = step(&steps[1], "check");
    assert!(output.status.success(), "{}", said(&output));
    drifts(folder.path());
    std::fs::write(folder.path().join("pod.yaml"), POD).expect("it is ours");
    for command in ["check", "audit"] {
        let output = step(&steps[1], command);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(
            said(&output).contains("##vso[task.logissue type=error"),
            "{}",
            said(&output)
        );
    }
}

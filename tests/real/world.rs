//! A folder with stand-ins for az, kubectl and curl, and the small world that they act on.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::tools::{program, root, run};

/// Every secret of the stand-ins begins so.
pub(crate) const CANARY: &str = "canary-";

/// The stand-in as a program: with the interpreter's own path, because the `python3` on PATH may be
/// a slow shim, and each script makes dozens of calls.
fn stand_in() -> String {
    let code = "import sys; print(sys.executable)";
    let output = run(program("python3").args(["-c", code]));
    let interpreter = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let source = root().join("tests/real/stand-in.py");
    let text = std::fs::read_to_string(source).expect("the stand-in is there");
    text.replacen("#!/usr/bin/env python3", &format!("#!{interpreter} -SE"), 1)
}

/// Stand-ins, their world, and a log of their calls.
pub(crate) struct World {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

/// What one run of a script printed and did.
pub(crate) struct Run {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it printed, bytes that are no text included.
    pub output: Output,
    /// The calls of the stand-ins, each a list of words.
    pub calls: Vec<Vec<String>>,
    /// What curl read on stdin, call by call.
    pub curl: Vec<String>,
}

impl World {
    /// A fresh world with the registries, clusters and namespaces of the examples.
    pub(crate) fn new() -> Self {
        program("jq");
        program("python3");
        let folder = tempfile::tempdir().expect("there is a place for scratch folders");
        let text = stand_in();
        for name in ["az", "kubectl", "curl", "sleep"] {
            let path = folder.path().join(name);
            std::fs::write(&path, &text).expect("the folder is ours");
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, mode).expect("the file is ours");
        }
        let world = Self {
            folder,
            environment: Vec::new(),
        };
        let registry = |name: &str, server: &str, mode: &str| {
            json!({
                "id": format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/{name}"),
                "server": server, "mode": mode, "admin": false,
                "adminPassword": format!("{CANARY}admin"), "scopeMaps": {}, "tokens": {},
            })
        };
        let account = || {
            json!({
                "metadata": {"resourceVersion": "7"},
                "imagePullSecrets": [{"name": "of-another-team"}],
            })
        };
        world.set(&json!({
            "azVersion": "2.88.0", "kubectlVersion": "v1.34.1", "cloud": "AzureCloud", "status": null,
            "contexts": ["prod", "prod-weu", "prod-neu", "factory", "factory-admin", "kind-edge"],
            "answers": {}, "noise": "", "failure": null, "eventMessage": "",
            "accessToken": format!("{CANARY}access-token"), "clock": 1, "signedIn": true, "forbidden": [], "conflicts": 0, "refusals": 0, "late": 0,
            "tenant": "99999999-8888-7777-6666-555555555555",
            "kubelet": "abababab-0000-1111-2222-cdcdcdcdcdcd",
            "registries": {
                "youruniquename": registry("youruniquename", "youruniquename.azurecr.io", "LegacyRegistryPermissions"),
                "contosoprod": registry("contosoprod", "contosoprod.azurecr.io", "AbacRepositoryPermissions"),
                "contosotools": registry("contosotools", "contosotools-a1b2c3d4e5f6a7b8.azurecr.io", "LegacyRegistryPermissions"),
            },
            "clusters": {
                "prod-weu": {"client": "msi", "kubelet": "abababab-0000-1111-2222-cdcdcdcdcdcd"},
                "prod-neu": {"client": "msi", "kubelet": "abababab-0000-1111-2222-cdcdcdcdcdcd"},
            },
            "apps": [],
            "principals": [{"appId": "0a0b0c0d-1111-2222-3333-444444444444", "id": "45454545-0000-1111-2222-676767676767", "keys": []}],
            "assignments": [],
            "namespaces": ["default", "web", "shop", "shop-jobs", "china"],
            "secrets": {}, "pods": {},
            "serviceaccounts": {"default/default": account(), "web/default": account(), "china/default": account()},
        }));
        world
    }

    /// Where the stand-ins are.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The world as it is.
    pub(crate) fn get(&self) -> Value {
        let text =
            std::fs::read_to_string(self.path().join("world.json")).expect("the world is there");
        serde_json::from_str(&text).expect("the world is JSON")
    }

    /// Replaces the world.
    pub(crate) fn set(&self, world: &Value) {
        std::fs::write(self.path().join("world.json"), world.to_string())
            .expect("the folder is ours");
    }

    /// Changes one thing.
    pub(crate) fn change(&self, pointer: &str, value: Value) {
        let mut world = self.get();
        *world.pointer_mut(pointer).expect("the world has this part") = value;
        self.set(&world);
    }

    /// What the caller of the scripts has in its environment.
    pub(crate) fn export(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Makes the calls of `program` fail with `code`, after some good ones. jq and tr are the real
    /// ones until then.
    pub(crate) fn fail(&self, program: &str, good: usize, code: u8) {
        self.change("/failure", json!([program, good, code]));
        for name in ["calls", "failed"] {
            let _ = std::fs::remove_file(self.path().join(format!("world.json.{name}")));
        }
        let path = self.path().join(program);
        if !path.exists() {
            std::fs::copy(self.path().join("az"), path).expect("the folder is ours");
        }
    }

    /// Whether the failure that was asked for has happened.
    pub(crate) fn has_failed(&self) -> bool {
        self.path().join("world.json.failed").exists()
    }

    /// Runs a script; returns its output and the calls that it made.
    pub(crate) fn run(&self, script: &Path, arguments: &[&str]) -> (Output, Vec<Vec<String>>) {
        let run = self.watch(script, arguments);
        (run.output, run.calls)
    }

    /// Runs a script, and holds what must be so for every run of every script.
    pub(crate) fn watch(&self, script: &Path, arguments: &[&str]) -> Run {
        let log = self.path().join("log.jsonl");
        std::fs::write(&log, "").expect("the folder is ours");
        let path = std::env::var("PATH").expect("there is a PATH");
        let output = program("bash")
            .arg(script)
            .args(arguments)
            .env("PATH", format!("{}:{path}", self.path().display()))
            .env("STAND_IN_WORLD", self.path().join("world.json"))
            .env("STAND_IN_LOG", &log)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.path())
            .output()
            .expect("bash starts");
        let text = std::fs::read_to_string(&log).expect("the log is there");
        let (mut calls, mut curl): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
        for line in text.lines() {
            let call: Value = serde_json::from_str(line).expect("the log is JSON");
            assert_eq!(call["leaks"], json!([]), "in the environment of {call}");
            let words: Vec<String> =
                serde_json::from_value(call["argv"].clone()).expect("a call is a list of words");
            assert!(
                !words.iter().any(|word| word.contains(CANARY)),
                "a secret in argv: {words:?}"
            );
            if words[0] == "curl" {
                curl.push(call["stdin"].as_str().unwrap_or_default().to_owned());
            }
            calls.push(words);
        }
        for stream in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(stream);
            assert!(!text.contains(CANARY), "a secret in the output: {text}");
            assert!(!text.contains("stand-in: unknown"), "{text}");
        }
        Run {
            code: output.status.code(),
            output,
            calls,
            curl,
        }
    }

    /// Runs a script that must end with `code`; returns stderr and the calls.
    pub(crate) fn expect(
        &self,
        script: &Path,
        arguments: &[&str],
        code: i32,
    ) -> (String, Vec<Vec<String>>) {
        let (output, calls) = self.run(script, arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{} {arguments:?}:\n{text}",
            script.display()
        );
        (text, calls)
    }
}

/// Whether a call changes something.
pub(crate) fn is_change(call: &[String]) -> bool {
    const CHANGES: &[&str] = &[
        "create", "update", "delete", "generate", "reset", "apply", "patch", "put",
    ];
    let is_question = call
        .iter()
        .any(|word| word == "can-i" || word == "--dry-run=server");
    call[0] != "curl"
        && !is_question
        && call
            .iter()
            .take(8)
            .any(|word| CHANGES.contains(&word.as_str()))
}

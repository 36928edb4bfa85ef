//! Runs that every output format has to cope with, and the Code Quality report of GitLab.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{SMALL, Scratch, files, root, source};

/// A file name with what a path, a URI, JSON and XML take for syntax.
pub(crate) const HOSTILE_NAME: &str = "d é/a #%25?&\"'<x>]]>\\b\n\u{1}\u{202e}:c.yaml";
/// Words with what a link, a placeholder, a CI service and XML take for syntax.
pub(crate) const HOSTILE_WORDS: &str = "]](0) [a](1) {0} <b>&amp; ]]> \u{1} \u{202e} é";

/// A run: what is in the folder, and the arguments without the format.
pub(crate) struct Case {
    pub(crate) scratch: Scratch,
    pub(crate) arguments: Vec<&'static str>,
}

impl Case {
    fn new(scratch: Scratch, arguments: &[&'static str]) -> Self {
        let arguments = arguments.to_vec();
        Self { scratch, arguments }
    }

    /// What the run prints in a format.
    pub(crate) fn stdout(&self, format: &str) -> String {
        let mut all = self.arguments.clone();
        all.extend(["--format", format]);
        self.scratch.run(&all).stdout
    }
}

/// A config whose words are hostile, in a file whose name is.
pub(crate) fn hostile() -> Case {
    let scratch = Scratch::new();
    let words = Value::from(HOSTILE_WORDS).to_string();
    let text = SMALL.replace("name: youruniquename", &format!("name: {words}"));
    scratch.write(HOSTILE_NAME, format!("{text}  {words}: 1\n"));
    Case::new(scratch, &["validate", HOSTILE_NAME])
}

/// Runs without messages, with all kinds of them, and without any config.
pub(crate) fn cases() -> Vec<Case> {
    let wrong = Scratch::new();
    for file in files(&root().join("tests/cases/errors")) {
        if file.extension().is_some_and(|one| one == "yaml") {
            let name = file.display().to_string();
            wrong.write(&name, source(&format!("tests/cases/errors/{name}")));
        }
    }
    let drift = Scratch::with_config(SMALL);
    drift.run(&["render"]);
    drift.write("k8s/sample/kustomization.yaml", "a: 1\n");
    let tag = "sample-container:0.0.1";
    drift.write(
        "pullwright.yaml",
        SMALL.replace(tag, "sample-container:latest"),
    );
    let many: String = (0..80).map(|at| format!("key{at}: 1\n")).collect();
    vec![
        Case::new(Scratch::with_config(SMALL), &["validate"]),
        Case::new(wrong, &["validate", "*.yaml"]),
        Case::new(drift, &["check"]),
        hostile(),
        Case::new(Scratch::with_config(&format!("{SMALL}{many}")), &["check"]),
        Case::new(Scratch::new(), &["validate", "nothing.yaml"]),
        Case::new(two(), &["check", ".", "--out", "k8s"]),
        Case::new(two(), &["render", "."]),
        Case::new(two(), &["diff", "."]),
        Case::new(crate::audit::case("verdicts"), &["audit"]),
        Case::new(crate::audit::case("secrets"), &["audit"]),
        Case::new(crate::audit::case("promises"), &["audit"]),
        Case::new(Scratch::new(), &["audit"]),
    ]
}

fn two() -> Scratch {
    let scratch = Scratch::with_config(SMALL);
    scratch.write("b/pullwright.yaml", SMALL);
    scratch
}

/// All messages of a run, as data.
pub(crate) fn messages(case: &Case) -> Vec<Value> {
    let run: Value = serde_json::from_str(&case.stdout("json")).expect("it is JSON");
    let configs = run["configs"].as_array().into_iter().flatten();
    let all = configs.chain([&run]);
    all.flat_map(|one| one["diagnostics"].as_array().cloned().unwrap_or_default())
        .collect()
}

/// How many files have more messages than are kept.
pub(crate) fn cut(case: &Case) -> usize {
    let run: Value = serde_json::from_str(&case.stdout("json")).expect("it is JSON");
    let configs = run["configs"].as_array().into_iter().flatten();
    configs.filter(|one| one["omitted"] != 0).count()
}

#[test]
fn the_cases_have_what_a_format_may_stumble_over() {
    let all: Vec<Value> = cases().iter().flat_map(messages).collect();
    for key in ["related", "fix", "line"] {
        assert!(all.iter().any(|one| one.get(key).is_some()), "{key}");
    }
    for (key, value) in [
        ("severity", "warning"),
        ("code", "file-missing"),
        ("code", "usage"),
    ] {
        assert!(all.iter().any(|one| one[key] == value), "{value}");
    }
    assert!(all.iter().any(|one| one.get("file").is_none()));
    assert_eq!(cases().iter().map(cut).sum::<usize>(), 1);
    let hostile = messages(&hostile());
    assert!(hostile.len() > 1 && hostile.iter().all(|one| one["file"] == HOSTILE_NAME));
}

#[test]
fn every_entry_for_gitlab_has_its_keys_and_a_fingerprint_of_its_own() {
    for case in cases() {
        let entries: Value = serde_json::from_str(&case.stdout("gitlab")).expect("it is JSON");
        let entries = entries.as_array().expect("it is an array");
        let messages = messages(&case);
        assert_eq!(entries.len(), messages.len() + cut(&case));
        let mut prints = BTreeSet::new();
        for entry in entries {
            let keys: BTreeSet<&String> = entry.as_object().expect("an object").keys().collect();
            let want = [
                "check_name",
                "description",
                "fingerprint",
                "location",
                "severity",
            ];
            assert!(keys.into_iter().eq(want.iter()), "{entry}");
            let print = entry["fingerprint"].as_str().expect("it is text");
            assert!(prints.insert(print), "{entry}");
            let severity = entry["severity"].as_str().expect("it is text");
            assert!(["info", "minor", "major"].contains(&severity), "{entry}");
            let location = &entry["location"];
            let path = location["path"].as_str().expect("it is text");
            assert!(!path.is_empty() && !path.starts_with('/') && !path.starts_with("./"));
            assert!(location["lines"]["begin"].as_u64() > Some(0), "{entry}");
            let text = entry["description"].as_str().expect("it is text");
            assert!(!text.is_empty() && !text.contains(['\n', '\u{1}', '\u{202e}']));
        }
        for one in messages {
            let same = |entry: &&Value| {
                entry["check_name"] == one["code"]
                    && (one.get("line").is_none()
                        || entry["location"]["lines"]["begin"] == one["line"])
                    && (one.get("file").is_none() || entry["location"]["path"] == one["file"])
            };
            assert!(entries.iter().any(|entry| same(&entry)), "{one}");
        }
    }
}

/// The fingerprints of `validate` about a text.
fn fingerprints(text: &str) -> BTreeSet<String> {
    let all = messages(&Case::new(Scratch::with_config(text), &["validate"]));
    let prints = all
        .iter()
        .map(|one| one["fingerprint"].as_str().expect("it is text"));
    prints.map(str::to_owned).collect()
}

#[test]
fn a_fingerprint_stays_when_other_lines_come_and_go() {
    let wrong = SMALL
        .replace("image: youruniquename", "imago: youruniquename")
        .replace("namespaces: [default]", "namespaces: [Default]");
    let before = fingerprints(&wrong);
    assert_eq!(before.len(), 2);
    let first = "    - name: other\n      strategy: attach\n      registries: [youruniquename]\n";
    let moved = wrong
        .replace("spec:\n", "# A comment.\nspec:\n")
        .replace("  access:\n", &format!("  access:\n{first}"));
    assert!(before.is_subset(&fingerprints(&moved)));
    let other = wrong.replace("name: sample-pod-container", "name: other-container");
    assert!(!before.is_subset(&fingerprints(&other)));
}

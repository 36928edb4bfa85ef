//! Workflows, the action, the pipelines and their scripts, by the linters and schemas of their kinds.

use std::path::PathBuf;

use serde_json::Value;

use crate::tools::{files, program, root, run};

fn workflows() -> Vec<PathBuf> {
    let found = files(&root().join(".github/workflows"), ".yml");
    assert!(found.len() >= 2, "{found:?}");
    found
}

fn yaml(path: &std::path::Path) -> Value {
    let text = std::fs::read_to_string(path).expect("it is there");
    serde_yaml::from_str(&text).expect("it is YAML")
}

/// All scripts of `.github`, by their first line.
fn scripts() -> Vec<PathBuf> {
    let mut found = files(&root().join(".github"), "");
    found.retain(|path| {
        let text = std::fs::read_to_string(path).expect("it is text");
        text.starts_with("#!/usr/bin/env bash\n")
    });
    assert!(found.len() >= 15, "{found:?}");
    found
}

#[test]
fn workflows_and_the_action_are_clean() {
    // A link of git is needed to find the root of a repository; files are named, so none is.
    run(program("jactionlint")
        .arg("--strict-exit")
        .args(workflows())
        .arg(root().join("action.yml"))
        .current_dir(root()));
    run(program("zizmor")
        .args(["--offline", "--quiet", "--no-progress"])
        .args(workflows())
        .arg(root().join("action.yml"))
        .current_dir(root()));
}

#[test]
fn each_file_fits_the_schema_of_its_kind() {
    let check = |schema: &str, files: &[PathBuf]| {
        run(program("check-jsonschema")
            .args(["--builtin-schema", schema])
            .args(files));
    };
    check("vendor.github-workflows", &workflows());
    check("vendor.github-actions", &[root().join("action.yml")]);
    check(
        "vendor.azure-pipelines",
        &[root().join("azure-pipelines-template.yml")],
    );
    let (config, forms): (Vec<PathBuf>, Vec<PathBuf>) =
        files(&root().join(".github/ISSUE_TEMPLATE"), ".yml")
            .into_iter()
            .partition(|path| path.ends_with("config.yml"));
    assert_eq!((config.len(), forms.len()), (1, 3));
    check("vendor.github-issue-config", &config);
    check("vendor.github-issue-forms", &forms);
    // GitLab reads the inputs from a document of their own.
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let text =
        std::fs::read_to_string(root().join("pullwright.gitlab-ci.yml")).expect("it is there");
    let documents: Vec<PathBuf> = text
        .split("\n---\n")
        .enumerate()
        .map(|(number, text)| {
            let path = folder.path().join(format!("{number}.yml"));
            std::fs::write(&path, text).expect("it is ours");
            path
        })
        .collect();
    assert_eq!(documents.len(), 2);
    check("vendor.gitlab-ci", &documents);
}

/// A step that is longer belongs into a script, which a test can run.
#[test]
fn steps_are_short_and_call_scripts_that_exist() {
    let mut seen = 0;
    for path in workflows() {
        let jobs = yaml(&path)["jobs"].clone();
        let jobs = jobs.as_object().expect("it has jobs").values();
        for step in jobs.filter_map(|job| job["steps"].as_array()).flatten() {
            let Some(line) = step["run"].as_str() else {
                continue;
            };
            assert!(line.lines().count() <= 2, "{line}");
            for word in line
                .split([' ', '"', '('])
                .filter(|word| word.starts_with(".github/"))
            {
                assert!(root().join(word).is_file(), "{word}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 12, "{seen}");
}

/// Publishing waits for a person; everything that can be taken back does not.
#[test]
fn what_publishes_waits_for_approval() {
    let release = yaml(&root().join(".github/workflows/release.yml"));
    for (name, job) in release["jobs"].as_object().expect("it has jobs") {
        let text = job.to_string();
        let publishes = [
            "pypi-publish@",
            "npm-publish",
            "cargo publish",
            "image build",
            "image merge",
            "--draft=false",
        ]
        .iter()
        .any(|one| text.contains(one));
        assert_eq!(job["environment"] == "release", publishes, "{name}");
    }
}

#[test]
fn scripts_are_clean_and_formatted() {
    run(program("shellcheck").args(["-o", "all"]).args(scripts()));
    run(program("shfmt")
        .args(["-d", "-i", "2", "-ci"])
        .args(scripts()));
    let own = [
        root().join(".ci/install"),
        root().join(".ci/run"),
        root().join(".ci/lab-tools"),
    ];
    run(program("shfmt").args(["-d", "-i", "2", "-ci"]).args(own));
}

//! How much a run prints, what `diff` shows of a file, what to do next, and warnings that are denied.

use pullwright::cli::Exit;

use crate::support::{Outcome, SMALL, Scratch};

/// A rendered config.
fn rendered(config: &str) -> Scratch {
    let scratch = Scratch::with_config(config);
    scratch.expect(&["render"], Exit::Ok);
    scratch
}

fn edit(scratch: &Scratch, from: &str, to: &str) {
    let config = scratch.read("pullwright.yaml");
    assert!(config.contains(from), "{from}");
    scratch.write("pullwright.yaml", config.replace(from, to));
}

fn all(outcome: &Outcome) -> String {
    format!("{}{}", outcome.stdout, outcome.stderr)
}

#[test]
fn quiet_prints_mistakes_and_findings_only() {
    let scratch = rendered(SMALL);
    for command in ["validate", "check", "diff", "render"] {
        assert_eq!(
            all(&scratch.expect(&[command, "--quiet"], Exit::Ok)),
            "",
            "{command}"
        );
    }
    let audit = scratch.expect(&["audit", "--quiet"], Exit::Ok);
    assert!(
        audit.stdout.is_empty() && audit.stderr.starts_with("info[placeholder]"),
        "{audit:?}"
    );
    edit(&scratch, "0.0.1", "0.0.2");
    let check = all(&scratch.expect(&["check", "-q"], Exit::Differs));
    assert_eq!(check, "differs pullwright.yaml: k8s: 1 to update\n");
    let diff = all(&scratch.expect(&["diff", "-q"], Exit::Differs));
    assert!(
        diff.starts_with("--- a/k8s/") && !diff.contains("pullwright:"),
        "{diff}"
    );
    assert_eq!(all(&scratch.expect(&["render", "-q"], Exit::Ok)), "");
    edit(&scratch, "strategy:", "stratgy:");
    for command in ["validate", "check", "diff", "render"] {
        let told = all(&scratch.expect(&[command, "--quiet"], Exit::Failed));
        assert!(told.contains("error[unknown-key]"), "{command}: {told}");
    }
    let both = scratch.expect(&["check", "--quiet", "--verbose"], Exit::Failed);
    assert!(
        both.stderr.contains("cannot be used with"),
        "{}",
        both.stderr
    );
}

#[test]
fn verbose_prints_each_file() {
    let scratch = rendered(SMALL);
    let files = [
        "kustomization.yaml",
        "sample/kustomization.yaml",
        "sample/default/pod-sample-pod.yaml",
        "sample/default/secret.yaml",
    ];
    for command in ["check", "diff", "render"] {
        let told = scratch.expect(&[command, "--verbose"], Exit::Ok).stderr;
        for file in files {
            let line = format!("unchanged: k8s/{file}\n");
            assert!(told.contains(&line), "{command}: {told}");
            assert!(
                !all(&scratch.expect(&[command], Exit::Ok)).contains(&line),
                "{command}"
            );
        }
    }
    edit(&scratch, "0.0.1", "0.0.2");
    let check = scratch.expect(&["check", "-v"], Exit::Differs).stderr;
    assert!(
        check.contains("update: k8s/sample/default/pod-sample-pod.yaml\n"),
        "{check}"
    );
}

/// `validate` and `check` use the same words, a line for each config and the summary last.
#[test]
fn validate_and_check_have_one_wording() {
    let scratch = rendered(SMALL);
    scratch.write("a/pullwright.yaml", SMALL);
    scratch.expect(&["render", "a"], Exit::Ok);
    scratch.write("b/pullwright.yaml", SMALL.replace("strategy:", "stratgy:"));
    let validate = scratch.expect(&["validate", "."], Exit::Failed);
    assert_eq!(
        validate.stdout,
        "ok a/pullwright.yaml\ninvalid b/pullwright.yaml: 1 error\nok pullwright.yaml\n"
    );
    assert!(
        validate.stderr.ends_with("\npullwright: 2 ok, 1 invalid\n"),
        "{}",
        validate.stderr
    );
    let check = scratch.expect(&["check", "."], Exit::Failed);
    let lines: Vec<&str> = check.stdout.lines().collect();
    assert!(
        lines[0].starts_with("ok a/pullwright.yaml: a/k8s: "),
        "{lines:?}"
    );
    assert_eq!(lines[1], "invalid b/pullwright.yaml: 1 error");
    assert!(
        lines[2].starts_with("ok pullwright.yaml: k8s: "),
        "{lines:?}"
    );
    assert!(
        check
            .stderr
            .ends_with("\npullwright: 2 ok, 0 differ, 1 invalid\n"),
        "{}",
        check.stderr
    );
}

#[test]
fn a_diff_can_be_short() {
    let scratch = rendered(SMALL);
    assert_eq!(all(&scratch.expect(&["diff", "--stat"], Exit::Ok)), "");
    assert_eq!(all(&scratch.expect(&["diff", "--name-only"], Exit::Ok)), "");
    edit(&scratch, "0.0.1", "0.0.2");
    edit(&scratch, "sample-pod\n", "other-pod\n");
    let stat = scratch.expect(&["diff", "--stat"], Exit::Differs);
    let lines: Vec<&str> = stat.stdout.lines().collect();
    assert!(
        lines[0].starts_with(" k8s/sample/default/pod-other-pod.yaml | ")
            && lines[0].ends_with(" | 17 +++++++++++++++++"),
        "{lines:?}"
    );
    assert!(
        lines.contains(&" k8s/sample/default/pod-sample-pod.yaml | stale"),
        "{lines:?}"
    );
    assert!(
        lines.contains(&" k8s/sample/kustomization.yaml | 2 +-"),
        "{lines:?}"
    );
    assert!(
        stat.stderr.contains("pullwright: 3 files would change: "),
        "{}",
        stat.stderr
    );
    let names = scratch
        .expect(&["diff", "--name-only"], Exit::Differs)
        .stdout;
    assert_eq!(
        names,
        "k8s/sample/default/pod-other-pod.yaml\nk8s/sample/default/pod-sample-pod.yaml\nk8s/sample/kustomization.yaml\n"
    );
    let pruned = scratch
        .expect(&["diff", "--stat", "--prune"], Exit::Differs)
        .stdout;
    assert!(
        pruned.contains("pod-sample-pod.yaml | 17 -----------------\n"),
        "{pruned}"
    );
    scratch.expect(&["diff", "--stat", "--name-only"], Exit::Failed);
}

/// Only for what changed: scripts first, then manifests.
#[test]
fn render_ends_with_what_to_do_next() {
    let scripts = SMALL
        .replace(
            "delivery: placeholder}",
            "credential: {type: token, name: sample-pull, repositories: [sample-container]}}",
        )
        .replace(
            "  access:\n",
            "  clusters: [{name: edge, kind: generic}]\n  access:\n",
        );
    let scratch = Scratch::with_config(&scripts);
    let next = |outcome: &Outcome| -> Vec<String> {
        let lines = outcome
            .stderr
            .lines()
            .filter(|line| line.starts_with("next: "));
        lines.map(str::to_owned).collect()
    };
    let script = "next: run `bash k8s/sample/pull-secret-edge.sh` to see its plan, then again with `--apply`";
    let apply = "next: run `kubectl apply -k k8s` (kubectl 1.14 or newer contains kustomize)";
    assert_eq!(
        next(&scratch.expect(&["render", "--dry-run"], Exit::Ok)),
        [] as [&str; 0]
    );
    let first = scratch.expect(&["render"], Exit::Ok);
    assert_eq!(next(&first), [script, apply]);
    assert!(first.stderr.ends_with(&format!("{apply}\n")));
    // Nothing changed, then only a manifest, then only a script.
    assert_eq!(
        next(&scratch.expect(&["render"], Exit::Ok)),
        [] as [&str; 0]
    );
    edit(&scratch, "sample-container:0.0.1", "sample-container:0.0.2");
    std::fs::remove_file(scratch.path().join("k8s/sample/pull-secret-edge.sh"))
        .expect("it is there");
    assert_eq!(
        next(&scratch.expect(&["render"], Exit::Ok)),
        [script, apply]
    );
    edit(&scratch, "name: sample-pull", "name: other-pull");
    assert_eq!(next(&scratch.expect(&["render"], Exit::Ok)), [script]);
    edit(&scratch, "kind: Pod", "kind: Deployment");
    assert_eq!(
        next(&scratch.expect(&["render", "--quiet"], Exit::Ok)),
        [] as [&str; 0]
    );
    edit(&scratch, "kind: Deployment", "kind: Pod");
    assert_eq!(
        scratch
            .expect(&["render", "--format", "json"], Exit::Ok)
            .stderr,
        ""
    );
}

#[test]
fn several_scripts_are_run_by_one() {
    let scratch = Scratch::with_config(&crate::support::source("examples/fleet/pullwright.yaml"));
    let told = scratch.expect(&["render"], Exit::Ok).stderr;
    let line = "next: run `bash k8s/pull-access.sh` to see its plan, then again with `--apply`\n";
    assert!(told.contains(line), "{told}");
}

#[test]
fn warnings_can_be_denied() {
    let latest = SMALL.replace("sample-container:0.0.1", "sample-container:latest");
    let scratch = rendered(&latest);
    for command in ["validate", "check", "diff", "render"] {
        let told = scratch.expect(&[command], Exit::Ok).stderr;
        assert!(told.contains("warning["), "{command}: {told}");
        let denied = scratch.expect(&[command, "--deny-warnings"], Exit::Differs);
        assert!(
            denied.stderr.contains("warning["),
            "{command}: {}",
            denied.stderr
        );
        let json = scratch.expect(
            &[command, "--deny-warnings", "--format", "json"],
            Exit::Differs,
        );
        let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("it is JSON");
        assert_eq!(value["ok"], false, "{command}");
        rendered(SMALL).expect(&[command, "--deny-warnings"], Exit::Ok);
    }
    // An error stays one, and files are written whatever the code is.
    let invalid = Scratch::with_config(&latest.replace("strategy:", "stratgy:"));
    invalid.expect(&["validate", "--deny-warnings"], Exit::Failed);
    let fresh = Scratch::with_config(&latest);
    fresh.expect(&["render", "--deny-warnings"], Exit::Differs);
    assert!(fresh.has("k8s/kustomization.yaml"));
}

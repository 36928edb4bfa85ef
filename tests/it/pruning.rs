//! Scripts are pruned only if that is asked for: nothing else can undo what they did.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{SMALL, Scratch};

const SCRIPT: &str = "k8s/sample/pull-secret-prod.sh";
const RUNTIME: &str = "k8s/_runtime/pullwright.sh";

/// A config with a script and a manifest.
fn with_script() -> String {
    let credential =
        "{type: token, name: sample-pull, repositories: [sample-container], expiresInDays: 90}";
    let secret =
        format!("secret: {{name: acr-secret, delivery: script, credential: {credential}}}");
    let clusters = "  clusters: [{name: prod, kind: aks, resourceGroup: rg-prod}]\n  access:\n";
    let text = SMALL.replace("secret: {name: acr-secret, delivery: placeholder}", &secret);
    text.replace("  access:\n", clusters)
}

#[test]
fn a_stale_script_is_kept_until_it_is_asked_for() {
    let scratch = Scratch::with_config(&with_script());
    scratch.expect(&["render"], Exit::Ok);
    assert!(scratch.has(SCRIPT));
    // A workload less as well: its manifest goes.
    let renamed = SMALL.replace("name: sample-pod\n", "name: other-pod\n");
    scratch.write("pullwright.yaml", renamed);
    let undo = format!("`bash {SCRIPT} --undo --apply`");
    let after = "`pullwright render --prune=scripts pullwright.yaml`";
    let check = scratch.expect(&["check", "--format", "json"], Exit::Differs);
    let value: Value = serde_json::from_str(&check.stdout).expect("it is JSON");
    let all = value["configs"][0]["diagnostics"]
        .as_array()
        .into_iter()
        .flatten();
    let of_script: Vec<&Value> = all.filter(|one| one["file"] == SCRIPT).collect();
    assert_eq!(of_script.len(), 1, "{value}");
    let help = of_script[0]["help"][0].as_str().expect("it has help");
    assert!(help.contains(&undo) && help.contains(after), "{help}");
    let diff = scratch.expect(&["diff", "--prune"], Exit::Differs);
    let stale = format!("stale: {SCRIPT} (`render --prune=scripts` removes it)\n");
    assert!(diff.stdout.contains(&stale), "{}", diff.stdout);
    let diff = scratch.expect(&["diff", "--prune=scripts"], Exit::Differs);
    assert!(
        diff.stdout
            .contains(&format!("--- a/{SCRIPT}\n+++ /dev/null")),
        "{}",
        diff.stdout
    );

    let prune = scratch.expect(&["render", "--prune"], Exit::Ok);
    for part in [
        format!(
            "warning[script-kept]: `{SCRIPT}` is no longer generated, and kept: only the script can undo what it did"
        ),
        format!("if it was run, undo it with {undo}; then run {after}"),
        "removed k8s/pull-access.sh\n".to_owned(),
        "removed k8s/sample/default/pod-sample-pod.yaml\n".to_owned(),
        format!(
            "`{RUNTIME}` is no longer generated, and kept: `{SCRIPT}` needs it to undo what it did"
        ),
    ] {
        assert!(prune.stderr.contains(&part), "{part}\n{}", prune.stderr);
    }
    assert!(scratch.has(SCRIPT) && !scratch.has("k8s/sample/default/pod-sample-pod.yaml"));
    scratch.expect(&["check"], Exit::Differs);
    let json = scratch.expect(&["render", "--prune", "--format", "json"], Exit::Ok);
    assert!(json.stdout.contains("\"script-kept\""), "{}", json.stdout);

    let prune = scratch.expect(&["render", "--prune=scripts", "--exit-code"], Exit::Differs);
    let removed = format!("removed {RUNTIME}\nremoved {SCRIPT}\n");
    assert!(prune.stderr.starts_with(&removed), "{}", prune.stderr);
    for path in [SCRIPT, "k8s/pull-access.sh", "k8s/_runtime"] {
        assert!(!scratch.has(path), "{path}");
    }
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn what_no_script_loads_any_more_is_pruned_with_manifests() {
    let scratch = Scratch::with_config(&with_script());
    scratch.expect(&["render"], Exit::Ok);
    let form = "spec:\n  scripts: {form: standalone}\n";
    scratch.write("pullwright.yaml", with_script().replace("spec:\n", form));
    let prune = scratch.expect(&["render", "--prune"], Exit::Ok);
    let removed = format!("removed {RUNTIME}\n");
    assert!(prune.stderr.contains(&removed), "{}", prune.stderr);
    assert!(!prune.stderr.contains("script-kept"), "{}", prune.stderr);
    assert!(scratch.has(SCRIPT) && !scratch.has("k8s/_runtime"));
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn an_orphan_keeps_its_script_and_what_git_needs_for_it() {
    let scratch = Scratch::new();
    scratch.write("one/pullwright.yaml", with_script());
    scratch.expect(&["render", "."], Exit::Ok);
    std::fs::remove_file(scratch.path().join("one/pullwright.yaml")).expect("it is there");
    let script = format!("one/{SCRIPT}");
    let prune = scratch.expect(&["render", ".", "--prune"], Exit::Ok);
    let help = format!(
        "undo it with `bash {script} --undo --apply`; then run `pullwright render --prune=scripts .`"
    );
    assert!(
        prune.stderr.contains("warning[output-orphaned]") && prune.stderr.contains(&help),
        "{}",
        prune.stderr
    );
    assert!(scratch.has(&script) && !scratch.has("one/k8s/kustomization.yaml"));
    let check = scratch.expect(&["check", "."], Exit::Differs);
    assert!(check.stderr.contains(&help), "{}", check.stderr);
    scratch.expect(&["render", ".", "--prune=scripts"], Exit::Ok);
    assert!(!scratch.has("one/k8s"));
}

#[test]
fn what_prune_means_is_one_of_two_words() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render", "--prune", "pullwright.yaml"], Exit::Ok);
    scratch.expect(&["render", "--prune=manifests"], Exit::Ok);
    let outcome = scratch.expect(&["render", "--prune=everything"], Exit::Failed);
    assert!(
        outcome
            .stderr
            .contains("[possible values: manifests, scripts]"),
        "{}",
        outcome.stderr
    );
}

//! Secrets that another tool fills: created once, and never in what is applied again.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{SMALL, Scratch};

const SECRET: &str = "k8s/sample/default/secret.yaml";
const ORDER: &str = "next: run `kubectl create -f k8s/sample/default/secret.yaml` once, and let your other tool fill the Secret\n";

#[test]
fn no_kustomization_lists_it() {
    let scratch = Scratch::with_config(SMALL);
    let outcome = scratch.expect(&["render"], Exit::Ok);
    let create = outcome.stderr.find(ORDER).expect("it is told");
    let apply = outcome.stderr.find("kubectl apply -k k8s");
    assert!(Some(create) < apply, "{}", outcome.stderr);
    for folder in ["k8s", "k8s/sample"] {
        let text = scratch.read(&format!("{folder}/kustomization.yaml"));
        assert!(!text.contains("secret.yaml"), "{text}");
    }
    let secret: Value = serde_yaml::from_str(&scratch.read(SECRET)).expect("it is YAML");
    assert_eq!(
        secret["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/ssa"],
        "IfNotPresent"
    );
    let piped = scratch.expect(&["render", "--stdout"], Exit::Ok).stdout;
    assert!(
        piped.contains("kind: Pod\n") && !piped.contains("kind: Secret\n"),
        "{piped}"
    );
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn one_that_exists_is_not_created_again() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let labelled = SMALL.replace(
        "{name: acr-secret,",
        "{name: acr-secret, labels: {team: a},",
    );
    scratch.write("pullwright.yaml", &labelled);
    let outcome = scratch.expect(&["render"], Exit::Ok);
    assert!(
        outcome
            .stderr
            .contains("updated k8s/sample/default/secret.yaml")
    );
    assert!(!outcome.stderr.contains("next:"), "{}", outcome.stderr);
    std::fs::remove_file(scratch.path().join(SECRET)).expect("it is there");
    let outcome = scratch.expect(&["render"], Exit::Ok);
    assert!(outcome.stderr.ends_with(ORDER), "{}", outcome.stderr);
}

#[test]
fn an_annotation_of_the_config_wins() {
    let annotated = SMALL.replace(
        "{name: acr-secret,",
        "{name: acr-secret, annotations: {kustomize.toolkit.fluxcd.io/ssa: Ignore},",
    );
    let scratch = Scratch::with_config(&annotated);
    scratch.expect(&["render"], Exit::Ok);
    let text = scratch.read(SECRET);
    assert!(
        text.contains("ssa: Ignore\n") && !text.contains("IfNotPresent"),
        "{text}"
    );
}

#[test]
fn a_secret_with_its_value_is_applied() {
    let scratch = Scratch::with_config(crate::support::PLAINTEXT)
        .variable("ACR_USERNAME", "one")
        .variable("ACR_PASSWORD", "two");
    let outcome = scratch.expect(&["render"], Exit::Ok);
    assert!(
        !outcome.stderr.contains("kubectl create"),
        "{}",
        outcome.stderr
    );
    let text = scratch.read("k8s/sample/kustomization.yaml");
    assert!(text.contains("  - default/secret.yaml\n"), "{text}");
    assert!(!scratch.read(SECRET).contains("fluxcd"));
}

/// With and without the kustomization, and with the config or without it, pods are judged by the file.
#[test]
fn an_audit_finds_the_file_in_the_tree() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    for path in [".", "k8s", "k8s/sample"] {
        let outcome = scratch.expect(&["audit", path], Exit::Ok);
        assert!(
            outcome.stdout.ends_with("1 placeholder\n"),
            "{path}: {} {}",
            outcome.stdout,
            outcome.stderr
        );
        assert!(
            outcome
                .stderr
                .contains("  ::: k8s/sample/default/secret.yaml:"),
            "{path}: {}",
            outcome.stderr
        );
    }
}

//! Configs for several clusters: nothing that is for one of them reaches another.

use pullwright::cli::Exit;

use crate::support::{Scratch, source};

/// Two entries that generate one Secret and one Pod, for the clusters that are set.
fn config(first: &str, second: &str) -> String {
    let entry = |name: &str, clusters: &str| {
        format!(
            "    - name: {name}
      strategy: secret
      registries: [youruniquename]
      namespaces: [web]
{clusters}      secret: {{name: acr-secret, delivery: placeholder}}
      workloads:
        - {{kind: Pod, name: {name}, containers: [{{name: c, image: \"youruniquename.azurecr.io/c:1\"}}]}}
"
        )
    };
    format!(
        "apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {{name: sample}}
spec:
  registries: [{{name: youruniquename}}]
  clusters:
    - {{name: one, kind: generic}}
    - {{name: two, kind: generic}}
    - {{name: three, kind: generic}}
  access:
{}{}",
        entry("a", first),
        entry("b", second)
    )
}

fn clusters(names: &str) -> String {
    format!("      clusters: [{names}]\n")
}

/// What a kustomization lists.
fn listed(scratch: &Scratch, path: &str) -> Vec<String> {
    let value: serde_json::Value = serde_yaml::from_str(&scratch.read(path)).expect("it is YAML");
    let resources = value["resources"].as_array().expect("it is a list");
    let texts = resources
        .iter()
        .map(|one| one.as_str().expect("it is text"));
    texts.map(str::to_owned).collect()
}

#[test]
fn each_cluster_gets_what_is_for_it() {
    let scratch = Scratch::with_config(&config(&clusters("one"), &clusters("two, three")));
    let outcome = scratch.expect(&["render"], Exit::Ok);
    let next = "next: run `kubectl apply -k k8s/clusters/one` with the context of that cluster, and so for 2 more clusters\n";
    assert!(outcome.stderr.contains(next), "{}", outcome.stderr);
    assert!(!scratch.has("k8s/kustomization.yaml"), "nothing is for all");
    assert_eq!(
        listed(&scratch, "k8s/clusters/one/kustomization.yaml"),
        ["../../a"]
    );
    assert_eq!(
        listed(&scratch, "k8s/clusters/two/kustomization.yaml"),
        ["../../b"]
    );
    // Each has the Secret of its own: they are for different clusters.
    assert!(scratch.has("k8s/a/web/secret.yaml") && scratch.has("k8s/b/web/secret.yaml"));
    scratch.expect(&["check"], Exit::Ok);
}

#[test]
fn what_is_for_all_clusters_is_in_each_and_written_once() {
    let scratch = Scratch::with_config(&config("", &clusters("two")));
    scratch.expect(&["render"], Exit::Ok);
    assert_eq!(listed(&scratch, "k8s/kustomization.yaml"), ["a"]);
    assert_eq!(
        listed(&scratch, "k8s/clusters/one/kustomization.yaml"),
        ["../../a"]
    );
    assert_eq!(
        listed(&scratch, "k8s/clusters/two/kustomization.yaml"),
        ["../../a", "../../b"]
    );
    assert!(
        !scratch.has("k8s/b/web/secret.yaml"),
        "that of the other entry is there"
    );
    // All of the clusters by name are all clusters.
    scratch.write("pullwright.yaml", config("", &clusters("one, two, three")));
    scratch.expect(&["render", "--prune"], Exit::Ok);
    assert_eq!(listed(&scratch, "k8s/kustomization.yaml"), ["a", "b"]);
    assert!(!scratch.has("k8s/clusters"), "they are stale");
}

#[test]
fn a_secret_for_some_clusters_of_another_entry_is_refused() {
    for (first, second) in [
        (clusters("one, two"), clusters("two, three")),
        (clusters("one"), String::new()),
    ] {
        let scratch = Scratch::with_config(&config(&first, &second));
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[secret-conflict]")
                && outcome
                    .stderr
                    .contains("would be generated twice: access entry `a`"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn one_name_is_one_object_in_each_cluster_only() {
    let twice = |first: &str, second: &str| {
        config(first, second).replace("name: b, containers", "name: a, containers")
    };
    let apart = Scratch::with_config(&twice(&clusters("one"), &clusters("two")));
    apart.expect(&["render"], Exit::Ok);
    for (first, second) in [
        (clusters("one, two"), clusters("two")),
        (String::new(), clusters("two")),
    ] {
        let outcome =
            Scratch::with_config(&twice(&first, &second)).expect(&["validate"], Exit::Failed);
        assert!(
            outcome
                .stderr
                .contains("Pod `a` in namespace `web` is generated twice"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_function_does_not_choose_a_cluster() {
    let config = config(&clusters("one"), &clusters("two"))
        .replace("name: b, containers", "name: a, containers");
    let config: serde_json::Value = serde_yaml::from_str(&config).expect("it is YAML");
    let list = serde_json::json!({
        "apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "functionConfig": config, "items": [],
    });
    let outcome = Scratch::new().stdin(&list.to_string()).run(&["fn"]);
    assert_eq!(outcome.exit, Exit::Differs);
    assert!(
        outcome
            .stderr
            .contains("is generated for different clusters"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_kustomization_lists_all_that_the_plan_says() {
    let template = "kustomize/kustomization.yaml.j2";
    let with_own = config("", "").replace("spec:\n", "spec:\n  templates: mine\n");
    let scratch = Scratch::with_config(&with_own);
    let one_less =
        source(&format!("templates/{template}")).replace("resources %}", "resources[1:] %}");
    scratch.write(&format!("mine/{template}"), one_less);
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("`resources` does not list `a`"),
        "{}",
        outcome.stderr
    );
}

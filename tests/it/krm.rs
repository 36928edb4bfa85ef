//! `fn` as a KRM function: `ResourceList` and plain streams, results, errors, secrets.

use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use pullwright::cli::Exit;
use pullwright::document::{Document, Node, write};
use pullwright::span::Source;
use serde_json::{Value, json};

use crate::support::{PLAINTEXT, SMALL, Scratch};

/// YAML as another parser reads it.
pub(crate) fn read(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A `ResourceList` as text, from the text of a config and objects.
pub(crate) fn list(config: &str, items: &Value) -> String {
    json!({
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "functionConfig": read(config),
        "items": items,
    })
    .to_string()
}

/// The output of `fn`.
pub(crate) fn function(config: &str, items: &Value, exit: Exit) -> Value {
    let scratch = Scratch::new().stdin(&list(config, items));
    read(&scratch.expect(&["fn"], exit).stdout)
}

#[test]
fn a_generator_keeps_the_input_and_adds_the_objects_of_the_config() {
    let own = json!([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}]);
    let out = function(SMALL, &own, Exit::Ok);
    assert_eq!(
        (&out["apiVersion"], &out["kind"]),
        (&json!("config.kubernetes.io/v1"), &json!("ResourceList"))
    );
    let kinds: Vec<&str> = out["items"]
        .as_array()
        .expect("it is a list")
        .iter()
        .filter_map(|one| one["kind"].as_str())
        .collect();
    // No kustomization, no script, and no Secret that would be emptied by each run.
    assert_eq!(kinds, ["ConfigMap", "Pod"]);
    assert_eq!(out["items"][0], own[0]);
    let script = SMALL.replace(
        ", delivery: placeholder",
        ", credential: {type: token, name: sample-pull, repositories: [sample-container]}",
    );
    let script = script.replace(
        "  access:",
        "  clusters: [{name: prod, kind: generic}]\n  access:",
    );
    let out = function(&script, &json!([]), Exit::Ok);
    assert_eq!(out["items"].as_array().map(Vec::len), Some(1));
    // A second pass adds nothing.
    let again = function(SMALL, &function(SMALL, &own, Exit::Ok)["items"], Exit::Ok);
    assert_eq!(again["items"], function(SMALL, &own, Exit::Ok)["items"]);
    let messages = again["results"][0]["message"].as_str().unwrap_or_default();
    assert!(
        messages.contains("exists in the input, so the one in the config was not added"),
        "{messages}"
    );
}

#[test]
fn an_invalid_config_changes_nothing_and_is_reported_in_all_outputs() {
    let items = json!([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}]);
    let config = SMALL.replace("strategy: secret", "strategy: secrets");
    let scratch = Scratch::new().stdin(&list(&config, &items));
    let outcome = scratch.expect(&["fn"], Exit::Differs);
    assert!(
        outcome
            .stderr
            .contains("error[unknown-value]: unknown value `secrets` of `spec.access[0].strategy`"),
        "{}",
        outcome.stderr
    );
    let out = read(&outcome.stdout);
    assert_eq!(out["items"], items);
    assert_eq!(
        out["results"][0],
        json!({
            "message": "[unknown-value] unknown value `secrets` of `spec.access[0].strategy`; did you mean `secret`?; expected one of `secret`, `serviceAccount`, `attach`",
            "severity": "error",
            "resourceRef": {"apiVersion": "pullwright.dev/v1alpha1", "kind": "PullAccess", "name": "sample"},
            "field": {"path": "spec.access[0].strategy"},
        })
    );
}

#[test]
fn warnings_of_the_config_are_results_as_well() {
    let config = SMALL.replace("metadata:", "metadata:\n  annotations: {config.kubernetes.io/path: a/b.yaml, config.kubernetes.io/index: '2'}");
    let scratch = Scratch::new().stdin(&list(&config.replace("0.0.1", "latest"), &json!(null)));
    let outcome = scratch.expect(&["fn"], Exit::Ok);
    assert!(
        outcome.stderr.contains("warning[image-tag]"),
        "{}",
        outcome.stderr
    );
    let result = &read(&outcome.stdout)["results"][0];
    assert_eq!(result["severity"], "warning");
    assert_eq!(result["file"], json!({"path": "a/b.yaml", "index": 2}));
    assert_eq!(
        result["field"]["path"],
        "spec.access[0].workloads[0].containers[0].image"
    );
}

#[test]
fn other_input_is_refused_without_output() {
    for (input, message) in [
        ("", "error[usage]: the input is not a `ResourceList`"),
        (
            "kind: Pod",
            "error[usage]: the input is not a `ResourceList`",
        ),
        (
            "apiVersion: config.kubernetes.io/v9\nkind: ResourceList",
            "error[usage]",
        ),
        (
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList",
            "error[missing-key]: the `ResourceList` has no `functionConfig`",
        ),
        (
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {a: 1}\nitems: 7",
            "<stdin>:4:1",
        ),
        ("a: [", "error[syntax]"),
        (
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {a: 1, a: 2}",
            "error[duplicate-key]",
        ),
    ] {
        let outcome = Scratch::new().stdin(input).expect(&["fn"], Exit::Differs);
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.contains(message),
            "{input}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_secret_in_clear_text_is_output_only_if_allowed() {
    let run = |config: &str, flags: &[&str], exit| {
        let scratch = Scratch::new()
            .variable("ACR_USERNAME", "sample-pull")
            .variable("ACR_PASSWORD", "hunter2+canary")
            .stdin(&list(config, &json!([])));
        let outcome = scratch.expect(flags, exit);
        assert!(!outcome.stderr.contains("hunter2") && !outcome.stdout.contains("hunter2"));
        outcome
    };
    let refused = run(PLAINTEXT, &["fn"], Exit::Differs);
    assert!(
        refused.stderr.contains("error[plaintext-output]"),
        "{}",
        refused.stderr
    );
    assert_eq!(read(&refused.stdout)["items"], json!([]));
    let asked = PLAINTEXT.replace(
        "metadata:",
        "metadata:\n  annotations: {pullwright.dev/allow-plaintext: 'true'}",
    );
    for outcome in [
        run(&asked, &["fn"], Exit::Ok),
        run(PLAINTEXT, &["fn", "--allow-plaintext"], Exit::Ok),
    ] {
        let out = read(&outcome.stdout);
        let secret = out["items"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|one| one["kind"] == "Secret");
        assert!(secret.is_some_and(|one| one["data"][".dockerconfigjson"].is_string()));
    }
}

#[test]
fn no_message_shows_an_object() {
    let secret = "apiVersion: v1\nkind: Secret\nstringData: {password: hunter2}\n";
    for (arguments, input) in [
        (
            &["fn", "pullwright.yaml"][..],
            format!("{secret}  : hunter2: [x"),
        ),
        (
            &["fn", "pullwright.yaml"],
            format!("{secret}stringData: !x [&a hunter2, *b]\n"),
        ),
        (&["fn"], format!("{secret}a: [hunter2")),
        (
            &["fn"],
            list(
                "spec: hunter1",
                &read(&format!("[{{{}}}]", "a: hunter2, b: c")),
            ),
        ),
        (
            &["fn"],
            list(
                &SMALL.replace("strategy", "stratgy"),
                &json!([read(secret)]),
            ),
        ),
    ] {
        let outcome = Scratch::with_config(SMALL)
            .stdin(&input)
            .expect(arguments, Exit::Differs);
        assert!(
            outcome.stderr.contains("error[") && !outcome.stderr.contains("hunter2"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_plain_stream_is_transformed_with_a_config_file() {
    let scratch = Scratch::with_config(SMALL).stdin(
        "# one\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: {mode: '0644', note: \"a\\nb\\n\"}\n---\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: c, image: youruniquename.azurecr.io/c:1}]}}\n",
    );
    let outcome = scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok);
    assert!(
        outcome.stdout.starts_with("# one\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: {mode: '0644', note: \"a\\nb\\n\"}\n---\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: c, image: youruniquename.azurecr.io/c:1}], imagePullSecrets: [{name: acr-secret}]}}\n---\n"),
        "{}",
        outcome.stdout
    );
    // As a legacy generator: stdin is empty, and files are next to the kustomization.
    let config = SMALL.replace("spec:\n", "spec:\n  templates: own\n");
    let scratch = Scratch::new().variable("KUSTOMIZE_PLUGIN_CONFIG_ROOT", "root");
    scratch.write("tmp/copy.yaml", config);
    let outcome = scratch.expect(&["fn", "tmp/copy.yaml"], Exit::Differs);
    assert!(
        outcome.stderr.contains("error[template-unreadable]"),
        "{}",
        outcome.stderr
    );
    let own = pullwright::render::BUILT_IN
        .iter()
        .find(|(name, _)| *name == "workload/pod.yaml.j2");
    let text = own
        .expect("it is built in")
        .1
        .replace("labels:", "labels:\n    own: \"yes\"");
    scratch.write("root/own/workload/pod.yaml.j2", text);
    let outcome = scratch.expect(&["fn", "tmp/copy.yaml"], Exit::Ok);
    assert!(
        outcome.stdout.contains("own: \"yes\""),
        "{}",
        outcome.stdout
    );
}

#[test]
fn the_legacy_plugin_is_a_script_that_calls_this_program() {
    let path = "xdg/kustomize/plugin/pullwright.dev/v1alpha1/pullaccess/PullAccess";
    let scratch = Scratch::new()
        .variable("XDG_CONFIG_HOME", "xdg")
        .program("/opt/it's here/pullwright");
    for _ in 0..2 {
        scratch.expect(&["fn", "--install-plugin"], Exit::Ok);
        let script = scratch.read(path);
        assert!(
            script.starts_with("#!/bin/sh\n")
                && script.ends_with("\nexec '/opt/it'\\''s here/pullwright' fn \"$@\"\n"),
            "{script}"
        );
        let mode = std::fs::metadata(scratch.path().join(path))
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o755);
    }
    scratch.write(path, "another file");
    let outcome = scratch.expect(&["fn", "--install-plugin"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[write-failed]"),
        "{}",
        outcome.stderr
    );
    assert_eq!(scratch.read(path), "another file");
    let outcome = Scratch::new().expect(&["fn", "--install-plugin"], Exit::Failed);
    assert!(
        outcome.stderr.contains("KUSTOMIZE_PLUGIN_HOME"),
        "{}",
        outcome.stderr
    );
}

/// Any JSON tree, with strings that YAML parsers disagree about.
fn trees() -> impl Strategy<Value = Value> {
    let strings = prop_oneof![
        "[-:#'\"\\\\ \t\n\r,\\[\\]{}&*!|>%@`~=<yYnNoO0-9eE._é\u{2028}\u{85}\u{feff}]{0,12}",
        any::<String>(),
        "(a\n|  b\n|\tc\n|\n){0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        strings.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..5).prop_map(
                |map| Value::Object(map.into_iter().filter(|(key, _)| key != "<<").collect())
            ),
        ]
    })
}

proptest! {
    #[test]
    fn every_parser_reads_a_written_tree_with_the_same_values(tree in trees(), spelled in trees()) {
        // Once generated, once read from a text with its spellings.
        let made = Node::from(json!({"tree": tree}));
        let text = write::block(&made, "");
        prop_assert_eq!(&read(&text)["tree"], &tree, "{}", text);
        let source = Source::new("", json!({"tree": spelled}).to_string());
        let document = Document::parse(std::sync::Arc::new(source)).expect("JSON is YAML");
        let text = write::block(&document.root, &document.source.text);
        prop_assert_eq!(&read(&text)["tree"], &spelled, "{}", text);
    }
}

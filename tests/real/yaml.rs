//! Any string goes into YAML, and a reader of YAML 1.1 (PyYAML) reads the same string.

use std::io::Write;
use std::process::Stdio;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use pullwright::artifact::{Carries, Context, Expect, PlannedFile, Sharing};
use pullwright::document::{Node, quote, write};
use pullwright::render::{Renderer, Templates};
use serde_json::{Value, json};

use crate::tools::program;

/// One value at every kind of place where a manifest may hold one.
const TEMPLATE: &str = "\
# {{ value }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: b
data:
  plain: {{ value }}
  tail: x-{{ value }}
  quoted: \"{{ value }}\"
  single: 'it is {{ value }}'
  flow: {{ value }}
";

fn strings() -> impl Strategy<Value = String> {
    let ambiguous = prop::sample::select(vec![
        "yes",
        "No",
        "on",
        "y",
        "~",
        "null",
        "010",
        "0x1F",
        "0b1",
        "1_000",
        "1e3",
        "1.10",
        ".inf",
        "190:20:30",
        "12:30",
        "2026-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "=",
        "<<",
        "-",
        "?",
        "a: b",
        "a #b",
        "!!str",
        "&a",
        "*a",
        "%x",
        "---",
        "...",
        "a\n---\nb",
    ]);
    prop_oneof![
        ambiguous.prop_map(str::to_owned),
        "[-:#'\"\\\\ \t\n\r,\\[\\]{}&*!|>%@`~=<yYnNoO0-9eE._é\u{2028}\u{85}\u{feff}]{0,12}",
        any::<String>(),
        "[0-9a-fxob._:+eE-]{1,10}",
    ]
    .prop_filter("private use", |text| {
        !text.contains(['\u{e000}', '\u{e001}'])
    })
}

/// What PyYAML reads: all documents, as JSON.
fn read(text: &str) -> Value {
    const READER: &str = "import json, sys, yaml
json.dump(list(yaml.safe_load_all(sys.stdin.buffer.read().decode())), sys.stdout)";
    let mut child = program("yaml-python")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(text.as_bytes()).expect("python reads");
    drop(stdin);
    let output = child.wait_with_output().expect("python ends");
    assert!(output.status.success(), "PyYAML refuses:\n{text}");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

#[test]
fn a_reader_of_yaml_1_1_reads_what_went_in() {
    let own = [("test/test.yaml.j2".to_owned(), TEMPLATE.to_owned())];
    let renderer = Renderer::new(Templates::with(own.into_iter().collect()));
    let rendered = |value: &str| {
        let file = PlannedFile {
            path: "test.yaml".to_owned(),
            template: "test/test.yaml.j2",
            context: Context::of(&json!({"value": value})),
            own: Vec::new(),
            secrets: Vec::new(),
            access: None,
            expect: Expect::Object {
                kind: "ConfigMap",
                name: "a".to_owned(),
                namespace: "b".to_owned(),
                carries: Carries::Placeholder,
            },
            sharing: Sharing::Own,
        };
        let file = renderer.render(&file, &|_, _| false);
        file.expect("every string has a place")
            .text
            .expose()
            .to_owned()
    };
    let config = ProptestConfig {
        cases: 20,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let many = prop::collection::vec(strings(), 100);
    let result = TestRunner::new(config).run(&many, |values| {
        let mut text = String::new();
        let mut want = Vec::new();
        for value in &values {
            // A template, a bare quoted string, and a tree.
            text.push_str("---\n");
            text.push_str(&rendered(value));
            want.push(json!({
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"},
                "data": {
                    "plain": value, "tail": format!("x-{value}"), "quoted": value,
                    "single": format!("it is {value}"), "flow": value,
                },
            }));
            text.push_str(&format!("---\n- {}\n", quote::string(value)));
            want.push(json!([value]));
            let tree = json!({"a": [{"key": value}, value], value: {"b": value}});
            text.push_str(&format!("---\n{}", write::block(&Node::from(tree.clone()), "")));
            want.push(tree);
        }
        let have = read(&text);
        let have = have.as_array().expect("it is a list");
        for (have, want) in have.iter().zip(&want) {
            prop_assert_eq!(have, want);
        }
        prop_assert_eq!(have.len(), want.len());
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

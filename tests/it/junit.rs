//! JUnit XML, read back by a strict reader.

use std::collections::BTreeSet;

use pullwright::clean;
use roxmltree::{Document, Node};
use serde_json::Value;

use crate::formats::{Case, HOSTILE_NAME, cases, hostile, messages};

fn children<'a>(node: Node<'a, 'a>, name: &str) -> Vec<Node<'a, 'a>> {
    let all = node.children().filter(Node::is_element);
    all.filter(|one| one.has_tag_name(name)).collect()
}

/// What a case tells of each test: name, and whether it failed, with its texts.
fn tests(case: &Case) -> Vec<(String, bool, String)> {
    let text = case.stdout("junit");
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let root = document.root_element();
    assert!(root.has_tag_name("testsuites"));
    let suites = children(root, "testsuite");
    assert_eq!(suites.len(), 1);
    let tests: Vec<(String, bool, String)> = children(suites[0], "testcase")
        .into_iter()
        .map(|test| {
            let failures = children(test, "failure");
            let outs = children(test, "system-out");
            assert!(failures.len() < 2 && outs.len() < 2, "{text}");
            for failure in &failures {
                assert!(
                    failure
                        .attribute("message")
                        .is_some_and(|one| one.len() > 10)
                );
                assert!(failure.attribute("type").is_some());
            }
            assert!(test.attribute("classname").is_some());
            let name = test.attribute("name").expect("a test has a name");
            let texts = failures.iter().chain(&outs).filter_map(|one| one.text());
            (name.to_owned(), !failures.is_empty(), texts.collect())
        })
        .collect();
    let failed = tests.iter().filter(|(_, failed, _)| *failed).count();
    for node in [root, suites[0]] {
        assert_eq!(
            node.attribute("tests"),
            Some(tests.len().to_string().as_str())
        );
        assert_eq!(
            node.attribute("failures"),
            Some(failed.to_string().as_str())
        );
    }
    tests
}

#[test]
fn every_config_is_a_test_and_every_message_is_in_one() {
    for case in cases() {
        let tests = tests(&case);
        let names: BTreeSet<&str> = tests.iter().map(|(name, _, _)| name.as_str()).collect();
        assert_eq!(names.len(), tests.len(), "{names:?}");
        let run: Value = serde_json::from_str(&case.stdout("json")).expect("it is JSON");
        for config in run["configs"].as_array().into_iter().flatten() {
            let name = clean::line(config["config"].as_str().expect("it is text"));
            assert!(names.contains(name.as_str()), "{name}");
        }
        for one in messages(&case) {
            let [code, severity] = ["code", "severity"].map(|key| one[key].as_str().expect("text"));
            let head = format!("{severity}[{code}]: ");
            let is_in = |(_, failed, text): &&(String, bool, String)| {
                text.contains(&head) && (*failed || severity != "error")
            };
            assert!(tests.iter().any(|test| is_in(&test)), "{one}");
        }
    }
}

#[test]
fn a_run_without_messages_has_passed() {
    let first = cases().remove(0);
    let want = ("pullwright.yaml".to_owned(), false, String::new());
    assert_eq!(tests(&first), [want]);
}

#[test]
fn hostile_names_and_words_are_text() {
    let tests = tests(&hostile());
    assert_eq!(tests.len(), 1);
    let (name, failed, text) = &tests[0];
    assert_eq!(*name, clean::line(HOSTILE_NAME));
    assert!(failed);
    assert!(
        text.contains("]](0) [a](1) {0} <b>&amp; ]]> \u{fffd}"),
        "{text}"
    );
}

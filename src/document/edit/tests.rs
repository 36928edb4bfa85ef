//! Edits in all styles: the added text matches its surroundings, and nothing else changes.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::document::edit::{Change, apply, edits};
use crate::document::{Document, Node};
use crate::pointer::Pointer;
use crate::span::{Source, Span};

fn pointer(path: &str) -> Pointer {
    let parts = path.split('.').filter(|part| !part.is_empty());
    parts.fold(Pointer::root(), |at, part| match part.parse() {
        Ok(index) => at.index(index),
        Err(_) => at.key(part),
    })
}

fn set(at: &str, key: &str, value: Value) -> Change {
    Change::Set {
        at: pointer(at),
        entries: vec![(key.to_owned(), Node::from(value))],
    }
}

fn append(at: &str, item: Value) -> Change {
    Change::Append {
        at: pointer(at),
        items: vec![Node::from(item)],
    }
}

fn read(text: &str) -> Node {
    let document = Document::parse(Arc::new(Source::new("test", text)));
    document.unwrap_or_else(|_| panic!("not YAML: {text}")).root
}

/// The edited text, which must have the same values as the changed tree.
fn edited(text: &str, changes: &[Change]) -> Option<String> {
    let mut root = read(text);
    let edits = edits(text, &root, changes)?;
    let out = apply(text, Span::new(0..text.len()), &edits);
    for change in changes {
        change.apply(&mut root);
    }
    assert_eq!(read(&out).value(), root.value(), "{out}");
    Some(out)
}

fn pull_secret() -> Value {
    json!([{"name": "x"}])
}

#[test]
fn keys_are_added_where_a_user_would_add_them() {
    for (text, at, want) in [
        (
            "a:\n  b: 1\nc: 2\n",
            "a",
            "a:\n  b: 1\n  k:\n    - name: x\nc: 2\n",
        ),
        ("a: 1", "", "a: 1\nk:\n  - name: x"),
        (
            "a:\r\n  b: 1\r\nc: 2\r\n",
            "a",
            "a:\r\n  b: 1\r\n  k:\r\n    - name: x\r\nc: 2\r\n",
        ),
        // Lists that are not indented stay that way.
        (
            "a:\n  b:\n  - 1\nc: 2\n",
            "a",
            "a:\n  b:\n  - 1\n  k:\n  - name: x\nc: 2\n",
        ),
        (
            "l:\n- 1\na:\n  b: 1\n",
            "a",
            "l:\n- 1\na:\n  b: 1\n  k:\n  - name: x\n",
        ),
        // In an element of a list.
        (
            "- b: 1 # c\n  d: 2\n- e\n",
            "0",
            "- b: 1 # c\n  d: 2\n  k:\n    - name: x\n- e\n",
        ),
        // Comments and blank lines.
        (
            "a:\n  b: 1  # c\n  # of a\n# of c\nc: 2\n",
            "a",
            "a:\n  b: 1  # c\n  # of a\n  k:\n    - name: x\n# of c\nc: 2\n",
        ),
        (
            "a:\n  b: 1\n\n\nc: 2\n",
            "a",
            "a:\n  b: 1\n  k:\n    - name: x\n\n\nc: 2\n",
        ),
        // Multi-line scalars.
        (
            "a:\n  b: |\n    x\n\n\nc: 2\n",
            "a",
            "a:\n  b: |\n    x\n  k:\n    - name: x\n\n\nc: 2\n",
        ),
        (
            "a:\n  b: |+\n    x\n\n\nc: 2\n",
            "a",
            "a:\n  b: |+\n    x\n\n\n  k:\n    - name: x\nc: 2\n",
        ),
        (
            "a:\n  b: >-\n    x\n    y\nc: 2\n",
            "a",
            "a:\n  b: >-\n    x\n    y\n  k:\n    - name: x\nc: 2\n",
        ),
        (
            "a:\n  b: 'x\n\n    y'\nc: 2\n",
            "a",
            "a:\n  b: 'x\n\n    y'\n  k:\n    - name: x\nc: 2\n",
        ),
        (
            "a:\n  b:\nc: 2\n",
            "a",
            "a:\n  b:\n  k:\n    - name: x\nc: 2\n",
        ),
        // Flow collections stay in flow style.
        ("a: {b: 1} # c\n", "a", "a: {b: 1, k: [{name: x}]} # c\n"),
        ("a: {}\n", "a", "a: {k: [{name: x}]}\n"),
        ("a: {b: }\n", "a", "a: {b:, k: [{name: x}] }\n"),
        (
            "a: {\n  b: 1,\n  c: 2\n}\n",
            "a",
            "a: {\n  b: 1,\n  c: 2,\n  k: [{name: x}]\n}\n",
        ),
        (
            r#"{"a": {"b": 1}}"#,
            "a",
            r#"{"a": {"b": 1, "k": [{"name": "x"}]}}"#,
        ),
        (
            r#"{"a":{"b":1}}"#,
            "a",
            r#"{"a":{"b":1,"k":[{"name":"x"}]}}"#,
        ),
        (
            "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n",
            "a",
            "{\n  \"a\": {\n    \"b\": 1,\n    \"k\": [{\"name\": \"x\"}]\n  }\n}\n",
        ),
        // Empty values are filled.
        (
            "a:\n  k:\n  c: 1\n",
            "a",
            "a:\n  k:\n    - name: x\n  c: 1\n",
        ),
        ("a:\n  k: # c\n", "a", "a:\n  k: # c\n    - name: x\n"),
        ("a:\n  k: ~\n", "a", "a:\n  k: [{name: x}]\n"),
        ("a:\n  k: null # c\n", "a", "a:\n  k: [{name: x}] # c\n"),
        // Keys from a merge.
        (
            "m: &m {b: 1}\na:\n  <<: *m\nc: 2\n",
            "a",
            "m: &m {b: 1}\na:\n  <<: *m\n  k:\n    - name: x\nc: 2\n",
        ),
        // Multi-byte characters.
        (
            "é:\n  - ü: 1\n",
            "é.0",
            "é:\n  - ü: 1\n    k:\n      - name: x\n",
        ),
    ] {
        let out = edited(text, &[set(at, "k", pull_secret())]);
        assert_eq!(out.as_deref(), Some(want), "{text}");
    }
}

#[test]
fn elements_are_added_in_the_style_of_their_list() {
    for (text, want) in [
        (
            "l:\n  - name: a\nb: 1\n",
            "l:\n  - name: a\n  - name: x\nb: 1\n",
        ),
        (
            "l:\n- name: a # c\n  # d\n# e\nb: 1\n",
            "l:\n- name: a # c\n  # d\n- name: x\n# e\nb: 1\n",
        ),
        ("l:\r\n  -   name: a", "l:\r\n  -   name: a\r\n  - name: x"),
        ("l: [{name: a}]\n", "l: [{name: a}, {name: x}]\n"),
        ("l: [{name: a},]\n", "l: [{name: a}, {name: x},]\n"),
        ("l: []\n", "l: [{name: x}]\n"),
        (
            "l: [\n  {name: a}, # c\n]\n",
            "l: [\n  {name: a}, # c\n  {name: x},\n]\n",
        ),
        // A comment stays with its element.
        (
            "l: [\n  {name: a} # c\n]\n",
            "l: [\n  {name: a}, # c\n  {name: x}\n]\n",
        ),
        (
            "l: [\r\n  {name: a}\r\n]\r\n",
            "l: [\r\n  {name: a},\r\n  {name: x}\r\n]\r\n",
        ),
        (
            r#"{"l": [{"name": "a"}]}"#,
            r#"{"l": [{"name": "a"}, {"name": "x"}]}"#,
        ),
        (r#"{"l":[]}"#, r#"{"l":[{"name":"x"}]}"#),
        ("l: [ 'a' ]\n", "l: [ 'a', {name: x} ]\n"),
    ] {
        let out = edited(text, &[append("l", json!({"name": "x"}))]);
        assert_eq!(out.as_deref(), Some(want), "{text}");
    }
    let out = edited("l:\n  - a\n", &[append("l", json!("no"))]);
    assert_eq!(out.as_deref(), Some("l:\n  - a\n  - \"no\"\n"));
}

#[test]
fn nested_changes_are_applied_first() {
    let text = "s:\n  t:\n    l:\n    - a";
    let changes = [
        set("s", "c", json!(1)),
        append("s.t.l", json!("b")),
        set("s.t", "d", json!({"e": []})),
    ];
    let want = "s:\n  t:\n    l:\n    - a\n    - b\n    d:\n      e: []\n  c: 1";
    assert_eq!(edited(text, &changes).as_deref(), Some(want));
    let text = "s: {t: {l: [a]}}\n";
    let want = "s: {t: {l: [a, b], d: {e: []}}, c: 1}\n";
    assert_eq!(edited(text, &changes).as_deref(), Some(want));
}

#[test]
fn empty_scalars_are_filled() {
    for (text, want) in [
        ("a:\n  k: \"\" # c\n", "a:\n  k: x # c\n"),
        ("a:\n  k: # c\n", "a:\n  k: x # c\n"),
        ("a: {k: , b: 1}\n", "a: {k: x, b: 1}\n"),
        ("{\"a\": {\"k\": null}}", "{\"a\": {\"k\": \"x\"}}"),
    ] {
        let out = edited(text, &[set("a", "k", json!("x"))]);
        assert_eq!(out.as_deref(), Some(want), "{text}");
    }
}

#[test]
fn values_of_aliases_and_merges_are_written_out_where_they_change() {
    for (text, at, want) in [
        (
            "a: &a {b: 1} # of a\nc: *a # of c\n",
            "c",
            "a: &a {b: 1} # of a\nc: {b: 1, k: 1} # of c\n",
        ),
        (
            "a: &a\n  b: {c: 1}\nd:\n  <<: *a # merged\n",
            "d.b",
            "a: &a\n  b: {c: 1}\nd:\n  <<: *a # merged\n  b:\n    c: 1\n    k: 1\n",
        ),
        // An unused anchor does not matter.
        ("a: &a {b: 1} # c\n", "a", "a: &a {b: 1, k: 1} # c\n"),
        ("a: !!map\n  b: 1\n", "a", "a: !!map\n  b: 1\n  k: 1\n"),
    ] {
        let out = edited(text, &[set(at, "k", json!(1))]);
        assert_eq!(out.as_deref(), Some(want), "{text}");
    }
}

#[test]
fn values_that_cannot_be_edited_in_place_have_no_edits() {
    for (text, at) in [
        // Shared through its anchor.
        ("a: &a {b: 1}\nc: *a\n", "a"),
        ("a:\n  k: y\n", "a"),
        ("a:\n  - 1\n", "a"),
        // The tag applies to the value that would be replaced.
        ("a:\n  k: !!null\n", "a"),
        ("a:\n  k: !!null null\n", "a"),
        ("a:\n  k: &unused !!null\n", "a"),
    ] {
        assert_eq!(edited(text, &[set(at, "k", json!(1))]), None, "{text}");
    }
}

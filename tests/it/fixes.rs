//! Each fix that a message carries answers the message, and a message about two places names both.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{SMALL, Scratch, files, root, source};

/// The messages of `validate` about a text.
fn messages(text: &str) -> Vec<Value> {
    let scratch = Scratch::with_config(text);
    let outcome = scratch.run(&["validate", "--format", "json"]);
    let mut value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let messages = value["configs"][0]["diagnostics"].take();
    messages.as_array().cloned().unwrap_or_default()
}

/// The byte of a line and a column, both from 1.
fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| value.as_u64().expect("it is a number") as usize - 1;
    let before: usize = text
        .split_inclusive('\n')
        .take(number(line))
        .map(str::len)
        .sum();
    let rest = text[before..].char_indices().nth(number(column));
    rest.map_or(text.len(), |(at, _)| before + at)
}

/// The text with all edits of a fix made.
fn fixed(text: &str, fix: &Value) -> String {
    let mut text = text.to_owned();
    for edit in fix["edits"].as_array().into_iter().flatten().rev() {
        let start = offset(&text, &edit["line"], &edit["column"]);
        let end = offset(&text, &edit["endLine"], &edit["endColumn"]);
        text.replace_range(start..end, edit["text"].as_str().expect("it has a text"));
    }
    text
}

#[test]
fn every_fix_answers_its_message() {
    let mut texts: Vec<String> = files(&root().join("tests/cases/errors"))
        .iter()
        .filter(|file| file.extension().is_some_and(|one| one == "yaml"))
        .map(|file| source(&format!("tests/cases/errors/{}", file.display())))
        .collect();
    texts.extend(
        [
            ("registries: [youruniquename]", "registries: youruniquename"),
            (
                "registries: [youruniquename]",
                "registries: [youruniqename]",
            ),
            ("name: acr-secret", "name: 12"),
            ("name: acr-secret", "name: Acr-Secret"),
            (
                "image: youruniquename.azurecr.io/",
                "image: youruniquename/",
            ),
            (
                "image: youruniquename.azurecr.io/",
                "image: other.azurecr.io/",
            ),
            ("kind: Pod", "kind: \"pods\""),
        ]
        .map(|(old, new)| SMALL.replace(old, new)),
    );
    let mut titles: BTreeSet<String> = BTreeSet::new();
    for text in texts {
        for message in messages(&text) {
            let fix = &message["fix"];
            if fix.is_null() {
                continue;
            }
            let after = fixed(&text, fix);
            let same = |one: &Value| {
                one["message"] == message["message"] && one["line"] == message["line"]
            };
            assert!(!messages(&after).iter().any(same), "{message}\n{after}");
            let (title, safety) = (fix["title"].as_str(), fix["safety"].as_str());
            let word = |text: Option<&str>| text.unwrap_or_default().to_owned();
            titles.insert(format!("{} ({})", word(title), word(safety)));
        }
    }
    let has = |title: &str| titles.iter().any(|one| one.starts_with(title));
    for title in [
        "write a list (safe)",
        "quote the value (safe)",
        "write `strategy` (unsafe)",
        "write `youruniquename` (unsafe)",
        "write `youruniquename.azurecr.io/sample-container:0.0.1` (unsafe)",
    ] {
        assert!(has(title), "{title}: {titles:#?}");
    }
}

#[test]
fn a_key_is_not_renamed_to_one_that_exists() {
    let text = SMALL.replace(
        "      strategy: secret\n",
        "      strategy: secret\n      stratgy: secret\n",
    );
    let all = messages(&text);
    assert_eq!(all[0]["code"], "unknown-key");
    assert!(all[0]["fix"].is_null(), "{}", all[0]);
}

#[test]
fn the_second_place_is_named_in_every_format() {
    let text = SMALL.replace(
        "namespaces: [default]",
        "namespaces: [default, web, default]",
    );
    let scratch = Scratch::with_config(&text);
    let related = &messages(&text)[0]["related"];
    let want = serde_json::json!([{"file": "pullwright.yaml", "line": 12, "column": 20, "message": "first one here"}]);
    assert_eq!(*related, want);
    for (format, want) in [
        ("text", "  ::: pullwright.yaml:12:20\n"),
        ("github", "%0Apullwright.yaml:12:20: first one here%0A"),
        ("azure", "%0Apullwright.yaml:12:20: first one here%0A"),
    ] {
        let outcome = scratch.run(&["validate", "--format", format]);
        let all = outcome.stdout + &outcome.stderr;
        assert!(all.contains(want), "{all}");
    }
}

//! Secrets of files that others wrote or edited, on both sides of a diff.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use pullwright::mask::{Known, pair};

use crate::canary::{HEART, json, traces};
use crate::support::source;

/// Files of others: each holds the canary once, in a Secret or behind a name that speaks of one.
fn foreign() -> Vec<(String, String)> {
    let value = format!("v{HEART}");
    let encoded = STANDARD.encode(&value);
    let manifest =
        format!("{{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"data\":{{\"a\":\"{encoded}\"}}}}");
    let filled = source("tests/cases/foreign.txt")
        .replace("POD\n", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
        .replace("MANIFEST", &manifest)
        .replace("BASE64", &encoded)
        .replace("VALUE", &value);
    let cases = filled.split("\n=== ").skip(1);
    let mut all: Vec<(String, String)> = cases
        .map(|case| case.split_once('\n').expect("a case has a name"))
        .map(|(what, text)| (what.to_owned(), format!("{text}\n")))
        .collect();
    let last = "kubectl.kubernetes.io/last-applied-configuration";
    let secret = format!("kind: Secret\ndata:\n  a: {encoded}\n");
    all.extend([
        (
            "the last applied configuration in quotes".to_owned(),
            format!(
                "kind: Secret\nmetadata:\n  annotations:\n    {last}: {}\n",
                json(&manifest)
            ),
        ),
        (
            "line ends of Windows".to_owned(),
            secret.replace('\n', "\r\n"),
        ),
        (
            "line ends of old Macs".to_owned(),
            secret.replace('\n', "\r"),
        ),
        ("a byte order mark".to_owned(), format!("\u{feff}{secret}")),
        ("a bell in it".to_owned(), format!("{secret}\u{7}\n")),
    ]);
    all
}

#[test]
fn secrets_of_foreign_files_are_hidden_on_both_sides() {
    let mut told = Vec::new();
    for (what, text) in foreign() {
        let (none, rendered) = (Known::default(), "kind: Pod\n");
        let (old, _) = pair(&text, rendered, &none);
        let (_, new) = pair(rendered, &text, &none);
        for masked in [old, new, pair(&text, &text, &none).0] {
            if traces().iter().any(|trace| masked.contains(trace)) {
                told.push(format!("{what}:\n{masked}"));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// A Secret that holds the canary, in one of the many ways to write one.
fn written() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just(format!("v{HEART}")),
        Just(format!("\"v{HEART}\\n\"")),
        Just(format!("'it''s v{HEART}'")),
        Just(format!("|\n    v{HEART}\n    more")),
        Just(format!(">2-\n    v{HEART}\n    more")),
        Just(format!("&anchor v{HEART}")),
        Just(format!("!!str v{HEART}")),
        Just(STANDARD.encode(format!("v{HEART}"))),
        Just(format!("\"v{}\\\n    {}\"", &HEART[..5], &HEART[5..])),
        Just(format!("v{HEART} # v{HEART}")),
    ];
    let key = prop_oneof![
        Just("data"),
        Just("stringData"),
        Just("\"data\""),
        Just("binaryData")
    ];
    let around = prop_oneof![
        Just(""),
        Just("---\nkind: Pod\n---\n"),
        Just("# a comment\n"),
        Just("x: [\n"),
        Just("\u{feff}"),
        Just("\t\n"),
        Just("<<<<<<< HEAD\n"),
        Just("kind: Pod\n"),
    ];
    (
        scalar,
        key,
        around.clone(),
        around,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(scalar, key, before, after, carriage, kind_last)| {
            let data = format!("{key}:\n  a: {scalar}\n");
            let text = if kind_last {
                format!("{before}{data}kind: Secret\n{after}")
            } else {
                format!("{before}kind: Secret\n{data}{after}")
            };
            if carriage {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        })
}

fn json_written() -> impl Strategy<Value = String> {
    let value = STANDARD.encode(format!("v{HEART}"));
    let object = serde_json::json!({"kind": "Secret", "data": {"a": value}, "stringData": {"b": format!("v{HEART}")}});
    let list = serde_json::json!({"kind": "List", "items": [object, {"kind": "Pod"}]});
    let flow = format!("{{kind: Secret, stringData: {{a: 'v{HEART}', b: [\"v{HEART}\"]}}}}\n");
    let all: Vec<String> = [&object, &list]
        .into_iter()
        .flat_map(|value| {
            let pretty = serde_json::to_string_pretty(value).expect("it is JSON");
            let nested = format!("a: {}\n", json(&value.to_string()));
            [
                format!("{value}\n{value}\n"),
                value.to_string(),
                pretty,
                nested,
            ]
        })
        .chain([flow])
        .collect();
    (prop::sample::select(all), 0..3_usize).prop_map(|(text, cut)| {
        // A file that was cut off is broken.
        text[..text.len() - cut].to_owned()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]
    #[test]
    fn no_secret_is_seen_however_it_is_written(
        one_side in prop_oneof![written(), json_written()],
        other in prop_oneof![Just(String::new()), written(), json_written()],
    ) {
        let none = Known::default();
        for (old, new) in [(&one_side, &other), (&other, &one_side)] {
            let (old, new) = pair(old, new, &none);
            for trace in traces() {
                prop_assert!(!old.contains(&trace) && !new.contains(&trace), "{old}\n=====\n{new}");
            }
        }
    }
}

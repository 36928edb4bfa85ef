//! SARIF is valid by the schema of OASIS, and by the rules of GitHub code scanning:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use std::collections::BTreeSet;
use std::sync::Arc;

use pullwright::diag::format::{Format, Output, RunResult};
use pullwright::diag::{Code, Diagnostic, Report, Severity, Subject};
use pullwright::span::{Source, Span};
use serde_json::{Value, json};

use crate::formats::{Case, HOSTILE_NAME, cases, cut, hostile, messages};
use crate::support::source;

/// The only run of an output that is valid by the schema.
#[track_caller]
fn run(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).expect("it is JSON");
    let schema = serde_json::from_str(&source("tests/schemas/sarif-2.1.0.json"));
    let schema: Value = schema.expect("the schema is JSON");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is valid");
    let errors = validator.iter_errors(&value);
    let errors: Vec<String> = errors
        .map(|one| format!("{}: {one}", one.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(value["version"], "2.1.0");
    assert!(
        value["$schema"]
            .as_str()
            .is_some_and(|one| one.ends_with("sarif-schema-2.1.0.json"))
    );
    assert_eq!(value["runs"].as_array().map(Vec::len), Some(1));
    value["runs"][0].take()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{pointer} is no text in {value}"))
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

/// The path of a URI.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next(), rest.next()].map(|one| one.expect("two digits follow"));
            let digits = std::str::from_utf8(&digits)
                .expect("they are digits")
                .to_owned();
            bytes.push(u8::from_str_radix(&digits, 16).expect("they are digits"));
        } else {
            let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
            assert!(is_plain, "{uri}");
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("it is UTF-8")
}

#[track_caller]
fn is_place(location: &Value) {
    let place = &location["physicalLocation"];
    let file = &place["artifactLocation"];
    assert_eq!(file["uriBaseId"], "%SRCROOT%");
    let uri = text(file, "/uri");
    assert!(!uri.is_empty() && !uri.starts_with(['/', '.']), "{uri}");
    decoded(uri);
    let number = |key: &str| place["region"][key].as_u64();
    let start = (number("startLine"), number("startColumn").or(Some(1)));
    assert!(start.0 > Some(0) && start.1 > Some(0), "{place}");
    if number("endLine").is_some() {
        assert!((number("endLine"), number("endColumn")) >= start, "{place}");
    }
}

/// What GitHub wants beside the schema.
fn is_for_github(run: &Value) {
    let rules = list(run, "/tool/driver/rules");
    let ids: Vec<&str> = rules.iter().map(|rule| text(rule, "/id")).collect();
    let want: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids, want);
    for rule in rules {
        for key in ["shortDescription", "fullDescription"] {
            let length = text(rule, &format!("/{key}/text")).chars().count();
            assert!((1..=1024).contains(&length), "{rule}");
        }
        assert!(!text(rule, "/help/text").is_empty());
        assert!(text(rule, "/help/markdown").starts_with('#'));
        assert!(["error", "warning", "note"].contains(&text(rule, "/defaultConfiguration/level")));
        assert!((1..=20).contains(&list(rule, "/properties/tags").len()));
    }
    let results = list(run, "/results");
    assert!(results.len() <= 25_000);
    let mut prints = BTreeSet::new();
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("it is a number") as usize;
        assert_eq!(result["ruleId"], ids[index]);
        let message = text(result, "/message/text");
        let first = message.lines().next().unwrap_or_default();
        assert!(first.len() > 10 && first.ends_with('.'), "{message}");
        assert!(message.chars().count() <= 10_001);
        assert_eq!(list(result, "/locations").len(), 1);
        let related = list(result, "/relatedLocations");
        for (one, id) in related.iter().zip(1..) {
            assert_eq!(one["id"], id);
            assert!(message.contains(&format!("]({id})")), "{message}");
            text(one, "/message/text");
        }
        list(result, "/locations")
            .iter()
            .chain(related)
            .for_each(is_place);
        let print = text(result, "/partialFingerprints/primaryLocationLineHash");
        assert!(prints.insert(print), "{result}");
    }
}

#[test]
fn every_run_is_valid_and_tells_every_message() {
    for case in cases() {
        let run = run(&case.stdout("sarif"));
        is_for_github(&run);
        let messages = messages(&case);
        let results = list(&run, "/results");
        let notices = list(&run, "/invocations/0/toolExecutionNotifications");
        assert_eq!(results.len() + notices.len(), messages.len() + cut(&case));
        if results.is_empty() {
            for (notice, one) in notices.iter().zip(&messages) {
                assert_eq!(notice["associatedRule"]["id"], one["code"]);
                assert!(text(notice, "/message/text").starts_with(text(one, "/message")));
            }
            continue;
        }
        assert_eq!(results.len(), messages.len());
        for (result, one) in results.iter().zip(&messages) {
            assert_eq!(result["ruleId"], one["code"]);
            assert_eq!(
                result["partialFingerprints"]["pullwright/v1"],
                one["fingerprint"]
            );
            let place = &result["locations"][0]["physicalLocation"];
            let line = one.get("line").cloned().unwrap_or(json!(1));
            assert_eq!(place["region"]["startLine"], line);
            assert_eq!(
                place["region"].get("startColumn"),
                one.get("column"),
                "{one}"
            );
            if let Some(file) = one["file"].as_str() {
                assert_eq!(decoded(text(place, "/artifactLocation/uri")), file);
            }
            let related = list(result, "/relatedLocations");
            assert_eq!(related.len(), list(one, "/related").len());
            fixes_are_the_same(result, one);
        }
    }
}

/// The fix of a result against the one in JSON, which other tests make.
fn fixes_are_the_same(result: &Value, one: &Value) {
    let replacements = list(result, "/fixes/0/artifactChanges/0/replacements");
    let edits = list(one, "/fix/edits");
    assert_eq!(replacements.len(), edits.len());
    for (replacement, edit) in replacements.iter().zip(edits) {
        let want = json!({
            "startLine": edit["line"], "startColumn": edit["column"],
            "endLine": edit["endLine"], "endColumn": edit["endColumn"],
        });
        assert_eq!(replacement["deletedRegion"], want);
        assert_eq!(replacement["insertedContent"]["text"], edit["text"]);
    }
}

#[test]
fn hostile_names_and_words_stay_what_they_are() {
    let run = run(&hostile().stdout("sarif"));
    let results = list(&run, "/results");
    assert!(results.len() > 1);
    let mut words = String::new();
    for result in results {
        let uri = text(result, "/locations/0/physicalLocation/artifactLocation/uri");
        assert_eq!(decoded(uri), HOSTILE_NAME);
        words.push_str(text(result, "/message/text"));
    }
    assert!(
        words.contains("[a] (1)") && !words.contains("[a](1)"),
        "{words}"
    );
    assert!(!words.contains(['\u{1}', '\u{202e}']));
}

#[test]
fn what_is_about_no_file_is_a_notification() {
    let stopped: Vec<Case> = cases()
        .into_iter()
        .filter(|one| one.arguments.contains(&"--out"))
        .collect();
    assert_eq!(stopped.len(), 1);
    let run = run(&stopped[0].stdout("sarif"));
    assert_eq!(list(&run, "/results"), [] as [Value; 0]);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notice = &invocation["toolExecutionNotifications"][0];
    assert_eq!(
        (&notice["level"], &notice["associatedRule"]["id"]),
        (&json!("error"), &json!("usage"))
    );
}

#[test]
fn github_gets_no_more_than_it_takes_and_errors_first() {
    let mut report = Report::default();
    for file in 0..510 {
        for at in 0..50 {
            let code = if file < 10 {
                Code::ImageTag
            } else {
                Code::Syntax
            };
            let about = Subject::file(format!("{file:03}.yaml"));
            report.push(Diagnostic::new(code, format!("message `{at}` is here")).about(about));
        }
    }
    let long = Arc::new(Source::new("/elsewhere/é.yaml", "x".repeat(10)));
    let mut one = Diagnostic::new(Code::Syntax, "x".repeat(2_000)).at(&long, Span::new(2..5));
    for _ in 0..200 {
        one = one.related(&long, Span::new(1..1), "y".repeat(1_000));
    }
    report.push(one);
    assert_eq!(report.count(Severity::Error), 25_001);
    let result = RunResult {
        stopped: Some(&report),
        folder: "/repo",
        ..RunResult::default()
    };
    let Output::Json(written) = Format::Sarif.write(&result) else {
        panic!("SARIF is JSON");
    };
    let run = run(&written);
    let results = list(&run, "/results");
    assert_eq!(results.len(), 25_000);
    assert!(results.iter().all(|one| one["level"] == "error"));
    let notices = list(&run, "/invocations/0/toolExecutionNotifications");
    assert_eq!(notices.len(), 1);
    assert!(
        text(&notices[0], "/message/text").starts_with("501 more results"),
        "{notices:?}"
    );
    let long = results
        .iter()
        .find(|one| one.get("relatedLocations").is_some());
    let long = long.expect("it is an error");
    assert_eq!(list(long, "/relatedLocations").len(), 100);
    assert_eq!(text(long, "/message/text").chars().count(), 10_001);
    let file = &long["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*file, json!({"uri": "file:///elsewhere/%C3%A9.yaml"}));
}

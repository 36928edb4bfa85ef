//! `schemas/result.schema.json` describes all that `--format json` prints, and nothing else.

use pullwright::change::Kind;
use pullwright::diag::format::{Format, Output, RunResult};
use pullwright::diag::{Code, Diagnostic, ObjectReference, Report, Severity, Subject};
use pullwright::pointer::Pointer;
use serde_json::{Value, json};

use crate::audit;
use crate::formats::{Case, cases};
use crate::support::{Scratch, source};

const FILE: &str = "schemas/result.schema.json";

fn schema() -> Value {
    serde_json::from_str(&source(FILE)).expect("it is JSON")
}

/// The schema without room for fields that it does not describe: those may be added.
pub(crate) fn closed(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            for one in map.values_mut() {
                *one = closed(one.take());
            }
            if map.get("properties").is_some_and(Value::is_object) {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| *one = closed(one.take())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    value
}

#[test]
fn it_is_valid_and_describes_every_field() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let mut waiting = vec![&schema];
    while let Some(next) = waiting.pop() {
        for (name, field) in next["properties"].as_object().into_iter().flatten() {
            let is_told = field.get("description").is_some();
            assert!(is_told, "{name} has no description");
        }
        match next {
            Value::Object(map) => waiting.extend(map.values()),
            Value::Array(all) => waiting.extend(all),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[test]
fn every_run_of_every_command_is_valid_by_it() {
    let validator = jsonschema::validator_for(&closed(schema())).expect("it is a schema");
    let mut seen = String::new();
    let mut all = cases();
    let commands = [
        &["diff"][..],
        &["render"],
        &["render", "--dry-run"],
        &["check"],
    ];
    for arguments in commands {
        let scratch = Scratch::with_config(crate::support::SMALL);
        all.push(Case {
            scratch,
            arguments: arguments.to_vec(),
        });
    }
    for (name, flags) in [
        ("policy", &[][..]),
        ("ignores", &[]),
        ("verdicts", &["--fix", "--diff"]),
    ] {
        all.push(Case {
            scratch: audit::case(name),
            arguments: [&["audit"][..], flags].concat(),
        });
    }
    let runs = all.iter().map(|case| case.stdout("json"));
    for text in runs.chain([about_an_object()]) {
        let value: Value = serde_json::from_str(&text).expect("it is JSON");
        let errors = validator.iter_errors(&value);
        let errors: Vec<String> = errors
            .map(|one| format!("{}: {one}", one.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{text}");
        assert_eq!(value["version"], 1);
        seen.push_str(&text);
    }
    // What is described appears: a field that is gone would be found here.
    let mut waiting = vec![schema()];
    while let Some(next) = waiting.pop() {
        for (name, _) in next["properties"].as_object().into_iter().flatten() {
            let appears = seen.contains(&format!("\"{name}\":"));
            assert!(appears, "{name} never appears");
        }
        waiting.extend(
            next.as_object()
                .into_iter()
                .flatten()
                .map(|(_, one)| one.clone()),
        );
    }
}

/// A run with a message about an object of a stream.
fn about_an_object() -> String {
    let object = ObjectReference {
        api_version: "v1".to_owned(),
        kind: "Pod".to_owned(),
        namespace: Some("web".to_owned()),
        name: "app".to_owned(),
    };
    let subject = Subject::object(object).field(Pointer::root().key("spec"));
    let subject = subject.in_file("app.yaml", Some(1));
    let report = Report::from(Diagnostic::new(Code::ImageTag, "a tag moves").about(subject));
    let run = RunResult {
        stopped: Some(&report),
        ..RunResult::default()
    };
    match Format::Json.write(&run) {
        Output::Json(text) => text,
        other => panic!("{other:?} is not JSON"),
    }
}

#[test]
fn its_choices_are_those_of_the_program() {
    let schema = schema();
    let choices = |pointer: &str| schema.pointer(pointer).cloned().unwrap_or_default();
    let severities: Vec<&str> = Severity::ALL.iter().map(|one| one.word()).collect();
    assert_eq!(
        choices("/$defs/diagnostic/properties/severity/enum"),
        json!(severities)
    );
    let kinds = [
        Kind::Create,
        Kind::Update,
        Kind::Same,
        Kind::Permissions,
        Kind::LineEnds,
        Kind::Conflicted,
        Kind::Edited,
        Kind::Stale,
        Kind::StaleEdited,
    ];
    let kinds = kinds.map(Kind::word);
    assert_eq!(choices("/$defs/file/properties/change/enum"), json!(kinds));
    let pattern = choices("/$defs/diagnostic/properties/code/pattern");
    let code = jsonschema::validator_for(&json!({"pattern": pattern})).expect("it is a schema");
    assert!(Code::ALL.iter().all(|one| code.is_valid(&json!(one.id()))));
}

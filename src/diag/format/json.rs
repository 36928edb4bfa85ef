//! A run as one JSON value, for `--format json`.

use serde_json::{Value, json};

use crate::diag::format::{ConfigResult, Output, RunResult, Writer};
use crate::diag::{Diagnostic, Fix, Report, Subject};
use crate::pointer::Pointer;
use crate::span::Place;

pub(super) const WRITER: Writer = Writer {
    has_text: false,
    write,
};

/// The version of `schemas/result.schema.json` that the output is valid by. It changes when a field is removed
/// or means something else, not when one is added.
const VERSION: u64 = 1;

fn write(run: &RunResult<'_>) -> Output {
    let configs: Vec<Value> = run.configs.iter().map(|one| config(one, run)).collect();
    let mut value = json!({"version": VERSION, "ok": run.ok, "configs": configs});
    if let Some(report) = run.stopped {
        value["diagnostics"] = messages(report, run);
        value["omitted"] = json!(report.omitted());
    }
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    Output::Json(format!("{text}\n"))
}

fn config(one: &ConfigResult<'_>, run: &RunResult<'_>) -> Value {
    let mut value = json!({
        "config": one.config,
        "ok": !one.report.has_errors(),
        "diagnostics": messages(one.report, run),
        "omitted": one.report.omitted(),
    });
    add(&mut value, one.fields.clone());
    if value["differs"] == true {
        value["ok"] = json!(false);
    }
    value
}

/// An array of the messages that are kept. All have `code`, `severity`, `message`, `label`, `help` and
/// `fingerprint`; with a place also `file`, `line` and `column` (both from 1); else as far as it is known `file` and `index`
/// (of the document in it), `object` and `field`. `related` and `fix` are there if there are any.
fn messages(report: &Report, run: &RunResult<'_>) -> Value {
    let all = report.sorted().into_iter();
    all.map(|one| message(one, run)).collect()
}

fn message(one: &Diagnostic, run: &RunResult<'_>) -> Value {
    let mut value = json!({
        "code": one.code.id(),
        "severity": one.severity.word(),
        "message": one.message,
        "label": one.label,
        "help": one.help,
        "fingerprint": run.fingerprint(one),
    });
    match &one.place {
        Some(place) => add(&mut value, at(place)),
        None if one.file().is_empty() => {}
        None => value["file"] = json!(one.file()),
    }
    if let Some(subject) = &one.subject {
        add(&mut value, about(subject));
    }
    if !one.related.is_empty() {
        let related = one.related.iter().map(|(place, role)| {
            let mut value = at(place);
            value["message"] = json!(role);
            value
        });
        value["related"] = related.collect();
    }
    if let Some(fix) = &one.fix {
        value["fix"] = fix_of(fix);
    }
    value
}

/// Where a place begins.
fn at(place: &Place) -> Value {
    let at = place.source.line_column(place.span.start);
    json!({"file": place.source.name, "line": at.line, "column": at.column})
}

fn about(subject: &Subject) -> Value {
    let mut value = json!({});
    if let Some(object) = &subject.object {
        value["object"] = json!({
            "apiVersion": object.api_version,
            "kind": object.kind,
            "name": object.name,
        });
        if let Some(namespace) = &object.namespace {
            value["object"]["namespace"] = json!(namespace);
        }
    }
    if subject.field != Pointer::root() {
        value["field"] = json!(subject.field.to_string());
    }
    if let Some(index) = subject.file.as_ref().and_then(|file| file.index) {
        value["index"] = json!(index);
    }
    value
}

/// `edits` replace what is from `line` and `column` up to `endLine` and `endColumn`.
fn fix_of(fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(|edit| {
        let mut value = at(&edit.place);
        let end = edit.place.source.line_column(edit.place.span.end);
        value["endLine"] = json!(end.line);
        value["endColumn"] = json!(end.column);
        value["text"] = json!(edit.text);
        value
    });
    let edits: Value = edits.collect();
    json!({"title": fix.title, "safety": fix.safety.word(), "edits": edits})
}

fn add(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}

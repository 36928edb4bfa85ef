//! Messages as data, for `--format json`.

use serde_json::{Value, json};

use crate::diag::Report;

/// An array of the messages that are kept: `code`, `severity`, `message`, `label`, `help`, and with a place `file`,
/// `line` and `column` (both from 1).
pub fn render(report: &Report) -> Value {
    let all = report.sorted().into_iter().map(|one| {
        let mut value = json!({
            "code": one.code.id(),
            "severity": one.severity.word(),
            "message": one.message,
            "label": one.label,
            "help": one.help,
        });
        if let (Some(place), Some(at)) = (&one.place, one.line_column()) {
            value["file"] = json!(place.source.name);
            value["line"] = json!(at.line);
            value["column"] = json!(at.column);
        }
        value
    });
    Value::Array(all.collect())
}

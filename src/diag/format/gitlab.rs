//! The Code Quality report of GitLab
//! (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>).

use serde_json::{Value, json};

use crate::clean;
use crate::diag::fingerprint::{self, Occurrences};
use crate::diag::format::{OfFile, Output, RunResult, Writer};
use crate::diag::{Diagnostic, Severity};

pub(super) const WRITER: Writer = Writer {
    has_text: false,
    write,
};

/// The longest description, in characters.
const LONGEST: usize = 4_000;

fn write(run: &RunResult<'_>) -> Output {
    let mut seen = Occurrences::default();
    let mut all = Vec::new();
    for OfFile {
        file,
        messages,
        omitted,
    } in run.files()
    {
        // Every entry has a path: what is about no file is about the directory.
        let path = run.seen(if file.is_empty() { "." } else { file });
        let mut add = |check: &str, severity, description: &str, line, print: &str| {
            // Of those with one fingerprint GitLab shows the first only.
            let fingerprint = match seen.count(print) {
                1 => print.to_owned(),
                count => format!("{print}-{count}"),
            };
            all.push(json!({
                "description": description,
                "check_name": check,
                "fingerprint": fingerprint,
                "severity": word(severity),
                "location": {"path": path.path(), "lines": {"begin": line}},
            }));
        };
        for one in messages {
            let line = one.line_column().map_or(1, |at| at.line);
            let (id, print) = (one.code.id(), run.fingerprint(one));
            add(id, one.severity, &description(one), line, &print);
        }
        if let Some(omitted) = omitted {
            let sentence = clean::line(&omitted.sentence());
            let print = fingerprint::of(&["omitted", path.path()]);
            add("omitted", omitted.worst(), &sentence, 1, &print);
        }
    }
    let text = serde_json::to_string_pretty(&Value::Array(all)).unwrap_or_default();
    Output::Json(format!("{text}\n"))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}

/// All sentences on one line: GitLab shows a list.
fn description(one: &Diagnostic) -> String {
    let subject = one.subject.as_ref().map(ToString::to_string);
    let parts = [Some(one.message.clone()), Some(one.label.clone()), subject];
    let help = one.help.iter().map(|help| format!("help: {help}"));
    let parts = parts.into_iter().flatten().chain(help);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let text = clean::line(&parts.join("; "));
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), within the rules of GitHub
//! (<https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clean;
use crate::diag::fingerprint::Occurrences;
use crate::diag::format::path::Seen;
use crate::diag::format::{OfFile, Output, RunResult, Writer};
use crate::diag::rules::RulePage;
use crate::diag::{Code, Diagnostic, Edit, Fix, Omitted, Severity};
use crate::span::{Place, Source};

pub(super) const WRITER: Writer = Writer {
    has_text: false,
    write,
};

/// The schema that the output is valid by.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The most results of a run; GitHub refuses a file with more.
const MOST_RESULTS: usize = 25_000;
/// The most related places of a result; GitHub shows no more of them.
const MOST_PLACES: usize = 100;
/// The longest text of a message, in characters.
const LONGEST: usize = 10_000;
/// What paths are relative to, as GitHub expects it.
const ROOT: &str = "%SRCROOT%";

fn write(run: &RunResult<'_>) -> Output {
    let to = To { run };
    let mut found = Vec::new();
    let mut notices = Vec::new();
    for OfFile {
        file,
        messages,
        omitted,
    } in run.files()
    {
        match file {
            "" => notices.extend(messages.iter().map(|one| to.notice_of(one))),
            file => found.extend(messages.into_iter().map(|one| (file, one))),
        }
        notices.extend(omitted.map(|omitted| to.omitted(file, &omitted)));
    }
    if found.len() > MOST_RESULTS {
        // Errors are the last to be left out.
        found.sort_by_key(|(_, one)| one.severity);
        let worst = found[MOST_RESULTS].1.severity;
        let count = found.len() - MOST_RESULTS;
        found.truncate(MOST_RESULTS);
        let text = format!("{count} more results are not listed: a run has at most {MOST_RESULTS}");
        notices.push(notice(worst, &text));
    }
    let mut seen = Occurrences::default();
    let results: Vec<Value> = found
        .iter()
        .map(|(file, one)| to.result(file, one, &mut seen))
        .collect();
    let value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver()},
            "invocations": [{
                "executionSuccessful": run.stopped.is_none(),
                "toolExecutionNotifications": notices,
            }],
            "originalUriBaseIds": {ROOT: {
                "description": {"text": "The root of the repository; outside of one, the working directory of pullwright."},
            }},
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    Output::Json(format!("{text}\n"))
}

/// The tool, with all rules: services explain a result by them, and know which rules found nothing.
fn driver() -> Value {
    let rules: Vec<Value> = Code::ALL.iter().map(|code| rule(*code)).collect();
    let version = env!("CARGO_PKG_VERSION");
    let mut driver = json!({
        "name": "pullwright",
        "version": version,
        "semanticVersion": version,
        "rules": rules,
    });
    // Set once the package has a public address.
    let homes = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
    if let Some(home) = homes.into_iter().find(|home| !home.is_empty()) {
        driver["informationUri"] = json!(home);
    }
    driver
}

fn rule(code: Code) -> Value {
    let page = RulePage::of(code);
    let severity = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    };
    json!({
        "id": code.id(),
        "shortDescription": {"text": code.about()},
        "fullDescription": {"text": page.meaning},
        "help": {"text": page.plain(), "markdown": page.text()},
        "defaultConfiguration": {"level": level(code.severity())},
        "properties": {
            "precision": "very-high",
            "problem.severity": severity,
            "tags": ["kubernetes", "azure-container-registry"],
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Something about the run, not about a file.
fn notice(severity: Severity, text: &str) -> Value {
    json!({"level": level(severity), "message": {"text": text}})
}

/// Writes what is about files of a run.
struct To<'a> {
    run: &'a RunResult<'a>,
}

impl To<'_> {
    fn notice_of(&self, one: &Diagnostic) -> Value {
        let mut value = notice(one.severity, &text(one));
        value["associatedRule"] = json!({"id": one.code.id(), "index": one.code as usize});
        value
    }

    fn omitted(&self, file: &str, omitted: &Omitted<'_>) -> Value {
        let mut value = notice(omitted.worst(), &clean::line(&omitted.sentence()));
        if !file.is_empty() {
            value["locations"] = json!([{"physicalLocation": self.whole(file)}]);
        }
        value
    }

    fn result(&self, file: &str, one: &Diagnostic, seen: &mut Occurrences) -> Value {
        let place = match &one.place {
            Some(place) => self.place(place),
            None => self.whole(file),
        };
        let fingerprint = self.run.fingerprint(one);
        let count = seen.count(&fingerprint);
        let mut value = json!({
            "ruleId": one.code.id(),
            "ruleIndex": one.code as usize,
            "level": level(one.severity),
            "message": {"text": text(one)},
            "locations": [{"physicalLocation": place}],
            // The only name that GitHub reads; the number tells those apart that are about the same.
            "partialFingerprints": {
                "primaryLocationLineHash": format!("{fingerprint}:{count}"),
                "pullwright/v1": fingerprint,
            },
        });
        let related = one.related.iter().take(MOST_PLACES).zip(1..);
        let related: Vec<Value> = related
            .map(|((place, role), id)| {
                json!({
                    "id": id,
                    "message": {"text": clean::line(role)},
                    "physicalLocation": self.place(place),
                })
            })
            .collect();
        if !related.is_empty() {
            value["relatedLocations"] = json!(related);
        }
        if let Some(fix) = &one.fix {
            value["fixes"] = json!([self.fix(fix)]);
        }
        value
    }

    fn file(&self, name: &str) -> Value {
        let seen = self.run.seen(name);
        match seen {
            Seen::Below(_) => json!({"uri": seen.uri(), "uriBaseId": ROOT}),
            Seen::Elsewhere(_) | Seen::Stdin => json!({"uri": seen.uri()}),
        }
    }

    /// A file without a place in it: services want a line.
    fn whole(&self, name: &str) -> Value {
        json!({"artifactLocation": self.file(name), "region": {"startLine": 1}})
    }

    fn place(&self, place: &Place) -> Value {
        json!({"artifactLocation": self.file(&place.source.name), "region": region(place)})
    }

    fn fix(&self, fix: &Fix) -> Value {
        // All edits of a file are one change.
        let mut files: Vec<(&Arc<Source>, Vec<&Edit>)> = Vec::new();
        for edit in &fix.edits {
            let source = &edit.place.source;
            let known = files.iter_mut().find(|(one, _)| one.name == source.name);
            match known {
                Some((_, edits)) => edits.push(edit),
                None => files.push((source, vec![edit])),
            }
        }
        let changes = files.iter().map(|(source, edits)| {
            let edits = edits.iter().map(|edit| {
                json!({
                    "deletedRegion": region(&edit.place),
                    "insertedContent": {"text": edit.text},
                })
            });
            json!({
                "artifactLocation": self.file(&source.name),
                "replacements": edits.collect::<Vec<_>>(),
            })
        });
        json!({
            "description": {"text": clean::line(&fix.title)},
            "artifactChanges": changes.collect::<Vec<_>>(),
            "properties": {"safety": fix.safety.word()},
        })
    }
}

/// From the first character to the one after the last.
fn region(place: &Place) -> Value {
    let start = place.source.line_column(place.span.start);
    let end = place.span.end.max(place.span.start);
    let end = place.source.line_column(end);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// The sentences of a message, a line each; the first one is enough where only one is shown. Services link
/// to a related place where its number is in the text.
fn text(one: &Diagnostic) -> String {
    let mut lines = vec![format!("{}.", inert(&one.message))];
    lines.extend(Some(inert(&one.label)).filter(|label| !label.is_empty()));
    let subject = one.subject.as_ref().map(|one| inert(&one.to_string()));
    lines.extend(subject.filter(|subject| !subject.is_empty()));
    let roles = one.related.iter().take(MOST_PLACES).zip(1..);
    lines.extend(roles.map(|((_, role), id)| {
        let role = clean::line(role).replace('\\', "\\\\");
        let role = role.replace('[', "\\[").replace(']', "\\]");
        format!("[{role}]({id})")
    }));
    lines.extend(one.help.iter().map(|help| format!("help: {}", inert(help))));
    let text = lines.join("\n");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Text of users in which no service finds a link.
fn inert(text: &str) -> String {
    clean::line(text).replace("](", "] (")
}

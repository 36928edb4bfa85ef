//! Mistakes of shape in words: what was found, where, and what to write instead.

use std::sync::Arc;

use serde_json::Value;

use crate::config::validate::{Issue, IssueKind};
use crate::diag::{Code, Diagnostic};
use crate::document::quote::inline;
use crate::document::{Data, Document, Node};
use crate::names;
use crate::pointer::{Pointer, Step};
use crate::span::{Source, Span};

/// The message for an issue. `source` is the document's own, with what must not be shown.
pub(super) fn say(issue: &Issue, document: &Document, source: &Arc<Source>) -> Diagnostic {
    let pointer = &issue.pointer;
    let found = document.find(pointer);
    let at_value = document.value_span(pointer);
    match &issue.kind {
        IssueKind::UnknownKey { keys, elsewhere } => {
            unknown_key(issue, keys, elsewhere.as_deref()).at(source, document.step_span(pointer))
        }
        IssueKind::MissingKey(key, example) => {
            missing_key(pointer, key, *example).at(source, document.step_span(pointer))
        }
        IssueKind::WrongType(want) => {
            wrong_type(pointer, want, found, document).at(source, at_value)
        }
        IssueKind::UnknownValue(choices) => {
            unknown_value(pointer, choices, found).at(source, at_value)
        }
        IssueKind::TooFew => Diagnostic::new(Code::OutOfRange, format!("`{pointer}` is empty"))
            .at(source, at_value)
            .label("at least one is needed"),
        IssueKind::OutOfRange(limit) => {
            Diagnostic::new(Code::OutOfRange, format!("`{pointer}` is out of range"))
                .at(source, at_value)
                .label(format!("must be {limit}"))
        }
        IssueKind::Name(format) => invalid_name(pointer, format, found).at(source, at_value),
        IssueKind::Other(why) => {
            Diagnostic::new(Code::UnknownValue, format!("`{pointer}` is not valid"))
                .at(source, at_value)
                .label(why.clone())
        }
    }
}

fn unknown_key(issue: &Issue, keys: &[&str], elsewhere: Option<&str>) -> Diagnostic {
    let parent = issue.pointer.parent().unwrap_or_default();
    let message = format!(
        "unknown key `{}` in `{parent}`",
        shown(last_key(&issue.pointer))
    );
    let label = match (elsewhere, issue.meant()) {
        (Some(choice), _) => format!("only with {choice}"),
        (None, Some(close)) => format!("did you mean `{close}`?"),
        // The keys of this mapping are names that the config itself declares.
        (None, None) if keys.is_empty() => "this is no valid registry name".to_owned(),
        (None, None) => format!("expected one of {}", list(keys)),
    };
    Diagnostic::new(Code::UnknownKey, message).label(label)
}

fn missing_key(pointer: &Pointer, key: &str, example: Option<&Value>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::MissingKey,
        format!("`{key}` is missing in `{pointer}`"),
    );
    match example {
        Some(example) => {
            diagnostic.help(format!("add it, for example `{key}: {}`", inline(example)))
        }
        None => diagnostic,
    }
}

fn wrong_type(
    pointer: &Pointer,
    want: &str,
    found: Option<&Node>,
    document: &Document,
) -> Diagnostic {
    let is = found.map_or("nothing", |node| noun(&node.data));
    let raw = found
        .filter(|node| matches!(node.data, Data::Scalar(_)))
        .map(|node| &document.source.text[node.span.range()])
        .filter(|raw| raw.len() < 80 && !raw.contains('\n') && !is_private(pointer));
    let message = format!("`{pointer}` must be {}, not {is}", article(want));
    let diagnostic = Diagnostic::new(Code::WrongType, message);
    let fix = match (want, found.map(|node| &node.data), raw) {
        (_, Some(Data::Scalar(Value::Null)), _) => {
            Some("give it a value, or remove the key".to_owned())
        }
        ("array", Some(Data::Scalar(_)), Some(raw)) => Some(format!("write a list: `[{raw}]`")),
        ("string", Some(Data::Scalar(_)), Some(raw)) => {
            Some(format!("quote the value: `\"{raw}\"`"))
        }
        ("integer", Some(Data::Scalar(Value::String(text))), _) if text.parse::<i64>().is_ok() => {
            Some(format!("remove the quotes: `{text}`"))
        }
        ("boolean", Some(Data::Scalar(_)), _) => Some("write `true` or `false`".to_owned()),
        ("object", ..) => Some("write a mapping: `key: value` lines, or `{key: value}`".to_owned()),
        _ => None,
    };
    match fix {
        Some(fix) => diagnostic.label(format!("this is {is}")).help(fix),
        None => diagnostic.label(format!("this is {is}")),
    }
}

fn unknown_value(pointer: &Pointer, choices: &[String], found: Option<&Node>) -> Diagnostic {
    let words: Vec<&str> = choices.iter().map(String::as_str).collect();
    let expected = format!(
        "expected {}{}",
        if words.len() > 1 { "one of " } else { "" },
        list(&words)
    );
    let text = match found.map(|node| &node.data) {
        Some(Data::Scalar(value)) => value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned),
        _ => String::new(),
    };
    let diagnostic = Diagnostic::new(
        Code::UnknownValue,
        format!("unknown value `{}` of `{pointer}`", shown(&text)),
    );
    match nearest(&text, &words) {
        Some(close) if words.len() > 1 => diagnostic
            .label(format!("did you mean `{close}`?"))
            .help(expected),
        _ => diagnostic.label(expected),
    }
}

fn invalid_name(pointer: &Pointer, format: &str, found: Option<&Node>) -> Diagnostic {
    let text = found.and_then(|node| match &node.data {
        Data::Scalar(Value::String(text)) => Some(text.as_str()),
        _ => None,
    });
    let (Some(rule), Some(text)) = (names::rule(format), text) else {
        return Diagnostic::new(
            Code::InvalidName,
            format!("`{pointer}` is not a valid name"),
        );
    };
    let Err(fault) = (rule.check)(text) else {
        return Diagnostic::new(
            Code::InvalidName,
            format!("`{pointer}` is not a valid {}", rule.noun),
        );
    };
    let what = if is_private(pointer) {
        "this".to_owned()
    } else {
        format!("`{}`", shown(text))
    };
    let diagnostic = Diagnostic::new(
        Code::InvalidName,
        format!("{what} is not a valid {}: {}", rule.noun, fault.why),
    );
    match fault.suggestion {
        Some(better) => diagnostic.label(format!("use `{better}`")),
        None => diagnostic.label(format!("for example `{}`", rule.examples[0])),
    }
}

/// Places where somebody may have pasted a secret in place of the name of a variable.
fn is_private(pointer: &Pointer) -> bool {
    pointer.0.iter().any(|step| match step {
        Step::Key(key) => {
            ["credential", "credentials", "usernameFrom", "passwordFrom"].contains(&key.as_str())
        }
        Step::Index(_) => false,
    }) && !matches!(pointer.0.last(), Some(Step::Key(key)) if ["name", "scopeMap", "type", "appId", "expiresInDays", "path"].contains(&key.as_str()))
        && !pointer
            .0
            .iter()
            .any(|step| *step == Step::Key("repositories".to_owned()))
}

/// Spans that no excerpt of this document may show: values of unknown keys, and what stands where
/// only the name of a variable belongs.
pub(super) fn hidden(issues: &[Issue], document: &Document) -> Vec<Span> {
    let hides = |issue: &&Issue| match issue.kind {
        // A slip of the pen is worth showing, unless the key itself speaks of a secret.
        IssueKind::UnknownKey { .. } => match issue.meant() {
            Some(key) => {
                ["usernameFrom", "passwordFrom", "credential", "credentials"].contains(&key)
            }
            None => true,
        },
        IssueKind::Name(_) | IssueKind::WrongType(_) | IssueKind::UnknownValue(_) => {
            is_private(&issue.pointer)
        }
        _ => false,
    };
    issues
        .iter()
        .filter(hides)
        .filter_map(|issue| document.find(&issue.pointer))
        .flat_map(scalars)
        .collect()
}

/// The scalars below a node.
pub(super) fn scalars(node: &Node) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match &node.data {
            Data::Scalar(_) => spans.push(node.span),
            Data::Sequence(items) => waiting.extend(items),
            Data::Mapping(entries) => waiting.extend(entries.iter().map(|entry| &entry.value)),
        }
    }
    spans
}

/// User text short enough for one line.
pub(super) fn shown(text: &str) -> String {
    let flat: String = text
        .chars()
        .take(81)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if flat.chars().count() <= 80 {
        return flat;
    }
    let head: String = flat.chars().take(77).collect();
    format!("{head}...")
}

fn last_key(pointer: &Pointer) -> &str {
    match pointer.0.last() {
        Some(Step::Key(key)) => key,
        _ => "",
    }
}

/// The choice that is most like `text`, if one is. A long word, or one of thousands, is like none.
pub(super) fn nearest<'a>(text: &str, choices: &[&'a str]) -> Option<&'a str> {
    const LONGEST: usize = 64;
    const MOST: usize = 1_000;
    if text.len() > LONGEST || choices.len() > MOST {
        return None;
    }
    let lower = text.to_lowercase();
    choices
        .iter()
        .filter(|choice| choice.len() <= LONGEST)
        .map(|choice| {
            (
                strsim::jaro_winkler(&lower, &choice.to_lowercase()),
                *choice,
            )
        })
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, choice)| choice)
}

/// `` `a`, `b`, `c` ``
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .take(12)
        .map(|word| format!("`{word}`"))
        .collect();
    let more = if words.len() > 12 { ", …" } else { "" };
    format!("{}{more}", quoted.join(", "))
}

fn article(kind: &str) -> &'static str {
    match kind {
        "array" => "a list",
        "object" => "a mapping",
        "string" => "a string",
        "integer" => "a whole number",
        "boolean" => "true or false",
        _ => "of another type",
    }
}

fn noun(data: &Data) -> &'static str {
    match data {
        Data::Scalar(Value::Null) => "nothing",
        Data::Scalar(Value::Bool(_)) => "a boolean",
        Data::Scalar(Value::Number(_)) => "a number",
        Data::Scalar(_) => "a string",
        Data::Sequence(_) => "a list",
        Data::Mapping(_) => "a mapping",
    }
}

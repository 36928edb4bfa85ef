//! Mistakes of shape in words: what was found, where, and what to write instead.

use serde_json::Value;

use crate::contract::Contract;
use crate::contract::private::is_private;
use crate::contract::slips;
use crate::contract::validate::{Issue, IssueKind, NoValue};
use crate::diag::{Code, Problem, Safety, nearest};
use crate::document::quote::{inline, string};
use crate::document::{Data, Document, Node};
use crate::names::{self, lookalike};
use crate::pointer::{Pointer, Step};
use crate::span::Span;

/// An issue in words.
pub(super) fn problem(contract: &'static Contract, issue: &Issue, document: &Document) -> Problem {
    let pointer = &issue.pointer;
    let found = document.find(pointer);
    if let Some(problem) = slips::problem(contract, issue, document) {
        return problem;
    }
    match &issue.kind {
        IssueKind::UnknownKey { keys, elsewhere } => {
            unknown_key(contract, issue, keys, elsewhere.as_deref(), document)
        }
        IssueKind::MissingKey(key, example) => missing_key(pointer, key, *example),
        IssueKind::OtherFile => slips::other_file(contract),
        IssueKind::WrongType(want) => wrong_type(contract, issue, want, document),
        IssueKind::NoValue(want) => no_value(pointer, want),
        IssueKind::UnknownValue(choices) => unknown_value(pointer, choices, found),
        IssueKind::TooFew => Problem::new(
            Code::OutOfRange,
            pointer,
            format!("`{pointer}` must not be empty"),
        )
        .label("at least one element is required"),
        IssueKind::OutOfRange(limit) => {
            let message = format!("`{pointer}` is out of range");
            Problem::new(Code::OutOfRange, pointer, message).label(format!("must be {limit}"))
        }
        IssueKind::Name(format) => invalid_name(contract, issue, format, found),
        IssueKind::Refused(why) => {
            let message = format!("`{}` cannot be set", shown(&pointer.to_string()));
            Problem::new(Code::GeneratedField, pointer, message)
                .at_key()
                .label(*why)
        }
        IssueKind::Other(why) => {
            let message = format!("`{pointer}` is not valid");
            Problem::new(Code::UnknownValue, pointer, message).label(why.clone())
        }
    }
}

fn unknown_key(
    contract: &'static Contract,
    issue: &Issue,
    keys: &[&str],
    elsewhere: Option<&str>,
    document: &Document,
) -> Problem {
    let parent = issue.pointer.parent().unwrap_or_default();
    let message = format!(
        "unknown key `{}` in {}",
        shown(last_key(&issue.pointer)),
        parent.quoted()
    );
    let problem = Problem::new(Code::UnknownKey, &issue.pointer, message).at_key();
    match (elsewhere, issue.meant()) {
        (Some(choice), _) => problem.label(format!("only with {choice}")),
        (None, Some(close)) => {
            let problem = problem.label(format!("did you mean `{close}`?"));
            let problem = match lookalike::first(last_key(&issue.pointer)) {
                Some(foreign) => {
                    problem.help(format!("write `{close}`: there is {foreign} in the key"))
                }
                None => problem,
            };
            match document.find(&parent.key(close)) {
                // Two keys of one name would be no better.
                Some(_) => problem,
                None => problem.rewrite(format!("write `{close}`"), Safety::Unsafe, close),
            }
        }
        // The keys of this mapping are names that the document itself declares.
        (None, None) if keys.is_empty() => {
            problem.label(format!("this is not a valid {}", contract.key_noun))
        }
        (None, None) => match keys {
            [key] => problem.label(format!("expected `{key}`")),
            keys => problem.label(format!("expected one of {}", list(keys))),
        },
    }
}

fn missing_key(pointer: &Pointer, key: &str, example: Option<&Value>) -> Problem {
    let message = format!("`{key}` is missing in {}", pointer.quoted());
    let problem = Problem::new(Code::MissingKey, pointer, message).at_key();
    match example {
        Some(example) => problem.help(format!("add it, for example `{key}: {}`", inline(example))),
        None => problem,
    }
}

fn wrong_type(
    contract: &'static Contract,
    issue: &Issue,
    want: &str,
    document: &Document,
) -> Problem {
    let pointer = &issue.pointer;
    let found = document.find(pointer);
    let is = found.map_or("nothing", |node| noun(&node.data));
    let raw = found
        .filter(|node| matches!(node.data, Data::Scalar(_)))
        .and_then(|node| document.source.text.get(node.span.range()))
        .filter(|raw| {
            raw.len() < 80 && !raw.contains('\n') && !is_private(contract, &issue.schema)
        });
    let message = format!("{} must be {}, not {is}", pointer.quoted(), article(want));
    let problem = Problem::new(Code::WrongType, pointer, message).label(format!("this is {is}"));
    let safe = |order: &str, text: String| {
        let problem = problem.clone().help(format!("{order}: `{text}`"));
        problem.rewrite(order, Safety::Safe, text)
    };
    match (want, found.map(|node| &node.data), raw) {
        ("array", Some(Data::Scalar(_)), Some(raw)) => safe("write a list", format!("[{raw}]")),
        ("string", Some(Data::Scalar(_)), Some(raw)) => {
            safe("quote the value", format!("\"{raw}\""))
        }
        ("integer", Some(Data::Scalar(Value::String(text))), _) if text.parse::<i64>().is_ok() => {
            safe("remove the quotes", text.clone())
        }
        ("boolean", Some(Data::Scalar(_)), _) => problem.help("write `true` or `false`"),
        ("array", Some(Data::Mapping(_)), _) => {
            problem.help("begin each element of the list with `- `")
        }
        ("object", ..) => problem.help("write a mapping: `key: value` lines, or `{key: value}`"),
        _ => problem,
    }
}

fn no_value(pointer: &Pointer, want: &NoValue) -> Problem {
    let message = format!("{} has no value", pointer.quoted());
    let problem = Problem::new(Code::WrongType, pointer, message)
        .label(format!("expected {}", article(want.kind)));
    let empty = match want.kind {
        "object" => Some("{}".to_owned()),
        "array" => Some("[]".to_owned()),
        _ => None,
    };
    let example = want.example.map(inline).or(empty);
    let rest = match pointer.0.last() {
        Some(Step::Index(_)) => "or remove the element",
        _ if want.is_optional => "or remove the key",
        _ => "",
    };
    match (example, last_key(pointer), rest) {
        (Some(example), "", "") => problem.help(format!("write one, for example `{example}`")),
        (Some(example), "", rest) => {
            problem.help(format!("write one, for example `{example}`, {rest}"))
        }
        (Some(example), key, "") => {
            problem.help(format!("write one, for example `{key}: {example}`"))
        }
        (Some(example), key, rest) => {
            problem.help(format!("write one, for example `{key}: {example}`, {rest}"))
        }
        (None, _, "") => problem.help("write one"),
        (None, _, rest) => problem.help(format!("write one, {rest}")),
    }
}

fn unknown_value(pointer: &Pointer, choices: &[String], found: Option<&Node>) -> Problem {
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
    if let Some(Data::Sequence(_) | Data::Mapping(_)) = found.map(|node| &node.data) {
        let is = found.map_or("nothing", |node| noun(&node.data));
        let message = format!("`{pointer}` must be a string, not {is}");
        return Problem::new(Code::WrongType, pointer, message).label(expected);
    }
    let message = format!("unknown value `{}` of `{pointer}`", shown(&text));
    let problem = Problem::new(Code::UnknownValue, pointer, message);
    let meant = lookalike::plain(&text);
    match (nearest(meant.trim(), &words), words.as_slice()) {
        (Some(close), [_, _, ..]) => problem
            .label(format!("did you mean `{close}`?"))
            .help(match lookalike::first(&text) {
                Some(foreign) => format!("write `{close}`: there is {foreign} in the value"),
                None => expected,
            })
            .rewrite(format!("write `{close}`"), Safety::Unsafe, string(close)),
        _ => problem.label(expected),
    }
}

fn invalid_name(
    contract: &'static Contract,
    issue: &Issue,
    format: &str,
    found: Option<&Node>,
) -> Problem {
    let pointer = &issue.pointer;
    let new = |message: String| Problem::new(Code::InvalidName, pointer, message);
    let text = found.and_then(|node| match &node.data {
        Data::Scalar(Value::String(text)) => Some(text.clone()),
        Data::Scalar(value) => Some(value.to_string()),
        Data::Sequence(_) | Data::Mapping(_) => None,
    });
    let (Some(rule), Some(text)) = (names::rule(format), text) else {
        return new(format!("`{pointer}` is not a valid name"));
    };
    let text = text.as_str();
    if text.is_empty() {
        let problem = new(format!("`{pointer}` must not be empty"));
        return problem.label(format!("for example `{}`", rule.examples[0]));
    }
    let Err(fault) = (rule.check)(text) else {
        return new(format!("`{pointer}` is not a valid {}", rule.noun));
    };
    let what = if is_private(contract, &issue.schema) {
        "this".to_owned()
    } else {
        format!("`{}`", shown(text))
    };
    let problem = new(format!(
        "{what} is not a valid {}: {}",
        rule.noun, fault.why
    ));
    match fault.suggestion {
        Some(better) => problem.label(format!("use `{better}`")).rewrite(
            format!("write `{better}`"),
            Safety::Unsafe,
            string(&better),
        ),
        None => problem.label(format!("for example `{}`", rule.examples[0])),
    }
}

/// Spans that no excerpt of this document may show: values of unknown keys, and what is where
/// only the name of a variable belongs.
pub(super) fn hidden(
    contract: &'static Contract,
    issues: &[Issue],
    document: &Document,
) -> Vec<Span> {
    let hides = |issue: &&Issue| match issue.kind {
        IssueKind::Refused(_) => false,
        // A slip of the pen is worth showing, unless the key itself speaks of a secret.
        IssueKind::UnknownKey { .. } => match issue.meant() {
            Some(key) => {
                let parent = issue.schema.parent().unwrap_or_default();
                is_private(contract, &parent.key(key))
            }
            None => true,
        },
        // Any file may be in its place.
        IssueKind::OtherFile => true,
        IssueKind::Name(_) | IssueKind::WrongType(_) | IssueKind::UnknownValue(_) => {
            is_private(contract, &issue.schema)
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
pub fn shown(text: &str) -> String {
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

/// `` `a`, `b`, `c` ``
pub fn list(words: &[&str]) -> String {
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

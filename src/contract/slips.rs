//! Mistakes of shape whose cause is known better than the schema knows it: texts that were not filled in,
//! letters that look like others, and files of another kind.

use serde_json::Value;

use crate::contract::Contract;
use crate::contract::private::is_private;
use crate::contract::validate::{API_VERSION, Issue, IssueKind, KIND};
use crate::contract::words::shown;
use crate::diag::{Code, Problem, Safety};
use crate::document::quote::string;
use crate::document::{Data, Document, Node};
use crate::names::{self, lookalike, placeholder};
use crate::pointer::Pointer;

/// What every API group of pullwright ends in.
const OURS: &str = "pullwright.dev/";

/// The problem of an issue, if its cause is one of these.
pub(super) fn problem(
    contract: &'static Contract,
    issue: &Issue,
    document: &Document,
) -> Option<Problem> {
    let pointer = &issue.pointer;
    let found = document.find(pointer);
    if let IssueKind::UnknownValue(expected) = &issue.kind
        && *pointer == Pointer::root().key(KIND)
    {
        return other_kind(pointer, expected.first()?, document);
    }
    let text = found.and_then(text_of)?;
    if is_private(contract, &issue.schema) {
        return None;
    }
    match &issue.kind {
        IssueKind::WrongType("object") => glued(pointer, text),
        IssueKind::Name(format) => {
            filled_in_later(issue, text).or_else(|| foreign_letter(pointer, format, text))
        }
        IssueKind::UnknownValue(_) | IssueKind::WrongType(_) => filled_in_later(issue, text),
        IssueKind::UnknownKey { .. }
        | IssueKind::MissingKey(..)
        | IssueKind::NoValue(_)
        | IssueKind::OtherFile
        | IssueKind::TooFew
        | IssueKind::Refused(_)
        | IssueKind::OutOfRange(_)
        | IssueKind::Other(_) => None,
    }
}

fn text_of(node: &Node) -> Option<&str> {
    match &node.data {
        Data::Scalar(Value::String(text)) => Some(text),
        Data::Scalar(_) | Data::Sequence(_) | Data::Mapping(_) => None,
    }
}

/// An object of Kubernetes in place of a file of ours.
fn other_kind(pointer: &Pointer, expected: &str, document: &Document) -> Option<Problem> {
    let text = |key: &str| document.find(&Pointer::root().key(key)).and_then(text_of);
    let (kind, version) = (text(KIND)?, text(API_VERSION)?);
    if version.starts_with(OURS) {
        let message = format!("this is of kind `{}`, not `{expected}`", shown(kind));
        let problem = Problem::new(Code::UnknownValue, pointer, message);
        return (kind == "PullInventory").then(|| {
            problem.help("validate the configs that include this inventory in its place")
        });
    }
    let message = format!("this is of kind `{}`, not `{expected}`", shown(kind));
    let problem = Problem::new(Code::UnknownValue, pointer, message);
    Some(
        problem.help(
            "check manifests with `pullwright audit`, or create a config with `pullwright init`",
        ),
    )
}

/// A mapping that has none of the keys of a file of ours.
pub(super) fn other_file(contract: &'static Contract) -> Problem {
    let choices = |key: &str| {
        let field = contract.resolved(&contract.schema["properties"][key]);
        field["enum"][0].as_str().unwrap_or_default().to_owned()
    };
    let (kind, version) = (choices(KIND), choices(API_VERSION));
    let message =
        format!("this is not of kind `{kind}`: neither `{API_VERSION}` nor `{KIND}` is set");
    let problem = Problem::new(Code::MissingKey, &Pointer::root(), message).at_key();
    problem.help(format!(
        "begin the file with `{API_VERSION}: {version}` and `{KIND}: {kind}`"
    ))
}

/// `name:value` in place of `name: value`.
fn glued(pointer: &Pointer, text: &str) -> Option<Problem> {
    let (key, value) = glued_key(text)?;
    let message = format!("{} must be a mapping, not a string", pointer.quoted());
    let meant = format!("{key}: {}", string(value));
    let problem = Problem::new(Code::WrongType, pointer, message);
    Some(
        problem
            .label("no space after the colon")
            .help(format!("write `{}`", shown(&meant)))
            .rewrite(format!("write `{}`", shown(&meant)), Safety::Unsafe, meant),
    )
}

/// The key and the value of a text that lacks the space between them.
pub(super) fn glued_key(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic());
    (is_key && !value.is_empty() && !value.starts_with([' ', '/'])).then_some((key, value))
}

/// `${NAME}`, `{{ name }}` and the like.
fn filled_in_later(issue: &Issue, text: &str) -> Option<Problem> {
    let token = placeholder::token(text)?;
    let code = match issue.kind {
        IssueKind::Name(_) => Code::InvalidName,
        IssueKind::WrongType(_) => Code::WrongType,
        _ => Code::UnknownValue,
    };
    let help = match token {
        token if token.starts_with("{{") => "render the template first, or write the value",
        token if token.starts_with('$') && !token.starts_with("$(") => {
            "run `envsubst` on the file first, or write the value"
        }
        _ => "write the value",
    };
    let message = format!("`{}` is a placeholder that was not replaced", shown(token));
    Some(Problem::new(code, &issue.pointer, message).help(help))
}

/// A name that would be right with letters of ASCII.
fn foreign_letter(pointer: &Pointer, format: &str, text: &str) -> Option<Problem> {
    let foreign = lookalike::first(text)?;
    let rule = names::rule(format)?;
    let message = format!(
        "`{}` is not a valid {}: there is {foreign} in it",
        shown(text),
        rule.noun
    );
    let problem = Problem::new(Code::InvalidName, pointer, message);
    let plain = lookalike::plain(text);
    let plain = plain.trim();
    Some(match (rule.check)(plain) {
        Ok(()) => problem.label(format!("use `{plain}`")).rewrite(
            format!("write `{plain}`"),
            Safety::Unsafe,
            string(plain),
        ),
        Err(_) => problem.help("write the name with letters of ASCII"),
    })
}

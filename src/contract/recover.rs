//! Repairs a document that violates the schema just enough to run the cross checks on the rest of it,
//! so that one run shows the mistakes of both kinds. The result is never rendered.

use serde_json::{Map, Value};

use crate::contract::moves::Moves;
use crate::contract::slips::glued_key;
use crate::contract::validate::{Issue, IssueKind, NoValue};
use crate::diag::nearest;
use crate::names::{self, lookalike, placeholder};
use crate::pointer::{Pointer, Step};

/// Repairs each issue by guess, or removes the smallest list element around it; returns what was removed.
/// Removed elements become null, so that the indexes of the others stay.
pub(super) fn repair(repaired: &mut Value, issues: &[Issue], moves: &mut Moves) -> Vec<Pointer> {
    let mut cuts = Vec::new();
    for issue in issues {
        match &issue.kind {
            IssueKind::UnknownKey { .. } | IssueKind::Refused(_) => {
                unknown_key(repaired, issue, moves);
            }
            IssueKind::WrongType(want) => {
                cuts.extend(wrong_type(repaired, want, &issue.pointer, moves));
            }
            IssueKind::NoValue(want) => cuts.extend(no_value(repaired, want, &issue.pointer)),
            IssueKind::Name(format) => cuts.extend(name(repaired, format, &issue.pointer)),
            IssueKind::TooFew | IssueKind::OutOfRange(_) => {}
            IssueKind::MissingKey(key, _)
                if !missing_is_repaired(repaired, &issue.pointer, key) =>
            {
                cuts.push(remove(repaired, &issue.pointer));
            }
            IssueKind::UnknownValue(choices) => {
                cuts.extend(unknown_value(repaired, choices, &issue.pointer));
            }
            IssueKind::MissingKey(..) => {}
            IssueKind::OtherFile | IssueKind::Other(_) => {
                cuts.push(remove(repaired, &issue.pointer));
            }
        }
    }
    cuts
}

/// A key that was misspelt has been renamed by now, and is missing no more.
fn missing_is_repaired(repaired: &Value, pointer: &Pointer, key: &str) -> bool {
    repaired
        .pointer(&pointer.key(key).to_json_pointer())
        .is_some()
}

/// Takes a misspelt key for the one it is like, and drops any other.
fn unknown_key(repaired: &mut Value, issue: &Issue, moves: &mut Moves) {
    let (Some(parent), Some(Step::Key(key))) = (issue.pointer.parent(), issue.pointer.0.last())
    else {
        return;
    };
    let Some(Value::Object(mapping)) = repaired.pointer_mut(&parent.to_json_pointer()) else {
        return;
    };
    let Some(value) = mapping.shift_remove(key) else {
        return;
    };
    if let Some(close) = issue.meant().filter(|close| !mapping.contains_key(*close)) {
        mapping.insert(close.to_owned(), value);
        moves.rename(parent.key(close), key);
    }
}

/// Takes a name for the one that is suggested, and drops what is to be replaced yet. Any other name
/// stays: what refers to it is right.
fn name(repaired: &mut Value, format: &str, pointer: &Pointer) -> Option<Pointer> {
    let slot = repaired.pointer_mut(&pointer.to_json_pointer())?;
    if matches!(slot, Value::Number(_) | Value::Bool(_)) {
        *slot = Value::from(slot.to_string());
    }
    let text = slot.as_str()?;
    if placeholder::token(text).is_some() {
        return Some(remove(repaired, pointer));
    }
    let check = names::rule(format)?.check;
    let plain = lookalike::plain(text);
    let meant = match check(plain.trim()) {
        Ok(()) => Some(plain.trim().to_owned()),
        Err(_) => check(text).err().and_then(|fault| fault.suggestion),
    };
    if let Some(meant) = meant {
        *slot = Value::from(meant);
    }
    None
}

/// Reads what was meant: a list of one, a string without quotes, a number in quotes.
fn wrong_type(
    repaired: &mut Value,
    want: &str,
    pointer: &Pointer,
    moves: &mut Moves,
) -> Option<Pointer> {
    let slot = repaired.pointer_mut(&pointer.to_json_pointer())?;
    let meant = match (want, &*slot) {
        ("array", Value::String(_) | Value::Object(_)) => {
            moves.wrap(pointer);
            Some(Value::Array(vec![slot.take()]))
        }
        ("object", Value::String(text)) => glued_key(text).map(|(key, value)| {
            moves.split(pointer);
            Value::from(Map::from_iter([(key.to_owned(), value.into())]))
        }),
        ("string", Value::Bool(_) | Value::Number(_)) => Some(Value::from(slot.to_string())),
        ("integer", Value::String(text)) => text.parse::<u32>().ok().map(Value::from),
        _ => None,
    };
    match meant {
        Some(meant) => {
            *slot = meant;
            None
        }
        // A list that was made of a value of another type is none.
        None => match pointer.parent().filter(|list| moves.is_wrapped(list)) {
            Some(list) => Some(remove(repaired, &list)),
            None => Some(remove(repaired, pointer)),
        },
    }
}

/// Takes a key without a value as one that is not there, if that tells nothing about others.
fn no_value(repaired: &mut Value, want: &NoValue, pointer: &Pointer) -> Option<Pointer> {
    let parent = pointer.parent()?;
    let mapping = repaired.pointer_mut(&parent.to_json_pointer());
    match (mapping, pointer.0.last()) {
        (Some(Value::Object(mapping)), Some(Step::Key(key)))
            if want.is_optional && !want.is_tag && !["array", "object"].contains(&want.kind) =>
        {
            mapping.shift_remove(key);
            None
        }
        _ => Some(remove(repaired, pointer)),
    }
}

/// The nearest choice, or away with it.
fn unknown_value(repaired: &mut Value, choices: &[String], pointer: &Pointer) -> Option<Pointer> {
    let words: Vec<&str> = choices.iter().map(String::as_str).collect();
    let slot = repaired.pointer_mut(&pointer.to_json_pointer())?;
    let meant = slot.as_str().map(lookalike::plain);
    match meant.and_then(|text| nearest(&text, &words)) {
        Some(close) => {
            *slot = Value::from(close);
            None
        }
        None => Some(remove(repaired, pointer)),
    }
}

/// Removes what cannot be repaired, with the list element that it is in; returns what was removed.
fn remove(repaired: &mut Value, pointer: &Pointer) -> Pointer {
    let last_index = pointer
        .0
        .iter()
        .rposition(|step| matches!(step, Step::Index(_)));
    let cut = match last_index {
        Some(at) => Pointer(pointer.0.iter().take(at + 1).cloned().collect()),
        None => pointer.clone(),
    };
    if let Some(slot) = repaired.pointer_mut(&cut.to_json_pointer()) {
        *slot = match last_index {
            Some(_) => Value::Null,
            None => Value::Object(Map::new()),
        };
    }
    cut
}

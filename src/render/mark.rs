//! Marks represent the values in a rendered text until their context is known.
//!
//! A template prints no value: it prints a mark, and keeps the value aside. When the whole text is
//! there, its YAML or shell structure tells how each value must be quoted.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secret::Redacted;
use crate::span::Span;

/// Opens a mark. Private use: no template and no value may hold it.
pub(super) const OPEN: char = '\u{e000}';
/// Closes a mark.
pub(super) const CLOSE: char = '\u{e001}';

/// Stands for the runtime of scripts, on a line of its own. Private use as well.
pub(super) const RUNTIME: char = '\u{e002}';

/// A value that a template printed.
#[derive(Debug, Clone)]
pub(super) enum Marked {
    /// Any value of the context.
    Plain(Value),
    /// A secret text.
    Secret(Redacted),
}

impl Marked {
    /// The text inside another text; `None` if it cannot be part of one.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Plain(Value::String(text)) => Some(text.clone()),
            Self::Plain(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            Self::Plain(Value::Null | Value::Array(_) | Value::Object(_)) => None,
            Self::Secret(text) => Some(text.expose().to_owned()),
        }
    }
}

/// A value that a template printed, as far as the engine may know it: of a secret, the place alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Kept {
    /// Any value of the context.
    Plain(Value),
    /// The secret at this place among those of the file.
    Secret(usize),
    /// The variable at this place among those of the file alone.
    Own(usize),
}

impl Kept {
    /// Bytes of its texts; every element counts for one more.
    fn size(&self) -> usize {
        match self {
            Self::Plain(value) => size_of(value),
            Self::Secret(_) | Self::Own(_) => 0,
        }
    }
}

/// Bytes of the texts in a value; every element counts for one more.
pub(super) fn size_of(value: &Value) -> usize {
    1 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size_of).sum(),
        Value::Object(map) => map.iter().map(|(key, one)| key.len() + size_of(one)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// The values of one render.
#[derive(Default)]
struct Values {
    kept: Vec<Kept>,
    /// What may still be kept, in bytes.
    room: usize,
}

thread_local! {
    /// The values of the render that this thread is at.
    static VALUES: RefCell<Values> = RefCell::default();
}

/// Forgets the values of the render before; the next one keeps `room` bytes at most.
pub(super) fn begin(room: usize) {
    VALUES.set(Values {
        kept: Vec::new(),
        room,
    });
}

/// Keeps a value, and returns the number of its mark; `None` if there is no room left.
pub(super) fn keep(value: Kept) -> Option<usize> {
    VALUES.with_borrow_mut(|values| {
        values.room = values.room.checked_sub(value.size())?;
        values.kept.push(value);
        Some(values.kept.len() - 1)
    })
}

/// The values of the render that just ended, by the numbers of their marks.
pub(super) fn take() -> Vec<Kept> {
    VALUES.take().kept
}

/// A mark in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Where it is.
    pub(super) span: Span,
    /// Which value it represents.
    pub(super) number: usize,
}

/// All marks of `text`; `Err` with the place of half a mark, which a filter may have cut.
pub(super) fn find(text: &str) -> Result<Vec<Mark>, usize> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find([OPEN, CLOSE]) {
        let start = at + found;
        let rest = text[start..].strip_prefix(OPEN).ok_or(start)?;
        let (digits, _) = rest.split_once(CLOSE).ok_or(start)?;
        let number = digits.parse().map_err(|_| start)?;
        let end = start + OPEN.len_utf8() + digits.len() + CLOSE.len_utf8();
        marks.push(Mark {
            span: Span::new(start..end),
            number,
        });
        at = end;
    }
    Ok(marks)
}

/// A text cut at its marks.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Text of the template.
    Text(String),
    /// The value of a mark.
    Value(usize),
}

/// Cuts `text` at its marks.
pub(super) fn parts(text: &str, marks: &[Mark]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    for mark in marks {
        if at < mark.span.start {
            parts.push(Part::Text(text[at..mark.span.start].to_owned()));
        }
        parts.push(Part::Value(mark.number));
        at = mark.span.end;
    }
    if at < text.len() {
        parts.push(Part::Text(text[at..].to_owned()));
    }
    parts
}

/// Puts the values in; `None` if one of them has no text form.
pub(super) fn join(parts: &[Part], values: &[Marked]) -> Option<String> {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Value(number) => out.push_str(&values[*number].text()?),
        }
    }
    Some(out)
}

/// Bytes of a text with its values in place of the marks, before they are quoted. Half a mark counts
/// as text.
pub(super) fn size_with(text: &str, values: &[Marked]) -> usize {
    let marks = find(text).unwrap_or_default();
    let sizes = marks.iter().map(|mark| match values.get(mark.number) {
        Some(Marked::Plain(value)) => size_of(value),
        Some(Marked::Secret(text)) => text.expose().len(),
        None => 0,
    });
    text.len() + sizes.sum::<usize>()
}

/// Why a value cannot be where it is, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Byte in the text with marks.
    pub(super) at: usize,
    /// What is wrong.
    pub(super) why: String,
    /// What to do.
    pub(super) help: &'static str,
}

/// What is left of a mark is at `at`.
pub(super) fn cut(at: usize) -> Refusal {
    Refusal {
        at,
        why: "a filter cut a value that was already printed".to_owned(),
        help: "apply filters inside the `{{ }}` that prints the value",
    }
}

/// A text for people: `{{ … }}` in place of each mark.
pub(super) fn without(text: &str) -> String {
    let Ok(marks) = find(text) else {
        return text.replace([OPEN, CLOSE], "");
    };
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        out.push_str(&text[at..mark.span.start]);
        out.push_str("{{ … }}");
        at = mark.span.end;
    }
    out.push_str(&text[at..]);
    out
}

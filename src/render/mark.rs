//! Marks stand in a rendered text for the values, until their surroundings are known.
//!
//! A template prints no value: it prints a mark, and keeps the value aside. When the whole text is
//! there, its YAML or shell structure tells how each value must be quoted.

use std::cell::RefCell;

use serde_json::Value;

use crate::secret::Redacted;
use crate::span::Span;

/// Opens a mark. Private use: no template and no value may hold it.
pub(super) const OPEN: char = '\u{e000}';
/// Closes a mark.
pub(super) const CLOSE: char = '\u{e001}';

/// A value that a template printed.
#[derive(Debug, Clone)]
pub(super) enum Marked {
    /// Any value of the context.
    Plain(Value),
    /// A secret text.
    Secret(Redacted),
    /// The variable at this place among those of the file alone; filled in for each file.
    Own(usize),
}

impl Marked {
    /// The text inside another text; `None` for what has no such form.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Plain(Value::String(text)) => Some(text.clone()),
            Self::Plain(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            Self::Plain(Value::Null | Value::Array(_) | Value::Object(_)) | Self::Own(_) => None,
            Self::Secret(text) => Some(text.expose().to_owned()),
        }
    }
}

thread_local! {
    /// The values of the render that this thread is at.
    static VALUES: RefCell<Vec<Marked>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the values of the render before.
pub(super) fn begin() {
    VALUES.with_borrow_mut(Vec::clear);
}

/// Keeps a value, and returns the number of its mark.
pub(super) fn keep(value: Marked) -> usize {
    VALUES.with_borrow_mut(|values| {
        values.push(value);
        values.len() - 1
    })
}

/// The values of the render that just ended, by the numbers of their marks.
pub(super) fn take() -> Vec<Marked> {
    VALUES.with_borrow_mut(std::mem::take)
}

/// A mark in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Where it stands.
    pub(super) span: Span,
    /// Which value it stands for.
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

/// Why a value cannot stand where it stands, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Byte in the text with marks.
    pub(super) at: usize,
    /// What is wrong.
    pub(super) why: String,
    /// What to do.
    pub(super) help: &'static str,
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

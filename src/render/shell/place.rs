//! Writes one value into its place.

use serde_json::Value;

use crate::clean::{inside_single_quotes, single_quoted};
use crate::render::mark::{Marked, Refusal};
use crate::render::shell::rules::Lists;
use crate::render::shell::word::Quote;

/// What a value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside quotes: the value becomes a word in single quotes, a list several words where it fits.
    Bare(Lists),
    /// Inside `'…'`.
    Single,
    /// Inside `"…"`.
    Double,
    /// After `#`.
    Comment,
}

impl Place {
    /// A place in quotes.
    pub(super) fn new(quote: Quote, lists: Lists) -> Self {
        match quote {
            Quote::Bare => Self::Bare(lists),
            Quote::Single => Self::Single,
            Quote::Double => Self::Double,
        }
    }

    /// The text of a value in this place; several texts for a list.
    pub(super) fn texts(self, value: &Marked, at: usize) -> Result<Vec<String>, Refusal> {
        let refuse = |why: &str, help| Refusal {
            at,
            why: why.to_owned(),
            help,
        };
        let texts = match (value, self) {
            (Marked::Plain(Value::Array(items)), Self::Bare(Lists::Fit)) => {
                let texts = items.iter().map(|item| Marked::Plain(item.clone()).text());
                texts.collect::<Option<Vec<String>>>().ok_or_else(|| {
                    refuse(
                        "a list of lists cannot be printed in a script",
                        "print its elements individually",
                    )
                })?
            }
            _ => vec![value.text().ok_or_else(|| {
                refuse(
                    "a mapping, a null or a list as one word cannot be printed in a script",
                    "print its elements individually, or a list as arguments or elements: `NAMES=({{ list }})`",
                )
            })?],
        };
        if texts.iter().any(|text| text.contains('\0')) {
            return Err(refuse(
                "a script must not contain NUL",
                "remove it from the value",
            ));
        }
        Ok(texts)
    }

    /// A text in the form that means it in this place.
    pub(super) fn quote(self, text: &str) -> String {
        match self {
            Self::Bare(_) => single_quoted(text),
            Self::Single => inside_single_quotes(text),
            Self::Double => double(text),
            Self::Comment => {
                let visible = |c: char| if c.is_control() { ' ' } else { c };
                text.chars().map(visible).collect()
            }
        }
    }
}

fn double(text: &str) -> String {
    let special = |c: char| matches!(c, '"' | '\\' | '$' | '`');
    if text.contains(special) && !text.is_ascii() {
        // In some encodings of the locale a backslash is the second half of the letter before it.
        return format!("\"{}\"", single_quoted(text));
    }
    let mut out = String::new();
    for c in text.chars() {
        if special(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

//! Puts values into a YAML text so that none can change its structure.

use serde_json::{Map, Value};

use crate::document::quote;
use crate::document::tokens::{Style, Token, Within, tokens};
use crate::render::mark::{Mark, Marked, Part, Refusal, find, join, parts};

/// Longer lines are folded where that is possible (`yamllint` allows 80 characters).
const LINE: usize = 80;

/// A text with marks, cut into what stays and what is filled in.
#[derive(Debug)]
pub(super) struct Mold {
    pieces: Vec<Piece>,
    /// The documents of the text, with marks in their strings.
    expected: Vec<Value>,
}

/// A piece of a text.
#[derive(Debug)]
enum Piece {
    /// Text of the template.
    Text(String),
    /// A scalar that is one value: written with its type.
    Whole { number: usize, fold: Option<Fold> },
    /// A scalar that holds values among other text: always a string.
    Mixed { parts: Vec<Part>, at: usize },
    /// A value in a comment.
    Comment { number: usize },
    /// A value in a block scalar.
    Block { number: usize, at: usize },
}

/// A value that may move to a line of its own if it is long.
#[derive(Debug, Clone, Copy)]
struct Fold {
    /// Characters before it in its line.
    column: usize,
    /// Spaces before the moved value.
    indent: usize,
}

impl Mold {
    /// Reads the structure of `text`. `documents` are those of the text, read by the caller.
    pub(super) fn new(text: &str, documents: Vec<Value>) -> Result<Self, Refusal> {
        let refuse = |at, why: &str, help| Refusal {
            at,
            why: why.to_owned(),
            help,
        };
        let marks = find(text).map_err(|at| {
            refuse(
                at,
                "a filter cut a value that was already printed",
                "apply filters inside the `{{ }}` that prints the value",
            )
        })?;
        let all = tokens(text).map_err(|(at, why)| {
            refuse(
                at,
                &format!("not valid YAML: {why}"),
                "mend the template's own text",
            )
        })?;
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut rest = marks.as_slice();
        for token in &all {
            let inside = rest.partition_point(|mark| mark.span.end <= token.span.end);
            let (here, later) = rest.split_at(inside);
            let Some(first) = here.first() else { continue };
            if first.span.start < token.span.start {
                return Err(outside(first));
            }
            rest = later;
            let range = if token.style == Style::Comment || token.style == Style::Block {
                for mark in here {
                    pieces.push(Piece::Text(text[at..mark.span.start].to_owned()));
                    pieces.push(match token.style {
                        Style::Comment => Piece::Comment {
                            number: mark.number,
                        },
                        _ => Piece::Block {
                            number: mark.number,
                            at: mark.span.start,
                        },
                    });
                    at = mark.span.end;
                }
                continue;
            } else {
                token.span.range()
            };
            pieces.push(Piece::Text(text[at..range.start].to_owned()));
            pieces.push(scalar(text, token, here));
            at = range.end;
        }
        if let Some(mark) = rest.first() {
            return Err(outside(mark));
        }
        pieces.push(Piece::Text(text[at..].to_owned()));
        Ok(Self {
            pieces,
            expected: documents,
        })
    }

    /// The text with its values.
    pub(super) fn fill(&self, values: &[Marked]) -> Result<String, Refusal> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Whole { number, fold } => whole(&mut out, &values[*number], *fold),
                Piece::Mixed { parts, at } => {
                    let text = join(parts, values).ok_or_else(|| Refusal {
                        at: *at,
                        why: "a list, a mapping or nothing cannot be part of a text".to_owned(),
                        help: "print its elements one by one, or let it be the whole value",
                    })?;
                    out.push_str(&quote::string(&text));
                }
                Piece::Comment { number } => {
                    let text = values[*number].text().unwrap_or_default();
                    out.extend(text.chars().map(|c| {
                        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') {
                            ' '
                        } else {
                            c
                        }
                    }));
                }
                Piece::Block { number, at } => block(&mut out, &values[*number], *at)?,
            }
        }
        Ok(out)
    }

    /// Whether `documents`, read back from a filled text, are those of the mold with these values.
    pub(super) fn agrees(&self, documents: &[Value], values: &[Marked]) -> bool {
        self.expected.len() == documents.len()
            && self
                .expected
                .iter()
                .zip(documents)
                .all(|(want, have)| agree(want, have, values))
    }
}

/// A value in an anchor, a tag or a directive has no safe form.
fn outside(mark: &Mark) -> Refusal {
    Refusal {
        at: mark.span.start,
        why: "a value stands in YAML's own syntax, where nothing can be quoted".to_owned(),
        help: "print values as keys, as values or in comments only",
    }
}

/// A plain or quoted scalar with marks.
fn scalar(text: &str, token: &Token, marks: &[Mark]) -> Piece {
    if let [mark] = marks
        && token.style == Style::Plain
        && mark.span == token.span
    {
        return Piece::Whole {
            number: mark.number,
            fold: fold(text, token),
        };
    }
    let inner = find(&token.text).unwrap_or_default();
    Piece::Mixed {
        parts: parts(&token.text, &inner),
        at: token.span.start,
    }
}

/// Whether the value ends a `key: value` line, and where it would go if it is long.
fn fold(text: &str, token: &Token) -> Option<Fold> {
    let start = text[..token.span.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..token.span.start];
    let key = before.trim_start_matches([' ', '-']);
    let ends_line = text[token.span.end..].starts_with('\n');
    let is_value =
        key.len() > 2 && key.ends_with(": ") && !before.contains(crate::render::mark::OPEN);
    (token.within == Within::BlockMapping && ends_line && is_value).then(|| Fold {
        column: before.chars().count(),
        indent: before.len() - key.len() + 2,
    })
}

/// A scalar of its own, with its type.
fn whole(out: &mut String, value: &Marked, fold: Option<Fold>) {
    let text = match value {
        Marked::Plain(value) => quote::inline(value),
        Marked::Secret(text) => quote::string(text.expose()),
    };
    let long = fold.filter(|fold| {
        fold.column + text.chars().count() > LINE && !text.starts_with(['"', '[', '{'])
    });
    match long {
        Some(fold) => {
            out.push_str(">-\n");
            out.extend(std::iter::repeat_n(' ', fold.indent));
            out.push_str(&text);
        }
        None => out.push_str(&text),
    }
}

/// A value inside a block scalar can only be part of one line.
fn block(out: &mut String, value: &Marked, at: usize) -> Result<(), Refusal> {
    let refuse = |why: &str| Refusal {
        at,
        why: why.to_owned(),
        help: "write `key: {{ value }}` without a block: it is quoted as needed",
    };
    let text = value
        .text()
        .ok_or_else(|| refuse("a list, a mapping or nothing cannot be part of a text"))?;
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.chars().any(odd) {
        return Err(refuse(
            "a value with line ends or control characters cannot stand in a block",
        ));
    }
    if text.is_empty() || text.starts_with(' ') || text.ends_with(' ') {
        return Err(refuse(
            "an empty value, or one with spaces around it, cannot stand in a block",
        ));
    }
    out.push_str(&text);
    Ok(())
}

/// Compares what was planned with what was read back, without a copy of either.
fn agree(want: &Value, have: &Value, values: &[Marked]) -> bool {
    match (want, have) {
        (Value::String(want), have) => text_agrees(want, have, values),
        (Value::Array(want), Value::Array(have)) => {
            want.len() == have.len()
                && want
                    .iter()
                    .zip(have)
                    .all(|(want, have)| agree(want, have, values))
        }
        (Value::Object(want), Value::Object(have)) => mappings_agree(want, have, values),
        (want, have) => want == have,
    }
}

fn mappings_agree(want: &Map<String, Value>, have: &Map<String, Value>, values: &[Marked]) -> bool {
    want.len() == have.len()
        && want
            .iter()
            .zip(have)
            .all(|((want_key, want), (have_key, have))| {
                let key = if want_key.contains(crate::render::mark::OPEN) {
                    find(want_key)
                        .ok()
                        .and_then(|marks| join(&parts(want_key, &marks), values))
                } else {
                    None
                };
                key.as_deref().unwrap_or(want_key) == have_key && agree(want, have, values)
            })
}

fn text_agrees(want: &str, have: &Value, values: &[Marked]) -> bool {
    if !want.contains(crate::render::mark::OPEN) {
        return have.as_str() == Some(want);
    }
    let Ok(marks) = find(want) else { return false };
    let one = marks
        .first()
        .filter(|mark| mark.span.range() == (0..want.len()));
    match one.map(|mark| &values[mark.number]) {
        Some(Marked::Plain(value)) if value == have => true,
        Some(Marked::Secret(text)) if have.as_str() == Some(text.expose()) => true,
        _ => join(&parts(want, &marks), values).as_deref() == have.as_str(),
    }
}

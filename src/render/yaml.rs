//! Puts values into a YAML text so that none can change its structure.

use std::sync::Mutex;

use serde_json::Value;

use crate::document::tokens::{Style, Token, Within, tokens};
use crate::document::{quote, write};
use crate::render::agree::agree;
use crate::render::mark::{Mark, Marked, Part, Refusal, cut, find, join, parts};

/// Longer lines are folded where that is possible (`yamllint` allows 80 characters).
const LINE: usize = 80;

/// A text with marks, cut into what stays and what is filled in.
#[derive(Debug)]
pub(super) struct YamlStructure {
    pieces: Vec<Piece>,
    /// The documents of the text, with marks in their strings.
    expected: Vec<Value>,
    /// Whether a value is (part of) a key.
    has_marked_keys: bool,
    /// Where values are in the documents; nothing if that takes too much.
    places: Option<Vec<Place>>,
    /// Copies of the documents, for the threads that fill them in.
    copies: Mutex<Vec<Vec<Value>>>,
}

/// A string with values in it.
#[derive(Debug)]
struct Place {
    document: usize,
    /// RFC 6901.
    pointer: String,
    parts: Vec<Part>,
}

/// A text with its values.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) text: String,
    /// Whether every value is a bare word or number where the mark was a bare word: letters, digits
    /// and a few signs, which no reader can take for structure. Texts of one structure that are so differ
    /// in those words alone, so what was read back of one holds for all.
    pub(super) words_only: bool,
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

/// A value that may go to lines of its own below its key: a long word, a list or a mapping.
#[derive(Debug, Clone, Copy)]
struct Fold {
    /// Characters before it in its line; unknown if the key is a value too, which stays with its key then.
    column: Option<usize>,
    /// Spaces before the moved value.
    indent: usize,
}

impl YamlStructure {
    /// Reads the structure of `text`. `documents` are those of the text, read by the caller.
    pub(super) fn new(text: &str, documents: Vec<Value>) -> Result<Self, Refusal> {
        let refuse = |at, why: &str, help| Refusal {
            at,
            why: why.to_owned(),
            help,
        };
        let marks = find(text).map_err(cut)?;
        let all = tokens(text).map_err(|(at, why)| {
            refuse(
                at,
                &format!("not valid YAML: {why}"),
                "fix the template text",
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
            has_marked_keys: documents.iter().any(has_marked_keys),
            places: places(&documents, text.len()),
            copies: Mutex::default(),
            expected: documents,
        })
    }

    /// The text with its values.
    pub(super) fn fill(&self, values: &[Marked]) -> Result<Filled, Refusal> {
        let mut out = String::new();
        let mut words_only = !self.has_marked_keys && self.places.is_some();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Whole { number, fold } => {
                    words_only &= whole(&mut out, &values[*number], *fold);
                }
                Piece::Mixed { parts, at } => {
                    let text = join(parts, values).ok_or_else(|| Refusal {
                        at: *at,
                        why: "a list, a mapping or null cannot be part of a string".to_owned(),
                        help: "print its elements individually, or print it as the whole value",
                    })?;
                    let written = quote::string(&text);
                    words_only &= is_word(&text, &written);
                    out.push_str(&written);
                }
                Piece::Comment { number } => {
                    let text = values[*number].text().unwrap_or_default();
                    words_only &= text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
                    out.extend(text.chars().map(|c| {
                        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') {
                            ' '
                        } else {
                            c
                        }
                    }));
                }
                Piece::Block { number, at } => {
                    words_only = false;
                    block(&mut out, &values[*number], *at)?;
                }
            }
        }
        Ok(Filled {
            text: out,
            words_only,
        })
    }

    /// Shows `look` the documents with these values; right for texts of words only.
    pub(super) fn with_documents<T>(&self, values: &[Marked], look: impl Fn(&[Value]) -> T) -> T {
        let spare = self.copies.lock().ok().and_then(|mut copies| copies.pop());
        let mut documents = spare.unwrap_or_else(|| self.expected.clone());
        for place in self.places.iter().flatten() {
            if let Some(slot) = documents[place.document].pointer_mut(&place.pointer) {
                *slot = value_of(&place.parts, values);
            }
        }
        let seen = look(&documents);
        if let Ok(mut copies) = self.copies.lock() {
            copies.push(documents);
        }
        seen
    }

    /// Whether `documents`, read back from a filled text, are those of the structure with these values.
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
        why: "a value is inside YAML syntax, where it cannot be quoted".to_owned(),
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
    // First what costs nothing: a line with many values may be as long as the text.
    let ends_line = text[token.span.end..].starts_with('\n');
    if token.within != Within::BlockMapping || !ends_line {
        return None;
    }
    let start = text[..token.span.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..token.span.start];
    let key = before.trim_start_matches([' ', '-']);
    let is_value = key.len() > 2 && key.ends_with(": ");
    let has_marks = before.contains(crate::render::mark::OPEN);
    is_value.then(|| Fold {
        column: (!has_marks).then(|| before.chars().count()),
        indent: before.len() - key.len() + 2,
    })
}

/// A scalar of its own, with its type; returns whether it is a bare word or number.
fn whole(out: &mut String, value: &Marked, fold: Option<Fold>) -> bool {
    if let (Marked::Plain(value), Some(fold)) = (value, fold)
        && let Some(lines) = write::below(value, fold.indent)
    {
        // The space after the colon would end the line.
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
        out.push_str(lines.trim_end_matches('\n'));
        return false;
    }
    let (text, is_word) = match value {
        Marked::Plain(Value::String(plain)) => {
            let text = quote::string(plain);
            let is_word = is_word(plain, &text);
            (text, is_word)
        }
        Marked::Plain(value) => (quote::inline(value), value.is_i64() || value.is_u64()),
        Marked::Secret(secret) => (quote::string(secret.expose()), false),
    };
    let long = fold.filter(|fold| {
        fold.column
            .is_some_and(|column| column + text.chars().count() > LINE)
            && !text.starts_with(['"', '[', '{'])
    });
    match long {
        Some(fold) => {
            out.push_str(">-\n");
            out.extend(std::iter::repeat_n(' ', fold.indent));
            out.push_str(&text);
        }
        None => out.push_str(&text),
    }
    is_word && long.is_none()
}

/// Written bare. YAML bounds the length of a word that could be a key.
fn is_word(plain: &str, written: &str) -> bool {
    plain == written && plain.len() < 1_000
}

fn has_marked_keys(value: &Value) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| key.contains(crate::render::mark::OPEN) || has_marked_keys(value)),
        Value::Array(items) => items.iter().any(has_marked_keys),
        _ => false,
    }
}

/// All strings with marks, by document and pointer. Nothing if the pointers are much longer than the
/// text of `len` bytes: below one long key, each of many has it.
fn places(documents: &[Value], len: usize) -> Option<Vec<Place>> {
    let mut found = Vec::new();
    let mut room = len.saturating_mul(4);
    for (document, value) in documents.iter().enumerate() {
        places_in(value, document, &mut String::new(), &mut found, &mut room)?;
    }
    Some(found)
}

/// As [`places`], of a value at `pointer`.
fn places_in(
    value: &Value,
    document: usize,
    pointer: &mut String,
    found: &mut Vec<Place>,
    room: &mut usize,
) -> Option<()> {
    let end = pointer.len();
    match value {
        Value::String(text) if text.contains(crate::render::mark::OPEN) => {
            *room = room.checked_sub(end)?;
            found.push(Place {
                document,
                pointer: pointer.clone(),
                parts: parts(text, &find(text).unwrap_or_default()),
            });
        }
        Value::Array(items) => {
            for (at, one) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&at.to_string());
                places_in(one, document, pointer, found, room)?;
                pointer.truncate(end);
            }
        }
        Value::Object(map) => {
            for (key, one) in map {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                places_in(one, document, pointer, found, room)?;
                pointer.truncate(end);
            }
        }
        _ => {}
    }
    Some(())
}

/// The value of a string with marks.
fn value_of(parts: &[Part], values: &[Marked]) -> Value {
    match parts {
        [Part::Value(number)] => match &values[*number] {
            Marked::Plain(value) => value.clone(),
            other => other.text().map_or(Value::Null, Value::String),
        },
        parts => join(parts, values).map_or(Value::Null, Value::String),
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
        .ok_or_else(|| refuse("a list, a mapping or null cannot be part of a string"))?;
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.chars().any(odd) {
        return Err(refuse(
            "a value with line ends or control characters cannot be used in a block scalar",
        ));
    }
    if text.is_empty() || text.starts_with(' ') || text.ends_with(' ') {
        return Err(refuse(
            "an empty value, or one with leading or trailing spaces, cannot be used in a block scalar",
        ));
    }
    out.push_str(&text);
    Ok(())
}

//! Puts values into a bash script so that none can change its structure.
//!
//! A parser of bash reads the script with a word of letters in place of each value, and tells in what
//! kind of word each of them is. Few kinds are on the list of [`rules`]; anything else is refused.
//! When the values are in, the parser must find the same commands and words again.

mod call;
mod clear;
mod format;
mod labels;
mod names;
mod place;
mod proof;
mod rules;
mod subscript;
mod survey;
mod variables;
mod walk;
mod word;

use std::sync::{Arc, Mutex};

use crate::artifact::runtime;
use crate::render::mark::{Marked, RUNTIME, Refusal, find};
use crate::render::shell::labels::Labels;
use crate::render::shell::place::Place;
use crate::verify::with_script;

/// A script with marks, cut into what stays and what is filled in.
#[derive(Debug)]
pub(super) struct ShellStructure {
    pieces: Vec<Piece>,
    labels: Labels,
    /// A script with labels, and its words: files with lists of equal length have the same one.
    labelled: Mutex<Option<(String, Arc<Vec<String>>)>>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    /// The runtime of scripts.
    Runtime,
    Value {
        number: usize,
        place: Place,
        at: usize,
    },
}

impl ShellStructure {
    /// Reads the structure of `text`.
    pub(super) fn new(text: &str) -> Result<Self, Refusal> {
        let marks = find(text).map_err(|at| Refusal {
            at,
            why: "a filter cut a value that was already printed".to_owned(),
            help: "apply filters inside the `{{ }}` that prints the value",
        })?;
        misplaced_runtime(text).map_or(Ok(()), Err)?;
        let labels = Labels::new(text);
        let Some(first) = marks.first() else {
            let mut pieces = Vec::new();
            push_text(&mut pieces, text);
            return Ok(Self::of(pieces, labels));
        };
        let mut script = String::new();
        let mut at = 0;
        for (label, mark) in marks.iter().enumerate() {
            script.push_str(&text[at..mark.span.start]);
            script.push_str(&labels.of(label));
            at = mark.span.end;
        }
        script.push_str(&text[at..]);
        let verdicts = {
            let (script, labels, count) = (script.clone(), labels.clone(), marks.len());
            with_script(&script.clone(), move |read| {
                survey::survey(read, &script, &labels, count)
            })
        };
        let verdicts = verdicts.map_err(|why| Refusal {
            at: first.span.start,
            why: format!("values cannot be quoted in an invalid script: {why}"),
            help: "fix the script; `bash -n` finds the position if you replace values with any word",
        })?;
        let mut pieces = Vec::new();
        let mut at = 0;
        for (mark, verdict) in marks.into_iter().zip(verdicts) {
            let place = verdict.map_err(|reason| Refusal {
                at: mark.span.start,
                why: reason.why,
                help: reason.help,
            })?;
            push_text(&mut pieces, &text[at..mark.span.start]);
            pieces.push(Piece::Value {
                number: mark.number,
                place,
                at: mark.span.start,
            });
            at = mark.span.end;
        }
        push_text(&mut pieces, &text[at..]);
        Ok(Self::of(pieces, labels))
    }

    fn of(pieces: Vec<Piece>, labels: Labels) -> Self {
        Self {
            pieces,
            labels,
            labelled: Mutex::default(),
        }
    }

    /// The script with its values, and whether bash was found to parse it.
    pub(super) fn fill(&self, values: &[Marked]) -> Result<(String, bool), Refusal> {
        let mut out = String::new();
        let mut labelled = String::new();
        let mut texts = Vec::new();
        let mut odd = None;
        // Where the runtime is, which is no matter of the values: the script is proved without it.
        let mut places = Vec::new();
        for piece in &self.pieces {
            let (value, place, at) = match piece {
                Piece::Text(text) => {
                    out.push_str(text);
                    labelled.push_str(text);
                    continue;
                }
                Piece::Runtime => {
                    places.push(out.len());
                    continue;
                }
                Piece::Value { number, place, at } => (&values[*number], *place, *at),
            };
            for (count, text) in place.texts(value, at)?.into_iter().enumerate() {
                let space = if count > 0 { " " } else { "" };
                odd = odd.or((!is_plain(&text)).then_some(at));
                out.push_str(space);
                out.push_str(&place.quote(&text));
                labelled.push_str(space);
                labelled.push_str(&place.quote(&self.labels.of(texts.len())));
                texts.push(text);
            }
        }
        match odd {
            Some(at) if !self.proves(&labelled, &out, texts) => Err(Refusal {
                at,
                why: "the script with its values does not read back as intended".to_owned(),
                help: "print each value as a separate argument, or assign it on a separate line, `readonly NAME={{ value }}`",
            }),
            _ => {
                let is_parsed = odd.is_some() && places.is_empty();
                for at in places.into_iter().rev() {
                    out.insert_str(at, runtime::text().trim_end());
                }
                Ok((out, is_parsed))
            }
        }
    }

    /// Whether the values changed nothing but the words that they are in.
    fn proves(&self, labelled: &str, filled: &str, texts: Vec<String>) -> bool {
        let (Some(want), Ok(have)) = (
            self.labelled_words(labelled),
            with_script(filled, proof::words),
        ) else {
            return false;
        };
        proof::same(&want, &have, &self.labels, |label| {
            texts.get(label).cloned().unwrap_or_default()
        })
    }

    /// The words of a script with labels.
    fn labelled_words(&self, labelled: &str) -> Option<Arc<Vec<String>>> {
        if let Some((text, words)) = &*self.labelled.lock().ok()?
            && text == labelled
        {
            return Some(Arc::clone(words));
        }
        // Not held while parsing: other cores have other scripts.
        let words = Arc::new(with_script(labelled, proof::words).ok()?);
        *self.labelled.lock().ok()? = Some((labelled.to_owned(), Arc::clone(&words)));
        Some(words)
    }
}

/// Adds what is between two values.
fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    for (at, part) in text.split(RUNTIME).enumerate() {
        if at > 0 {
            pieces.push(Piece::Runtime);
        }
        pieces.push(Piece::Text(part.to_owned()));
    }
}

/// What is wrong with the first place of the runtime that is not a line.
fn misplaced_runtime(text: &str) -> Option<Refusal> {
    let is_line = |at: &usize| {
        let (before, behind) = (&text[..*at], &text[at + RUNTIME.len_utf8()..]);
        (before.is_empty() || before.ends_with('\n')) && behind.starts_with('\n')
    };
    let mut places = text.match_indices(RUNTIME).map(|(at, _)| at);
    let at = places.find(|at| !is_line(at))?;
    Some(Refusal {
        at,
        why: "the runtime is not on a line of its own".to_owned(),
        help: "print it alone: `{{ runtime() }}`",
    })
}

/// Whether a value is a word that means itself in any quotes.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-./:@%+,=".contains(&byte))
}

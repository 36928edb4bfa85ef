//! Secret values that are known, and where a text holds one of them in whatever form.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::Value;
use zeroize::Zeroize;

use crate::diag::Report;
use crate::mask::forms::{self, Reach};
use crate::mask::report;
use crate::mask::squeeze::Squeezed;
use crate::secret::{Redacted, RedactedJson};
use crate::span::Span;

/// A password of this length is found in base64 of anything around it.
const ENOUGH: usize = 8;
/// Bytes of patterns that the secrets of one text may make; further ones are masked by place alone.
const MAX_LEARNED: usize = 512 * 1024;

/// Secret values, found by what they are, wherever they are: as they are, in base64 at each of its
/// three alignments, in hex, escaped for JSON, YAML, a URL or a shell, and folded over lines. Values
/// of less than four characters are not looked for: they would hide half of every text. Prints no
/// value.
#[derive(Default)]
pub struct Known(Option<Finder>);

struct Finder {
    automaton: AhoCorasick,
    /// By pattern: which value it is a form of, how far it reaches, and what follows unlooked for.
    forms: Vec<(usize, Reach, usize)>,
}

/// What a text holds.
#[derive(Default)]
struct Held {
    /// Numbers of values.
    values: BTreeSet<usize>,
    /// Where they are.
    spans: Vec<Span>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

thread_local! {
    /// The secrets of the last text and their finder: many files of a run contain the same Secret.
    static LAST: RefCell<Option<(Vec<Redacted>, Arc<Known>)>> = const { RefCell::new(None) };
}

impl Known {
    /// The values; of a docker config, in base64 or not, its passwords.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Redacted>) -> Self {
        Self::within(secrets, usize::MAX)
    }

    /// Values that a text itself revealed.
    pub(super) fn learned<'a>(secrets: impl IntoIterator<Item = &'a Redacted>) -> Arc<Self> {
        let secrets: BTreeSet<&str> = secrets.into_iter().map(Redacted::expose).collect();
        if secrets.is_empty() {
            return Arc::default();
        }
        LAST.with_borrow_mut(|last| {
            let same = |told: &[Redacted]| {
                told.iter()
                    .map(Redacted::expose)
                    .eq(secrets.iter().copied())
            };
            match last {
                Some((told, known)) if same(told) => Arc::clone(known),
                last => {
                    let told: Vec<Redacted> = secrets
                        .into_iter()
                        .map(|secret| Redacted::new(secret.to_owned()))
                        .collect();
                    let known = Arc::new(Self::within(&told, MAX_LEARNED));
                    *last = Some((told, Arc::clone(&known)));
                    known
                }
            }
        })
    }

    fn within<'a>(secrets: impl IntoIterator<Item = &'a Redacted>, bytes: usize) -> Self {
        let secrets: BTreeSet<&str> = secrets.into_iter().map(Redacted::expose).collect();
        let mut values: Vec<Redacted> = Vec::new();
        for secret in secrets {
            inside(secret, &mut values);
        }
        // Two patterns alike would be found twice at every place.
        let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut forms = Vec::new();
        let mut finder = Vec::new();
        let mut left = bytes;
        for (number, value) in values.iter().enumerate() {
            for pattern in forms::patterns(value.expose()) {
                if left > 0 && seen.insert(pattern.bytes.to_vec()) {
                    left = left.saturating_sub(pattern.bytes.len());
                    forms.push((number, pattern.reach, pattern.rest));
                    finder.push(pattern.bytes);
                }
            }
        }
        seen.into_iter().for_each(|mut bytes| bytes.zeroize());
        if finder.is_empty() {
            return Self::default();
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(finder.iter().map(|bytes| bytes.as_slice()));
        Self(automaton.ok().map(|automaton| Finder { automaton, forms }))
    }

    /// Whether `text` holds one of the values.
    pub fn is_in(&self, text: &str) -> bool {
        !self.held(text).values.is_empty()
    }

    /// Whether `part` holds every value that `text` holds.
    pub fn is_all_in(&self, text: &str, part: &str) -> bool {
        self.held(text).values.is_subset(&self.held(part).values)
    }

    /// Where `text` holds one of the values; unsorted, and they may overlap.
    pub(super) fn spans(&self, text: &str) -> Vec<Span> {
        self.held(text).spans
    }

    /// `text` with stars in place of the values.
    pub fn starred(&self, text: &str) -> String {
        let spans = crate::mask::merged(text, self.spans(text));
        crate::mask::starred(text, &spans, |_| "***")
    }

    /// The messages with stars in place of the values, in their words and in the lines they show.
    pub fn hidden(&self, report: Report) -> Report {
        if self.0.is_none() {
            return report;
        }
        report::through(
            report,
            |text| self.starred(text),
            |source| crate::mask::merged(&source.text, self.spans(&source.text)),
        )
    }

    /// The values in `text`, with their places.
    fn held(&self, text: &str) -> Held {
        let mut held = Held::default();
        if let Some(finder) = &self.0 {
            finder.look(text, &Squeezed::raw(text), &mut held);
            if let Some(decoded) = Squeezed::decoded(text) {
                finder.look(text, &decoded, &mut held);
            }
        }
        held
    }
}

impl Finder {
    fn look(&self, text: &str, squeezed: &Squeezed, held: &mut Held) {
        // The matches come in the order of their ends: most overlap the one before.
        let mut last = Span::default();
        for one in self.automaton.find_overlapping_iter(&squeezed.bytes) {
            let (number, reach, rest) = self.forms[one.pattern().as_usize()];
            let end = (one.end() + rest).min(squeezed.bytes.len());
            let mut span = whole_characters(text, squeezed.origin(one.start(), end));
            if reach == Reach::Word && !is_word(text, span) {
                continue;
            }
            held.values.insert(number);
            if last.start <= span.start && span.end <= last.end {
                continue;
            }
            if reach == Reach::Base64 {
                span = whole_base64(text, span);
            }
            match held.spans.last_mut().filter(|_| span.start < last.end) {
                Some(before) => {
                    last = Span::new(before.start.min(span.start)..before.end.max(span.end));
                    *before = last;
                }
                None => {
                    last = span;
                    held.spans.push(span);
                }
            }
        }
    }
}

/// A piece of a pattern may end inside of a character.
fn whole_characters(text: &str, mut span: Span) -> Span {
    while !text.is_char_boundary(span.start) {
        span.start -= 1;
    }
    while !text.is_char_boundary(span.end) {
        span.end += 1;
    }
    span
}

fn is_word(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    ![before, after]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

/// The first and last characters of base64 hold bits of their neighbours, so these go as well.
fn whole_base64(text: &str, span: Span) -> Span {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    let bytes = text.as_bytes();
    let before = bytes[..span.start]
        .iter()
        .rev()
        .take_while(|byte| is_part(byte));
    let after = bytes[span.end..].iter().take_while(|byte| is_part(byte));
    Span::new(span.start - before.count()..span.end + after.count())
}

/// What is to be looked for: a value, or the secrets of a docker config. Where that is as a whole,
/// these are as well, in one of their forms.
fn inside(text: &str, values: &mut Vec<Redacted>) {
    let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
    let bare = Redacted::new(text.split_whitespace().collect());
    let decode = |engine: &&base64::engine::GeneralPurpose| engine.decode(bare.expose()).ok();
    let decoded = engines.iter().find_map(decode);
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let is_text = |text: &String| !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    let decoded = decoded.filter(is_text).map(Redacted::new);
    let before = values.len();
    of_json(decoded.as_ref().map_or(text, Redacted::expose), values);
    if values[before..]
        .iter()
        .all(|value| value.expose().len() < forms::MIN)
    {
        values.push(Redacted::new(text.to_owned()));
        values.extend(decoded);
    }
}

/// The secrets of a docker config: all texts but the usernames.
fn of_json(text: &str, values: &mut Vec<Redacted>) {
    if text.trim_start().starts_with('{')
        && let Ok(value) = serde_json::from_str(text)
    {
        let value = RedactedJson::new(value);
        of_value("", value.expose(), values);
    }
}

fn of_value(key: &str, value: &Value, values: &mut Vec<Redacted>) {
    match value {
        Value::String(_) if matches!(key, "username" | "email") => {}
        Value::String(text) => {
            // `auth` is base64 of `username:password`: the password tells where it is.
            let pair = STANDARD.decode(text).ok().filter(|_| key == "auth");
            let pair = pair.and_then(|bytes| String::from_utf8(bytes).ok());
            let pair = pair.map(Redacted::new);
            let pair = pair.as_ref().and_then(|pair| pair.expose().split_once(':'));
            match pair {
                Some((_, password)) if password.len() >= ENOUGH => {
                    values.push(Redacted::new(password.to_owned()));
                }
                _ => values.push(Redacted::new(text.clone())),
            }
        }
        Value::Array(items) => items.iter().for_each(|item| of_value(key, item, values)),
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| of_value(key, value, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

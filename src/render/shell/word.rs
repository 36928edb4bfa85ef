//! The quotes that a label is in within one word.

use brush_parser::ParserOptions;
use brush_parser::word::{WordPiece, WordPieceWithSource, parse};

use crate::render::shell::labels::Labels;

/// The quotes around a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// None.
    Bare,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
}

/// What a word holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Labels between or inside of quotes.
    pub(super) quoted: Vec<(usize, Quote)>,
    /// Labels where no quotes help, and why.
    pub(super) refused: Vec<(usize, &'static str)>,
    /// Scripts in `$(…)` that hold labels.
    pub(super) commands: Vec<String>,
    /// Whether bash may take a part of the word for a pattern.
    pub(super) pattern: bool,
}

const EXPANSION: &str =
    "inside `${…}`, `$name`, `$((…))`, `$'…'` or backticks, or after a `$`, `\\` or `~`";

/// The pieces of a word; `None` if the parser cannot read it.
pub(super) fn pieces(word: &str) -> Option<Vec<WordPieceWithSource>> {
    parse(word, &ParserOptions::default()).ok()
}

/// Where the labels of `word` are.
pub(super) fn look(word: &str, labels: &Labels) -> Found {
    let mut found = Found::default();
    if !labels.touch(word) {
        return found;
    }
    match pieces(word) {
        Some(pieces)
            if pieces
                .last()
                .is_some_and(|last| last.end_index == word.len()) =>
        {
            for piece in &pieces {
                look_at(piece, word, labels, &mut found);
            }
        }
        _ => refuse(
            word,
            "in a word that has an open `$` or quote",
            labels,
            &mut found,
        ),
    }
    found
}

fn look_at(piece: &WordPieceWithSource, word: &str, labels: &Labels, found: &mut Found) {
    let raw = word
        .get(piece.start_index..piece.end_index)
        .unwrap_or_default();
    match &piece.piece {
        WordPiece::Text(text) => {
            found.pattern |= text.contains(['*', '?', '[', '+', '@', '!']);
            if text.contains(|c: char| c.is_whitespace() || "()|&;<>`".contains(c)) {
                refuse(text, "in such a pattern", labels, found);
            } else {
                take(text, Quote::Bare, labels, found);
            }
        }
        WordPiece::SingleQuotedText(text) => take(text, Quote::Single, labels, found),
        WordPiece::DoubleQuotedSequence(inner) => {
            for piece in inner {
                match &piece.piece {
                    WordPiece::Text(text) => take_double(text, labels, found),
                    WordPiece::CommandSubstitution(_) => look_at(piece, word, labels, found),
                    _ => {
                        let raw = word.get(piece.start_index..piece.end_index);
                        refuse(raw.unwrap_or_default(), EXPANSION, labels, found);
                    }
                }
            }
        }
        WordPiece::CommandSubstitution(text) => {
            if labels.touch(text) {
                found.commands.push(text.clone());
            }
        }
        _ => refuse(raw, EXPANSION, labels, found),
    }
}

fn take(text: &str, quote: Quote, labels: &Labels, found: &mut Found) {
    let marks = labels.find(text).into_iter().map(|(mark, _)| (mark, quote));
    found.quoted.extend(marks);
}

fn take_double(text: &str, labels: &Labels, found: &mut Found) {
    for (mark, range) in labels.find(text) {
        let before = &text[..range.start];
        if before.ends_with(['\\', '$']) {
            found.refused.push((mark, EXPANSION));
        } else {
            found.quoted.push((mark, Quote::Double));
        }
    }
}

fn refuse(text: &str, why: &'static str, labels: &Labels, found: &mut Found) {
    let marks = labels.find(text).into_iter().map(|(mark, _)| (mark, why));
    found.refused.extend(marks);
}

//! Up to where do the parser and bash agree about a script?
//!
//! The parser is not bash. What it is known to read otherwise is looked for here, on the safe side:
//! after such a construct nothing is sure, so no value may be there.

use brush_parser::Token;
use brush_parser::word::{WordPiece, WordPieceWithSource};

use crate::render::shell::labels::Labels;
use crate::render::shell::subscript::{elements, subscript};
use crate::render::shell::word::pieces;
use crate::verify::Script;

/// Commands inside of commands; a script that people wrote has three.
const MAX_DEPTH: usize = 20;

/// A construct that bash and the parser may read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unclear {
    /// The character where it begins, counted from the start of the script.
    pub(super) at: usize,
    /// What it is, as the end of "inside or after".
    pub(super) what: &'static str,
}

/// The first unclear construct of a script.
pub(super) fn first_unclear(script: &Script, text: &[char], labels: &Labels) -> Option<Unclear> {
    let bytes = text.iter().position(|c| matches!(c, '\r' | '\0'));
    let control = bytes.map(|_| Unclear {
        at: 0,
        what: "or in front of a carriage return or a NUL",
    });
    let first = [control, continuation(text), in_tokens(script, text, labels)];
    first.into_iter().flatten().min_by_key(|one| one.at)
}

/// A line that goes on in the middle of an operator or an expansion.
fn continuation(text: &[char]) -> Option<Unclear> {
    let plain = |c: char| c.is_alphanumeric() || "_-./:,'\"%".contains(c);
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n');
    let odd = |at: &usize| {
        if text.get(at + 1) != Some(&'\n') {
            return false;
        }
        let backslashes = text[..=*at]
            .iter()
            .rev()
            .take_while(|c| **c == '\\')
            .count();
        let before = at.checked_sub(1).map_or('\n', |before| text[before]);
        let behind = text.get(at + 2).copied().unwrap_or('\n');
        let joins = blank(before) || (plain(before) && (plain(behind) || blank(behind)));
        backslashes % 2 == 1 && !joins
    };
    let at = (0..text.len()).filter(|at| text[*at] == '\\').find(odd)?;
    let what = "a line that goes on in the middle of an operator";
    Some(Unclear { at, what })
}

fn in_tokens(script: &Script, text: &[char], labels: &Labels) -> Option<Unclear> {
    let tokens = &script.tokens;
    let elements = elements(tokens);
    let mut regex = false;
    let mut document = 0;
    for (at, token) in tokens.iter().enumerate() {
        let span = token.location();
        let raw = text
            .get(span.start.index..span.end.index)
            .unwrap_or_default();
        let what = match token {
            _ if at < document => None,
            Token::Word(word, _) => {
                regex = (regex || word == "=~") && word != "]]";
                let comments = word.contains("$(") && has_comment(raw);
                let what = comments.then_some("a `#` after a blank inside `$(…)`");
                let what = what.or_else(|| names_a_file(tokens, at, word));
                let what = what.or_else(|| subscript(word, elements.get(at) == Some(&true)));
                what.or_else(|| in_word(word, labels, 0))
            }
            Token::Operator(operator, _) => match operator.as_str() {
                "\n" if regex && raw.contains(&'#') => Some("a comment inside `[[ ]]`"),
                "(" if doubled(tokens, at) => double_bracket(&text[span.start.index..], labels),
                "<<" | "<<-" => {
                    document = at + 4;
                    let plain = document_is_plain(tokens, at) && !line_of(text, span.start.index);
                    (!plain).then_some("a here-document whose delimiter is not a plain word")
                }
                _ => None,
            },
        };
        if let Some(what) = what {
            let at = span.start.index;
            return Some(Unclear { at, what });
        }
    }
    None
}

/// `{name}>file`, which the parser takes for a word and a redirection.
fn names_a_file(tokens: &[Token], at: usize, word: &str) -> Option<&'static str> {
    let name = word
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let next = tokens.get(at + 1)?;
    let redirects =
        matches!(next, Token::Operator(operator, _) if operator.starts_with(['<', '>']));
    let touches = next.location().start.index == tokens.get(at)?.location().end.index;
    (is_name && redirects && touches).then_some("a redirection by `{name}`")
}

/// Whether a `#` may begin a comment.
fn has_comment(raw: &[char]) -> bool {
    let starts = |pair: &[char]| pair[1] == '#' && " \t\n;&|()<>`".contains(pair[0]);
    raw.windows(2).any(starts)
}

/// Whether two brackets are side by side.
fn doubled(tokens: &[Token], at: usize) -> bool {
    let next = tokens.get(at + 1);
    next.is_some_and(|next| {
        next.to_str() == "(" && next.location().start.index == tokens[at].location().end.index
    })
}

/// Arithmetic on one line, without quotes and values. Bash takes for arithmetic what the parser may
/// take for commands.
fn double_bracket(text: &[char], labels: &Labels) -> Option<&'static str> {
    let line: String = text.iter().take_while(|c| **c != '\n').collect();
    let plain = line
        .split_once("))")
        .is_some_and(|(inner, _)| plain_arithmetic(inner) && !labels.touch(inner));
    (!plain).then_some("`((` with values, quotes, commands or more than one line")
}

fn plain_arithmetic(text: &str) -> bool {
    let signs = "_ \t$+-*/%=!&|^~?:,;(){}[]@.<>#";
    let plain = |c: char| c.is_ascii_alphanumeric() || signs.contains(c);
    text.chars().all(plain) && !text.contains("$(") && !text.contains("<<") && !text.contains(" #")
}

/// A delimiter that is a word, with or without quotes, and lines that end where they end.
fn document_is_plain(tokens: &[Token], at: usize) -> bool {
    let (Some(delimiter), Some(body)) = (tokens.get(at + 1), tokens.get(at + 2)) else {
        return false;
    };
    let word = delimiter.to_str();
    let bare = word.trim_matches(['\'', '"']).trim_start_matches('\\');
    let name = bare.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let quoted = [
        format!("'{bare}'"),
        format!("\"{bare}\""),
        format!("\\{bare}"),
    ];
    let quoted = quoted.iter().any(|one| one == word);
    name && (quoted || (bare == word && !body.to_str().contains("\\\n")))
}

/// Whether the line of this character may hold arithmetic, where `<<` is a shift.
fn line_of(text: &[char], at: usize) -> bool {
    let start = text[..at]
        .iter()
        .rposition(|c| *c == '\n')
        .map_or(0, |end| end + 1);
    let line: String = text[start..].iter().take_while(|c| **c != '\n').collect();
    let glued = at > start && !text[at - 1].is_whitespace() && !text[at - 1].is_ascii_digit();
    line.contains("((") || line.contains("$[") || glued
}

/// What is unclear inside of a word.
fn in_word(word: &str, labels: &Labels, depth: usize) -> Option<&'static str> {
    if word.contains("$'") && word.contains("\\'") {
        return Some("`$'…'` with a quote in it");
    }
    if pattern_with_quotes(word) {
        return Some("a pattern of `extglob` with quotes or expansions");
    }
    if !word.contains(['$', '`']) {
        return None;
    }
    match pieces(word).or_else(|| pieces(&without_lone_dollars(word))) {
        Some(pieces) => pieces
            .iter()
            .find_map(|piece| in_piece(piece, word, labels, depth)),
        None => Some("a word that the parser cannot take apart"),
    }
}

/// Whether `@(…)` and the like hold what changes the meaning of a closing bracket. Only with
/// `extglob` are they one word.
fn pattern_with_quotes(word: &str) -> bool {
    let starts = ["@(", "!(", "?(", "+(", "*("];
    if !starts.iter().any(|start| word.contains(start)) {
        return false;
    }
    let options = brush_parser::TokenizerOptions {
        enable_extended_globbing: false,
        ..brush_parser::TokenizerOptions::default()
    };
    let alone = brush_parser::uncached_tokenize_str(word, &options);
    let same = alone.is_ok_and(|tokens| tokens.len() == 1 && tokens[0].to_str() == word);
    !same && word.contains(['\'', '"', '\\', '$', '`', '#', '\n'])
}

/// A `$` that begins nothing, which the parser of words refuses.
fn without_lone_dollars(word: &str) -> String {
    let mut out = String::new();
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let begins = |next: &char| next.is_ascii_alphanumeric() || "_({['\"$@*#?!-".contains(*next);
        let lone = c == '$' && !chars.peek().is_some_and(begins);
        out.push(if lone { 'x' } else { c });
    }
    out
}

fn in_piece(
    piece: &WordPieceWithSource,
    word: &str,
    labels: &Labels,
    depth: usize,
) -> Option<&'static str> {
    let raw = word.get(piece.start_index..piece.end_index);
    match &piece.piece {
        WordPiece::DoubleQuotedSequence(inner) | WordPiece::GettextDoubleQuotedSequence(inner) => {
            inner
                .iter()
                .find_map(|piece| in_piece(piece, word, labels, depth))
        }
        WordPiece::CommandSubstitution(text) => in_commands(text, labels, depth + 1),
        WordPiece::ParameterExpansion(_) => {
            let raw = raw.unwrap_or("'");
            let plain = !raw.starts_with("${") || plain_parameter(raw);
            (!plain).then_some("`${…}` with quotes or commands in it")
        }
        WordPiece::ArithmeticExpression(inner) => {
            (!plain_arithmetic(&inner.value)).then_some("arithmetic with quotes or commands in it")
        }
        _ => None,
    }
}

/// An expansion whose closing bracket is beyond doubt.
fn plain_parameter(raw: &str) -> bool {
    let mut chars = raw.chars();
    let mut unescaped = String::new();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            unescaped.push(c);
        }
    }
    let parts: Vec<&str> = unescaped.split('"').collect();
    let count = |part: &str, sign| part.matches(sign).count();
    let quoted = parts.iter().skip(1).step_by(2);
    let closed = |part: &&str| count(part, "${") == count(part, "}");
    let opens = |part: &&str| count(part, "${") == count(part, "{");
    parts.len() % 2 == 1
        && quoted.clone().all(closed)
        && parts.iter().all(opens)
        && !unescaped.contains(['\'', '`', '\n'])
        && !unescaped.contains("$(")
        && !unescaped.contains("<<")
}

/// Commands inside of a word: the older the bash, the less it understands there.
fn in_commands(text: &str, labels: &Labels, depth: usize) -> Option<&'static str> {
    if depth > MAX_DEPTH {
        return Some("too many nested command substitutions");
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    if words.any(|word| matches!(word, "case" | "esac")) {
        return Some("`case` inside `$(…)`");
    }
    if text.replace("<<<", "").contains("<<") {
        return Some("a here-document inside `$(…)`");
    }
    let whole = format!("$({text})");
    let options = brush_parser::TokenizerOptions::default();
    let one_word =
        brush_parser::uncached_tokenize_str(&whole, &options).is_ok_and(|tokens| tokens.len() == 1);
    let Ok(tokens) = brush_parser::uncached_tokenize_str(text, &options) else {
        return Some("`$(…)` that the parser cannot take apart");
    };
    if !one_word {
        return Some("`$(…)` that the parser cannot take apart");
    }
    let chars: Vec<char> = text.chars().collect();
    let elements = elements(&tokens);
    tokens
        .iter()
        .enumerate()
        .find_map(|(at, token)| match token {
            Token::Word(word, _) => subscript(word, elements.get(at) == Some(&true))
                .or_else(|| in_word(word, labels, depth)),
            Token::Operator(operator, _) if operator == "(" && doubled(&tokens, at) => {
                double_bracket(chars.get(token.location().start.index..)?, labels)
            }
            Token::Operator(..) => None,
        })
}

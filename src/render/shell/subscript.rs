//! Subscripts of arrays that go on after a blank.
//!
//! After a name bash reads a `[` up to its `]`, blanks, comments and ends of lines included, where it
//! would take an assignment (`parse.y`, `read_token_word`), and so it does with a `[` at the start of an
//! array's element. The parser ends such a word at the blank: what it takes for a comment may hold the
//! `]`, and what follows that is a command.

use brush_parser::Token;

/// Why a word is unclear, if it begins with a subscript that does not end in it; `element` if it is
/// among the elements of an array.
pub(super) fn subscript(word: &str, element: bool) -> Option<&'static str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let rest = word.trim_start_matches(is_name);
    let is_test = matches!(word, "[" | "[[") && !element;
    let open = rest.starts_with('[') && !is_test && !is_closed(rest);
    open.then_some("a subscript that does not end in its word")
}

/// Whether each bracket has its other one, and none is in quotes.
fn is_closed(text: &str) -> bool {
    let bare = without_quotes(text);
    let count = |text: &str, sign| text.matches(sign).count();
    count(&bare, '[') == count(&bare, ']')
        && count(&bare, '[') == count(text, '[')
        && count(&bare, ']') == count(text, ']')
}

/// A word without what is in quotes or after a backslash.
pub(super) fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => drop(chars.next()),
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, c) => out.push(c),
        }
    }
    out
}

/// For each token, whether it is among the elements of an array.
pub(super) fn elements(tokens: &[Token]) -> Vec<bool> {
    let (mut open, mut arrays) = (Vec::new(), 0_usize);
    let mut before: Option<&Token> = None;
    let mut all = Vec::with_capacity(tokens.len());
    for token in tokens {
        all.push(arrays > 0);
        match token.to_str() {
            "(" => {
                let is_array = before.is_some_and(|before| {
                    before.to_str().ends_with('=')
                        && before.location().end.index == token.location().start.index
                });
                arrays += usize::from(is_array);
                open.push(is_array);
            }
            ")" => arrays -= usize::from(open.pop().unwrap_or_default()),
            _ => {}
        }
        before = Some(token);
    }
    all
}

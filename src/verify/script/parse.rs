//! Reads a script with a parser of bash, in bounded time and on a stack that holds any script.

use std::io::Cursor;
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use brush_parser::ast::Program;
use brush_parser::{ParseError, Parser, ParserOptions, Token};

use crate::cores;

/// Scripts that are not parsed side by side, in bytes.
const LARGE: usize = 40 * 1024;
/// Brackets inside of brackets; a script that people wrote has a dozen.
const MAX_DEPTH: usize = 500;
/// Brackets that are never closed. The parser tries each `((` as two things and doubles its work with
/// every open bracket after it.
const MAX_OPEN: usize = 12;
/// The parser goes down with the nesting of the script, and keywords nest without brackets: a stack for each byte of
/// it, within bounds. Memory that is not used is only reserved, but some systems bound that as well.
const STACK_PER_BYTE: usize = 64 * 1024;
const LEAST_STACK: usize = 32 * 1024 * 1024;
const MOST_STACK: usize = 512 * 1024 * 1024;
/// Some broken scripts keep the parser busy for ever. A sound one takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(3);

/// A script as a parser of bash sees it.
pub(crate) struct Script {
    /// Words and operators outside of any word, with their places.
    pub(crate) tokens: Vec<Token>,
    /// The commands.
    pub(crate) program: Program,
}

/// Parses `text` in a thread of its own and gives the result to `work` there; `Err` describes
/// without text of the script why bash would not take it, or why that is not known.
pub(crate) fn with_script<T: Send + 'static>(
    text: &str,
    work: impl FnOnce(&Script) -> T + Send + 'static,
) -> Result<T, String> {
    survives(text)?;
    // One large script after the other: the parser takes up to a thousand times the memory of its text.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = (text.len() > LARGE).then(|| TURN.lock());
    let (sender, receiver) = channel();
    let text = text.to_owned();
    let stack = text.len().saturating_mul(STACK_PER_BYTE);
    let work = move || {
        // The receiver may be gone.
        let _ = sender.send(read(&text).map(|script| work(&script)));
    };
    let started = thread::Builder::new()
        .name(cores::GUARDED.to_owned())
        .stack_size(stack.clamp(LEAST_STACK, MOST_STACK))
        .spawn(work);
    let Ok(thread) = started else {
        return Err(
            "cannot parse it: the system cannot start a thread (process or memory limit)"
                .to_owned(),
        );
    };
    match receiver.recv_timeout(PATIENCE) {
        Ok(result) => {
            // Its stack is free again before the next one takes one.
            let _ = thread.join();
            result
        }
        Err(RecvTimeoutError::Timeout) => {
            let seconds = PATIENCE.as_secs();
            Err(format!(
                "parsing timed out after {seconds} seconds: a bracket is not closed"
            ))
        }
        Err(RecvTimeoutError::Disconnected) => Err(unknown()),
    }
}

/// Parses in this thread; for a script inside of a script that came to its end.
pub(crate) fn read(text: &str) -> Result<Script, String> {
    let options = ParserOptions::default();
    let tokens = brush_parser::uncached_tokenize_str(text, &options.tokenizer_options());
    let Ok(tokens) = tokens else {
        // The same once more, for the place.
        let error = Parser::new(Cursor::new(text), &options).parse_program();
        return Err(error.err().map_or_else(unknown, |error| words(&error)));
    };
    if open_brackets(&tokens) > MAX_OPEN {
        return Err("bash cannot parse it: brackets are not closed".to_owned());
    }
    let program = brush_parser::parse_tokens(&tokens, &options).map_err(|error| words(&error))?;
    Ok(Script { tokens, program })
}

fn unknown() -> String {
    "cannot parse it".to_owned()
}

/// How many brackets stay open.
fn open_brackets(tokens: &[Token]) -> usize {
    tokens.iter().fold(0, |open: usize, token| match token {
        Token::Operator(operator, _) if operator == "(" => open + 1,
        Token::Operator(operator, _) if operator == ")" => open.saturating_sub(1),
        _ => open,
    })
}

/// Whether the parser comes to an end with it.
fn survives(text: &str) -> Result<(), String> {
    if depth(text) > MAX_DEPTH {
        return Err(format!("brackets nest deeper than {MAX_DEPTH} levels"));
    }
    let bare = without_quotes(text);
    if has_huge_number(&bare) {
        return Err("the number before a `>` or `<` is too large".to_owned());
    }
    if let Some(line) = odd_delimiter(&bare) {
        return Err(format!(
            "line {line}: the word after `<<` is not a plain delimiter"
        ));
    }
    Ok(())
}

/// The script with `x` for what is in quotes or in a comment, as far as that can be determined
/// without a parser. It only guards the parser's time: what slips through ends with the patience.
/// A `$(…)` within quotes begins anew: `"$(a "b")"` has `b` in quotes and ends at the last one.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut last) = (None, '\n');
    // For each `$(` in double quotes: how many brackets are open within it.
    let mut outer: Vec<usize> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') | (Some('#'), '\n') => quote = None,
            (Some('\'' | '#'), _) => {}
            (_, '\\') => {
                out.push('x');
                last = chars.next().unwrap_or(c);
                out.push(if last == '\n' { '\n' } else { 'x' });
                continue;
            }
            (Some('"'), '$') if chars.peek() == Some(&'(') => {
                quote = None;
                outer.push(0);
            }
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') if last.is_whitespace() => quote = Some(c),
            (None, '(') => outer.iter_mut().rev().take(1).for_each(|open| *open += 1),
            (None, ')') => match outer.last_mut() {
                Some(1) => {
                    outer.pop();
                    quote = Some('"');
                }
                Some(open) => *open = open.saturating_sub(1),
                None => {}
            },
            _ => {}
        }
        let shown = quote.is_none() || matches!(c, '\n' | '\'' | '"');
        out.push(if shown { c } else { 'x' });
        last = c;
    }
    out
}

/// The deepest nesting of brackets, whatever they mean.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether a redirection has a number that no file has; the parser would not survive it.
fn has_huge_number(text: &str) -> bool {
    let before = text.split(['<', '>']);
    let digits = |part: &str| part.bytes().rev().take_while(u8::is_ascii_digit).count();
    before.map(digits).any(|count| count > 9)
}

/// The line of a here-document whose delimiter is more than a word with or without quotes. At such a
/// one the parser may look after the end of the script for ever.
fn odd_delimiter(text: &str) -> Option<usize> {
    let ends = |c: char| c.is_whitespace() || ";|&()<>".contains(c);
    let odd = |at: usize| {
        let rest = text[at + 2..].trim_start_matches(['-', ' ', '\t']);
        let word = rest.split(ends).next().unwrap_or_default();
        let quotes = word.matches(['\'', '"']).count();
        let opens = ["$(", "$[", "`"].iter().any(|open| word.contains(open));
        let cut = word.ends_with('$') && rest[word.len()..].starts_with('(');
        opens || cut || quotes % 2 == 1 || word.matches("${").count() > word.matches('}').count()
    };
    let mut here = text
        .match_indices("<<")
        .map(|(at, _)| at)
        .filter(|at| !text[at + 2..].starts_with('<') && !text[..*at].ends_with('<'));
    let at = here.find(|at| odd(*at))?;
    Some(text[..at].matches('\n').count() + 1)
}

/// The parser's own words hold no text of the script beyond its place.
fn words(error: &ParseError) -> String {
    match error {
        ParseError::ParsingNear(at) => {
            format!("bash cannot parse line {}, column {}", at.line, at.column)
        }
        ParseError::ParsingAtEndOfInput => {
            "bash finds the end where it expects more: a quote or block is not closed".to_owned()
        }
        ParseError::Tokenizing { position, .. } => {
            let line = position.as_ref().map_or(0, |at| at.line);
            format!("bash cannot read line {line}: a quote or bracket is not closed")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use crate::verify::script::parse::with_script;

    #[test]
    fn scripts_that_would_keep_the_parser_busy_end_at_once() {
        let open = "((".repeat(40);
        for script in [
            "<<E$((''<<Ex ",
            "<<E\"E\n${$((\"\")",
            &open,
            "a 5555555555>x",
        ] {
            let started = Instant::now();
            assert!(with_script(script, |_| ()).is_err(), "{script}");
            assert!(started.elapsed().as_millis() < 1_000, "{script}");
        }
    }

    #[test]
    fn quoted_text_is_no_here_document() {
        for script in [
            "a '<<$(' \"<<\\\"\" # <<'\nb '5555555555>'\n",
            "a <<'E' <<-F\nit's\nE\n\t$(\nF\n",
            "a \"b $(c 'd' \"e \\\"<< f\") g <<\" \"$( (h; i '<<') \"<<\" )<<\"\n",
        ] {
            assert_eq!(with_script(script, |_| ()), Ok(()), "{script}");
        }
    }
}

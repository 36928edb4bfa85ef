//! Would bash parse it?

use std::io::Cursor;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use brush_parser::{ParseError, Parser, ParserOptions};

/// Brackets inside of brackets; a script that people wrote has a dozen.
const MAX_DEPTH: usize = 500;
/// The parser goes down with the nesting of the script, and keywords nest without brackets.
const STACK: usize = 512 * 1024 * 1024;
/// Some broken scripts keep the parser busy for ever: it tries `((` as two things, each time anew, and
/// looks behind the end for the rest of a here-document in an open `$(`. A sound one takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is wrong with a script; nothing if bash would parse it.
pub fn check(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !text.starts_with("#!") {
        problems.push("a script begins with `#!/usr/bin/env bash`".to_owned());
    }
    if depth(text) > MAX_DEPTH {
        problems.push(format!("brackets nest deeper than {MAX_DEPTH} levels"));
        return problems;
    }
    if has_huge_number(text) {
        problems.push("the number before a `>` or `<` is too large".to_owned());
        return problems;
    }
    problems.extend(parse(text.to_owned()));
    problems
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

/// Parses in a thread of its own, which is left alone when it takes too long.
fn parse(text: String) -> Option<String> {
    let (sender, receiver) = channel();
    let work = move || {
        let mut parser = Parser::new(Cursor::new(text), &ParserOptions::default());
        // Nobody may listen any more.
        let _ = sender.send(parser.parse_program().err().map(|error| words(&error)));
    };
    let started = thread::Builder::new().stack_size(STACK).spawn(work);
    if started.is_err() {
        return Some("there is not enough memory to parse it".to_owned());
    }
    match receiver.recv_timeout(PATIENCE) {
        Ok(problem) => problem,
        Err(RecvTimeoutError::Timeout) => {
            let seconds = PATIENCE.as_secs();
            Some(format!(
                "it could not be parsed in {seconds} seconds: a bracket is not closed"
            ))
        }
        Err(RecvTimeoutError::Disconnected) => Some("it could not be parsed".to_owned()),
    }
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
    use crate::verify::script::check;

    #[test]
    fn an_open_quote_is_found() {
        assert_eq!(
            check("#!/usr/bin/env bash\necho 'a'\n"),
            Vec::<String>::new()
        );
        assert_eq!(check("#!/usr/bin/env bash\necho 'a\n").len(), 1);
        assert_eq!(check("#!/usr/bin/env bash\nif true; then\n").len(), 1);
        assert_eq!(check("echo a\n").len(), 1);
    }

    #[test]
    fn deep_scripts_come_to_an_end() {
        let nested = |open: &str, count: usize, close: &str| {
            let (open, close) = (open.repeat(count), close.repeat(count));
            check(&format!("#!/usr/bin/env bash\n{open}true{close}\n"))
        };
        assert_eq!(
            nested("if true; then ", 2_000, "; fi"),
            Vec::<String>::new()
        );
        assert_eq!(nested("{ ", 400, "; }"), Vec::<String>::new());
        for (open, close) in [("$(", ")"), ("{ ", "; }"), ("((", "))"), ("${x:-", "}")] {
            let problems = nested(open, 20_000, close);
            assert_eq!(problems, ["brackets nest deeper than 500 levels"]);
        }
        let number = "5".repeat(40);
        let problems = check(&format!("#!/usr/bin/env bash\necho {number}>x\n"));
        assert_eq!(problems, ["the number before a `>` or `<` is too large"]);
        let problems = nested("((", 40, "");
        assert_eq!(problems.len(), 1, "an open bracket, forty times");
    }
}

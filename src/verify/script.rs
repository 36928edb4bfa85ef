//! Would bash parse it?

use std::io::Cursor;

use brush_parser::{Parser, ParserOptions};

/// What is wrong with a script; nothing if bash would parse it.
pub fn check(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !text.starts_with("#!") {
        problems.push("a script begins with `#!/usr/bin/env bash`".to_owned());
    }
    // The parser's own words hold no text of the script beyond its place.
    let mut parser = Parser::new(Cursor::new(text), &ParserOptions::default());
    if let Err(error) = parser.parse_program() {
        problems.push(match error {
            brush_parser::ParseError::ParsingNear(at) => {
                format!("bash cannot parse line {}, column {}", at.line, at.column)
            }
            brush_parser::ParseError::ParsingAtEndOfInput => {
                "bash finds the end where it expects more: a quote or block is not closed"
                    .to_owned()
            }
            brush_parser::ParseError::Tokenizing { position, .. } => {
                let line = position.map_or(0, |at| at.line);
                format!("bash cannot read line {line}: a quote or bracket is not closed")
            }
        });
    }
    problems
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
}

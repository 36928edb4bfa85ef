//! Puts values into a bash script so that none can change its structure.

use crate::render::mark::{Mark, Marked, OPEN, Refusal, find};
use serde_json::Value;

/// A script with marks, cut into what stays and what is filled in.
#[derive(Debug)]
pub(super) struct Mold {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Value {
        number: usize,
        place: Place,
        at: usize,
    },
}

/// What a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside quotes: the value becomes a word in single quotes, a list several words.
    Bare,
    /// Inside `'…'`.
    Single,
    /// Inside `"…"`.
    Double,
    /// Behind `#`.
    Comment,
}

impl Mold {
    /// Reads the structure of `text`.
    pub(super) fn new(text: &str) -> Result<Self, Refusal> {
        let marks = find(text).map_err(|at| Refusal {
            at,
            why: "a filter cut a value that was already printed".to_owned(),
            help: "apply filters inside the `{{ }}` that prints the value",
        })?;
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut scanner = Scanner::default();
        for Mark { span, number } in marks {
            scanner.read(&text[at..span.start]);
            let place = scanner.place(span.start)?;
            pieces.push(Piece::Text(text[at..span.start].to_owned()));
            pieces.push(Piece::Value {
                number,
                place,
                at: span.start,
            });
            scanner.word_goes_on();
            at = span.end;
        }
        pieces.push(Piece::Text(text[at..].to_owned()));
        Ok(Self { pieces })
    }

    /// The script with its values.
    pub(super) fn fill(&self, values: &[Marked]) -> Result<String, Refusal> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value { number, place, at } => {
                    write(&mut out, &values[*number], *place, *at)?
                }
            }
        }
        Ok(out)
    }
}

/// One value in its place.
fn write(out: &mut String, value: &Marked, place: Place, at: usize) -> Result<(), Refusal> {
    let refuse = |why: &str, help| {
        Err(Refusal {
            at,
            why: why.to_owned(),
            help,
        })
    };
    if let (Marked::Plain(Value::Array(items)), Place::Bare) = (value, place) {
        let words: Option<Vec<String>> = items
            .iter()
            .map(|item| Marked::Plain(item.clone()).text().map(|text| quote(&text)))
            .collect();
        return match words {
            Some(words) if words.iter().any(|word| word.contains('\0')) => {
                refuse("a NUL cannot be in a script", "remove it from the value")
            }
            Some(words) => {
                out.push_str(&words.join(" "));
                Ok(())
            }
            None => refuse(
                "a list of lists has no form in a script",
                "print its elements one by one",
            ),
        };
    }
    let Some(text) = value.text() else {
        return refuse(
            "a mapping, a list in quotes, or nothing has no form in a script",
            "print its elements one by one, outside quotes",
        );
    };
    if text.contains('\0') {
        return refuse("a NUL cannot be in a script", "remove it from the value");
    }
    match place {
        Place::Bare => out.push_str(&quote(&text)),
        Place::Single => out.push_str(&text.replace('\'', r"'\''")),
        Place::Double => {
            for c in text.chars() {
                if matches!(c, '"' | '\\' | '$' | '`') {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        Place::Comment => out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c })),
    }
    Ok(())
}

/// One word of bash that means exactly `text`.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What the scanner is inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Single,
    Double,
    Comment,
    /// `$(…)` or `(…)`: commands again, up to the bracket.
    Commands,
    /// Places where no quoting is safe: `${…}`, `$((…))`, backticks, `$'…'`.
    Expansion(char),
}

/// Follows quotes and brackets through a script, as far as needed to know where a value stands.
#[derive(Debug, Default)]
struct Scanner {
    stack: Vec<Inside>,
    escaped: bool,
    /// The character before, for `$(` and for `#` at the start of a word.
    last: Option<char>,
    /// Delimiters of here-documents that begin on the next line.
    waiting: Vec<String>,
    /// The here-document that the text is in.
    heredoc: Option<String>,
    line: String,
}

impl Scanner {
    fn read(&mut self, text: &str) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            self.step(c, chars.peek().copied());
        }
    }

    fn step(&mut self, c: char, next: Option<char>) {
        if c == '\n' {
            self.end_line();
        } else {
            self.line.push(c);
        }
        if self.heredoc.is_some() {
            return;
        }
        if std::mem::take(&mut self.escaped) {
            self.last = Some(c);
            return;
        }
        match (self.stack.last().copied(), c) {
            (Some(Inside::Comment), '\n') => {
                self.stack.pop();
            }
            (Some(Inside::Comment), _) => {}
            (Some(Inside::Single), '\'') => {
                self.stack.pop();
            }
            (Some(Inside::Single), _) => {}
            (_, '\\') => self.escaped = true,
            (Some(Inside::Expansion(end)), c) if c == end => {
                self.stack.pop();
            }
            (Some(Inside::Expansion('\'')), _) => {}
            (Some(Inside::Double), '"') => {
                self.stack.pop();
            }
            (_, '`') => self.stack.push(Inside::Expansion('`')),
            (_, '{') if self.last == Some('$') => self.stack.push(Inside::Expansion('}')),
            (_, '(') if self.last == Some('$') && next == Some('(') => {
                self.stack.push(Inside::Expansion(')'))
            }
            (_, '(') if self.last == Some('$') => self.stack.push(Inside::Commands),
            (Some(Inside::Double), _) => {}
            (Some(Inside::Expansion(_)), '(') => self.stack.push(Inside::Expansion(')')),
            (Some(Inside::Expansion(_)), '"') => self.stack.push(Inside::Double),
            (Some(Inside::Expansion(_)), _) => {}
            (_, '\'') if self.last == Some('$') => self.stack.push(Inside::Expansion('\'')),
            (_, '\'') => self.stack.push(Inside::Single),
            (_, '"') => self.stack.push(Inside::Double),
            (_, '#')
                if self
                    .last
                    .is_none_or(|last| last.is_whitespace() || ";&|()".contains(last)) =>
            {
                self.stack.push(Inside::Comment);
            }
            (_, '(') => self.stack.push(Inside::Commands),
            (Some(Inside::Commands), ')') => {
                self.stack.pop();
            }
            _ => {}
        }
        self.last = Some(c);
    }

    /// Finds the start and the end of here-documents.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if let Some(delimiter) = &self.heredoc {
            if line.trim_start_matches('\t') == delimiter {
                self.heredoc = (!self.waiting.is_empty()).then(|| self.waiting.remove(0));
            }
            return;
        }
        let quoted = matches!(
            self.stack.last(),
            Some(Inside::Single | Inside::Double | Inside::Comment)
        );
        for (at, _) in line.match_indices("<<") {
            let rest = line[at + 2..].trim_start_matches('-').trim_start();
            let arithmetic = line[..at].contains("((");
            if quoted || arithmetic || line[at..].starts_with("<<<") || line[..at].ends_with('<') {
                continue;
            }
            let word: String = rest
                .chars()
                .take_while(|c| !c.is_whitespace() && !";|&)<>".contains(*c))
                .collect();
            let word = word.replace(['\'', '"', '\\'], "");
            if !word.is_empty() {
                self.waiting.push(word);
            }
        }
        if !self.waiting.is_empty() {
            self.heredoc = Some(self.waiting.remove(0));
        }
    }

    /// A mark is part of a word: a `#` behind it opens no comment.
    fn word_goes_on(&mut self) {
        self.last = Some(OPEN);
        self.line.push(OPEN);
        self.escaped = false;
    }

    /// What a value at this point stands in.
    fn place(&self, at: usize) -> Result<Place, Refusal> {
        let refuse = |why: &str| {
            Err(Refusal {
                at,
                why: why.to_owned(),
                help: "assign the value to a variable on a line of its own, `readonly NAME={{ value }}`, and use \"${NAME}\" here",
            })
        };
        if self.heredoc.is_some() {
            return refuse("a value cannot be quoted inside a here-document");
        }
        if self.escaped {
            return refuse("a value cannot stand behind a backslash");
        }
        if self.last == Some('$')
            && !matches!(self.stack.last(), Some(Inside::Single | Inside::Comment))
        {
            return refuse("a value cannot stand behind a `$`");
        }
        if self
            .stack
            .iter()
            .any(|inside| matches!(inside, Inside::Expansion(_)))
        {
            return refuse("a value cannot be quoted inside `${…}`, `$((…))`, `$'…'` or backticks");
        }
        Ok(match self.stack.last() {
            None | Some(Inside::Commands) => Place::Bare,
            Some(Inside::Single) => Place::Single,
            Some(Inside::Double) => Place::Double,
            Some(Inside::Comment) => Place::Comment,
            Some(Inside::Expansion(_)) => return refuse("a value cannot be quoted here"),
        })
    }
}

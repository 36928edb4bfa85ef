//! Puts values into a `.gitattributes` file: into comments, and as the pattern of a line.

use crate::render::mark::{self, Marked, Refusal};

/// A text with marks, cut into what stays and what is filled in.
#[derive(Debug)]
pub(super) struct AttributesStructure(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Text(String),
    Value {
        number: usize,
        place: Place,
        at: usize,
    },
}

/// What a value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After the `#` that begins a line.
    Comment,
    /// The first word of a line.
    Pattern,
}

impl AttributesStructure {
    /// Reads the structure of `text`.
    pub(super) fn new(text: &str) -> Result<Self, Refusal> {
        let mut pieces = Vec::new();
        let mut end = 0;
        for found in mark::find(text).map_err(mark::cut)? {
            let at = found.span.start;
            pieces.push(Piece::Text(text[end..at].to_owned()));
            end = found.span.end;
            let place = place(text, at, end).ok_or_else(|| Refusal {
                at,
                why: "a value is neither in a comment nor the pattern of a line".to_owned(),
                help: "print it after a `#`, or as the first word of a line",
            })?;
            let number = found.number;
            pieces.push(Piece::Value { number, place, at });
        }
        pieces.push(Piece::Text(text[end..].to_owned()));
        Ok(Self(pieces))
    }

    /// The text with its values.
    pub(super) fn fill(&self, values: &[Marked]) -> Result<String, Refusal> {
        let mut out = String::new();
        for piece in &self.0 {
            let (number, place, at) = match piece {
                Piece::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Piece::Value { number, place, at } => (*number, *place, *at),
            };
            let text = values[number].text();
            let fits = |text: &String| place == Place::Comment || is_pattern(text);
            let text = text.filter(fits).ok_or_else(|| Refusal {
                at,
                why: "a value is not a pattern of git".to_owned(),
                help: "print paths of letters, digits, `.`, `_`, `-`, `/` and `*`",
            })?;
            let visible = |c: char| if c.is_control() { ' ' } else { c };
            out.extend(text.chars().map(visible));
        }
        Ok(out)
    }
}

/// The place of the mark from `at` to `end`.
fn place(text: &str, at: usize, end: usize) -> Option<Place> {
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let before = &text[start..at];
    if before.starts_with('#') {
        Some(Place::Comment)
    } else if before.is_empty() && text[end..].starts_with([' ', '\t']) {
        Some(Place::Pattern)
    } else {
        None
    }
}

/// Whether git reads a text as one pattern, in which only `*` is special.
fn is_pattern(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '*');
    !text.is_empty() && text.chars().all(good)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::render::attributes::AttributesStructure;
    use crate::render::mark::{CLOSE, Marked, OPEN};

    fn fill(text: &str, value: &str) -> Option<String> {
        let text = text.replace('@', &format!("{OPEN}0{CLOSE}"));
        let structure = AttributesStructure::new(&text).ok()?;
        structure.fill(&[Marked::Plain(json!(value))]).ok()
    }

    #[test]
    fn values_are_comments_or_patterns() {
        let written = fill("# of @\n* text\n", "a\nb -text").expect("it is a comment");
        assert_eq!(written, "# of a b -text\n* text\n");
        let written = fill("@ text\n", "/a/**").expect("it is a pattern");
        assert_eq!(written, "/a/** text\n");
        for (text, value) in [
            ("@ text\n", "a b"),
            ("@ text\n", "!a"),
            ("@ text\n", "#a"),
            ("@ text\n", "\"a\""),
            ("@ text\n", ""),
            ("a @\n", "text"),
            ("@text\n", "a"),
            (" # @\n", "a"),
        ] {
            assert_eq!(fill(text, value), None, "{text:?} {value:?}");
        }
    }
}

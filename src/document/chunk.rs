//! Finds the boundaries of the documents of a stream without parsing them.
//!
//! A line that begins with `---` or `...` ends a document wherever it is, even in a quoted scalar or a
//! block (YAML 1.2.2, §9.1.2, `c-forbidden`), so an error in one document cannot hide the next.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use crate::document::line::lines;
use crate::span::Span;

/// The byte order mark, which may precede each document (YAML 1.2.2, §5.2).
const BOM: char = '\u{feff}';

/// One document of a stream. The chunks of a text are contiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// From its own marker to the next marker.
    pub span: Span,
    /// Where its content begins: after a marker that is alone on its line, and a byte order mark.
    pub content: usize,
}

/// The role of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// `---`: begins a document.
    Begin,
    /// `...`: ends a document.
    End,
    /// A directive, a blank line or a comment: part of the following document, if there is one.
    Prefix,
    /// Anything else.
    Content,
}

/// The documents of a text, in order; one for a text without markers, none for an empty text.
pub fn chunks(text: &str) -> Vec<Chunk> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut has_directive = false;
    // Whether all lines since `start` may belong to the following document.
    let mut is_prefix = true;
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(line) = lines(rest).next() else {
            break;
        };
        let next = at + line.len();
        match kind(line) {
            Line::Begin => {
                if at > start && !(is_prefix && has_directive) {
                    all.push(chunk(text, start, at));
                    start = at;
                }
                (is_prefix, has_directive) = (false, false);
            }
            Line::End => {
                all.push(chunk(text, start, next));
                start = next;
                (is_prefix, has_directive) = (true, false);
            }
            Line::Prefix => has_directive |= is_prefix && line.starts_with('%'),
            Line::Content => is_prefix = false,
        }
        // Only a marker changes anything from here on.
        at = if is_prefix { next } else { marker(text, next) };
    }
    if start < text.len() {
        all.push(chunk(text, start, text.len()));
    }
    all
}

/// The first line from `at` on that may be a marker, or the end; `at` is the beginning of a line.
fn marker(text: &str, at: usize) -> usize {
    // Vectors of this machine, or nothing.
    static BEGINNINGS: LazyLock<Option<Searcher>> = LazyLock::new(|| {
        let lines = ["---", "...", "\u{feff}"];
        let all = lines.map(|line| [format!("\n{line}"), format!("\r{line}")]);
        Searcher::new(all.as_flattened())
    });
    let Some(beginnings) = BEGINNINGS.as_ref() else {
        return at;
    };
    // The end of the line before belongs to the search.
    let before = at.saturating_sub(1);
    let rest = text.as_bytes().get(before..).unwrap_or_default();
    let found = beginnings.find(rest);
    found.map_or(text.len(), |found| before + found.start() + 1)
}

fn kind(line: &str) -> Line {
    let line = line.strip_prefix(BOM).unwrap_or(line);
    let is_marker = |marker: &str| {
        let rest = line.strip_prefix(marker);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
    };
    if is_marker("---") {
        Line::Begin
    } else if is_marker("...") {
        Line::End
    } else if line.starts_with('%') || is_bare(line) {
        Line::Prefix
    } else {
        Line::Content
    }
}

/// Whether a line, or the rest of one, is blank or a comment.
fn is_bare(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '\r', '\n']);
    line.is_empty() || line.starts_with('#')
}

fn chunk(text: &str, start: usize, end: usize) -> Chunk {
    let skip_bom = |at: usize| {
        let rest = text.get(at..end).unwrap_or_default();
        if rest.starts_with(BOM) {
            at + BOM.len_utf8()
        } else {
            at
        }
    };
    let mut content = skip_bom(start);
    let rest = text.get(content..end).unwrap_or_default();
    if let Some(after) = rest.strip_prefix("---") {
        let line = lines(after).next().unwrap_or_default();
        // Content on the line of the marker is read together with it.
        if is_bare(line) {
            content = skip_bom(content + "---".len() + line.len());
        }
    }
    Chunk {
        span: Span::new(start..end),
        content,
    }
}

#[cfg(test)]
mod tests {
    use crate::document::chunk::chunks;

    fn split(text: &str) -> Vec<&str> {
        let all = chunks(text);
        let joined: String = all.iter().map(|one| &text[one.span.range()]).collect();
        assert_eq!(joined, text, "nothing is lost");
        all.iter()
            .map(|one| &text[one.content..one.span.end])
            .collect()
    }

    #[test]
    fn only_markers_end_documents() {
        for (text, want) in [
            ("", vec![]),
            ("a: 1", vec!["a: 1"]),
            ("a: 1\n---\nb: 2\n", vec!["a: 1\n", "b: 2\n"]),
            ("---\r\na: 1\r\n--- # x\r\nb: 2", vec!["a: 1\r\n", "b: 2"]),
            ("---\n---\na\n", vec!["", "a\n"]),
            ("a: |\n  ---\n ---\n", vec!["a: |\n  ---\n ---\n"]),
            ("---a\n----\n", vec!["---a\n----\n"]),
            ("--- {a: 1}\n", vec!["--- {a: 1}\n"]),
            ("# c\n---\na\n", vec!["# c\n", "a\n"]),
            ("a: 'x\n---\nb: 1\n", vec!["a: 'x\n", "b: 1\n"]),
            ("a\n...\n# c\n---\nb\n", vec!["a\n...\n", "# c\n", "b\n"]),
        ] {
            assert_eq!(split(text), want, "{text:?}");
        }
    }

    #[test]
    fn directives_and_byte_order_marks_belong_to_the_next_document() {
        let text = "%YAML 1.2\n---\na\n...\n%TAG ! x\n---\nb\n";
        assert_eq!(
            split(text),
            ["%YAML 1.2\n---\na\n...\n", "%TAG ! x\n---\nb\n"]
        );
        let text = "\u{feff}a\n---\n\u{feff}b\n\u{feff}---\nc\n\u{feff}--- # x\n\u{feff}d";
        assert_eq!(split(text), ["a\n", "b\n", "c\n", "d"]);
    }
}

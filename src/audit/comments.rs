//! Comments that ignore findings: `# pullwright: ignore[RULE] REASON`, at the end of a line or above it.

use crate::document::tokens::{Style, tokens};
use crate::span::{Source, Span};

/// A comment that ignores findings of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The comment, from its `#`.
    pub span: Span,
    /// The line that it is about; empty if there is none.
    pub line: Span,
    /// The rules, as they are written, and where.
    pub rules: Vec<(String, Span)>,
    /// Whether a reason follows.
    pub has_reason: bool,
}

/// The mark of a comment for pullwright.
const MARK: &str = "pullwright:";
/// More lines of comments than this are not about the line below them.
const MOST_LINES: usize = 50;

/// The comments in a part of a text that is a document.
pub(super) fn comments(source: &Source, part: Span) -> Vec<Comment> {
    let text = source.text.get(part.range()).unwrap_or_default();
    if !text.contains(MARK) {
        return Vec::new();
    }
    // A text of which the parser refuses a part has no findings either.
    let all = tokens(text).unwrap_or_default().into_iter();
    all.filter(|token| token.style == Style::Comment)
        .filter_map(|token| {
            let start = part.start + token.span.start;
            comment(source, Span::new(start..part.start + token.span.end))
        })
        .collect()
}

fn comment(source: &Source, span: Span) -> Option<Comment> {
    let raw = source.text.get(span.range())?;
    let raw = raw.trim_end_matches(['\r', '\n']);
    let span = Span::new(span.start..span.start + raw.len());
    let words = raw.trim_start_matches('#').trim_start();
    let after = words.strip_prefix(MARK)?.trim_start();
    let after = after.strip_prefix("ignore")?.trim_start();
    let (list, reason) = match after.strip_prefix('[') {
        Some(inner) => inner.split_once(']').unwrap_or((inner, "")),
        None => ("", after),
    };
    let mut at = span.end - after.len() + 1;
    let mut rules = Vec::new();
    for written in list.split(',') {
        let rule = written.trim();
        if !rule.is_empty() {
            let start = at + (written.len() - written.trim_start().len());
            rules.push((rule.to_owned(), Span::new(start..start + rule.len())));
        }
        at += written.len() + 1;
    }
    let reason = reason.trim_start_matches([':', '-', ' ', '\t']);
    Some(Comment {
        span,
        line: line(source, span),
        rules,
        has_reason: !reason.trim().is_empty(),
    })
}

/// The line that a comment is about: its own, or the first one below that is no comment.
fn line(source: &Source, comment: Span) -> Span {
    let own = source.line(comment.start);
    let before = source.text.get(own.start..comment.start);
    if !before.unwrap_or_default().trim().is_empty() {
        return own;
    }
    let mut line = own;
    for _ in 0..MOST_LINES {
        let rest = source.text.get(line.end..).unwrap_or_default();
        let end = ["\r\n", "\n", "\r"]
            .into_iter()
            .find(|end| rest.starts_with(end));
        let Some(end) = end else {
            return Span::new(line.end..line.end);
        };
        line = source.line(line.end + end.len());
        let text = source.text.get(line.range()).unwrap_or_default();
        if !text.trim_start().starts_with('#') {
            return line;
        }
    }
    Span::new(line.end..line.end)
}

#[cfg(test)]
mod tests {
    use crate::audit::comments::comments;
    use crate::span::{Source, Span};

    /// The line, the rules and whether there is a reason, of each comment.
    fn read(text: &str) -> Vec<(String, String, bool)> {
        let source = Source::new("a.yaml", text);
        let all = comments(&source, Span::new(0..text.len()));
        let part = |span: Span| text[span.range()].to_owned();
        all.into_iter()
            .map(|one| {
                let rules = one.rules.iter().map(|(rule, span)| {
                    assert_eq!(*rule, part(*span));
                    rule.clone()
                });
                assert!(part(one.span).starts_with('#') && !part(one.span).contains(['\r', '\n']));
                let rules: Vec<String> = rules.collect();
                (part(one.line), rules.join("+"), one.has_reason)
            })
            .collect()
    }

    #[test]
    fn a_comment_is_about_its_line_or_the_next_one() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "a: 1 # pullwright: ignore[x, y-z] why\n# other\n  # pullwright: ignore[x]\n\
                        # pullwright:ignore [z]: why\nb: \"# pullwright: ignore[x] no\"\n\
                        c: |\n  # pullwright: ignore[x] no\n# pullwright: ignore x\n\nd: 1\n\
                        # pullwright: ignore[a,,b\n# a pullwright: ignore[x] why";
            let found = read(&text.replace('\n', end));
            let want = [
                ("a: 1 # pullwright: ignore[x, y-z] why", "x+y-z", true),
                ("b: \"# pullwright: ignore[x] no\"", "x", false),
                ("b: \"# pullwright: ignore[x] no\"", "z", true),
                ("", "", true),
                ("", "a+b", false),
            ];
            let want =
                want.map(|(line, rules, reason)| (line.to_owned(), rules.to_owned(), reason));
            assert_eq!(found, want, "{end:?}");
        }
    }

    #[test]
    fn a_text_that_is_not_yaml_has_none() {
        assert_eq!(read("a: [\n# pullwright: ignore[x] why\n"), []);
    }
}

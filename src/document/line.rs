//! Lines of YAML: they end with a line feed, a carriage return, or both (YAML 1.2.2, §5.4).

/// The characters that end lines.
pub(super) const ENDS: [char; 2] = ['\r', '\n'];

/// The lines of a text, each with its line end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut bytes = rest.bytes();
        let end = bytes.position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = end.map_or(rest.len(), |at| {
            let end = rest.get(at..).unwrap_or_default();
            at + if end.starts_with("\r\n") { 2 } else { 1 }
        });
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

/// The last line end before `at`; otherwise the first one in the text.
pub(super) fn end_at(text: &str, at: usize) -> &'static str {
    let before = text.get(..at).unwrap_or_default();
    let Some(end) = before.rfind(ENDS).or_else(|| text.find(ENDS)) else {
        return "\n";
    };
    let bytes = text.as_bytes();
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => "\r\n",
        (Some(b'\r'), _) => "\r",
        _ if end.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use crate::document::line::{end_at, lines};

    #[test]
    fn each_kind_of_line_end_ends_a_line() {
        let all: Vec<&str> = lines("a\r\n\rb\n\n\rc").collect();
        assert_eq!(all, ["a\r\n", "\r", "b\n", "\n", "\r", "c"]);
        assert_eq!(lines("").count(), 0);
    }

    #[test]
    fn the_line_end_is_that_of_the_previous_line() {
        for (text, at, want) in [
            ("", 0, "\n"),
            ("a", 1, "\n"),
            ("a\r\nb", 0, "\r\n"),
            ("a\r\nb", 3, "\r\n"),
            ("a\r\nb\nc", 5, "\n"),
            ("a\rb", 2, "\r"),
            ("a\rb", 0, "\r"),
        ] {
            assert_eq!(end_at(text, at), want, "{text:?} at {at}");
        }
    }
}

//! What untrusted text must become before it reaches a terminal, a log or a shell. No IO here.

mod command;
mod shell;

pub use crate::clean::command::breaks_out;
pub use crate::clean::shell::{argument, inside_single_quotes, path, single_quoted};

/// Stands for a character that is not shown, as in every terminal.
pub const REPLACED: char = '\u{fffd}';

/// Whether a character does something other than show itself: it moves the cursor, ends a line,
/// turns the direction of writing, or is there without being seen. Line feed and tab are among them.
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Line and paragraph separator.
            '\u{2028}' | '\u{2029}'
            // Anchors of interlinear annotations.
            | '\u{fff9}'..='\u{fffb}'
            // What follows is Unicode's Default_Ignorable_Code_Point: soft hyphen, joiners and
            // other zero widths, bidirectional marks, fillers, variation selectors, byte order
            // mark, tags. A search by the rules of a culture, as CI services make it, skips these.
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The character as it may be shown: itself, or one that shows that something was there.
pub fn shown(c: char) -> char {
    if misleads(c) { REPLACED } else { c }
}

/// Text that stays within its line, with no command of a CI service in it.
pub fn line(text: &str) -> String {
    command::broken(text.chars().map(shown).collect())
}

/// Text of several lines: as [`line`], but line feeds and tabs stay.
pub fn text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    each_line(text, |line| {
        let keep = |c| if c == '\t' { c } else { shown(c) };
        command::broken(line.chars().map(keep).collect())
    })
}

/// As [`text`], but colours stay, and nothing else that begins with an escape: for text whose
/// untrusted parts were cleaned before they were painted.
pub fn painted(text: &str) -> String {
    each_line(text, |line| {
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let colour = colour_length(rest);
            let (kept, next) = rest.split_at(if colour > 0 { colour } else { c.len_utf8() });
            match colour {
                0 if c != '\t' => out.push(shown(c)),
                _ => out.push_str(kept),
            }
            rest = next;
        }
        command::broken(out)
    })
}

/// JSON with the same values and nothing that misleads: what a string may hold bare is escaped.
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        // Outside of strings are line feeds, and no `#`.
        if (misleads(c) && c != '\n') || (c == '#' && before == '#') {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// Whether a text needs no cleaning, which is the common case; checked in one pass over the bytes.
fn is_plain(text: &str) -> bool {
    let shows_itself = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    text.bytes().all(shows_itself) && !text.contains("##") && !text.contains("::")
}

fn each_line(text: &str, clean: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = text.split('\n').map(clean).collect();
    lines.join("\n")
}

/// How many bytes of a colour's escape `text` begins with; none if it begins with anything else.
fn colour_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';');
    match end {
        Some(end) if rest[end..].starts_with('m') => "\u{1b}[".len() + end + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::clean::{json, line, misleads, painted, text};

    #[test]
    fn what_misleads_is_replaced_and_what_shows_itself_stays() {
        for c in "\0\u{1b}\r\u{7f}\u{85}\u{9b}\u{202e}\u{2066}\u{200e}\u{61c}\u{2028}\u{200b}\u{feff}\u{ad}\u{e0041}"
            .chars()
        {
            assert!(misleads(c), "{c:?}");
            for cleaned in [line, text, painted].map(|clean| clean(&format!("a{c}b"))) {
                assert_eq!(cleaned, "a\u{fffd}b", "{c:?}");
            }
        }
        for whole in ["é 日本 ✓ ﷽ ğ", "a: b # c", "::1 localhost", "# # ## ###"] {
            assert_eq!(
                (line(whole), text(whole)),
                (whole.to_owned(), whole.to_owned())
            );
        }
        assert_eq!(line("a\nb\tc"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(text("a\nb\tc\r\n"), "a\nb\tc\u{fffd}\n");
    }

    #[test]
    fn colours_are_all_that_an_escape_may_begin() {
        let coloured = "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m";
        assert_eq!(painted(coloured), coloured);
        for escape in [
            "\u{1b}[2J",
            "\u{1b}]0;x\u{7}",
            "\u{1b}[",
            "\u{1b}[1;",
            "\u{1b}(0",
            "\u{1b}",
        ] {
            assert!(!painted(escape).contains('\u{1b}'), "{escape:?}");
        }
        assert!(!text(coloured).contains('\u{1b}'));
    }

    #[test]
    fn json_keeps_its_values() {
        let value = serde_json::json!({"##vso[x]\u{202e}": ["\u{9b}\u{e0041}\u{7f} é", "###[a]"]});
        let cleaned = json(&serde_json::to_string_pretty(&value).expect("it is JSON"));
        assert_eq!(cleaned.find(|c: char| misleads(c) && c != '\n'), None);
        assert!(!cleaned.contains("##"));
        let read: serde_json::Value = serde_json::from_str(&cleaned).expect("it is JSON");
        assert_eq!(read, value);
    }
}

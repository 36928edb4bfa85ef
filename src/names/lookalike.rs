//! Characters that look like those of ASCII, or like nothing, and are others.

use std::fmt;

/// Such a character in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookalike {
    /// Its first byte.
    pub at: usize,
    /// The character.
    pub found: char,
    /// What it looks like; nothing if it cannot be seen.
    pub plain: &'static str,
    /// What it is called.
    pub noun: &'static str,
    /// Whether it is a letter: others cannot be part of any word.
    pub is_letter: bool,
}

/// The first one in a text. A letter counts only if the text has no other foreign ones: in a text of
/// another language, letters look as they should.
pub fn first(text: &str) -> Option<Lookalike> {
    let all = text.char_indices().filter(|(_, found)| !found.is_ascii());
    let mut all = all.map(|(at, found)| Some(Lookalike { at, ..of(found)? }));
    let first = all.next()??;
    let mut is_plain = || all.all(|one| one.is_some());
    (!first.is_letter || is_plain()).then_some(first)
}

/// The text with what is meant in place of each of them.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        match of(found) {
            Some(one) => out.push_str(one.plain),
            None => out.push(found),
        }
    }
    out
}

impl fmt::Display for Lookalike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = u32::from(self.found);
        match self.plain {
            "" | " " => write!(f, "U+{code:04X}, {}", self.noun),
            plain => write!(
                f,
                "`{}` (U+{code:04X}, {} like `{plain}`)",
                self.found, self.noun
            ),
        }
    }
}

/// What a character looks like.
fn of(found: char) -> Option<Lookalike> {
    let (plain, noun, is_letter) = match found {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => (" ", "a no-break space", false),
        '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => {
            (" ", "a wide or narrow space", false)
        }
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {
            ("", "a character of no width", false)
        }
        '“' | '”' | '„' | '‟' | '«' | '»' => ("\"", "a curly quote", false),
        '‘' | '’' | '‚' | '‛' => ("'", "a curly quote", false),
        '‐' | '‑' | '‒' | '–' | '—' | '−' => ("-", "a dash", false),
        '\u{ff01}'..='\u{ff5e}' => (full_width(found)?, "a full-width character", false),
        _ => {
            let (noun, plain) = LETTERS.iter().find_map(|(noun, foreign, latin)| {
                let place = foreign.chars().position(|one| one == found)?;
                Some((*noun, latin.get(place..=place)?))
            })?;
            (plain, noun, true)
        }
    };
    Some(Lookalike {
        at: 0,
        found,
        plain,
        noun,
        is_letter,
    })
}

/// Letters of other scripts, and those that they look like.
const LETTERS: [(&str, &str, &str); 2] = [
    (
        "a Cyrillic letter",
        "асеһіјкорԛѕухԁԝАВЕЅІЈКМНОРСТУХ",
        "acehijkopqsyxdwABESIJKMHOPCTYX",
    ),
    (
        "a Greek letter",
        "αικνορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aikvopuABEZHIKMNOPTYX",
    ),
];

/// The characters of ASCII in the order of the full-width ones, from U+FF01 on.
const ASCII: &str = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

fn full_width(found: char) -> Option<&'static str> {
    let place = u32::from(found).checked_sub(0xff01)?;
    let place = usize::try_from(place).ok()?;
    ASCII.get(place..=place)
}

#[cfg(test)]
mod tests {
    use crate::names::lookalike::{LETTERS, first, plain};

    #[test]
    fn what_looks_like_ascii_is_named() {
        for (text, words, meant) in [
            (
                "k\u{456}nd",
                "`\u{456}` (U+0456, a Cyrillic letter like `i`)",
                "kind",
            ),
            (
                "kind：",
                "`：` (U+FF1A, a full-width character like `:`)",
                "kind:",
            ),
            ("“aks”", "`“` (U+201C, a curly quote like `\"`)", "\"aks\""),
            ("a\u{a0}b", "U+00A0, a no-break space", "a b"),
            ("aks\u{200b}", "U+200B, a character of no width", "aks"),
            ("– a", "`–` (U+2013, a dash like `-`)", "- a"),
        ] {
            let found = first(text).expect("it has one");
            assert_eq!(found.to_string(), words);
            assert_eq!(plain(text), meant);
        }
    }

    #[test]
    fn texts_of_other_languages_are_left_alone() {
        for text in ["", "aks", "é", "имя", "日本", "naïve"] {
            assert_eq!(first(text), None, "{text}");
        }
        for (noun, foreign, latin) in LETTERS {
            assert_eq!(foreign.chars().count(), latin.len(), "{noun}");
            assert!(latin.is_ascii() && !foreign.is_ascii(), "{noun}");
        }
    }
}

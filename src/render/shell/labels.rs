//! Stand-ins for values that every parser of bash takes for letters of a word.

use std::ops::Range;

/// Words that occur nowhere else in a script, one for each mark.
///
/// They are letters and digits alone: where such a word would become part of a name, a value could
/// as well, and the parser shows it.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    prefix: String,
}

impl Labels {
    /// Labels that `text` does not hold.
    pub(super) fn new(text: &str) -> Self {
        let mut prefix = "PWMARK".to_owned();
        while text.contains(&prefix) {
            prefix.push('x');
        }
        Self { prefix }
    }

    /// The label of a mark.
    pub(super) fn of(&self, mark: usize) -> String {
        format!("{}{mark}z", self.prefix)
    }

    /// The labels in a text, with their marks.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let starts = text.match_indices(&self.prefix).map(|(at, _)| at);
        let read = |at: usize| {
            let digits = at + self.prefix.len();
            let length = text[digits..].find('z')?;
            let mark = text[digits..digits + length].parse().ok()?;
            Some((mark, at..digits + length + 1))
        };
        starts.filter_map(read).collect()
    }

    /// Whether a text holds a label, or a part of one.
    pub(super) fn touch(&self, text: &str) -> bool {
        text.contains(&self.prefix)
    }

    /// The text with each label replaced.
    pub(super) fn replace(&self, text: &str, value: impl Fn(usize) -> String) -> String {
        let mut out = String::new();
        let mut at = 0;
        for (mark, range) in self.find(text) {
            out.push_str(&text[at..range.start]);
            out.push_str(&value(mark));
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

//! A change as a unified diff, with secrets masked.

use std::fmt::Write;
use std::time::Duration;

use similar::TextDiff;

use crate::change::Change;
use crate::mask::{self, Known};
use crate::secret::Redacted;

/// Two large texts with nothing in common would be compared for minutes. What was not compared by then
/// is shown as removed and added: a longer diff, but still correct.
const PATIENCE: Duration = Duration::from_millis(250);

/// A unified diff with secrets masked; empty if nothing differs but line ends.
pub fn unified(change: &Change, folder: &str) -> String {
    let with_lf = |text: &Redacted| text.with_lf().unwrap_or_else(|| text.clone());
    let old = change.old.as_ref().map(with_lf);
    let new = change.new.as_ref().map(|file| with_lf(&file.text));
    let old = old.as_ref().map(Redacted::expose);
    let new = new.as_ref().map(Redacted::expose);
    if old.unwrap_or_default() == new.unwrap_or_default() {
        return String::new();
    }
    between(
        &format!("{folder}/{}", change.path),
        old,
        new,
        &change.known,
    )
}

/// The same of a file whose secrets are only those that its own text shows.
pub fn of_texts(path: &str, old: &str, new: &str) -> String {
    between(path, Some(old), Some(new), &Known::default())
}

fn between(path: &str, old: Option<&str>, new: Option<&str>, known: &Known) -> String {
    let path = shown(path);
    let (masked_old, masked_new) =
        mask::pair(old.unwrap_or_default(), new.unwrap_or_default(), known);
    match (old, new) {
        (None, Some(_)) => one_side(&masked_new, '+', ["/dev/null", &format!("b/{path}")]),
        (Some(_), None) => one_side(&masked_old, '-', [&format!("a/{path}"), "/dev/null"]),
        _ => lines(&path, &masked_old, &masked_new),
    }
}

/// The diff of two texts that may be shown.
pub(super) fn lines(path: &str, old: &str, new: &str) -> String {
    TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

/// The diff of a file that is on one side only: nothing has to be compared.
fn one_side(text: &str, sign: char, names: [&str; 2]) -> String {
    let count = text.split_inclusive('\n').count();
    let all = match count {
        1 => "1".to_owned(),
        count => format!("1,{count}"),
    };
    let ranges = match sign {
        '+' => format!("-0,0 +{all}"),
        _ => format!("-{all} +0,0"),
    };
    let [old, new] = names;
    let mut out = String::with_capacity(text.len() + count + old.len() + new.len() + 64);
    // Writing into a text cannot fail.
    let _ = write!(out, "--- {old}\n+++ {new}\n@@ {ranges} @@\n");
    for line in text.split_inclusive('\n') {
        out.push(sign);
        out.push_str(line);
    }
    if !text.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
    out
}

/// A path as one line of a diff may show it.
pub(super) fn shown(path: &str) -> String {
    path.trim_start_matches("./")
        .replace(|c: char| c.is_control(), "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use similar::TextDiff;

    use crate::change::unified::one_side;

    #[test]
    fn a_file_on_one_side_looks_as_if_it_were_compared() {
        for text in ["a\n", "a", "a\nb\n", "a\nb", "\n", "\n\n", "é\r\nb\r\n"] {
            let added = TextDiff::from_lines("", text);
            let added = added.unified_diff().header("x", "y").to_string();
            assert_eq!(one_side(text, '+', ["x", "y"]), added, "{text:?}");
            let removed = TextDiff::from_lines(text, "");
            let removed = removed.unified_diff().header("x", "y").to_string();
            assert_eq!(one_side(text, '-', ["x", "y"]), removed, "{text:?}");
        }
    }
}

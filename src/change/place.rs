//! Where an edit of a file begins.

use crate::change::Change;
use crate::mask;
use crate::secret::Redacted;

/// The line at which what is on disk first differs from what is rendered, from 1, and the line itself with
/// secrets masked; `None` if one of the two does not exist, or nothing that is shown differs.
pub fn first_difference(change: &Change) -> Option<(usize, String)> {
    let with_lf = |text: &Redacted| text.with_lf().unwrap_or_else(|| text.clone());
    let (old, new) = (change.old.as_ref()?, change.new.as_ref()?);
    let (old, new) = (with_lf(old), with_lf(&new.text));
    let (old, new) = mask::pair(old.expose(), new.expose(), &change.known);
    let mut lines = new.split_inclusive('\n');
    let mut last = (0, "");
    for line in old.split_inclusive('\n') {
        last = (last.0 + 1, line);
        if lines.next() != Some(line) {
            return Some((last.0, line.trim_end_matches('\n').to_owned()));
        }
    }
    // What is missing at the end is missing behind the last line.
    let (number, line) = last;
    let is_shorter = number > 0 && lines.next().is_some();
    is_shorter.then(|| (number, line.trim_end_matches('\n').to_owned()))
}

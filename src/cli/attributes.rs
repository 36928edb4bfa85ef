//! A `.gitattributes` of the user's in the output directory: does git keep the line ends of outputs?

use std::collections::BTreeMap;

use crate::artifact::{ATTRIBUTES, PlannedFile, below};
use crate::change::{self, Existing};
use crate::diag::{Code, Diagnostic, Subject};

/// What to say about such a file, if there is one in the directory that is `shown` so.
pub(super) fn warning(
    planned: &[PlannedFile],
    existing: &BTreeMap<String, Existing>,
    shown: &str,
) -> Option<Diagnostic> {
    let old = existing.get(ATTRIBUTES)?;
    if !change::is_foreign(ATTRIBUTES, old) {
        return None;
    }
    let is_planned = |ending: &&str| planned.iter().any(|file| file.path.ends_with(ending));
    let endings: Vec<&str> = [".yaml", ".sh"].into_iter().filter(is_planned).collect();
    if change::keeps_lf(old.text.expose(), &endings) {
        return None;
    }
    let file = below(shown, ATTRIBUTES);
    let lines: Vec<String> = (endings.iter())
        .map(|ending| format!("`*{ending} text eol=lf`"))
        .collect();
    let message = format!(
        "`{file}` does not set `eol=lf`, so git on Windows changes the line ends of outputs"
    );
    let help = match lines.as_slice() {
        [line] => format!("add the line {line}"),
        lines => format!("add the lines {}", lines.join(" and ")),
    };
    let diagnostic = Diagnostic::new(Code::GitLineEnds, message);
    Some(diagnostic.about(Subject::file(file)).help(help))
}

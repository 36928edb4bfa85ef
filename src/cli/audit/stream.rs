//! A stream that ends too early: what made it may have failed.

use std::sync::Arc;

use crate::audit::can_matter;
use crate::diag::{Code, Diagnostic, Report};
use crate::document::{Reading, part, parts};
use crate::span::Source;

/// What is wrong with the end of a stream: it holds no object at all, or its last document is cut. A
/// document that can matter is read anyway, and is not reported here.
pub(super) fn incomplete(source: &Source) -> Option<Diagnostic> {
    let text = &source.text;
    if !text.lines().any(is_content) {
        let message = format!("`{}` contains no objects", source.name);
        return Some(Diagnostic::new(Code::NotChecked, message).help(
            "check that the command before the pipe succeeded; `set -o pipefail` stops the pipeline if not",
        ));
    }
    let last = text.rfind("\n---").map_or(0, |at| at + 1);
    let last = text.get(last..)?;
    if can_matter(last) {
        return None;
    }
    let tail = Arc::new(Source::new("", last).hiding_all());
    if !has_errors(&tail) {
        return None;
    }
    // The same once more, with the place in the stream.
    let source = Arc::new(Source::new(&*source.name, text.as_str()).hiding_all());
    let last = parts(&source).pop()?;
    let mut report = Report::default();
    part(&source, &last, Reading::AsKubectl, &mut report);
    let error = report.sorted().into_iter().next()?.clone();
    let mut diagnostic = Diagnostic::new(Code::NotChecked, error.message)
        .label("this document was not checked")
        .help("check that the command before the pipe succeeded");
    diagnostic.place = error.place;
    Some(diagnostic)
}

fn has_errors(source: &Arc<Source>) -> bool {
    let mut report = Report::default();
    for one in parts(source) {
        part(source, &one, Reading::AsKubectl, &mut report);
    }
    report.has_errors()
}

/// Whether a line is more than a marker or a comment.
fn is_content(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    !line.is_empty() && !line.starts_with('#') && line != "---" && line != "..."
}

//! Syntax errors of the YAML parser, with suggestions for common mistakes.

use std::sync::Arc;

use granit_parser::ScanError;

use crate::diag::{Code, Diagnostic};
use crate::span::{Source, Span};

/// The diagnostic of an error at `offset`, in bytes of the whole text.
pub(super) fn syntax(source: &Arc<Source>, error: &ScanError, offset: usize) -> Diagnostic {
    let text = &source.text;
    let offset = offset.min(text.len());
    let info = error.info();
    let line = text.get(source.line(offset).range()).unwrap_or_default();
    let nesting = info.contains("nest") || info.contains("recursion");
    let code = if nesting { Code::TooDeep } else { Code::Syntax };
    let mut diagnostic = Diagnostic::new(
        code,
        format!("not valid YAML: {}", info.trim_end_matches('.')),
    )
    .at(source, Span::new(offset..offset));
    if line.trim_start_matches(' ').starts_with('\t') {
        diagnostic = diagnostic.help("indent with spaces: YAML does not allow tabs there");
    } else if info.contains("BOM") {
        diagnostic = diagnostic.help(
            "remove the byte order mark, or start a new document before it with a line `---`",
        );
    } else if line.contains(": ") && !nesting && !info.contains("unclosed") {
        diagnostic = diagnostic.help(
            "quote a value that contains `: ` or ` #`, or begins with one of `@ & * ! % | > { [`",
        );
    }
    diagnostic
}

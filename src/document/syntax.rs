//! Syntax errors of the YAML parser, told by the mistake that made them where it can be found.

mod context;
mod indent;
mod slip;

use std::sync::Arc;

use granit_parser::ScanError;

use crate::diag::{Code, Diagnostic};
use crate::document::syntax::context::Context;
use crate::document::syntax::slip::Slip;
use crate::span::{Source, Span};

/// The diagnostic of an error at `offset` of the whole text, in a document at `region`.
pub(super) fn syntax(
    source: &Arc<Source>,
    error: &ScanError,
    region: Span,
    offset: usize,
) -> Diagnostic {
    let info = error.info();
    let is_nesting = info.contains("nest") || info.contains("recursion");
    let context = Context::new(&source.text, region, offset);
    let slip = if is_nesting {
        None
    } else {
        slip::find(&context, &info)
    };
    if let Some(slip) = slip {
        return told(source, slip);
    }
    let code = if is_nesting {
        Code::TooDeep
    } else {
        Code::Syntax
    };
    let offset = offset.min(source.text.len());
    let message = format!("not valid YAML: {}", in_our_words(&info));
    let mut diagnostic = Diagnostic::new(code, message).at(source, Span::new(offset..offset));
    let line = source.text.get(source.line(offset).range());
    let line = line.unwrap_or_default();
    if info.contains("BOM") {
        diagnostic = diagnostic.help(
            "remove the byte order mark, or start a new document before it with a line `---`",
        );
    } else if info.contains("unclosed bracket") {
        let close = if info.contains('[') { ']' } else { '}' };
        diagnostic = diagnostic.help(format!("close it with `{close}`"));
    } else if info.contains("unclosed quote") {
        diagnostic = diagnostic.help("close the quote on the same line");
    } else if info.contains("misplaced bracket") {
        diagnostic = diagnostic.help("remove the bracket, or add the one that opens it");
    } else if line.contains(": ") && !is_nesting {
        diagnostic = diagnostic.help(
            "quote a value that contains `: ` or ` #`, or begins with one of `@ & * ! % | > { [`",
        );
    }
    diagnostic
}

/// The diagnostic of a mistake that the loader itself meets at `span`; `words` are for one that is not known.
pub(super) fn unexpected(
    source: &Arc<Source>,
    region: Span,
    span: Span,
    words: &str,
) -> Diagnostic {
    let context = Context::new(&source.text, region, span.start);
    match slip::find(&context, words) {
        Some(slip) => told(source, slip),
        None => Diagnostic::new(Code::Syntax, words).at(source, span),
    }
}

fn told(source: &Arc<Source>, slip: Slip) -> Diagnostic {
    let message = format!("not valid YAML: {}", slip.message);
    Diagnostic::new(Code::Syntax, message)
        .at(source, slip.span)
        .label(slip.label)
        .help(slip.help)
}

/// What the parser says, in the words of other messages.
fn in_our_words(info: &str) -> String {
    let info = info.trim_end_matches('.');
    match info {
        "simple key expected ':'" => "this line is not `key: value`".to_owned(),
        "mapping values are not allowed in this context" => {
            "a second `: ` on one line, or a wrong indentation".to_owned()
        }
        _ => match info.strip_prefix("unexpected character: `") {
            Some(rest) => format!("unexpected character `{}`", rest.trim_end_matches('\'')),
            None => info.to_owned(),
        },
    }
}

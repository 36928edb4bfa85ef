//! Messages with what looks like a secret masked, in their words and in the lines that they show.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::diag::Report;
use crate::mask::lines::{self, Form};
use crate::mask::{merged, place, shape, starred};
use crate::span::{Source, Span};

/// Messages about texts that may be anything: a file that is not a config, or a template. What has the shape
/// of a secret is hidden, and in a text with a Secret all values of that.
pub fn guarded(report: Report) -> Report {
    through(report, words, |source| spans(&source.text))
}

/// The messages with other words, and with more spans hidden in their sources.
pub(super) fn through(
    mut report: Report,
    words: impl Fn(&str) -> String,
    spans: impl Fn(&Source) -> Vec<Span>,
) -> Report {
    let mut sources: Vec<(Arc<Source>, Arc<Source>)> = Vec::new();
    for one in report.iter_mut() {
        one.keep_fix_if(|text| words(text) == text);
        for text in one.texts_mut() {
            *text = words(text);
        }
        for place in one.places_mut() {
            let done = sources
                .iter()
                .find(|(old, _)| Arc::ptr_eq(old, &place.source));
            place.source = match done {
                Some((_, new)) => Arc::clone(new),
                None => {
                    let new = hiding(&place.source, spans(&place.source));
                    sources.push((Arc::clone(&place.source), Arc::clone(&new)));
                    new
                }
            };
        }
    }
    report
}

/// A source of which no excerpt shows these spans.
fn hiding(source: &Arc<Source>, spans: Vec<Span>) -> Arc<Source> {
    if spans.is_empty() {
        return Arc::clone(source);
    }
    let copy = Source::new(source.name.as_str(), source.text.as_str());
    Arc::new(copy.hiding(source.hidden.iter().copied().chain(spans)))
}

/// A sentence with stars in place of what has the shape of a secret.
fn words(text: &str) -> String {
    let mut spans = Vec::new();
    shape::look(text, Form::Manifest, &mut spans);
    starred(text, &merged(text, spans), |_| "***")
}

/// Where a text that may be anything holds secrets.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    if is_of_secrets(text) {
        match place::look(text, 0) {
            Some(found) => {
                lines::comments(text, found.has_secret, &mut spans);
                spans.extend(found.spans);
            }
            None => lines::all_values(text, &mut spans),
        }
    }
    shape::look(text, Form::of(text), &mut spans);
    merged(text, spans)
}

/// Whether a text has a Secret in it. A config that only names one has not.
fn is_of_secrets(text: &str) -> bool {
    static KIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?i)\bkind["']?\s*:\s*["']?secret(?:list)?\b|\bstringData\b"#).ok()
    });
    KIND.as_ref().is_none_or(|kind| kind.is_match(text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diag::format::text;
    use crate::diag::{Code, Diagnostic, Report};
    use crate::mask::guarded;
    use crate::span::{Source, Span};

    fn shown(text: &str, at: &str) -> String {
        let start = text.find(at).expect("it is there");
        let source = Arc::new(Source::new("a", text));
        let one = Diagnostic::new(Code::Syntax, format!("not known: `{at}`"));
        let one = one.at(&source, Span::new(start..start + at.len()));
        text::render(&guarded(Report::from(one)), text::Colour::Off)
    }

    #[test]
    fn no_line_of_a_secret_is_shown() {
        for (text, at) in [
            (
                r#"{"kind":"Secret","data":{"a":"Y2FuYXJ5"},"stringData":{"b":"canary"}}"#,
                "kind",
            ),
            (
                "kind: Secret\nstringData: {b: canary, b: canary}\n",
                "stringData",
            ),
            ("kind: Secret\ndata: {a: Y2FuYXJ5, b: {{ yy }} }\n", "data"),
            (
                "spec: AUTHORIZATION\n- Authorization: Bearer abcdefghijcanary\n",
                "- Auth",
            ),
            (
                "ghp_canary123456789012345678: x\n",
                "ghp_canary123456789012345678",
            ),
            (
                "{kind: SecretList, items: [{data: {a: Y2FuYXJ5}}]}",
                "items",
            ),
        ] {
            let shown = shown(text, at);
            assert!(
                !shown.contains("canary") && !shown.contains("Y2FuYXJ5"),
                "{shown}"
            );
        }
    }

    #[test]
    fn a_config_is_shown_as_it_is() {
        let text = "kind: PullAccess\nspec:\n  access:\n    - secret: {name: acr-secret, delivery: script}\n";
        let shown = shown(text, "secret:");
        assert!(
            shown.contains("- secret: {name: acr-secret, delivery: script}"),
            "{shown}"
        );
    }
}

//! Texts of two sides with their secrets masked, so that a diff shows that a value changed and
//! never what it is. No IO here.
//!
//! A secret is found by its value, in many forms, if this run knows it ([`Known`]); by its place:
//! below a Secret's `data`, after a secret-looking name; and by its shape: a token, a private key, a
//! password in a URL. What is at such a place is then looked for by value in both texts. In a
//! text that cannot be read and speaks of secrets all values are masked: when in doubt, more is.
//!
//! Slices are taken as they are here, and not by `get` as in `document` and `krm`: where a span were
//! wrong, nothing in place of it would show the secret. So such a bug ends the run.

#![cfg_attr(not(test), deny(clippy::panic))]

mod forms;
mod known;
mod lines;
mod message;
mod name;
mod place;
mod program;
mod report;
mod shape;
mod squeeze;
mod words;

use std::collections::HashSet;

use crate::mask::lines::Form;
use crate::secret::Redacted;
use crate::span::Span;

pub use crate::mask::known::Known;
pub use crate::mask::message::message;
pub use crate::mask::name::{excerpts, json, named, names};
pub use crate::mask::program::program;
pub use crate::mask::report::guarded;

/// Both texts with stars in place of secret values. A value that is on one side only is
/// starred with the name of its side, so that the lines differ.
pub fn pair(old: &str, new: &str, known: &Known) -> (String, String) {
    let (old_seen, new_seen) = (Seen::of(old), Seen::of(new));
    let learned = Known::learned(old_seen.values.iter().chain(&new_seen.values));
    let old_spans = old_seen.spans(old, &[known, &learned]);
    let new_spans = new_seen.spans(new, &[known, &learned]);
    let values = |text, spans: &[Span]| -> HashSet<&str> {
        spans.iter().map(|span| span_of(text, *span)).collect()
    };
    let (old_values, new_values) = (values(old, &old_spans), values(new, &new_spans));
    let stars = |shared: &HashSet<&str>, value: &str, changed| {
        if shared.contains(value) {
            "***"
        } else {
            changed
        }
    };
    (
        starred(old, &old_spans, |value| {
            stars(&new_values, value, "*** (before)")
        }),
        starred(new, &new_spans, |value| {
            stars(&old_values, value, "*** (after)")
        }),
    )
}

fn span_of(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or_default()
}

/// `text` with stars in place of `spans`, which are sorted and do not overlap.
fn starred(text: &str, spans: &[Span], stars: impl Fn(&str) -> &'static str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        out.push_str(&text[at..span.start]);
        out.push_str(stars(&text[span.range()]));
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// What a text itself tells of its secrets.
struct Seen {
    spans: Vec<Span>,
    values: Vec<Redacted>,
}

impl Seen {
    fn of(text: &str) -> Self {
        let form = Form::of(text);
        let mut spans = Vec::new();
        let mut values = Vec::new();
        match place::look(text, 0) {
            Some(found) => {
                spans.extend(found.spans);
                values = found.values;
                lines::comments(text, found.has_secret, &mut spans);
            }
            // It is broken: then more is hidden, not less.
            None if form == Form::Manifest && lines::speaks_of_secret(text) => {
                lines::all_values(text, &mut spans);
            }
            None => lines::below_keys(text, form, &mut spans),
        }
        lines::tails(text, form, &mut spans);
        shape::look(text, form, &mut spans);
        Self { spans, values }
    }

    /// Where secrets are, with those that are known by value.
    fn spans(mut self, text: &str, known: &[&Known]) -> Vec<Span> {
        for known in known {
            self.spans.extend(known.spans(text));
        }
        merged(text, self.spans)
    }
}

/// Sorted, without overlaps, and without the space at their ends.
fn merged(text: &str, mut spans: Vec<Span>) -> Vec<Span> {
    for span in &mut spans {
        // A block scalar's span takes its last line end along.
        span.end = span.start + span_of(text, *span).trim_end().len();
    }
    spans.retain(|span| span.start < span.end);
    spans.sort();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use crate::mask::Known;

    fn one(text: &str) -> String {
        pair(text, text).0
    }

    fn pair(old: &str, new: &str) -> (String, String) {
        crate::mask::pair(old, new, &Known::default())
    }

    const SECRET: &str =
        "kind: Secret\ndata:\n  .dockerconfigjson: >-\n    QUFB\nstringData: {a: hunter2}\n";

    #[test]
    fn values_of_a_secret_are_masked_and_a_change_still_shows() {
        assert_eq!(
            one(SECRET),
            "kind: Secret\ndata:\n  .dockerconfigjson: >-\n    ***\nstringData: {a: ***}\n"
        );
        let (old, new) = pair(SECRET, &SECRET.replace("QUFB", "QkJC"));
        assert!(old.contains("    *** (before)\n"), "{old}");
        assert!(new.contains("    *** (after)\n"), "{new}");
        assert!(new.contains("{a: ***}"), "{new}");
    }

    #[test]
    fn a_broken_manifest_is_masked_as_well() {
        let broken = format!("{SECRET}  : [\n");
        let masked = one(&broken);
        assert!(
            !masked.contains("QUFB") && !masked.contains("hunter2"),
            "{masked}"
        );
    }

    #[test]
    fn a_secret_looking_key_is_masked_in_any_kind_and_in_any_form() {
        for text in [
            "kind: ConfigMap\ndata:\n  password: |\n    hunter2\n    more-hunter2\n",
            "password: |\n  hunter2\n: [\n",
            "# password: *hunter2\n",
            "# password: >hunter2\n",
            "# password: |hunter2\n",
            "a: {password: [x, hunter2]}\n",
        ] {
            let masked = one(text);
            assert!(!masked.contains("hunter2"), "{masked}");
        }
    }

    #[test]
    fn an_ordinary_text_stays_as_it_is() {
        let text = "kind: Pod\nspec:\n  imagePullSecrets:\n    - name: acr-secret\n";
        assert_eq!(one(text), text);
    }
}

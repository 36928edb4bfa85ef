//! Texts of two sides with their secrets masked, so that a diff shows that a value changed and
//! never what it is. No IO here.

use std::collections::HashSet;
use std::sync::Arc;

use crate::diag::hide::secret_tail;
use crate::document::{Data, Document, Node};
use crate::span::{Source, Span};

/// Both texts with stars in place of secret values. A value that stands on one side only is
/// starred with the name of its side, so that the lines differ.
pub fn pair(old: &str, new: &str) -> (String, String) {
    let old_spans = secret_spans(old);
    let new_spans = secret_spans(new);
    let values = |text: &str, spans: &[Span]| -> HashSet<String> {
        spans
            .iter()
            .map(|span| text[span.range()].to_owned())
            .collect()
    };
    let (old_values, new_values) = (values(old, &old_spans), values(new, &new_spans));
    (
        starred(old, &old_spans, &new_values, "*** (before)"),
        starred(new, &new_spans, &old_values, "*** (after)"),
    )
}

/// One text with stars in place of secret values.
pub fn one(text: &str) -> String {
    let spans = secret_spans(text);
    let own = spans
        .iter()
        .map(|span| text[span.range()].to_owned())
        .collect();
    starred(text, &spans, &own, "***")
}

fn starred(text: &str, spans: &[Span], shared: &HashSet<String>, changed: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        out.push_str(&text[at..span.start]);
        let is_shared = shared.contains(&text[span.range()]);
        out.push_str(if is_shared { "***" } else { changed });
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Where secrets stand: values of Secrets, and what follows a key that speaks of a secret. Sorted,
/// without overlaps.
fn secret_spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let source = Source {
        name: String::new(),
        text: text.to_owned(),
        hidden: Vec::new(),
    };
    match Document::parse_all(Arc::new(source)) {
        Ok(documents) => {
            for document in &documents {
                of_node(document, false, &mut spans);
            }
        }
        // Somebody broke it: then more is hidden, not less.
        Err(_) => below_secret_keys(text, &mut spans),
    }
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let tail = secret_tail(line).filter(|tail| !is_block_header(&line[tail.range()]));
        spans.extend(tail.map(|tail| Span::new(offset + tail.start..offset + tail.end)));
        offset += line.len();
    }
    for span in &mut spans {
        // A block scalar's span takes its last line end along.
        span.end = span.start + text[span.range()].trim_end().len();
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

/// All values below `data` and `stringData` of a Secret, wherever it stands.
fn of_node(node: &Node, secret: bool, spans: &mut Vec<Span>) {
    match &node.data {
        Data::Scalar(_) if secret => spans.push(node.span),
        Data::Scalar(_) => {}
        Data::Sequence(items) => items.iter().for_each(|item| of_node(item, secret, spans)),
        Data::Mapping(entries) => {
            let is_secret = entries.iter().any(|entry| {
                entry.key == "kind"
                    && matches!(&entry.value.data, Data::Scalar(value) if *value == "Secret")
            });
            for entry in entries {
                let values = is_secret && matches!(entry.key.as_str(), "data" | "stringData");
                let named = entry.key == "stringData" || names_a_secret(&entry.key);
                of_node(&entry.value, secret || values || named, spans);
            }
        }
    }
}

/// `key: >-` and `key: |` announce a value, and are none.
fn is_block_header(value: &str) -> bool {
    let rest = value.trim().strip_prefix(['|', '>']);
    rest.is_some_and(|rest| rest.len() <= 2 && rest.chars().all(|c| "+-123456789".contains(c)))
}

/// Whether a key speaks of a secret.
fn names_a_secret(key: &str) -> bool {
    secret_tail(&format!("{key}: x")).is_some()
}

/// Without structure: every line that is indented deeper than a secret-looking key above it.
fn below_secret_keys(text: &str, spans: &mut Vec<Span>) {
    const KEYS: &[&str] = &["data:", "stringData:"];
    let mut below: Option<usize> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        let indent = line.len() - line.trim_start().len();
        if below.is_some_and(|depth| indent > depth) || body.is_empty() {
            if !body.is_empty() {
                spans.push(Span::new(offset + indent..offset + indent + body.len()));
            }
        } else {
            let is_key = KEYS
                .iter()
                .any(|key| body.trim_start_matches(['"', '\'']).starts_with(key))
                || body
                    .split_once(':')
                    .is_some_and(|(key, _)| names_a_secret(key));
            below = is_key.then_some(indent);
            if let (true, Some((key, value))) = (is_key, body.split_once(':')) {
                let start = offset + indent + key.len() + 1;
                spans.push(Span::new(start..start + value.len()));
            }
        }
        offset += line.len();
    }
}

#[cfg(test)]
mod tests {
    use crate::mask::{one, pair};

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

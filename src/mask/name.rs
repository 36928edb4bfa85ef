//! Names in messages that may hold a credential: user info before a host, a docker config in base64.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::Regex;
use serde_json::Value;

use crate::diag::Report;
use crate::mask::report::through;
use crate::mask::{merged, message, starred};
use crate::span::Span;

/// Shorter base64 holds no docker config.
const SHORTEST: usize = 16;

/// Words that a comment with a credential in it says.
static COMMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)passw|token|key|pwd").ok());

/// A message about names that others wrote: as [`message`], and without user info and docker configs.
pub fn names(text: &str) -> String {
    let mut spans = Vec::new();
    for (at, word) in words(text) {
        if let Some(user) = user_info(word) {
            spans.push(Span::new(at + user.start..at + user.end));
        } else if is_docker_config(word) {
            spans.push(Span::new(at..at + word.len()));
        }
    }
    message(&starred(text, &merged(text, spans), |_| "***"))
}

/// A JSON value with [`names`] of all its texts.
pub fn json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(names(&text)),
        Value::Array(all) => all.into_iter().map(json).collect(),
        Value::Object(all) => {
            let all = all.into_iter();
            Value::Object(all.map(|(key, value)| (key, json(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// Messages about a text with names that others wrote: their words by [`names`], the lines that they show
/// without [`excerpts`].
pub fn named(report: Report) -> Report {
    through(report, names, |source| excerpts(&source.text))
}

/// The words of a text, each with its offset.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_end = |c: char| c.is_whitespace() || "`\"'()[]{}<>,".contains(c);
    let mut at = 0;
    text.split_inclusive(is_end).map(move |word| {
        let start = at;
        at += word.len();
        (start, word.trim_end_matches(is_end))
    })
}

/// What no excerpt of a manifest shows: comments that may hold a credential, and user info before a host.
pub fn excerpts(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let sign = line.match_indices('#').map(|(at, _)| at).find(|at| {
            let before = line[..*at].chars().next_back();
            before.is_none_or(char::is_whitespace)
        });
        if let Some(at) = sign {
            let comment = line[at + 1..].trim();
            // The rules of an ignore are names.
            let comment = comment.split_once(']').map_or(comment, |(rules, reason)| {
                let is_ignore = rules.starts_with("pullwright: ignore[");
                if is_ignore { reason } else { comment }
            });
            let comment = comment.trim();
            let has_word = COMMENT.as_ref().is_none_or(|word| word.is_match(comment));
            if !comment.is_empty() && (has_word || names(comment) != comment) {
                spans.push(Span::new(start + at + 1..start + line.trim_end().len()));
            }
        }
        if line.contains('@') {
            let users = words(line).filter_map(|(at, word)| {
                let user = user_info(word)?;
                Some(Span::new(start + at + user.start..start + at + user.end))
            });
            spans.extend(users);
        }
        start += line.len();
    }
    spans
}

/// `user:password` of `user:password@host`, and anything before the host of a URL. A digest is no host.
fn user_info(word: &str) -> Option<Span> {
    let start = word.find("://").map(|at| at + 3);
    let rest = word.get(start.unwrap_or_default()..)?;
    let mut signs = rest.rmatch_indices('@').map(|(at, _)| at);
    let is_digest = |at: usize| {
        ["sha256:", "sha512:"]
            .iter()
            .any(|it| rest[at + 1..].starts_with(it))
    };
    let at = signs.find(|at| !is_digest(*at))?;
    let user = &rest[..at];
    let start = start.unwrap_or_default();
    (!user.is_empty() && (start > 0 || user.contains(':'))).then(|| Span::new(start..start + at))
}

fn is_docker_config(word: &str) -> bool {
    let word = word.trim_end_matches('=');
    if word.len() < SHORTEST {
        return false;
    }
    let decoded = STANDARD_NO_PAD.decode(word).unwrap_or_default();
    let text = String::from_utf8(decoded).unwrap_or_default();
    text.trim_start().starts_with('{') || text.contains("auth") || is_docker_config(text.trim())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use crate::mask::{excerpts, names};

    #[test]
    fn credentials_in_names_are_masked() {
        let config = STANDARD.encode("{ \"auths\": {\"h\": {\"auth\": \"dTpw\"}}}");
        let twice = STANDARD.encode(&config);
        for (text, want) in [
            (
                "for `https://user:hunter2@h.azurecr.io/x`",
                "for `https://***@h.azurecr.io/x`",
            ),
            (
                "`https://hunter2@h.azurecr.io`",
                "`https://***@h.azurecr.io`",
            ),
            (
                "`https://u:hun/t@er2@h.azurecr.io`",
                "`https://***@h.azurecr.io`",
            ),
            ("é `u:hunter2@h.azurecr.io/a:1`", "é `***@h.azurecr.io/a:1`"),
            (config.as_str(), "***"),
            (twice.as_str(), "***"),
            ("with password=hunter2", "with password=***"),
        ] {
            assert_eq!(names(text), want);
        }
        let digest = "d2315b567c8d8497b90ec0ce3607b64c91491bf4e29ed54932a42c7e76d4e49d";
        for text in [
            &format!("`h.azurecr.io/a:1@sha256:{digest}`"),
            "pull secret `acr-secret` of Pod `web/a`: a very-long-name-of-a-registry-and-a-secret",
            "Deployment `web/app`, `spec.template.spec.containers[0].image`",
        ] {
            assert_eq!(names(text), *text);
        }
    }

    #[test]
    fn parts_that_may_hold_a_credential_are_found() {
        let text = "a: [s] # docker password hunter2\nb: 'x#token' # fine\n# u:hunter2@h\nc: #key\nd: 'u:p@h'\n# pullwright: ignore[short-lived-token] why\n";
        let found: Vec<&str> = excerpts(text)
            .iter()
            .map(|one| &text[one.range()])
            .collect();
        assert_eq!(
            found,
            [
                " docker password hunter2",
                " u:hunter2@h",
                "u:hunter2",
                "key",
                "u:p"
            ]
        );
    }
}

//! Secrets by their shape, wherever they are: keys, tokens, passwords of URLs.

use std::sync::LazyLock;

use regex::Regex;

use crate::mask::lines::Form;
use crate::mask::words::is_reference;
use crate::span::Span;

/// The first group is the secret; without one, the whole match.
const SHAPES: &[&str] = &[
    // A URL with a password, or with a token alone.
    r#"://[^/\s:@"'<>]*:([^/\s@"']+)@"#,
    r#"://([^/\s:@"'<>]{8,})@"#,
    r#"(?i)\bauthorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token)\s+)?([^\s"',]+)"#,
    r"(?i)\bbearer\s+([A-Za-z0-9._~+/=-]{8,})",
    r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY|\z)",
    // A JWT, and JSON in base64: a docker config, for example.
    r"\beyJ[A-Za-z0-9_-]{12,}[A-Za-z0-9_.+/=-]*",
    // Storage, Service Bus and SAS of Azure.
    r#"(?i)\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|sig)=([^\s;&"']{8,})"#,
    r"[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AGE-SECRET-KEY-1)[A-Za-z0-9_-]{16,}",
    // `--token=x`, and `token = x` of config files in scripts.
    r#"(?i)--[a-z-]*(?:token|secret|passphrase)[= ]["']?([^\s"'-][^\s"']*)"#,
];

static REGEXES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    SHAPES
        .iter()
        .filter_map(|one| Regex::new(one).ok())
        .collect()
});

/// Where `text` holds something of these shapes.
pub(super) fn look(text: &str, form: Form, spans: &mut Vec<Span>) {
    for regex in REGEXES.iter() {
        for one in regex.captures_iter(text) {
            let secret = one.get(1).or_else(|| one.get(0));
            spans.extend(
                secret
                    .filter(|secret| !is_reference(secret.as_str(), form))
                    .map(|secret| Span::new(secret.range())),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::mask::lines::Form;
    use crate::mask::shape::{REGEXES, SHAPES, look};

    #[test]
    fn every_shape_is_valid() {
        assert_eq!(REGEXES.len(), SHAPES.len());
    }

    #[test]
    fn credentials_are_found_and_addresses_are_not() {
        for (text, secret) in [
            ("url: https://user:hunter2@example.com/x", "hunter2"),
            (
                "git+https://0123456789abcdef@example.com",
                "0123456789abcdef",
            ),
            ("-H 'Authorization: Bearer abcdefghij'", "abcdefghij"),
            ("Authorization: Basic cHVsbA==", "cHVsbA=="),
            (
                "AccountName=a;AccountKey=c2VjcmV0c2VjcmV0==;x",
                "c2VjcmV0c2VjcmV0==",
            ),
            (
                "https://x.blob.core.windows.net/a?sv=1&sig=abc%2Fdefgh&x",
                "abc%2Fdefgh",
            ),
            (
                "a: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            ),
            ("id AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
                "\nMIIE\n",
            ),
            ("run --token=abc", "abc"),
        ] {
            let mut spans = Vec::new();
            look(text, Form::Script, &mut spans);
            let found = spans.iter().any(|span| text[span.range()] == *secret);
            assert!(found, "{text}");
        }
        for text in [
            "https://youruniquename.azurecr.io/v2/",
            "header = \"Authorization: Bearer %s\"",
            "https://${user}:${password}@example.com",
            "image: youruniquename.azurecr.io/sample-container:0.0.1",
            "apiVersion: rbac.authorization.k8s.io/v1",
        ] {
            let mut spans = Vec::new();
            look(text, Form::Script, &mut spans);
            assert!(spans.is_empty(), "{text}");
        }
    }
}

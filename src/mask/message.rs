//! A message of another program with its secrets masked: a log line, an event, a status. It is no manifest,
//! so only its words and the shape of its values tell what a secret is.

use std::sync::LazyLock;

use regex::Regex;

use crate::mask::lines::Form;
use crate::mask::{merged, shape, starred};
use crate::span::Span;

/// The first group is the secret.
const SHAPES: &[&str] = &[
    // `password=x`, `"access_token": "x"`. Not `username/password: unauthorized`, which is a sentence.
    r#"(?i)(?:^|[^/\w])["'\\]*(?:[\w.-]*password|passwd|pwd|[\w.-]*client[_-]?secret|access_?token|refresh_?token|id_?token|identity_?token|registry_?token|[\w.-]*account_?key|api_?key)["'\\]*\s*[:=]\s*["'\\]*([^\s"'\\&]+)"#,
    // A value in quotes may hold spaces.
    r#"(?i)["'](?:password|access_?token|refresh_?token|identity_?token|registry_?token|auth)["']\s*:\s*["']([^"']+)"#,
    r#"(?i)--?(?:docker-)?p(?:assword)?[= ]["']?([^\s"']+)"#,
    // `auth` of a docker config.
    r#"(?i)(?:^|[^/\w])["'\\]*auth["'\\]*\s*[:=]\s*["'\\]*([A-Za-z0-9+/_-]{8,}=*)"#,
    r#"(?i)[?&](?:sig|code|token|access_token|refresh_token|key|password|secret|x-amz-signature)=([^&\s"']+)"#,
];

/// What containerd says of a repository; no header, and what follows is no credential.
const SENTENCE: &str = "may require authorization: ";

static REGEXES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compiled = SHAPES.iter().filter_map(|one| Regex::new(one).ok());
    compiled.collect()
});

/// A value this long that mixes cases and digits is more likely a key than a name.
const LONG: usize = 32;

/// The text with `***` in place of what looks like a secret: a token, a password, a signature, a key, the
/// `auth` of a docker config, and any long word that mixes upper case, lower case and digits. Digests and
/// names of pods, which are lower case, stay. It takes linear time.
pub fn message(text: &str) -> String {
    let mut spans = Vec::new();
    shape::look(text, Form::Manifest, &mut spans);
    spans.retain(|span| !text[..span.start].ends_with(SENTENCE));
    for regex in REGEXES.iter() {
        let found = regex.captures_iter(text).filter_map(|one| one.get(1));
        spans.extend(found.map(|secret| Span::new(secret.range())));
    }
    long_words(text, &mut spans);
    starred(text, &merged(text, spans), |_| "***")
}

fn long_words(text: &str, spans: &mut Vec<Span>) {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/_-=".contains(&byte);
    let bytes = text.as_bytes();
    let mut start = 0;
    for end in 0..=bytes.len() {
        if bytes.get(end).is_some_and(|byte| is_part(*byte)) {
            continue;
        }
        // What follows a `%` is an escape of a URL.
        let escaped = start > 0 && bytes[start - 1] == b'%';
        let from = (start + if escaped { 2 } else { 0 }).min(end);
        let word = &bytes[from..end];
        let has = |test: fn(&u8) -> bool| word.iter().any(test);
        if word.len() >= LONG
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_digit)
        {
            spans.push(Span::new(from..end));
        }
        start = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::mask::message;
    use crate::mask::message::{REGEXES, SHAPES};

    #[test]
    fn every_shape_is_valid() {
        assert_eq!(REGEXES.len(), SHAPES.len());
    }

    #[test]
    fn secrets_of_messages_are_masked() {
        for (text, secret) in [
            ("login failed: password=hunter2", "hunter2"),
            ("body: {\"access_token\":\"abc.def\"}", "abc.def"),
            ("body: {\\\"refresh_token\\\":\\\"abcdef\\\"}", "abcdef"),
            ("{\"auths\":{\"h\":{\"auth\":\"dTpwYXNz\"}}}", "dTpwYXNz"),
            ("{\"password\": \"two words\"}", "words"),
            ("docker login -u a -p hunter2 h", "hunter2"),
            ("kubectl create --docker-password=hunter2", "hunter2"),
            (
                "GET https://x.blob.core.windows.net/a?sv=1&sig=aB%2Fc",
                "aB%2Fc",
            ),
            ("Authorization: Bearer abcdefgh", "abcdefgh"),
            ("key Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIz+ACR", "Zm9v"),
            ("token eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiIxIn0.c2ln", "eyJ"),
            (
                "https://user:hunter2@youruniquename.azurecr.io/v2/",
                "hunter2",
            ),
        ] {
            let masked = message(text);
            assert!(
                !masked.contains(secret) && masked.contains("***"),
                "{masked}"
            );
        }
    }

    #[test]
    fn ordinary_messages_stay() {
        for text in [
            "failed to fetch oauth token: unexpected status from GET request to https://youruniquename.azurecr.io/oauth2/token?scope=repository%3Asamples%2Fpause-with-a-name-as-long-as-they-come-1%3Apull&service=youruniquename.azurecr.io: 401 Unauthorized",
            "unable to parse auth field, must be formatted as base64(username:password)",
            "unable to retrieve auth token: invalid username/password: unauthorized: authentication required",
            "h/a@sha256:d2315b567c8d8497b90ec0ce3607b64c91491bf4e29ed54932a42c7e76d4e49d",
            "no basic auth credentials",
            "repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
            "pod/web-6d56556f98-rtvxm",
        ] {
            assert_eq!(message(text), text);
        }
    }
}

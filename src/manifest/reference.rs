//! Image references in manifests, including those with placeholders that a tool replaces later.

use std::sync::LazyLock;

use regex::Regex;

use crate::names::{Fault, ImageReference};

pub use crate::names::placeholder::token;

/// The host of an image, as it is written; `None` if there is none, which means Docker Hub, or if it is a
/// placeholder.
///
/// The rest of the reference does not matter: tag and path may contain placeholders or be invalid. A scheme
/// is skipped. The first part is a host by the rule of
/// <https://github.com/distribution/reference/blob/main/normalize.go>: it has a dot or a colon, or is
/// `localhost`.
pub fn host(image: &str) -> Option<&str> {
    let image = image.trim();
    let (has_scheme, rest) = match image.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, image),
    };
    let host = match rest.split_once('/') {
        Some((host, _)) => host,
        // The address of a registry: `oci://HOST`.
        None if has_scheme => rest,
        None => return None,
    };
    let is_host = host.contains(['.', ':']) || host == "localhost";
    let is_filled = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c));
    (is_host && is_filled).then_some(host)
}

/// Whether two hosts are the same registry, ignoring case: hosts are DNS names, and the grammar of image
/// references allows upper case in them (`domain-component` of
/// <https://github.com/distribution/reference/blob/main/reference.go>).
///
/// The kubelet, however, compares keys of pull secrets case-sensitively
/// ([`crate::names::ImageReference`] therefore refuses upper case in a host).
pub fn is_same_host(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Why an image reference is not valid; `None` if a container runtime can pull it and keys of pull secrets
/// can match it.
pub fn fault(image: &str) -> Option<Fault> {
    if image.trim().is_empty() {
        return Some(Fault::new("it is empty"));
    }
    if let Some(token) = token(image) {
        return Some(Fault::new(format!(
            "`{token}` is a placeholder that was not replaced"
        )));
    }
    ImageReference::parse(image).err()
}

/// Whether a value is, as a whole, filled in later: placeholders (see [`token`]) with nothing but punctuation
/// around them, or words such as `REPLACE_ME`. A password that only contains such characters is none.
pub fn is_placeholder(value: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = concat!(
            r"(?i)^(?:(?:replace|change|fill)[-_ .]?(?:me|it|this|in|with.*|by.*)?|place[-_ ]?holder|todo|tbd|fixme",
            r"|x{3,}|\.{3,}|\*{3,}|redacted|your[-_ ].+|insert[-_ ].+|[\w .-]+[-_ ]here|[\w .-]*base64[\w .-]*",
            r"|__[\w.-]+__|%\w+%)$"
        );
        Regex::new(words).ok()
    });
    const LONGEST: usize = 200;
    let mut rest = value.trim();
    if rest.len() < LONGEST && WORDS.as_ref().is_some_and(|words| words.is_match(rest)) {
        return true;
    }
    let is_joint = |text: &str| text.chars().all(|c| " -_.:/@".contains(c));
    let is_certain = |token: &str| match token.strip_prefix('$') {
        Some(name) if !name.starts_with(['{', '(']) => {
            !name.contains(|c: char| c.is_ascii_lowercase())
        }
        _ => !token.starts_with('<') || token.ends_with('>'),
    };
    let mut has_token = false;
    while let Some(token) = token(rest) {
        let Some((before, after)) = rest.split_once(token) else {
            return false;
        };
        if !is_joint(before) || !is_certain(token) {
            return false;
        }
        has_token = true;
        rest = after;
    }
    has_token && is_joint(rest)
}

/// The text with all placeholders replaced; `None` if it has none.
pub fn filled(text: &str, with: &str) -> Option<String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = token(rest).and_then(|token| rest.split_once(token)) {
        filled.push_str(before);
        filled.push_str(with);
        rest = after;
    }
    (rest.len() < text.len()).then(|| filled + rest)
}

#[cfg(test)]
mod tests {
    use crate::manifest::reference::{fault, filled, host, is_placeholder, is_same_host, token};

    #[test]
    fn a_value_is_a_placeholder_only_as_a_whole() {
        for value in [
            "${ACR_PASSWORD}",
            "$(X)",
            "{{ .pw }}",
            "<password>",
            "#{x}#",
            "__X__",
            "__x__",
            "$PASSWORD",
            "REPLACE_ME",
            "replace-with-your-token",
            "changeme",
            "CHANGE_ME",
            "your-password",
            "TODO",
            "xxxx",
            "...",
            "${A}-${B}",
            "<base64 of the config>",
            "BASE64_ENCODED_JSON",
            "password-goes-here",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in [
            "",
            "p",
            "pa$word",
            "a<b",
            "<b",
            "p${",
            "x${A}",
            "changed-later",
            "sample-pull",
            "xx",
            "hunter2",
            "replacement1",
            "youruniquename",
            "$ecret",
            "{}",
            "eyJhdXRocyI6e319",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
        assert_eq!(filled("a${B}c{{ d }}", "0").as_deref(), Some("a0c0"));
        assert_eq!(filled("abc", "0"), None);
    }

    #[test]
    fn a_host_is_found_whatever_follows() {
        for (image, want) in [
            ("a.azurecr.io/x:1", Some("a.azurecr.io")),
            ("a.azurecr.io/x:{{ tag }}", Some("a.azurecr.io")),
            ("a.azurecr.io/${NAME}/x", Some("a.azurecr.io")),
            ("a.azurecr.io/x:__TAG__", Some("a.azurecr.io")),
            ("a.azurecr.io/x:$(var)", Some("a.azurecr.io")),
            ("a.azurecr.io/X", Some("a.azurecr.io")),
            ("a.azurecr.io/", Some("a.azurecr.io")),
            (" a.azurecr.io/x ", Some("a.azurecr.io")),
            ("https://a.azurecr.io/x", Some("a.azurecr.io")),
            ("oci://a.azurecr.io/x", Some("a.azurecr.io")),
            ("oci://a.azurecr.io", Some("a.azurecr.io")),
            ("A.azurecr.io/X", Some("A.azurecr.io")),
            ("localhost:5000/x", Some("localhost:5000")),
            ("localhost/x", Some("localhost")),
            ("${REGISTRY}/x", None),
            ("${REGISTRY}.azurecr.io/x", None),
            ("{{ .Values.registry }}/x", None),
            ("library/x", None),
            ("a.azurecr.io", None),
            ("x:1.2", None),
            ("", None),
            ("/", None),
        ] {
            assert_eq!(host(image), want, "{image}");
        }
        assert!(is_same_host("A.azurecr.io", "a.azurecr.io"));
        assert!(!is_same_host("a.azurecr.io", "b.azurecr.io"));
    }

    #[test]
    fn only_invalid_references_have_a_fault() {
        for (image, want) in [
            ("a.azurecr.io/x:1", None),
            ("a.azurecr.io/a__b__c:1", None),
            ("a.azurecr.io/x:1__rc__2", None),
            ("", Some("it is empty")),
            (" ", Some("it is empty")),
            (
                "a.azurecr.io/x:${TAG}",
                Some("`${TAG}` is a placeholder that was not replaced"),
            ),
            (
                "a.azurecr.io/x:$TAG",
                Some("`$TAG` is a placeholder that was not replaced"),
            ),
            (
                "a.azurecr.io/x:$(var)",
                Some("`$(var)` is a placeholder that was not replaced"),
            ),
            (
                "a.azurecr.io/{{ x }}:1",
                Some("`{{ x }}` is a placeholder that was not replaced"),
            ),
            (
                "a.azurecr.io/x:__TAG__",
                Some("`__TAG__` is a placeholder that was not replaced"),
            ),
            (
                "a.azurecr.io/x:<TAG>",
                Some("`<TAG>` is a placeholder that was not replaced"),
            ),
            (
                "a.azurecr.io/x:${TAG",
                Some("`${TAG` is a placeholder that was not replaced"),
            ),
            (
                "https://a.azurecr.io/x",
                Some("an image reference must not have a scheme"),
            ),
            ("a.azurecr.io/X", Some("a repository must be lower case")),
            (
                "a.azurecr.io/x ",
                Some("it has leading or trailing white space"),
            ),
        ] {
            let found = fault(image).map(|fault| fault.why);
            assert_eq!(found.as_deref(), want, "{image}");
        }
        assert!(fault("A.azurecr.io/x").is_some());
        assert_eq!(token("$"), None);
    }
}

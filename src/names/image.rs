//! Image references by the grammar of distribution/reference (source: `domain.md` §3).

use crate::names::{Fault, ImageReference, charset};

/// The parts of an image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageParts<'a> {
    /// The host, if one is written; without it, Docker Hub is meant.
    pub host: Option<&'a str>,
    /// The repository path.
    pub repository: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// The digest, algorithm included.
    pub digest: Option<&'a str>,
}

impl ImageReference {
    /// The parts of the reference.
    pub fn parts(&self) -> ImageParts<'_> {
        split(self.as_str())
    }
}

/// Splits without judging.
pub fn split(text: &str) -> ImageParts<'_> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let path_start = rest.find('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match rest[path_start..].rfind(':') {
        Some(at) => (&rest[..path_start + at], Some(&rest[path_start + at + 1..])),
        None => (rest, None),
    };
    let is_host = |first: &str| first.contains(['.', ':']) || first == "localhost";
    let (host, repository) = match name.split_once('/') {
        Some((first, path)) if is_host(first) => (Some(first), path),
        _ => (None, name),
    };
    ImageParts {
        host,
        repository,
        tag,
        digest,
    }
}

/// The whole reference. Whether its host is a declared registry is not a question of grammar.
pub(super) fn reference(text: &str) -> Result<(), Fault> {
    if let Some((_, rest)) = text.split_once("://") {
        return Err(
            Fault::new("an image reference must not have a scheme").suggest(
                text,
                rest.to_owned(),
                reference,
            ),
        );
    }
    if text.trim() != text {
        return Err(
            Fault::new("it has leading or trailing white space").suggest(
                text,
                text.trim().to_owned(),
                reference,
            ),
        );
    }
    let parts = split(text);
    if let Some(host) = parts.host {
        if host.chars().any(|c| c.is_ascii_uppercase()) {
            let close = text.replacen(host, &host.to_ascii_lowercase(), 1);
            return Err(Fault::new(
                "the kubelet compares hosts case-sensitively, and registry hosts are lower case",
            )
            .suggest(text, close, reference));
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:".contains(c);
        charset(
            host,
            1..=253,
            allowed,
            "letters, digits, dots, dashes and a port in a host",
        )?;
    }
    if let Err(fault) = repository(parts.repository) {
        let lower = parts.repository.to_lowercase();
        return Err(fault.suggest(text, text.replacen(parts.repository, &lower, 1), reference));
    }
    if let Some(tag) = parts.tag {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        charset(tag, 1..=128, allowed, "letters, digits and `_.-` in a tag")?;
        if tag.starts_with(['.', '-']) {
            return Err(Fault::new(
                "a tag must begin with a letter, a digit or an underscore",
            ));
        }
    }
    parts.digest.map_or(Ok(()), digest)
}

/// `sha256:` and 64 hexadecimal digits; other algorithms have 32 or more.
fn digest(text: &str) -> Result<(), Fault> {
    let (algorithm, hex) = text.split_once(':').unwrap_or((text, ""));
    let digits = hex
        .chars()
        .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    let long = if algorithm == "sha256" {
        hex.len() == 64
    } else {
        hex.len() >= 32
    };
    if !digits || !long || algorithm.is_empty() {
        return Err(Fault::new(
            "a digest must be `sha256:` and 64 hexadecimal digits",
        ));
    }
    Ok(())
}

/// `path-component := [a-z0-9]+ ((?:[_.]|__|-*)[a-z0-9]+)*`, components joined by slashes.
pub(super) fn repository(text: &str) -> Result<(), Fault> {
    if text.chars().any(char::is_uppercase) {
        return Err(Fault::new("a repository must be lower case").suggest(
            text,
            text.to_lowercase(),
            repository,
        ));
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
    charset(
        text,
        1..=255,
        allowed,
        "lower-case letters, digits and `._-/` in a repository",
    )?;
    if text.split('/').all(component) {
        return Ok(());
    }
    Err(Fault::new(
        "each part of a repository must begin and end with a letter or digit, with `.`, `_`, `__` or dashes between",
    ))
}

/// One part between slashes.
fn component(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let separators = text
        .split(|c: char| c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    edge(text.chars().next())
        && edge(text.chars().last())
        && separators
            .into_iter()
            .all(|part| matches!(part, "." | "_" | "__") || part.chars().all(|c| c == '-'))
}

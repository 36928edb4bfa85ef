//! Names of Kubernetes objects (source: apimachinery `validation.go`, by `domain.md` §3).

use crate::names::{Fault, charset, kebab};

/// DNS-1123 label: at most 63 lower-case letters, digits and dashes.
pub(super) fn label(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    charset(
        text,
        1..=63,
        allowed,
        "lower-case letters, digits and dashes",
    )
    .and_then(|()| no_dash_at_the_ends(text))
    .map_err(|fault| fault.suggest(text, kebab(text, |_| false), label))
}

/// DNS-1123 subdomain: labels with dots between them, at most 253 characters.
pub(super) fn subdomain(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    charset(
        text,
        1..=253,
        allowed,
        "lower-case letters, digits, dashes and dots",
    )
    .and_then(|()| text.split('.').try_for_each(no_dash_at_the_ends))
    .map_err(|fault| fault.suggest(text, kebab(text, |c| c == '.'), subdomain))
}

/// A subdomain of at most 63 characters: it is also the value of a label.
pub(super) fn workload(text: &str) -> Result<(), Fault> {
    subdomain(text)?;
    if text.len() > 63 {
        let why = format!(
            "it has {} characters, not 1 to 63: it is also the value of a label",
            text.len()
        );
        return Err(Fault::new(why));
    }
    Ok(())
}

/// A name with a domain before it, or without one (`IsQualifiedName`).
pub(super) fn qualified_name(text: &str) -> Result<(), Fault> {
    let name = match text.split_once('/') {
        Some((domain, name)) => {
            subdomain(domain)
                .map_err(|fault| Fault::new(format!("before the `/`, {}", fault.why)))?;
            name
        }
        None => text,
    };
    word(name)
}

/// Nothing, or a word (`IsValidLabelValue`).
pub(super) fn label_value(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    word(text)
}

/// Letters and digits, with `-_.` between them.
fn word(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    charset(text, 1..=63, allowed, "letters, digits and `-_.`")?;
    let is_end = |c: char| !c.is_ascii_alphanumeric();
    if text.starts_with(is_end) || text.ends_with(is_end) {
        return Err(Fault::new("it must begin and end with a letter or digit"));
    }
    Ok(())
}

fn no_dash_at_the_ends(label: &str) -> Result<(), Fault> {
    if label.is_empty() {
        return Err(Fault::new(
            "it begins or ends with a dot, or has two in a row",
        ));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(Fault::new("it begins or ends with a dash"));
    }
    Ok(())
}

/// A subdomain, or nothing: the core group.
pub(super) fn api_group(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    if let Some((group, _)) = text.split_once('/') {
        return Err(Fault::new(
            "it must not have a version: a kind applies to all versions of its group",
        )
        .suggest(text, group.to_owned(), api_group));
    }
    subdomain(text)
}

/// Letters and digits, a letter first. Most kinds begin with an upper-case letter; not all do.
pub(super) fn kind(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_alphanumeric();
    charset(text, 1..=63, allowed, "letters and digits")?;
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Fault::new("it begins with a digit"));
    }
    Ok(())
}

/// Keys with dots between them; `[]` after a key, any number of times; `*` alone for a key.
pub(super) fn field_path(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.*[]".contains(c);
    let check = || {
        charset(text, 1..=1024, allowed, "letters, digits and `-_.*[]`")?;
        text.split('.').try_for_each(field)
    };
    check().map_err(|fault| {
        let close = text.trim_start_matches(['$', '.', '/']);
        let close = close.replace('/', ".").replace("[*]", "[]");
        fault.suggest(text, close, field_path)
    })
}

/// One part of a path.
fn field(part: &str) -> Result<(), Fault> {
    let key = part.trim_end_matches("[]");
    if key.is_empty() {
        return Err(Fault::new("a key is empty"));
    }
    if key.contains(['[', ']']) {
        return Err(Fault::new(
            "brackets are only allowed as `[]` after a key, for every element of its list",
        ));
    }
    if key != "*" && key.contains('*') {
        return Err(Fault::new("`*` is only allowed alone, for every key"));
    }
    if key.starts_with('-') {
        return Err(Fault::new("a key begins with a dash"));
    }
    Ok(())
}

/// `1.34` or `1.34.2`.
pub(super) fn version(text: &str) -> Result<(), Fault> {
    let parts: Vec<&str> = text.split('.').collect();
    let digits = |part: &&str| {
        !part.is_empty() && part.len() < 4 && part.chars().all(|c| c.is_ascii_digit())
    };
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(digits) {
        let bare = text.trim_start_matches('v').to_owned();
        return Err(
            Fault::new("a version has the form `1.34` or `1.34.2`").suggest(text, bare, version)
        );
    }
    Ok(())
}

/// Five fields, or one of the words that start with `@`.
pub(super) fn cron_schedule(text: &str) -> Result<(), Fault> {
    const WORDS: &[&str] = &[
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly",
    ];
    if text.starts_with('@') {
        return if WORDS.contains(&text) {
            Ok(())
        } else {
            Err(Fault::new(format!("the macros are {}", WORDS.join(", "))))
        };
    }
    let field = |part: &str| {
        part.chars()
            .all(|c| c.is_ascii_alphanumeric() || "*/,-?".contains(c))
    };
    if text.split(' ').filter(|part| !part.is_empty()).count() != 5 || !text.split(' ').all(field) {
        return Err(Fault::new(
            "a schedule has five fields: minute, hour, day, month, weekday",
        ));
    }
    Ok(())
}

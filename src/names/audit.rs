//! Names of the policy of `audit`: hosts of any registry, globs, patterns of objects, reasons.

use globset::GlobBuilder;

use crate::names::{Fault, charset, kubernetes, local};

/// A host of any registry, in lower case, with its port if it has one.
pub(super) fn registry_host(text: &str) -> Result<(), Fault> {
    let fault = |why: &str, close: String| Err(Fault::new(why).suggest(text, close, registry_host));
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split('/').next().unwrap_or_default();
        return fault(
            "a login server must not have a scheme",
            host.to_ascii_lowercase(),
        );
    }
    if let Some((host, _)) = text.split_once('/') {
        return fault(
            "a login server must not have a path or a trailing slash",
            host.to_ascii_lowercase(),
        );
    }
    if text.chars().any(|c| c.is_ascii_uppercase()) {
        return fault(
            "login servers are case-sensitive for the kubelet, and images are lower case",
            text.to_ascii_lowercase(),
        );
    }
    let (host, port) = text.split_once(':').unwrap_or((text, "443"));
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    charset(host, 1..=253, allowed, "letters, digits, dots and dashes")?;
    if host.split('.').any(|label| {
        label.is_empty() || label.starts_with('-') || label.ends_with('-') || label.len() > 63
    }) {
        return Err(Fault::new(
            "each part between dots has 1 to 63 characters, and no dash first or last",
        ));
    }
    if !host.contains('.') && port == "443" && host != "localhost" {
        return fault("the suffix is missing", format!("{text}.azurecr.io"));
    }
    if port.parse::<u16>().map_or(true, |port| port == 0) {
        return Err(Fault::new("its port is not a number from 1 to 65535"));
    }
    Ok(())
}

/// A glob of paths below a directory.
pub(super) fn path_glob(text: &str) -> Result<(), Fault> {
    local::file(text)?;
    if text.starts_with('/') || text.contains('\\') {
        return Err(Fault::new(
            "it must be relative, with `/` between its parts",
        ));
    }
    if text.split('/').any(|part| part == "..") {
        return Err(Fault::new(
            "`..` would leave the directory of the policy; move the policy, or pass it with `--policy`",
        ));
    }
    match GlobBuilder::new(text).literal_separator(true).build() {
        Ok(_) => Ok(()),
        Err(error) => Err(Fault::new(error.kind().to_string())),
    }
}

/// `Kind/name`, in which `*` stands for any text.
pub(super) fn object_pattern(text: &str) -> Result<(), Fault> {
    let Some((kind, name)) = text.split_once('/') else {
        return Err(Fault::new("it must be of the form `Kind/name`").suggest(
            text,
            format!("*/{text}"),
            object_pattern,
        ));
    };
    if kind != "*" {
        kubernetes::kind(&kind.replace('*', "x"))?;
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:*".contains(c);
    charset(
        name,
        1..=253,
        allowed,
        "lower-case letters, digits, dashes, dots and `*` in a name",
    )
}

/// A sentence of one line.
pub(super) fn reason(text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new("it is empty"));
    }
    charset(text, 1..=500, local::is_shown, "printable characters")
}

//! Names of Azure resources (sources: `domain.md` §3, table "Azure").

use crate::names::{Fault, RepositoryPattern, charset, kebab};

/// Suffix of login servers in the public cloud.
pub const PUBLIC: &str = ".azurecr.io";
/// Suffix of login servers in the cloud of China.
pub const CHINA: &str = ".azurecr.cn";
/// Suffix of login servers in the cloud of the government of the United States.
pub const US_GOVERNMENT: &str = ".azurecr.us";
/// Suffix of login servers in the cloud of Bleu.
pub const BLEU: &str = ".azurecr.sovcloud-azure.fr";

/// The login-server suffixes of the clouds
/// (<https://github.com/Azure/azure-cli/blob/dev/src/azure-cli-core/azure/cli/core/cloud.py>).
pub const SUFFIXES: &[&str] = &[PUBLIC, CHINA, US_GOVERNMENT, BLEU];

/// Whether a host is, by its suffix, the login server of a container registry of Azure.
pub fn is_registry_host(host: &str) -> bool {
    SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
}

/// 5 to 50 lower-case letters and digits: `az acr create` rejects upper case and dashes.
pub(super) fn registry_name(text: &str) -> Result<(), Fault> {
    let words = "lower-case letters and digits";
    let fault = match charset(
        text,
        5..=50,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit(),
        words,
    ) {
        Ok(()) => return Ok(()),
        Err(fault) => fault,
    };
    let host = host_of(text);
    if let Some(suffix) = SUFFIXES.iter().find(|suffix| host.ends_with(*suffix)) {
        let first = host
            .trim_end_matches(suffix)
            .split(['.', '-'])
            .next()
            .unwrap_or_default();
        return Err(
            Fault::new("this is a login server, not a resource name").suggest(
                text,
                first.to_owned(),
                registry_name,
            ),
        );
    }
    let name = host.split(['.', '-']).next().unwrap_or_default();
    let text_of_name = if text.contains("://") { name } else { text };
    let close: String = text_of_name
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    Err(fault.suggest(text, close, registry_name))
}

/// Global, domain-name-label and regional forms; no scheme, port, path or data endpoint.
pub(super) fn login_server(text: &str) -> Result<(), Fault> {
    let host = host_of(text);
    let fault = |why: &str| Err(Fault::new(why).suggest(text, host.clone(), login_server_form));
    if text.contains("://") {
        return fault("a login server must not have a scheme");
    }
    if text.trim() != text || text.contains(char::is_whitespace) {
        return fault("white space is not allowed");
    }
    if text.contains('/') {
        return fault("a login server must not have a path or a trailing slash");
    }
    if text.contains(':') {
        return fault("a login server must not have a port");
    }
    if text.chars().any(|c| c.is_ascii_uppercase()) {
        return fault(
            "login servers are case-sensitive for the kubelet, and images are lower case",
        );
    }
    login_server_form(text)
}

/// The login server of the registry that a regional endpoint, `NAME.REGION.geo.SUFFIX`, belongs to; `None`
/// for any other host.
pub fn without_region(host: &str) -> Option<String> {
    let suffix = SUFFIXES.iter().find(|suffix| host.ends_with(**suffix))?;
    let labels = host.strip_suffix(suffix)?;
    match labels.split('.').collect::<Vec<_>>().as_slice() {
        [name, _, "geo"] => Some(format!("{name}{suffix}")),
        _ => None,
    }
}

/// The shape, once it is clear that this is a bare host.
fn login_server_form(host: &str) -> Result<(), Fault> {
    if let Some(suffix) = SUFFIXES.iter().find(|suffix| host.ends_with(**suffix)) {
        let labels: Vec<&str> = host[..host.len() - suffix.len()].split('.').collect();
        let region = |text: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        return match labels.as_slice() {
            [name] => login_label(name),
            [name, place, "geo"] if region(place) => login_label(name),
            [name, _, "data"] => Err(Fault::new(
                "a data endpoint serves layers and is never logged in to",
            )
            .suggest(host, format!("{name}{suffix}"), login_server_form)),
            _ => Err(Fault::new(
                "it is neither `NAME.azurecr.io` nor `NAME.REGION.geo.azurecr.io`",
            )),
        };
    }
    if !host.contains('.') {
        return Err(Fault::new("the suffix is missing").suggest(
            host,
            format!("{host}.azurecr.io"),
            login_server_form,
        ));
    }
    let (last, others) = SUFFIXES.split_last().expect("the suffixes are");
    Err(Fault::new(format!(
        "it does not end in `{}` or `{last}`",
        others.join("`, `")
    )))
}

/// `NAME` or `NAME-HASH`.
fn login_label(label: &str) -> Result<(), Fault> {
    let (name, hash) = label.split_once('-').unwrap_or((label, "0"));
    registry_name(name)?;
    if hash.is_empty()
        || !hash
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    {
        return Err(Fault::new(
            "the part after the dash is the hash of the domain name label: letters and digits",
        ));
    }
    Ok(())
}

/// The host in what people paste: scheme, path, port and outer space removed, lower case.
pub fn host_of(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split('/').next().unwrap_or_default();
    let text = text.split(':').next().unwrap_or_default();
    text.to_ascii_lowercase()
}

/// ARM's rule; the underscore of the naming page is left out.
pub(super) fn token_name(text: &str) -> Result<(), Fault> {
    charset(
        text,
        5..=50,
        |c| c.is_ascii_alphanumeric() || c == '-',
        "letters, digits and dashes",
    )
    .and_then(|()| no_dash_first(text))
    .map_err(|fault| fault.suggest(text, kebab(text, |_| false), token_name))
}

/// Names that begin with `_repositories_` belong to the system.
pub(super) fn scope_map_name(text: &str) -> Result<(), Fault> {
    if text.starts_with("_repositories_") {
        return Err(Fault::new(
            "scope maps that begin with `_repositories_` are reserved",
        ));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    charset(
        text,
        5..=50,
        allowed,
        "letters, digits, dashes and underscores",
    )
    .and_then(|()| no_dash_first(text))
    .map_err(|fault| fault.suggest(text, kebab(text, |c| c == '_'), scope_map_name))
}

/// A repository name, a prefix ending in `/*`, or `*`.
pub(super) fn repository_pattern(text: &str) -> Result<(), Fault> {
    if text == "*" {
        return Ok(());
    }
    let prefix = text.strip_suffix("/*").unwrap_or(text);
    if let Some((first, rest)) = text.split_once('/')
        && is_registry_host(first)
    {
        return Err(
            Fault::new("a repository is written without the login server").suggest(
                text,
                rest.to_owned(),
                repository_pattern,
            ),
        );
    }
    if prefix.contains('*') {
        let cut = text
            .split('*')
            .next()
            .unwrap_or_default()
            .trim_end_matches('/');
        return Err(
            Fault::new("a `*` is only allowed alone, or at the end after a slash").suggest(
                text,
                format!("{cut}/*"),
                repository_pattern,
            ),
        );
    }
    crate::names::image::repository(prefix)
}

impl RepositoryPattern {
    /// Whether a repository is included: `*` has all, and `team/*` has what is below `team/`
    /// (<https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions>).
    pub fn covers(&self, repository: &str) -> bool {
        match self.as_str().strip_suffix('*') {
            Some(prefix) => repository.starts_with(prefix),
            None => repository == self.as_str(),
        }
    }
}

/// 1 to 90 characters, not ending in a dot.
pub(super) fn resource_group(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.()".contains(c);
    charset(text, 1..=90, allowed, "letters, digits and `-_.()`")?;
    no_dash_first(text)?;
    if text.ends_with('.') {
        return Err(Fault::new("it ends in a dot").suggest(
            text,
            text.trim_end_matches('.').to_owned(),
            resource_group,
        ));
    }
    Ok(())
}

/// AKS' rule; clusters elsewhere keep to it as well.
pub(super) fn cluster_name(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    charset(
        text,
        1..=63,
        allowed,
        "letters, digits, dashes and underscores",
    )?;
    if text.starts_with(['-', '_']) || text.ends_with(['-', '_']) {
        return Err(
            Fault::new("it begins or ends with a dash or underscore").suggest(
                text,
                text.trim_matches(['-', '_']).to_owned(),
                cluster_name,
            ),
        );
    }
    Ok(())
}

/// 8-4-4-4-12 hexadecimal digits, and not the placeholder of zeros.
pub(super) fn guid(text: &str) -> Result<(), Fault> {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    let hex = text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if parts != [8, 4, 4, 4, 12] || !hex {
        return Err(Fault::new(
            "an ID has the form `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, hexadecimal",
        ));
    }
    if text.chars().all(|c| c == '0' || c == '-') {
        return Err(Fault::new("this is a placeholder, all zeros"));
    }
    Ok(())
}

/// The short form: `westeurope`, not `West Europe`.
pub(super) fn region(text: &str) -> Result<(), Fault> {
    let close = text.to_ascii_lowercase().replace([' ', '-'], "");
    charset(
        text,
        3..=40,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit(),
        "lower-case letters and digits",
    )
    .map_err(|fault| fault.suggest(text, close, region))
}

/// Letters, digits, dashes and underscores.
pub(super) fn vm_size(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    charset(
        text,
        2..=64,
        allowed,
        "letters, digits, dashes and underscores",
    )?;
    no_dash_first(text)
}

/// Free text of Entra ID, less what breaks a filter or a command line.
pub(super) fn app_name(text: &str) -> Result<(), Fault> {
    let allowed = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    charset(text, 1..=120, allowed, "letters, digits, spaces and `-_.`")?;
    if text.trim() != text {
        return Err(Fault::new("it begins or ends with a space"));
    }
    no_dash_first(text)
}

/// A command line would take it for a flag.
fn no_dash_first(text: &str) -> Result<(), Fault> {
    if text.starts_with('-') {
        return Err(Fault::new(
            "it begins with a dash, which programs read as a flag",
        ));
    }
    Ok(())
}

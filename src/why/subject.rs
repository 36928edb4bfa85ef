//! What a failure is about: the pod, the image, the registry, and the address that was not reached.

use crate::manifest::reference;
use crate::names::{ImageReference, azure};

/// A pod, as far as a text names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pod {
    /// Its namespace, if the text tells it.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

/// Longer texts are no names.
const MAX_NAME: usize = 1024;

/// What is written before an image in quotes, in lower case: by the kubelet, containerd, Docker and in the
/// fields of a log.
const QUOTED: &[&str] = &[
    "pull image \"",
    "pulling image \"",
    "unpack image \"",
    "resolve reference \"",
    "container image \"",
    "parse image name \"",
    "parse image reference \"",
    "default image tag \"",
    "inspect image \"",
    "pullimage \"",
    "image=\"",
];

/// The image that a message names. `lower` is the message in lower case.
pub(super) fn image(message: &str, lower: &str) -> Option<String> {
    let quoted = QUOTED
        .iter()
        .filter_map(|before| after(message, lower, before))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(image, _)| image.to_owned());
    let named = quoted
        .chain(of_docker(message, lower))
        .chain(of_crio(message, lower))
        .chain(absent(message, lower))
        .chain(of_url(message));
    let mut fit = named.filter(|image| !image.is_empty() && image.len() <= MAX_NAME);
    fit.next()
}

/// `initializing source docker://HOST/REPOSITORY:TAG: …`, of CRI-O.
fn of_crio(message: &str, lower: &str) -> Option<String> {
    let word = word(after(message, lower, "docker://")?);
    Some(word.trim_end_matches([':', ',']).to_owned())
}

/// `manifest for HOST/REPOSITORY:TAG not found`, of Docker.
fn of_docker(message: &str, lower: &str) -> Option<String> {
    let (image, rest) = after(message, lower, "manifest for ")?.split_once(' ')?;
    rest.starts_with("not found").then(|| image.to_owned())
}

/// `HOST/REPOSITORY:TAG: not found`.
fn absent(message: &str, lower: &str) -> Option<String> {
    let before = message.get(..lower.find(": not found")?)?;
    let image = before.rsplit(char::is_whitespace).next()?.trim_matches('"');
    reference::host(image).map(|_| image.to_owned())
}

/// `https://HOST/v2/REPOSITORY/manifests/TAG`, a request of any runtime.
fn of_url(message: &str) -> Option<String> {
    let (before, rest) = message.split_once("/manifests/")?;
    let (_, name) = before.rsplit_once("://")?;
    let (host, repository) = name.split_once("/v2/")?;
    let tag = word(rest).trim_end_matches([':', ',']);
    let sign = if tag.contains(':') { '@' } else { ':' };
    let image = format!("{host}/{repository}{sign}{tag}");
    ImageReference::parse(&image).is_ok().then_some(image)
}

/// The registry that an image or a message names.
pub(super) fn registry(image: Option<&str>, error: &str) -> Option<String> {
    let of_image = image.and_then(reference::host).map(str::to_owned);
    of_image.or_else(|| {
        let all = hosts(error).chain(looked_up(error));
        let mut registries = all.filter(|host| is_registry(host));
        registries.next().map(str::to_owned)
    })
}

/// The host that an error could not reach: the last one that it names.
pub(super) fn address(error: &str) -> Option<String> {
    let found = looked_up(error).last().or_else(|| hosts(error).last())?;
    Some(found.to_owned())
}

/// The address in `client with IP '…'`, as the registry sees it.
pub(super) fn client(error: &str, lower: &str) -> Option<String> {
    let rest = after(error, lower, "client with ip")?;
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '.' || c == ':';
    let rest = rest.trim_start_matches(|c: char| !is_part(c));
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    rest.get(..end)
        .filter(|ip| ip.contains(['.', ':']))
        .map(str::to_owned)
}

/// The Secrets in `Unable to retrieve some image pull secrets (a, b)`, and in `secret "a" not found`.
pub(super) fn secrets(message: &str, lower: &str) -> Vec<String> {
    let listed = after(message, lower, "image pull secrets (")
        .and_then(|rest| rest.split_once(')'))
        .map(|(names, _)| names.split(", ").map(str::to_owned).collect());
    let one = || {
        let (name, _) = after(message, lower, "secret \"")?.split_once('"')?;
        Some(vec![name.to_owned()])
    };
    let mut all: Vec<String> = listed.or_else(one).unwrap_or_default();
    all.retain(|name| !name.is_empty() && name.len() <= MAX_NAME);
    all
}

/// Whether a host is a login server, and not one that only has layers.
fn is_registry(host: &str) -> bool {
    !host.contains(".blob.core.") && !host.contains(".data.azurecr.")
}

/// Whether a host is of a container registry of Azure.
pub(super) fn is_azure(host: &str) -> bool {
    azure::is_registry_host(&azure::host_of(host))
}

/// The hosts of the URLs in a text.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, sign)| {
        let rest = text.get(at + sign.len()..)?;
        let end = rest.find(|c: char| !is_host_part(c)).unwrap_or(rest.len());
        rest.get(..end)
            .filter(|host| host.contains('.') && host.len() <= MAX_NAME)
    })
}

/// The hosts that a text says were looked up: `lookup HOST on 10.0.0.10:53`.
fn looked_up(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("lookup ").filter_map(|(at, sign)| {
        let host = word(text.get(at + sign.len()..)?).trim_end_matches([':', '.']);
        (host.contains('.') && host.len() <= MAX_NAME).then_some(host)
    })
}

fn is_host_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == ':'
}

/// The text up to the next white space or quote.
fn word(text: &str) -> &str {
    let is_end = |c: char| c.is_whitespace() || c == '"' || c == '\'';
    text.split(is_end).next().unwrap_or_default()
}

/// What follows `before`, which is looked for in lower case.
fn after<'a>(text: &'a str, lower: &str, before: &str) -> Option<&'a str> {
    text.get(lower.find(before)? + before.len()..)
}

#[cfg(test)]
mod tests {
    use crate::why::subject::{address, client, image, registry, secrets};

    #[test]
    fn images_are_found_in_the_words_of_every_runtime() {
        for (text, want) in [
            ("Failed to pull image \"h.io/a:1\": x", Some("h.io/a:1")),
            (
                "initializing source docker://h.io/a:1: reading manifest 1 in h.io/a: x",
                Some("h.io/a:1"),
            ),
            (
                "manifest for h.io/a:1 not found: manifest unknown",
                Some("h.io/a:1"),
            ),
            ("h.io/a:1: not found", Some("h.io/a:1")),
            (
                "Get https://h.io/v2/b/a/manifests/1: unauthorized: authentication required",
                Some("h.io/b/a:1"),
            ),
            (
                "Head \"https://h.io/v2/a/manifests/sha256:d2315b567c8d8497b90ec0ce3607b64c91491bf4e29ed54932a42c7e76d4e49d\": EOF",
                Some(
                    "h.io/a@sha256:d2315b567c8d8497b90ec0ce3607b64c91491bf4e29ed54932a42c7e76d4e49d",
                ),
            ),
            ("from remote: not found", None),
            ("pull QPS exceeded", None),
        ] {
            assert_eq!(image(text, &text.to_lowercase()).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn hosts_and_addresses_are_told_apart() {
        let text = "Get \"https://h.azurecr.io/v2/\": Get \"https://x.blob.core.windows.net:443/a\": dial tcp";
        assert_eq!(registry(None, text).as_deref(), Some("h.azurecr.io"));
        assert_eq!(registry(Some("i.io/a"), text).as_deref(), Some("i.io"));
        assert_eq!(
            address(text).as_deref(),
            Some("x.blob.core.windows.net:443")
        );
        let text = "dial tcp: lookup h.azurecr.io on 10.0.0.10:53: no such host";
        assert_eq!(address(text).as_deref(), Some("h.azurecr.io"));
        assert_eq!(registry(None, text).as_deref(), Some("h.azurecr.io"));
        let text = "client with IP '203.0.113.7' is not allowed access";
        assert_eq!(
            client(text, &text.to_lowercase()).as_deref(),
            Some("203.0.113.7")
        );
        let text = "some image pull secrets (a, b); attempting";
        assert_eq!(secrets(text, text), ["a", "b"]);
    }
}

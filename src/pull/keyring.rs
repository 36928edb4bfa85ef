//! The kubelet's matching of registry keys with images
//! (`pkg/credentialprovider/keyring.go` of Kubernetes, unchanged from 1.20 to 1.37).

use std::collections::HashMap;

use crate::pull::url::{Url, after_scheme, split_port};

/// The host of Docker Hub in keys.
const HUB: &str = "index.docker.io";

/// A key of `auths`, parsed as the kubelet does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// Parses a key; `None` if it is not a URL: the kubelet silently ignores it.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        let Url { host, path } = after_scheme(rest.unwrap_or(text))?;
        let version = ["/v1", "/v2"].iter().find_map(|version| {
            let rest = path.strip_prefix(version)?;
            rest.starts_with('/').then_some(rest)
        });
        let path = version.unwrap_or(&path);
        let path = if path == "/" { "" } else { path };
        Some(Self(format!("{host}{path}")))
    }

    /// Host and path without the scheme; the host keeps its case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a credential with this key is tried for an image. `image` is a reference without tag and
    /// digest. The ports must be equal, the hosts must have the same number of parts, each matched as a glob
    /// with `*`, and the path must be a prefix of the image's path.
    pub fn matches(&self, image: &str) -> bool {
        match (after_scheme(&self.0), after_scheme(image)) {
            (Some(key), Some(image)) => is_match(&key, &image),
            _ => false,
        }
    }
}

fn is_match(key: &Url, image: &Url) -> bool {
    let (key_host, key_port) = split_port(&key.host);
    let (image_host, image_port) = split_port(&image.host);
    let same_parts = key_host.split('.').count() == image_host.split('.').count();
    key_port == image_port
        && same_parts
        && image.path.starts_with(&key.path)
        && key_host
            .split('.')
            .zip(image_host.split('.'))
            .all(|(glob, part)| matches_glob(glob, part))
}

/// `*` matches any characters; other special characters of Go's globs cannot occur in a host.
fn matches_glob(glob: &str, text: &str) -> bool {
    let Some((first, rest)) = glob.split_once('*') else {
        return glob == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match text.split_once(piece) {
            Some((_, rest)) => text = rest,
            None => return false,
        }
    }
    text.ends_with(last)
}

/// Credentials in the order in which the kubelet tries them.
#[derive(Debug, Clone)]
pub struct Keyring<T> {
    entries: Vec<(Key, Option<Url>, T)>,
    /// Numbers of entries by host and port, then by path.
    by_host: HashMap<(String, String), HashMap<String, Vec<usize>>>,
    /// Numbers of entries whose host has a `*`, in order.
    globs: Vec<usize>,
}

/// What is tried for an image.
#[derive(Debug, Clone)]
pub struct Matching<'a, T> {
    /// Whether keys match it. If none does, the key of Docker Hub stands in for images from there.
    pub is_match: bool,
    /// The entries, in order.
    pub all: Vec<(&'a Key, &'a T)>,
}

impl<T> Keyring<T> {
    /// A keyring of the entries of all Secrets of a pod, in the order of its list. Keys that the kubelet
    /// cannot parse are ignored.
    pub fn new(entries: impl IntoIterator<Item = (String, T)>) -> Self {
        let read = entries.into_iter().filter_map(|(key, entry)| {
            let key = Key::parse(&key)?;
            let url = after_scheme(&key.0);
            Some((key, url, entry))
        });
        let mut entries: Vec<(Key, Option<Url>, T)> = read.collect();
        // A stable sort: entries with the same key are tried in the order of the Secrets.
        entries.sort_by(|(one, ..), (other, ..)| other.cmp(one));
        let mut by_host: HashMap<_, HashMap<String, Vec<usize>>> = HashMap::new();
        let mut globs = Vec::new();
        for (at, (_, url, _)) in entries.iter().enumerate() {
            let Some(url) = url else {
                continue;
            };
            let (host, port) = split_port(&url.host);
            if host.contains('*') {
                globs.push(at);
                continue;
            }
            let paths = by_host.entry((host.to_owned(), port.to_owned()));
            let numbers = paths.or_default().entry(url.path.clone());
            numbers.or_default().push(at);
        }
        Self {
            entries,
            by_host,
            globs,
        }
    }

    /// The credentials that are tried for an image, in order; if empty, the pull is anonymous. `image` is a
    /// reference without tag and digest.
    pub fn lookup(&self, image: &str) -> Vec<(&Key, &T)> {
        self.matching(image).all
    }

    /// As [`Keyring::lookup`], with whether keys match the image.
    pub fn matching(&self, image: &str) -> Matching<'_, T> {
        let mut found: Vec<usize> = Vec::new();
        if let Some(url) = after_scheme(image) {
            let (host, port) = split_port(&url.host);
            if let Some(paths) = self.by_host.get(&(host.to_owned(), port.to_owned())) {
                let ends = 0..=url.path.len();
                let prefixes = ends.filter_map(|end| url.path.get(..end));
                found.extend(prefixes.filter_map(|one| paths.get(one)).flatten());
            }
            found.extend(self.globs.iter().filter(|at| {
                let key = self.entries.get(**at).and_then(|(_, key, _)| key.as_ref());
                key.is_some_and(|key| is_match(key, &url))
            }));
        }
        let is_match = !found.is_empty();
        if !is_match && is_hub(image) {
            let all = self.entries.iter().enumerate();
            let hub = all.filter(|(_, (key, ..))| key.as_str() == HUB);
            found.extend(hub.map(|(at, _)| at));
        }
        found.sort_unstable();
        let all = found.into_iter().filter_map(|at| self.entries.get(at));
        Matching {
            is_match,
            all: all.map(|(key, _, entry)| (key, entry)).collect(),
        }
    }
}

/// Whether an image is from Docker Hub, whose keys may use a different host.
fn is_hub(image: &str) -> bool {
    match image.split_once('/') {
        None => !image.is_empty(),
        Some(("", _)) => false,
        Some((host, _)) => matches!(host, "docker.io" | HUB) || !host.contains(['.', ':']),
    }
}

/// An image reference without tag and digest; the reference may be invalid.
pub fn without_tag(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(before, _)| before);
    let last = image.rsplit('/').next().unwrap_or_default();
    let tag = last.split_once(':').map_or(0, |(_, tag)| tag.len() + 1);
    image.get(..image.len() - tag).unwrap_or(image)
}

/// The name that the kubelet looks up for an image: without tag and digest, and with the host and the
/// directory that an image from Docker Hub may omit (`ParseNormalizedNamed` of
/// <https://github.com/distribution/reference/blob/main/normalize.go>).
pub fn normalized_name(image: &str) -> String {
    let name = without_tag(image);
    let is_host = |part: &str| {
        part.contains(['.', ':'])
            || part == "localhost"
            || part.contains(|c: char| c.is_ascii_uppercase())
    };
    let path = match name.split_once('/') {
        Some(("docker.io" | HUB, path)) => path,
        Some((host, _)) if is_host(host) => return name.to_owned(),
        Some(_) | None => name,
    };
    let directory = if path.contains('/') { "" } else { "library/" };
    format!("docker.io/{directory}{path}")
}

#[cfg(test)]
mod tests {
    use crate::pull::keyring::{Key, Keyring, normalized_name, without_tag};

    #[test]
    fn keys_match_as_in_the_tests_of_the_kubelet() {
        // From TestURLsMatch and TestDockerKeyringLookup of Kubernetes, with the results there.
        for (key, image, want) in [
            ("*.kubernetes.io", "prefix.kubernetes.io", true),
            ("prefix.*.io", "prefix.kubernetes.io", true),
            ("prefix.kubernetes.*", "prefix.kubernetes.io", true),
            ("*-good.kubernetes.io", "prefix-good.kubernetes.io", true),
            ("*.kubernetes.io/blah", "prefix.kubernetes.io/blah", true),
            ("prefix.*.io/foo", "prefix.kubernetes.io/foo/bar", true),
            (
                "*.kubernetes.io:1111/blah",
                "prefix.kubernetes.io:1111/blah",
                true,
            ),
            ("*.kubernetes.io", "kubernetes.io", false),
            ("*.*.kubernetes.io", "prefix.kubernetes.io", false),
            ("*kubernetes.io", "a.kubernetes.io", false),
            ("*kubernetes.io", "kubernetes.com", false),
            ("*.kubernetes.io/blah", "prefix.kubernetes.io/foo", false),
            (
                "*.kubernetes.io:1111/blah",
                "prefix.kubernetes.io/blah",
                false,
            ),
            (
                "*.kubernetes.io:1111/blah",
                "prefix.kubernetes.io:2222/blah",
                false,
            ),
            ("https://a.azurecr.io/v1/", "a.azurecr.io/x", true),
            ("https://a.azurecr.io/v2/", "a.azurecr.io/x", true),
            ("https://a.azurecr.io/v1", "a.azurecr.io/x", false),
            ("https://a.azurecr.io/", "a.azurecr.io/x", true),
            ("A.azurecr.io", "a.azurecr.io/x", false),
            ("HTTPS://a.azurecr.io", "a.azurecr.io/x", false),
            ("a.azurecr.io/te", "a.azurecr.io/team/x", true),
            ("user@a.azurecr.io", "a.azurecr.io/x", true),
            ("a.azurecr.io?x=1", "a.azurecr.io/x", true),
            ("a.azurecr.io:443", "a.azurecr.io/x", false),
            ("a.azurecr.io:", "a.azurecr.io/x", true),
            ("*.azurecr.io", "a.azurecr.io/x", true),
            ("*.azurecr.io", "a.eastus.data.azurecr.io/x", false),
            ("*.azurecr.io", "a.eastus.geo.azurecr.io/x", false),
            ("*.*.geo.azurecr.io", "a.eastus.geo.azurecr.io/x", true),
            ("a.eastus.geo.azurecr.io", "a.azurecr.io/x", false),
            ("a?.azurecr.io", "ab.azurecr.io/x", false),
            ("[::1]:5000", "[::1]:5000/x", true),
        ] {
            let key_read = Key::parse(key).expect("it is a URL");
            assert_eq!(key_read.matches(image), want, "{key} {image}");
        }
    }

    #[test]
    fn keys_must_be_urls() {
        for text in [
            "a b",
            "a.azurecr.io:x",
            "%zz",
            "a\n",
            "a.azurecr.io/%zz",
            "a#%zz",
            "a|b",
        ] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }

    #[test]
    fn longer_keys_come_first_and_equal_ones_keep_their_order() {
        let keyring = Keyring::new(
            [
                ("a.azurecr.io", 1),
                ("a.azurecr.io/team", 2),
                ("https://a.azurecr.io", 3),
                ("*.azurecr.io", 4),
                ("b b", 5),
            ]
            .map(|(key, number)| (key.to_owned(), number)),
        );
        let order = |image: &str| -> Vec<i32> {
            keyring
                .lookup(image)
                .into_iter()
                .map(|(_, number)| *number)
                .collect()
        };
        assert_eq!(order("a.azurecr.io/team/x"), [2, 1, 3, 4]);
        assert_eq!(order("a.azurecr.io/x"), [1, 3, 4]);
        assert_eq!(order("a.azurecr.io.evil.io/x"), Vec::<i32>::new());
    }

    #[test]
    fn docker_hub_has_its_own_key() {
        let keyring = Keyring::new([("https://index.docker.io/v1/".to_owned(), ())]);
        for image in ["docker.io/library/x", "index.docker.io/x", "library/x", "x"] {
            assert_eq!(keyring.lookup(image).len(), 1, "{image}");
        }
        assert_eq!(keyring.lookup("a.azurecr.io/x").len(), 0);
    }

    #[test]
    fn images_are_looked_up_by_their_full_name() {
        for (image, want) in [
            ("x:1", "docker.io/library/x"),
            ("team/x", "docker.io/team/x"),
            ("docker.io/x", "docker.io/library/x"),
            ("index.docker.io/team/x:1", "docker.io/team/x"),
            ("localhost/x", "localhost/x"),
            ("a.azurecr.io/x:1", "a.azurecr.io/x"),
            ("registry:5000/x@sha256:00", "registry:5000/x"),
            ("", "docker.io/library/"),
        ] {
            assert_eq!(normalized_name(image), want, "{image}");
        }
        let keyring = Keyring::new([("docker.io".to_owned(), ())]);
        assert_eq!(keyring.lookup(&normalized_name("x")).len(), 1);
    }

    #[test]
    fn tags_and_digests_are_removed() {
        for (image, want) in [
            ("a.io:5000/x:1", "a.io:5000/x"),
            ("a.io/x@sha256:00", "a.io/x"),
            ("a.io/x:1@sha256:00", "a.io/x"),
            ("a.io/x:{{ a/b }}", "a.io/x:{{ a/b }}"),
            ("x", "x"),
        ] {
            assert_eq!(without_tag(image), want);
        }
    }
}

//! The kubelet's matching against a second model, which knows the parts that a key was made from and
//! never reads the text of one.

use proptest::prelude::*;
use pullwright::pull::Keyring;

/// A key or an image before it is a text.
#[derive(Debug, Clone)]
struct Address {
    scheme: &'static str,
    /// Between dots; in a key each may hold `*`.
    host: Vec<String>,
    port: Option<u16>,
    version: &'static str,
    /// Between slashes.
    path: Vec<String>,
    slash: bool,
}

impl Address {
    fn text(&self) -> String {
        let mut text = format!("{}{}", self.scheme, self.host.join("."));
        if let Some(port) = self.port {
            text.push_str(&format!(":{port}"));
        }
        text.push_str(self.version);
        if !self.path.is_empty() {
            text.push('/');
            text.push_str(&self.path.join("/"));
        }
        if self.slash {
            text.push('/');
        }
        text
    }

    /// What of the path counts: `/v1/` and `/v2/` at its start do not, a lone slash neither.
    fn path(&self) -> String {
        let mut path = self.version.to_owned();
        for part in &self.path {
            path.push('/');
            path.push_str(part);
        }
        if self.slash {
            path.push('/');
        }
        for version in ["/v1/", "/v2/"] {
            if path.starts_with(version) {
                path.replace_range(..3, "");
                break;
            }
        }
        if path == "/" { String::new() } else { path }
    }
}

/// Whether a glob matches, by trying every length for each star.
fn glob(glob: &[char], text: &[char]) -> bool {
    match glob.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|at| self::glob(rest, &text[at..])),
        Some((c, rest)) => text
            .split_first()
            .is_some_and(|(d, text)| c == d && self::glob(rest, text)),
    }
}

fn model(key: &Address, image: &Address) -> bool {
    let chars = |text: &String| text.chars().collect::<Vec<_>>();
    let hosts = key.host.iter().zip(&image.host);
    key.port == image.port
        && key.host.len() == image.host.len()
        && hosts
            .into_iter()
            .all(|(one, other)| glob(&chars(one), &chars(other)))
        && image
            .text()
            .split_once('/')
            .map_or(String::new(), |(_, path)| format!("/{path}"))
            .starts_with(&key.path())
}

fn image() -> impl Strategy<Value = Address> {
    (
        prop::collection::vec("[ab]{1,3}", 2..4),
        prop::option::of(1_u16..3),
        prop::collection::vec("[ab]{1,2}|v1|v2", 1..4),
    )
        .prop_map(|(host, port, path)| Address {
            scheme: "",
            host,
            port,
            version: "",
            path,
            slash: false,
        })
}

fn key() -> impl Strategy<Value = Address> {
    (
        prop::sample::select(vec!["", "https://", "http://"]),
        prop::collection::vec("[ab*]{1,3}", 2..4),
        prop::option::of(1_u16..3),
        prop::sample::select(vec!["", "/v1", "/v2"]),
        prop::collection::vec("[ab]{1,2}", 0..3),
        any::<bool>(),
    )
        .prop_map(|(scheme, host, port, version, path, slash)| Address {
            scheme,
            host,
            port,
            version,
            path,
            slash,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_keyring_finds_what_the_model_finds(keys in prop::collection::vec(key(), 1..6), image in image()) {
        let keyring = Keyring::new(keys.iter().enumerate().map(|(at, key)| (key.text(), at)));
        let mut found: Vec<usize> = keyring.lookup(&image.text()).into_iter().map(|(_, at)| *at).collect();
        found.sort_unstable();
        let wanted: Vec<usize> = (0..keys.len()).filter(|at| model(&keys[*at], &image)).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn keys_close_to_the_image_match_often_enough_to_count(image in image(), star in 0_usize..3, cut in 0_usize..3) {
        let mut key = image.clone();
        let at = star % key.host.len();
        key.host[at] = "*".to_owned();
        key.path.truncate(cut);
        let keyring = Keyring::new([(key.text(), ())]);
        // A path that begins with a version loses it, in the key alone.
        let whole = !matches!(key.path.first().map(String::as_str), Some("v1" | "v2")) ;
        prop_assert_eq!(keyring.lookup(&image.text()).len(), usize::from(model(&key, &image)));
        prop_assert!(!whole || model(&key, &image));
    }

    #[test]
    fn no_text_makes_the_keyring_fail(key in any::<String>(), image in any::<String>()) {
        let keyring = Keyring::new([(key, ())]);
        prop_assert!(keyring.lookup(&image).len() <= 1);
    }
}

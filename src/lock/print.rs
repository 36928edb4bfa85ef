//! What the lock keeps of a file's text: a digest, and of a text with a secret one that tells nothing
//! to those who guess.
//!
//! Whoever reads the lock could try passwords against a plain digest of a text that is known but for
//! the password, millions a second. So such a text is digested under a key, and the key is made of the
//! secret by argon2id with a salt: each guess costs its time and memory. The key of one value is made
//! once in a run, however many files hold it. Times and inodes of files were the other choice; they
//! are useless on another machine, where the lock comes by git and the file does not.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::document::{Document, Node};
use crate::mask::Known;
use crate::secret::Redacted;
use crate::span::Source;

/// The minimum of OWASP's password storage page: 19 MiB, two passes, one lane.
const PARAMS: Params = match Params::new(19 * 1024, 2, 1, Some(32)) {
    Ok(params) => params,
    Err(_) => Params::DEFAULT,
};
/// The algorithm and its parameters, as a print names them. A print with others never matches, so
/// that a lock cannot make a run slow.
const METHOD: &str = "argon2id,m=19456,t=2,p=1";
/// Keys that one comparison makes to check prints. A lock that needs more is not one of ours, or its
/// files count as edited.
const MAX_KEYS: usize = 100;

/// What is kept of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Print {
    /// SHA-256.
    Plain(String),
    /// HMAC-SHA-256 under a key made of the text's secret.
    Keyed(Keyed),
}

/// A digest under a slow key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    salt: Salt,
    over: Over,
    mac: [u8; 32],
}

/// What the key is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// The values of the Secrets in the text: files that differ in their namespace alone share a key.
    Data,
    /// The whole text: it holds a secret somewhere else.
    Text,
}

/// Makes the keys of two texts with one secret differ between locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// The salt of all new locks of this run.
    pub(super) fn fresh() -> Self {
        static FRESH: OnceLock<Salt> = OnceLock::new();
        *FRESH.get_or_init(|| {
            let mut salt = [0; 16];
            // Without random bytes a guess is still as slow; it only counts for several locks.
            let _ = getrandom::fill(&mut salt);
            Self(salt)
        })
    }
}

/// How many keys may still be made to check prints.
#[derive(Debug)]
pub struct Patience(AtomicUsize);

impl Default for Patience {
    fn default() -> Self {
        Self(AtomicUsize::new(MAX_KEYS))
    }
}

impl Print {
    /// Of a text without secrets.
    pub(super) fn plain(text: &str) -> Self {
        Self::Plain(to_hex(&Sha256::digest(text)))
    }

    /// Of a text with some of the `known` secrets.
    pub(super) fn keyed(text: &str, salt: Salt, known: &Known) -> Self {
        let data = data(text).filter(|data| known.is_all_in(text, data.expose()));
        let (over, secret) = match &data {
            Some(data) => (Over::Data, data.expose()),
            None => (Over::Text, text),
        };
        let mac = mac(key(secret, salt).get_or_init(|| derive(secret, salt)), text);
        Self::Keyed(Keyed {
            salt,
            over,
            mac: mac.finalize().into_bytes().into(),
        })
    }

    /// Whether it is of `text`; `false` when `patience` ends.
    pub(super) fn is_of(&self, text: &str, patience: &Patience) -> bool {
        match self {
            Self::Plain(digest) => *digest == to_hex(&Sha256::digest(text)),
            Self::Keyed(keyed) => keyed.is_of(text, patience),
        }
    }

    /// The salt, if there is one.
    pub(super) fn salt(&self) -> Option<Salt> {
        match self {
            Self::Plain(_) => None,
            Self::Keyed(keyed) => Some(keyed.salt),
        }
    }
}

impl Keyed {
    fn is_of(&self, text: &str, patience: &Patience) -> bool {
        let data = match self.over {
            Over::Data => match data(text) {
                Some(data) => data,
                None => return false,
            },
            Over::Text => Redacted::new(text.to_owned()),
        };
        let slot = key(data.expose(), self.salt);
        if slot.get().is_none() {
            let spend = |left: usize| left.checked_sub(1);
            if patience
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend)
                .is_err()
            {
                return false;
            }
        }
        let key = slot.get_or_init(|| derive(data.expose(), self.salt));
        mac(key, text).verify_slice(&self.mac).is_ok()
    }
}

type Key = Zeroizing<[u8; 32]>;
/// A key that is made when it is first used.
type Slot = Arc<OnceLock<Key>>;

/// Where the key of a secret is, or will be.
fn key(secret: &str, salt: Salt) -> Slot {
    static KEYS: OnceLock<Mutex<HashMap<[u8; 32], Slot>>> = OnceLock::new();
    let index = Sha256::new()
        .chain_update(salt.0)
        .chain_update(secret)
        .finalize()
        .into();
    match KEYS.get_or_init(Mutex::default).lock() {
        Ok(mut keys) => Arc::clone(keys.entry(index).or_default()),
        Err(_) => Arc::default(),
    }
}

fn derive(secret: &str, salt: Salt) -> Key {
    let mut key = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS);
    argon2
        .hash_password_into(secret.as_bytes(), &salt.0, &mut *key)
        .expect("a Secret is far smaller than what argon2 takes");
    key
}

fn mac(key: &Key, text: &str) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(&**key).expect("a key may have any length");
    mac.chain_update(text)
}

/// The values of all Secrets of a text. Every version of pullwright must take the same ones, so this
/// does not depend on how texts are masked.
fn data(text: &str) -> Option<Redacted> {
    let documents = Document::parse_all(Arc::new(Source::new("", text))).ok()?;
    let secrets = documents
        .iter()
        .filter(|one| one.text("kind") == Some("Secret"));
    let values = secrets.flat_map(|one| ["data", "stringData"].map(|key| one.get(key)));
    let values: Vec<String> = values
        .flatten()
        .map(Node::value)
        .map(|value| value.to_string())
        .collect();
    (!values.is_empty()).then(|| Redacted::new(values.join("\n")))
}

impl From<Print> for String {
    fn from(print: Print) -> Self {
        match print {
            Print::Plain(digest) => digest,
            Print::Keyed(keyed) => {
                let over = match keyed.over {
                    Over::Data => "data",
                    Over::Text => "text",
                };
                format!(
                    "{METHOD}:{}:{over}:{}",
                    to_hex(&keyed.salt.0),
                    to_hex(&keyed.mac)
                )
            }
        }
    }
}

impl From<String> for Print {
    fn from(text: String) -> Self {
        // Whatever else it is, no text matches it.
        Keyed::parse(&text).map_or(Self::Plain(text), Self::Keyed)
    }
}

impl Keyed {
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let [METHOD, salt, over, mac] = parts[..] else {
            return None;
        };
        let over = match over {
            "data" => Over::Data,
            "text" => Over::Text,
            _ => return None,
        };
        Some(Self {
            salt: Salt(from_hex(salt)?),
            over,
            mac: from_hex(mac)?,
        })
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Exactly `N` bytes in lower case, so that what was read is written again as it was.
fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    (to_hex(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use crate::lock::print::{Keyed, METHOD, Over, Patience, Print, Salt, key};
    use crate::mask::Known;
    use crate::secret::Redacted;

    #[test]
    fn files_that_differ_in_their_namespace_share_a_key() {
        let secret = |namespace: &str| {
            format!(
                "kind: Secret\nmetadata: {{namespace: {namespace}}}\ndata: {{a: aHVudGVyMg==}}\n"
            )
        };
        let known = Known::new([&Redacted::new("hunter2".to_owned())]);
        let (salt, patience) = (Salt([7; 16]), Patience(AtomicUsize::new(0)));
        let [a, b] = ["a", "b"].map(|namespace| Print::keyed(&secret(namespace), salt, &known));
        assert_ne!(a, b);
        // Both keys are known from writing, so no patience is needed.
        assert!(a.is_of(&secret("a"), &patience) && b.is_of(&secret("b"), &patience));
        assert!(!a.is_of(&secret("b"), &patience) && !a.is_of("kind: Pod\n", &patience));
        assert_eq!(Print::from(String::from(a.clone())), a);
        let elsewhere = format!("# hunter2\n{}", secret("a").replace("aHVudGVyMg==", "eA=="));
        let Print::Keyed(keyed) = Print::keyed(&elsewhere, salt, &known) else {
            panic!("it holds a secret");
        };
        assert_eq!(
            keyed.over,
            Over::Text,
            "the values of the Secret do not tell the secret"
        );
    }

    #[test]
    fn a_hostile_lock_makes_few_keys() {
        let patience = Patience(AtomicUsize::new(2));
        let text = "any text of a hostile lock";
        for number in 0..4 {
            let (salt, over, mac) = (Salt([number; 16]), Over::Text, [0; 32]);
            assert!(!Print::Keyed(Keyed { salt, over, mac }).is_of(text, &patience));
            assert_eq!(key(text, salt).get().is_some(), number < 2);
        }
        // Other parameters are not accepted at all.
        let costly = format!("{METHOD}:{}:text:{}", "00".repeat(16), "00".repeat(32));
        let costly = costly.replace("m=19456", "m=99999999");
        assert!(matches!(Print::from(costly), Print::Plain(_)));
    }
}

//! What the kubelet takes from the value of a pull secret. Keeps no credential: only what there is.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

/// The types of Secret that the kubelet reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretType {
    /// `kubernetes.io/dockerconfigjson`.
    DockerConfigJson,
    /// `kubernetes.io/dockercfg`.
    DockerCfg,
}

impl SecretType {
    /// The type that a Secret names; `None` for one that the kubelet skips without a word.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "kubernetes.io/dockerconfigjson" => Some(Self::DockerConfigJson),
            "kubernetes.io/dockercfg" => Some(Self::DockerCfg),
            _ => None,
        }
    }

    /// The key of `data` that holds the value; a Secret without it is skipped as well.
    pub fn key(self) -> &'static str {
        match self {
            Self::DockerConfigJson => ".dockerconfigjson",
            Self::DockerCfg => ".dockercfg",
        }
    }
}

/// What an entry would log in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A username and a password.
    Complete,
    /// No password. An `identitytoken`, which the kubelet does not read, may stand beside it.
    NoPassword {
        /// Whether one does.
        identity_token: bool,
    },
    /// No username.
    NoUsername,
}

/// One entry of `auths`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, as it is written.
    pub key: String,
    /// What it logs in with.
    pub credential: Credential,
}

/// A value that fails every image of each pod that names the Secret, public images included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// Not the JSON that its type asks for.
    Json,
    /// The `auth` of this key is not base64.
    Base64(String),
    /// The `auth` of this key has no colon.
    Colon(String),
}

/// Reads the decoded value of a pull secret.
///
/// # Errors
/// What the kubelet would refuse.
pub fn entries(kind: SecretType, value: &str) -> Result<Vec<Entry>, Broken> {
    let value: Value = serde_json::from_str(value).map_err(|_| Broken::Json)?;
    let auths = match (kind, value) {
        (SecretType::DockerCfg, auths) => auths,
        (SecretType::DockerConfigJson, Value::Object(mut map)) => {
            field(&mut map, "auths").unwrap_or(Value::Null)
        }
        (SecretType::DockerConfigJson, Value::Null) => Value::Null,
        _ => return Err(Broken::Json),
    };
    match auths {
        Value::Null => Ok(Vec::new()),
        Value::Object(auths) => auths
            .into_iter()
            .map(|(key, value)| entry(key, value))
            .collect(),
        _ => Err(Broken::Json),
    }
}

/// Go finds the fields of JSON whatever their case.
fn field(map: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let exact = map.contains_key(name).then(|| name.to_owned());
    let found = exact.or_else(|| {
        map.keys()
            .find(|key| key.eq_ignore_ascii_case(name))
            .cloned()
    })?;
    map.remove(&found)
}

fn entry(key: String, value: Value) -> Result<Entry, Broken> {
    let mut map = match value {
        Value::Object(map) => map,
        Value::Null => Map::new(),
        _ => return Err(Broken::Json),
    };
    let mut text = |name: &str| match field(&mut map, name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Broken::Json),
    };
    let (mut has_username, mut has_password) =
        (!text("username")?.is_empty(), !text("password")?.is_empty());
    let auth = text("auth")?;
    let identity_token = text("identitytoken").is_ok_and(|token| !token.is_empty());
    if !auth.is_empty() {
        let decoded = decode(&auth).ok_or_else(|| Broken::Base64(key.clone()))?;
        let colon = decoded.iter().position(|byte| *byte == b':');
        let colon = colon.ok_or_else(|| Broken::Colon(key.clone()))?;
        (has_username, has_password) = (colon > 0, colon + 1 < decoded.len());
    }
    let credential = match (has_username, has_password) {
        (true, true) => Credential::Complete,
        (_, false) => Credential::NoPassword { identity_token },
        (false, true) => Credential::NoUsername,
    };
    Ok(Entry { key, credential })
}

/// Base64, padded or not; line ends in it do not count.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    engine.decode(text.replace(['\r', '\n'], "")).ok()
}

#[cfg(test)]
mod tests {
    use crate::pull::docker_config::{Broken, Credential, SecretType, entries};

    fn read(value: &str) -> Result<Vec<Credential>, Broken> {
        let all = entries(SecretType::DockerConfigJson, value)?;
        Ok(all.into_iter().map(|one| one.credential).collect())
    }

    #[test]
    fn auth_wins_and_what_is_missing_is_seen() {
        let token = |identity_token| Credential::NoPassword { identity_token };
        for (value, want) in [
            (
                r#"{"auths":{"a":{"auth":"dTpw"}}}"#,
                vec![Credential::Complete],
            ),
            (
                r#"{"auths":{"a":{"Auth":"dTpwcA"}}}"#,
                vec![Credential::Complete],
            ),
            (
                r#"{"auths":{"a":{"username":"u","password":"p"}}}"#,
                vec![Credential::Complete],
            ),
            (
                r#"{"auths":{"a":{"username":"u","password":"p","auth":"dTo="}}}"#,
                vec![token(false)],
            ),
            (
                r#"{"auths":{"a":{"auth":"MDA6","identitytoken":"x"}}}"#,
                vec![token(true)],
            ),
            (
                r#"{"auths":{"a":{"password":"p"}}}"#,
                vec![Credential::NoUsername],
            ),
            (r#"{"auths":{"a":{}}}"#, vec![token(false)]),
            (r#"{"auths":{"a":null}}"#, vec![token(false)]),
            (r#"{"auths":null}"#, vec![]),
            ("{}", vec![]),
        ] {
            assert_eq!(read(value), Ok(want), "{value}");
        }
    }

    #[test]
    fn what_breaks_the_whole_pod_is_told_apart() {
        for (value, want) in [
            ("", Broken::Json),
            ("[]", Broken::Json),
            (r#"{"auths":[]}"#, Broken::Json),
            (r#"{"auths":{"a":{"username":1}}}"#, Broken::Json),
            (
                r#"{"auths":{"a":{"auth":"%%"}}}"#,
                Broken::Base64("a".to_owned()),
            ),
            (
                r#"{"auths":{"a":{"auth":"dXA="}}}"#,
                Broken::Colon("a".to_owned()),
            ),
        ] {
            assert_eq!(read(value), Err(want), "{value}");
        }
    }

    #[test]
    fn the_old_type_has_no_auths() {
        let value = r#"{"a.azurecr.io":{"auth":"dTpw"}}"#;
        let all = entries(SecretType::DockerCfg, value).expect("it is right");
        assert_eq!(all[0].key, "a.azurecr.io");
        assert_eq!(read(value), Ok(vec![]));
    }
}

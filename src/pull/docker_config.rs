//! Reads the value of a pull secret as the kubelet does. Keeps no credentials, only which fields are set.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::manifest::reference::is_placeholder;

/// The types of Secret that the kubelet reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretType {
    /// `kubernetes.io/dockerconfigjson`.
    DockerConfigJson,
    /// `kubernetes.io/dockercfg`.
    DockerCfg,
}

impl SecretType {
    /// The type of a Secret; `None` for types that the kubelet silently skips.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "kubernetes.io/dockerconfigjson" => Some(Self::DockerConfigJson),
            "kubernetes.io/dockercfg" => Some(Self::DockerCfg),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DockerConfigJson => "kubernetes.io/dockerconfigjson",
            Self::DockerCfg => "kubernetes.io/dockercfg",
        }
    }

    /// The key of the value in `data`; a Secret without it is skipped as well.
    pub fn key(self) -> &'static str {
        match self {
            Self::DockerConfigJson => ".dockerconfigjson",
            Self::DockerCfg => ".dockercfg",
        }
    }
}

/// The credential of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A username and a password.
    Complete,
    /// No password. There may be an `identitytoken`, which the kubelet ignores.
    NoPassword {
        /// Whether there is one.
        identity_token: bool,
    },
    /// No username.
    NoUsername,
    /// The username, the password or `auth` is a placeholder that is filled in later.
    Unfilled,
    /// Complete, and not in clear: a template has an action in its place, see [`FILLED`].
    Filled,
}

/// Stands for the result of an action of a template.
pub const FILLED: char = '\u{e000}';

/// One entry of `auths`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, as it is written.
    pub key: String,
    /// Its credential.
    pub credential: Credential,
    /// Where the username is set.
    pub login: Login,
    /// Who logs in.
    pub user: User,
    /// When the password expires, in seconds since 1970, if it is a token that says so.
    pub expires: Option<u64>,
}

/// Who logs in to a registry of Azure, as far as the username shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// The username of a refresh token of Microsoft Entra ID, which is valid for three hours
    /// (<https://learn.microsoft.com/azure/container-registry/container-registry-authentication>).
    RefreshToken,
    /// The name of the registry, which is the username of its admin user.
    Registry,
    /// Another user, or none.
    Other,
}

/// The username of a refresh token.
const TOKEN_USER: &[u8] = b"00000000-0000-0000-0000-000000000000";

/// Where an entry sets the username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// In `username`.
    Field,
    /// Only in `auth`, or nowhere.
    Auth,
}

/// A value that fails every image of each pod that references the Secret, including public images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// Not JSON as required by the type.
    Json,
    /// The `auth` of this key is not base64.
    Base64(String),
    /// The `auth` of this key has no colon.
    Colon(String),
}

/// Reads the decoded value of a pull secret.
///
/// # Errors
/// A value that the kubelet rejects.
pub fn entries(kind: SecretType, value: &str) -> Result<Vec<Entry>, Broken> {
    let value: Value = serde_json::from_str(value).map_err(|_| Broken::Json)?;
    let auths = match kind {
        SecretType::DockerCfg => value,
        SecretType::DockerConfigJson => {
            let map = mapping(&value)?;
            for headers in fields(&map, "HttpHeaders") {
                let all = mapping(headers)?;
                if !all.values().all(|one| one.is_string() || one.is_null()) {
                    return Err(Broken::Json);
                }
            }
            let mut auths = Map::new();
            for more in fields(&map, "auths") {
                auths.extend(mapping(more)?);
            }
            Value::Object(auths)
        }
    };
    let auths = mapping(&auths)?.into_iter();
    auths.map(|(key, value)| entry(key, &value)).collect()
}

/// Why a value that can be read has no entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutEntries {
    /// It is empty: `{}`, or `auths` without entries.
    Empty,
    /// It only says which program has the credentials: `credHelpers`, `credsStore`.
    Helpers,
    /// Its entries are not below `auths`, as in a Secret of type `kubernetes.io/dockercfg`.
    Legacy,
    /// It has other keys.
    Other,
}

/// Why a value of a `kubernetes.io/dockerconfigjson` that [`entries`] reads has none.
pub fn without_entries(value: &str) -> WithoutEntries {
    let Ok(Value::Object(map)) = serde_json::from_str(value) else {
        return WithoutEntries::Empty;
    };
    let is_one_of =
        |key: &str, names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name));
    let is_entry = |value: &Value| {
        let fields = value.as_object().into_iter().flatten();
        let mut keys = fields.map(|(key, _)| key);
        keys.any(|key| is_one_of(key, &["auth", "username", "password"]))
    };
    let others: Vec<_> = map
        .iter()
        .filter(|(key, _)| !is_one_of(key, &["auths", "HttpHeaders"]))
        .collect();
    match others.as_slice() {
        [] => WithoutEntries::Empty,
        all if all.iter().any(|(_, value)| is_entry(value)) => WithoutEntries::Legacy,
        all if all
            .iter()
            .all(|(key, _)| is_one_of(key, &["credHelpers", "credsStore"])) =>
        {
            WithoutEntries::Helpers
        }
        _ => WithoutEntries::Other,
    }
}

/// A mapping; null is read as an empty mapping.
fn mapping(value: &Value) -> Result<Map<String, Value>, Broken> {
    match value {
        Value::Object(map) => Ok(map.clone()),
        Value::Null => Ok(Map::new()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(Broken::Json),
    }
}

/// Go matches the fields of JSON case-insensitively and applies them in order; null changes nothing
/// (<https://pkg.go.dev/encoding/json#Unmarshal>).
fn fields<'a>(map: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    map.iter()
        .filter(move |(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null())
        .map(|(_, value)| value)
}

fn entry(key: String, value: &Value) -> Result<Entry, Broken> {
    let map = mapping(value)?;
    let text =
        |name: &str| fields(&map, name).try_fold("", |_, value| value.as_str().ok_or(Broken::Json));
    let (username, password, auth) = (text("username")?, text("password")?, text("auth")?);
    text("email")?;
    let identity_token = text("identitytoken").is_ok_and(|token| !token.is_empty());
    let login = if username.is_empty() {
        Login::Auth
    } else {
        Login::Field
    };
    let decoded;
    let (mut user, mut secret) = (username.as_bytes(), password.as_bytes());
    let mut is_unfilled = is_placeholder(auth);
    let is_filled = [auth, password].iter().any(|one| one.contains(FILLED));
    if is_unfilled {
        (user, secret) = (b"", b"");
    } else if auth.contains(FILLED) {
        (user, secret) = (auth.as_bytes(), auth.as_bytes());
    } else if !auth.is_empty() {
        decoded = Zeroizing::new(decode(auth).ok_or_else(|| Broken::Base64(key.clone()))?);
        let mut halves = decoded.splitn(2, |byte| *byte == b':');
        user = halves.next().unwrap_or_default();
        secret = halves.next().ok_or_else(|| Broken::Colon(key.clone()))?;
    }
    is_unfilled |= [user, secret]
        .into_iter()
        .any(|one| std::str::from_utf8(one).is_ok_and(is_placeholder));
    let credential = match (!user.is_empty(), !secret.is_empty()) {
        _ if is_unfilled => Credential::Unfilled,
        (true, true) if is_filled => Credential::Filled,
        (true, true) => Credential::Complete,
        (_, false) => Credential::NoPassword { identity_token },
        (false, true) => Credential::NoUsername,
    };
    Ok(Entry {
        user: whose(user, &key),
        expires: expiry(secret),
        key,
        credential,
        login,
    })
}

fn whose(username: &[u8], key: &str) -> User {
    let host = key.split_once("://").map_or(key, |(_, rest)| rest);
    let name = host.split(['.', '-', '/', ':']).next().unwrap_or_default();
    if username == TOKEN_USER {
        User::RefreshToken
    } else if !name.is_empty() && username.eq_ignore_ascii_case(name.as_bytes()) {
        User::Registry
    } else {
        User::Other
    }
}

/// The `exp` of a JSON Web Token (<https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4>).
fn expiry(password: &[u8]) -> Option<u64> {
    let mut parts = password.split(|byte| *byte == b'.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(claims).ok()?);
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims.get("exp")?.as_u64()
}

/// Decodes base64 with or without padding, ignoring line ends (`decodeDockerConfigFieldAuth` of
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/config.go>).
fn decode(text: &str) -> Option<Vec<u8>> {
    let padding = if text.trim_end().ends_with('=') {
        DecodePaddingMode::RequireCanonical
    } else {
        DecodePaddingMode::RequireNone
    };
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(padding)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    engine.decode(text.replace(['\r', '\n'], "")).ok()
}

#[cfg(test)]
mod tests;

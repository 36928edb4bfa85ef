//! What a Secret in the input holds, read as the API server and the kubelet read it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::audit::facts::{BasicAuth, Contents};
use crate::audit::makers::{DEFAULT_TYPE, of_type};
use crate::document::Node;
use crate::manifest::reference;
use crate::pull::chain::Found;
use crate::pull::docker_config::{WithoutEntries, without_entries};
use crate::pull::{Broken, SecretType};

/// The value of a Secret.
pub(super) fn contents(node: &Node) -> Contents {
    let kind = node.text("type").unwrap_or(DEFAULT_TYPE);
    let is_sops = node.get("sops").is_some_and(|it| !it.is_null());
    if is_encrypted(kind) || (is_sops && SecretType::of(kind).is_some()) {
        return Contents::Unknown;
    }
    let contents = of_type(Some(kind), |kind| {
        let key = kind.key();
        let value = |field: &str| node.get(field)?.get(key).filter(|value| !value.is_null());
        let (value, is_encoded) = match (value("stringData"), value("data")) {
            (Some(value), _) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return Contents::Unusable(format!("it has no key `{key}`")),
        };
        match value.as_str() {
            Some(text) => decoded(text, is_encoded, kind),
            None => Contents::Unusable(format!("the value of `{key}` is not a string")),
        }
    });
    match contents {
        Contents::OtherType(why, _) => Contents::OtherType(why, basic(node, is_sops)),
        contents => contents,
    }
}

/// The keys of a Secret of type `kubernetes.io/basic-auth`, which a Secret of any type may have.
fn basic(node: &Node, is_sops: bool) -> BasicAuth {
    let value = |key: &str| {
        ["stringData", "data"]
            .iter()
            .find_map(|it| node.get(it)?.text(key))
    };
    match (value("username"), value("password")) {
        (Some(_), Some(_)) if is_sops => BasicAuth::Unknown,
        (Some(user), Some(password)) => {
            if reference::is_placeholder(user) || reference::is_placeholder(password) {
                BasicAuth::Placeholder
            } else {
                BasicAuth::Set
            }
        }
        _ => BasicAuth::Missing,
    }
}

/// Whether SOPS has encrypted a value (<https://github.com/getsops/sops>).
fn is_encrypted(text: &str) -> bool {
    text.starts_with("ENC[")
}

fn decoded(text: &str, is_encoded: bool, kind: SecretType) -> Contents {
    if is_encrypted(text) {
        return Contents::Unknown;
    }
    let key = kind.key();
    if reference::is_placeholder(text) {
        return unfilled(key);
    }
    let value = if is_encoded {
        // Go ignores line ends in base64, and nothing else (<https://pkg.go.dev/encoding/base64>).
        let compact = Zeroizing::new(text.replace(['\r', '\n'], ""));
        match STANDARD.decode(compact.as_bytes()) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(_) => {
                return Contents::Unusable(format!(
                    "the value of `data[\"{key}\"]` is not base64: the API server rejects it"
                ));
            }
        }
    } else {
        Zeroizing::new(text.as_bytes().to_vec())
    };
    if value.is_empty() {
        return Contents::Unusable(format!("the value of `{key}` is empty"));
    }
    let plain = Zeroizing::new(String::from_utf8_lossy(&value).into_owned());
    if is_encrypted(&plain) {
        return Contents::Unknown;
    }
    if reference::is_placeholder(&plain) {
        return unfilled(key);
    }
    let found = Found::of(kind.name(), Some(&value));
    match &found {
        Found::Broken(Broken::Json) if is_twice_encoded(&value) => {
            Contents::Unusable("its value is base64-encoded twice".to_owned())
        }
        Found::Broken(Broken::Json) if is_json_when_filled(&plain) => unfilled(key),
        Found::Entries(entries) if entries.is_empty() => match (kind, without_entries(&plain)) {
            (SecretType::DockerCfg, _) | (_, WithoutEntries::Empty) => {
                Contents::Placeholder(format!("the value of `{key}` has no entries yet"))
            }
            (_, WithoutEntries::Helpers) => Contents::Unusable(format!(
                "the value of `{key}` only names credential helpers, which do not exist on a node"
            )),
            (_, WithoutEntries::Legacy) => {
                Contents::Unusable(format!("the entries in `{key}` are not below `auths`"))
            }
            (_, WithoutEntries::Other) => {
                Contents::Unusable(format!("the value of `{key}` has no `auths`"))
            }
        },
        Found::Entries(entries) => {
            let is_config = |one: &str| one.eq_ignore_ascii_case("auths");
            if kind == SecretType::DockerCfg && entries.iter().any(|one| is_config(&one.key)) {
                return Contents::Unusable(
                    "its value has `auths`, so its key must be `.dockerconfigjson` and its type `kubernetes.io/dockerconfigjson`"
                        .to_owned(),
                );
            }
            let token = entries.iter().find_map(|one| reference::token(&one.key));
            match token {
                Some(token) => Contents::Placeholder(format!(
                    "the server `{token}` of its credential is a placeholder"
                )),
                None => Contents::Read(found),
            }
        }
        Found::Skipped | Found::Broken(_) | Found::Missing => Contents::Read(found),
    }
}

fn unfilled(key: &str) -> Contents {
    Contents::Placeholder(format!("the value of `{key}` is a placeholder"))
}

/// Whether a text that is not JSON is JSON when its placeholders are replaced.
fn is_json_when_filled(text: &str) -> bool {
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    let mut filled = ["0", ""]
        .into_iter()
        .filter_map(|with| reference::filled(text, with));
    !is_json(text) && filled.any(|text| is_json(&Zeroizing::new(text)))
}

/// Whether a value is the base64 of JSON.
fn is_twice_encoded(value: &[u8]) -> bool {
    let compact: Zeroizing<Vec<u8>> = Zeroizing::new(
        value
            .iter()
            .copied()
            .filter(|b| !b.is_ascii_whitespace())
            .collect(),
    );
    let Ok(inner) = STANDARD.decode(compact.as_slice()) else {
        return false;
    };
    let inner = Zeroizing::new(inner);
    inner.starts_with(b"{") && serde_json::from_slice::<Value>(&inner).is_ok()
}

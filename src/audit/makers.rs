//! What is or creates a Secret, and what can be seen of its contents.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::audit::facts::{Contents, Maker, Namespaces};
use crate::document::Node;
use crate::manifest::{Identity, Object, Path, reference};
use crate::pull::chain::Found;
use crate::pull::{Broken, SecretType};

/// A Secret that an object is or creates.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) name: String,
    pub(super) namespaces: Namespaces,
    pub(super) maker: Maker,
    pub(super) contents: Contents,
    /// The account that gets it as a pull secret.
    pub(super) account: Option<String>,
}

/// The type of a Secret that does not set one.
const DEFAULT_TYPE: &str = "Opaque";

/// The Secrets that an object is or creates.
pub(super) fn made(object: &Object<'_>) -> Vec<Made> {
    let (identity, node) = (&object.identity, object.node);
    let one = |name: Option<&str>, maker: Maker, contents: Contents| {
        let name = name.filter(|name| !name.is_empty());
        let namespaces = Namespaces::One(identity.namespace.clone());
        let made = name.map(|name| Made {
            name: name.to_owned(),
            namespaces,
            maker,
            contents,
            account: None,
        });
        made.into_iter().collect()
    };
    match (identity.group(), identity.kind.as_str()) {
        ("", "Secret") => {
            let mut all: Vec<Made> = one(Some(&identity.name), Maker::Manifest, manifest(node));
            if is_copied(node) {
                all.iter_mut()
                    .for_each(|made| made.namespaces = Namespaces::Any);
            }
            all
        }
        ("external-secrets.io", "ExternalSecret") => {
            external(node, identity, Namespaces::One(identity.namespace.clone()))
        }
        ("external-secrets.io", "ClusterExternalSecret") => node
            .get("spec")
            .and_then(|spec| spec.get("externalSecretSpec"))
            .map_or_else(Vec::new, |spec| {
                external_spec(spec, identity, Namespaces::Any)
            }),
        ("bitnami.com", "SealedSecret") => {
            let template = node.get("spec").and_then(|spec| spec.get("template"));
            let kind = template.and_then(|template| template.text("type"));
            let contents = of_type(kind, || Contents::Unknown);
            one(Some(&identity.name), Maker::SealedSecret, contents)
        }
        ("secrets-store.csi.x-k8s.io", "SecretProviderClass") => provider_class(node, identity),
        ("acrpull.microsoft.com", "AcrPullBinding") => binding(node, identity),
        _ => Vec::new(),
    }
}

/// What a type allows: the kubelet skips other Secrets without a word.
fn of_type(kind: Option<&str>, contents: impl FnOnce() -> Contents) -> Contents {
    let kind = kind.unwrap_or(DEFAULT_TYPE);
    match SecretType::of(kind) {
        Some(_) => contents(),
        None if reference::token(kind).is_some() => Contents::Unknown,
        None => Contents::Unusable(format!(
            "its type is `{kind}`, and the kubelet uses `kubernetes.io/dockerconfigjson` only"
        )),
    }
}

/// Whether a controller copies a Secret to other namespaces: Reflector, kubernetes-replicator, kubed and
/// Kyverno-style sync labels are declared by annotations.
fn is_copied(node: &Node) -> bool {
    const PREFIXES: &[&str] = &[
        // https://github.com/emberstack/kubernetes-reflector
        "reflector.v1.k8s.emberstack.com/reflection-a",
        // https://github.com/mittwald/kubernetes-replicator
        "replicator.v1.mittwald.de/replicat",
        // https://config-syncer.com/docs/latest/guides/config-syncer/intra-cluster/
        "kubed.appscode.com/sync",
    ];
    let annotations = node.get("metadata").and_then(|it| it.get("annotations"));
    let keys = annotations.map_or(&[] as &[_], Node::entries).iter();
    keys.map(|entry| entry.key.as_str())
        .any(|key| PREFIXES.iter().any(|prefix| key.starts_with(prefix)))
}

/// The value of a Secret.
fn manifest(node: &Node) -> Contents {
    let kind = node.text("type").unwrap_or(DEFAULT_TYPE);
    if node.get("sops").is_some_and(|it| !it.is_null()) && SecretType::of(kind).is_some() {
        return Contents::Unknown;
    }
    of_type(Some(kind), || {
        let Some(kind) = SecretType::of(kind) else {
            return Contents::Unknown;
        };
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
    })
}

fn decoded(text: &str, is_encoded: bool, kind: SecretType) -> Contents {
    if text.starts_with("ENC[") {
        return Contents::Unknown;
    }
    let key = kind.key();
    let value = if is_encoded {
        let compact = Zeroizing::new(text.replace(['\r', '\n', ' '], ""));
        match STANDARD.decode(compact.as_bytes()) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(_) if is_to_be_filled(text) => return unfilled(key),
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
    let found = Found::of(kind_name(kind), Some(&value));
    match &found {
        Found::Broken(Broken::Json) => {
            let plain = String::from_utf8_lossy(&value);
            if plain.starts_with("ENC[") {
                Contents::Unknown
            } else if is_twice_encoded(&value) {
                Contents::Unusable("its value is base64-encoded twice".to_owned())
            } else if is_to_be_filled(&plain) {
                unfilled(key)
            } else {
                Contents::Read(found)
            }
        }
        Found::Entries(entries) if entries.is_empty() => {
            Contents::Placeholder(format!("the value of `{key}` has no entries yet"))
        }
        Found::Entries(entries) => {
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

fn kind_name(kind: SecretType) -> &'static str {
    match kind {
        SecretType::DockerConfigJson => "kubernetes.io/dockerconfigjson",
        SecretType::DockerCfg => "kubernetes.io/dockercfg",
    }
}

fn unfilled(key: &str) -> Contents {
    Contents::Placeholder(format!("the value of `{key}` is a placeholder"))
}

/// Whether a value that cannot be read is one that somebody fills in later.
fn is_to_be_filled(text: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = "(?i)replace|placeholder|change.?me|your|todo|base64|encoded|insert|secret|xxx|\\.\\.\\.";
        Regex::new(words).ok()
    });
    let is_short = text.len() < 200;
    reference::token(text).is_some()
        || (is_short && WORDS.as_ref().is_some_and(|words| words.is_match(text)))
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

fn external(node: &Node, identity: &Identity, namespaces: Namespaces) -> Vec<Made> {
    node.get("spec")
        .map_or_else(Vec::new, |spec| external_spec(spec, identity, namespaces))
}

/// <https://external-secrets.io/latest/guides/templating/>
fn external_spec(spec: &Node, identity: &Identity, namespaces: Namespaces) -> Vec<Made> {
    let target = spec.get("target");
    let name = target.and_then(|target| target.text("name"));
    let template = target.and_then(|target| target.get("template"));
    let kind = template.and_then(|template| template.text("type"));
    let contents = of_type(kind, || {
        let data = template.and_then(|template| template.get("data"));
        let value = data.and_then(|data| data.text(".dockerconfigjson"));
        value
            .and_then(servers)
            .map_or(Contents::Unknown, Contents::Servers)
    });
    // Without a template the whole Secret may come from the store, with its type.
    let contents = match (template, contents) {
        (None, Contents::Unusable(_)) => Contents::Unknown,
        (_, contents) => contents,
    };
    let name = name.unwrap_or(&identity.name).to_owned();
    if name.is_empty() {
        return Vec::new();
    }
    vec![Made {
        name,
        namespaces,
        maker: Maker::ExternalSecret,
        contents,
        account: None,
    }]
}

/// The servers of a template, if all of them are in clear.
fn servers(template: &str) -> Option<Vec<String>> {
    static ACTIONS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}").ok());
    const FILLED: &str = "FILLED";
    let text = ACTIONS.as_ref()?.replace_all(template, FILLED);
    let value: Value = serde_json::from_str(&text).ok()?;
    let servers = value.get("auths")?.as_object()?.keys();
    let servers: Vec<String> = servers.cloned().collect();
    let is_clear = !servers.is_empty() && servers.iter().all(|one| !one.contains(FILLED));
    is_clear.then_some(servers)
}

fn provider_class(node: &Node, identity: &Identity) -> Vec<Made> {
    let Ok(path) = Path::parse("spec.secretObjects[]") else {
        return Vec::new();
    };
    let objects = path.find(node).into_iter();
    let made = objects.filter_map(|(_, object)| {
        Some(Made {
            name: object.text("secretName")?.to_owned(),
            namespaces: Namespaces::One(identity.namespace.clone()),
            maker: Maker::SecretProviderClass,
            contents: of_type(object.text("type"), || Contents::Unknown),
            account: None,
        })
    });
    made.collect()
}

/// <https://github.com/Azure/msi-acrpull/tree/main/api>
fn binding(node: &Node, identity: &Identity) -> Vec<Made> {
    let spec = node.get("spec");
    let server = spec.and_then(|spec| {
        let acr = spec.get("acr").and_then(|acr| acr.text("server"));
        acr.or_else(|| spec.text("acrServer"))
    });
    let account = spec.and_then(|spec| spec.text("serviceAccountName"));
    vec![Made {
        name: format!("acr-pull-{}", identity.name),
        namespaces: Namespaces::One(identity.namespace.clone()),
        maker: Maker::AcrPullBinding,
        contents: match server {
            Some(server) => Contents::Servers(vec![server.to_owned()]),
            None => Contents::Unknown,
        },
        account: Some(account.unwrap_or("default").to_owned()),
    }]
}

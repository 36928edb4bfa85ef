//! What is or creates a Secret, and what can be seen of its contents.

mod copies;
mod external;
mod secret;
mod template;

use crate::audit::facts::{BasicAuth, Contents, Maker, Namespaces};
use crate::document::Node;
use crate::manifest::{Identity, Object, Path, reference};
use crate::pull::SecretType;

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
            let all = one(
                Some(&identity.name),
                Maker::Manifest,
                secret::contents(node),
            );
            copies::with_copies(node, all)
        }
        ("external-secrets.io", "ExternalSecret") => external::external(node, identity),
        ("external-secrets.io", "ClusterExternalSecret") => external::cluster(node, identity),
        ("bitnami.com", "SealedSecret") => {
            one(Some(&identity.name), Maker::SealedSecret, sealed(node))
        }
        ("secrets-store.csi.x-k8s.io", "SecretProviderClass") => provider_class(node, identity),
        ("acrpull.microsoft.com" | "msi-acrpull.microsoft.com", "AcrPullBinding") => {
            binding(node, identity)
        }
        _ => Vec::new(),
    }
}

/// What a type allows: the kubelet skips other Secrets without a word.
fn of_type(kind: Option<&str>, contents: impl FnOnce(SecretType) -> Contents) -> Contents {
    let kind = kind.unwrap_or(DEFAULT_TYPE);
    match SecretType::of(kind) {
        Some(kind) => contents(kind),
        None if reference::token(kind).is_some() => Contents::Unknown,
        None => Contents::OtherType(
            format!("its type is `{kind}`, not `kubernetes.io/dockerconfigjson`"),
            BasicAuth::Unknown,
        ),
    }
}

/// <https://github.com/bitnami-labs/sealed-secrets#sealed-secrets-as-templates-for-secrets>
fn sealed(node: &Node) -> Contents {
    let spec = node.get("spec");
    let template = spec.and_then(|spec| spec.get("template"));
    of_type(
        template.and_then(|template| template.text("type")),
        |kind| {
            let encrypted = spec.and_then(|spec| spec.get("encryptedData"));
            let plain = template.and_then(|template| template.get("data"));
            let maps: Vec<&Node> = encrypted.into_iter().chain(plain).collect();
            let has_key = maps.iter().any(|map| map.get(kind.key()).is_some());
            if has_key || maps.iter().all(|map| map.entries().is_empty()) {
                Contents::Unknown
            } else {
                Contents::Unusable(format!("it has no key `{}`", kind.key()))
            }
        },
    )
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
            contents: of_type(object.text("type"), |kind| {
                let data = object.get("data").map_or(&[] as &[Node], Node::items);
                let mut keys = data.iter().map(|one| one.text("key"));
                if data.is_empty() || keys.any(|one| one == Some(kind.key())) {
                    Contents::Unknown
                } else {
                    Contents::Unusable(format!("it has no key `{}`", kind.key()))
                }
            }),
            account: None,
        })
    });
    made.collect()
}

/// The API `v1beta1` has another group and another name for its Secret
/// (<https://github.com/Azure/msi-acrpull#a-note-on-pull-secrets>).
fn binding(node: &Node, identity: &Identity) -> Vec<Made> {
    let spec = node.get("spec");
    let server = spec.and_then(|spec| {
        let acr = spec.get("acr").and_then(|acr| acr.text("server"));
        acr.or_else(|| spec.text("acrServer"))
    });
    let account = spec.and_then(|spec| spec.text("serviceAccountName"));
    vec![Made {
        name: match identity.group() {
            "msi-acrpull.microsoft.com" => format!("{}-msi-acrpull-secret", identity.name),
            _ => format!("acr-pull-{}", identity.name),
        },
        namespaces: Namespaces::One(identity.namespace.clone()),
        maker: Maker::AcrPullBinding,
        contents: match server {
            Some(server) => Contents::Servers(vec![server.to_owned()]),
            None => Contents::Unknown,
        },
        account: Some(account.unwrap_or("default").to_owned()),
    }]
}

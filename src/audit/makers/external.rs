//! Secrets that External Secrets creates (<https://external-secrets.io/latest/api/externalsecret/>).

use crate::audit::facts::{Contents, Maker, Namespaces};
use crate::audit::makers::{Made, of_type, template};
use crate::document::Node;
use crate::manifest::Identity;
use crate::pull::SecretType;

/// The Secret of an ExternalSecret.
pub(super) fn external(node: &Node, identity: &Identity) -> Vec<Made> {
    let namespaces = Namespaces::One(identity.namespace.clone());
    let made = node
        .get("spec")
        .and_then(|spec| secret(spec, &identity.name, namespaces));
    made.into_iter().collect()
}

/// The Secrets of a ClusterExternalSecret: one in each namespace that it selects.
pub(super) fn cluster(node: &Node, identity: &Identity) -> Vec<Made> {
    let Some(spec) = node.get("spec") else {
        return Vec::new();
    };
    let name = spec
        .text("externalSecretName")
        .filter(|name| !name.is_empty());
    let name = name.unwrap_or(&identity.name);
    let one = |namespaces| secret(spec.get("externalSecretSpec")?, name, namespaces);
    match selected(spec) {
        Selected::All => one(Namespaces::Any).into_iter().collect(),
        Selected::Unknown => {
            let made = one(Namespaces::Any).into_iter();
            made.map(|made| Made {
                contents: Contents::Unknown,
                ..made
            })
            .collect()
        }
        Selected::These(names) => {
            let all = names.into_iter().map(|name| Namespaces::One(Some(name)));
            all.filter_map(one).collect()
        }
    }
}

/// The namespaces that a ClusterExternalSecret selects.
enum Selected {
    All,
    These(Vec<String>),
    /// The labels of the namespaces decide.
    Unknown,
}

fn selected(spec: &Node) -> Selected {
    let list = |key: &str| spec.get(key).map_or(&[] as &[Node], Node::items);
    let mut names: Vec<String> = Vec::new();
    names.extend(
        list("namespaces")
            .iter()
            .filter_map(|one| one.as_str().map(str::to_owned)),
    );
    let mut is_unknown = names.is_empty();
    let old = spec.get("namespaceSelector").filter(|one| !one.is_null());
    for selector in list("namespaceSelectors").iter().chain(old) {
        match by_selector(selector) {
            Selected::All => return Selected::All,
            Selected::These(more) => {
                names.extend(more);
                is_unknown = false;
            }
            Selected::Unknown => return Selected::Unknown,
        }
    }
    if is_unknown {
        Selected::Unknown
    } else {
        Selected::These(names)
    }
}

/// Each namespace has its name as a label
/// (<https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name>).
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

fn by_selector(selector: &Node) -> Selected {
    let labels = selector
        .get("matchLabels")
        .map_or(&[] as &[_], Node::entries);
    let expressions = selector
        .get("matchExpressions")
        .map_or(&[] as &[Node], Node::items);
    match (labels, expressions) {
        ([], []) => Selected::All,
        ([label], []) if label.key == NAME_LABEL => match label.value.as_str() {
            Some(name) => Selected::These(vec![name.to_owned()]),
            None => Selected::Unknown,
        },
        ([], [one])
            if one.text("key") == Some(NAME_LABEL) && one.text("operator") == Some("In") =>
        {
            let values = one.get("values").map_or(&[] as &[Node], Node::items).iter();
            Selected::These(
                values
                    .filter_map(|one| one.as_str().map(str::to_owned))
                    .collect(),
            )
        }
        _ => Selected::Unknown,
    }
}

/// The Secret that the spec of an ExternalSecret called `name` creates.
fn secret(spec: &Node, name: &str, namespaces: Namespaces) -> Option<Made> {
    let target = spec.get("target");
    let text = |key: &str| {
        target
            .and_then(|target| target.text(key))
            .filter(|text| !text.is_empty())
    };
    let manifest = target.and_then(|target| target.get("manifest"));
    let is_secret = manifest
        .and_then(|manifest| manifest.text("kind"))
        .is_none_or(|kind| kind == "Secret");
    let name = text("name").unwrap_or(name).to_owned();
    let policy = text("creationPolicy");
    if policy == Some("None") || !is_secret || name.is_empty() {
        return None;
    }
    let template = target
        .and_then(|target| target.get("template"))
        .filter(|one| !one.is_null());
    let contents = match policy {
        // The type is that of the Secret that exists already.
        Some("Merge") => Contents::Unknown,
        _ => of_type(template.and_then(|one| one.text("type")), |kind| {
            value(kind, spec, template)
        }),
    };
    let generator = generator(spec).filter(|_| matches!(contents, Contents::Read(_)));
    let contents = match generator {
        Some(generator) => Contents::Generated(generator.to_owned(), Box::new(contents)),
        None => contents,
    };
    Some(Made {
        name,
        namespaces,
        maker: Maker::ExternalSecret,
        contents,
        account: None,
    })
}

/// The value of the key of the type: from the template, else from the store.
fn value(kind: SecretType, spec: &Node, template: Option<&Node>) -> Contents {
    let key = kind.key();
    let of_template = |field: &str| template.and_then(|one| one.get(field));
    if let Some(value) = of_template("data").and_then(|data| data.text(key)) {
        return template::contents(kind, value);
    }
    let items = |node: Option<&Node>| node.is_some_and(|node| !node.items().is_empty());
    let has_data = of_template("data").is_some_and(|data| !data.entries().is_empty());
    let merges = template.and_then(|one| one.text("mergePolicy")) == Some("Merge");
    let from_store = || {
        let data = spec.get("data").map_or(&[] as &[Node], Node::items);
        let mut keys = data.iter().map(|one| one.text("secretKey"));
        // Each key of what is extracted becomes a key of the Secret.
        items(spec.get("dataFrom")) || keys.any(|one| one == Some(key))
    };
    if items(of_template("templateFrom")) || ((merges || !has_data) && from_store()) {
        return Contents::Unknown;
    }
    Contents::Unusable(format!("it has no key `{key}`"))
}

/// The generator of tokens that is the only source of values.
fn generator(spec: &Node) -> Option<&str> {
    let sources = spec.get("dataFrom")?.items();
    let has_data = spec
        .get("data")
        .is_some_and(|data| !data.items().is_empty());
    let [source] = sources else {
        return None;
    };
    let reference = source.get("sourceRef")?.get("generatorRef")?;
    let is_token = reference.text("kind") == Some("ACRAccessToken");
    (is_token && !has_data).then(|| reference.text("name"))?
}

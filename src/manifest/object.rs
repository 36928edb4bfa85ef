//! Finds the objects of a list, including those nested in lists and templates.

use std::fmt;

use crate::diag::ObjectReference;
use crate::document::Node;
use crate::manifest::kinds::Kinds;
use crate::manifest::table;
use crate::manifest::wrong::is_mapping;
use crate::pointer::Pointer;

/// The identity of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `apps/v1`; empty if it is not set.
    pub api_version: String,
    /// The kind; empty if it is not set.
    pub kind: String,
    /// The name; empty if it is not set.
    pub name: String,
    /// The prefix of a name that the API server generates.
    pub generate_name: Option<String>,
    /// The namespace, if one is set.
    pub namespace: Option<String>,
    /// The file it was read from and its index there, as annotated by hosts of functions.
    pub file: Option<(String, Option<u64>)>,
}

/// An object and its position.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    /// Pointer from the items to the object.
    pub pointer: Pointer,
    /// Its identity.
    pub identity: Identity,
    /// Its tree.
    pub node: &'a Node,
}

impl Identity {
    /// The identity of a node. An element of a typed list such as `PodList` may omit its kind: `list` is the
    /// list that contains it.
    pub fn of(node: &Node, list: Option<&Identity>) -> Self {
        let metadata = node.get("metadata");
        let of_metadata = |key: &str| metadata?.text(key).map(str::to_owned);
        let annotation = |key: &str| {
            let annotations = metadata?.get("annotations")?;
            ["internal.config.kubernetes.io", "config.kubernetes.io"]
                .iter()
                .find_map(|group| annotations.text(&format!("{group}/{key}")))
                .map(str::to_owned)
        };
        let own = |key: &str| node.text(key).map(str::to_owned);
        let list = list.filter(|list| list.kind != "List");
        let kind_of_list = || {
            let kind = list?.kind.strip_suffix("List")?;
            Some(kind.to_owned())
        };
        Self {
            api_version: own("apiVersion")
                .or_else(|| Some(list?.api_version.clone()))
                .unwrap_or_default(),
            kind: own("kind").or_else(kind_of_list).unwrap_or_default(),
            name: of_metadata("name").unwrap_or_default(),
            generate_name: of_metadata("generateName").filter(|prefix| !prefix.is_empty()),
            namespace: of_metadata("namespace").filter(|namespace| !namespace.is_empty()),
            file: annotation("path").map(|path| {
                let index = annotation("index").and_then(|index| index.parse().ok());
                (path, index)
            }),
        }
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The version of the group: `v1`.
    pub fn version(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or(&self.api_version, |(_, version)| version)
    }

    /// Whether it is of the core group and this kind.
    pub fn is_core(&self, kind: &str) -> bool {
        self.group().is_empty() && self.kind == kind
    }

    /// Whether two objects would be the same in the cluster. An object without a namespace may get any.
    pub fn is_same(&self, other: &Self) -> bool {
        shares_namespace(self.namespace.as_deref(), other.namespace.as_deref())
            && (self.group(), &self.kind, &self.name) == (other.group(), &other.kind, &other.name)
    }
}

/// Whether two namespaces are, or may become, the same.
pub fn shares_namespace(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The reference that messages show.
impl From<&Identity> for ObjectReference {
    fn from(identity: &Identity) -> Self {
        let prefix = identity.generate_name.as_ref();
        let name = match prefix.filter(|_| identity.name.is_empty()) {
            Some(prefix) => format!("{prefix}*"),
            None => identity.name.clone(),
        };
        Self {
            api_version: identity.api_version.clone(),
            kind: identity.kind.clone(),
            namespace: identity.namespace.clone(),
            name,
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ObjectReference::from(self).fmt(f)
    }
}

/// All objects of the items, in order. Lists and templates are replaced by their elements; an object that
/// contains others, such as a `ManifestWork`, comes before them.
pub fn objects<'a>(items: &'a Node, kinds: &Kinds) -> Vec<Object<'a>> {
    let mut waiting = Vec::new();
    push(&Pointer::root(), items, None, &mut waiting);
    all(waiting, kinds)
}

/// As [`objects`], for one item, which may be an element of `list`. Pointers start at the item.
pub fn objects_of<'a>(item: &'a Node, list: Option<&Identity>, kinds: &Kinds) -> Vec<Object<'a>> {
    if is_mapping(item) {
        all(vec![(Pointer::root(), item, list.cloned())], kinds)
    } else {
        Vec::new()
    }
}

/// Pointers to complete objects that are nested in an object.
pub fn nested_objects(identity: &Identity, node: &Node) -> Vec<Pointer> {
    let paths = table::nested_paths(identity.group(), &identity.kind).iter();
    let found = paths.flat_map(|path| path.find(node));
    found.map(|(at, _)| at).collect()
}

/// A node that may be an object, its pointer, and the list that contains it.
type Candidate<'a> = (Pointer, &'a Node, Option<Identity>);

fn all<'a>(mut waiting: Vec<Candidate<'a>>, kinds: &Kinds) -> Vec<Object<'a>> {
    let mut found = Vec::new();
    while let Some((pointer, node, list)) = waiting.pop() {
        let identity = Identity::of(node, list.as_ref());
        if let Some((key, list)) = elements(node, &identity, kinds) {
            push(&pointer.key(key), list, Some(&identity), &mut waiting);
            continue;
        }
        let nested = table::nested_paths(identity.group(), &identity.kind);
        let inner: Vec<_> = nested.iter().flat_map(|path| path.find(node)).collect();
        for (at, inner) in inner
            .into_iter()
            .rev()
            .filter(|(_, inner)| is_mapping(inner))
        {
            waiting.push((pointer.join(&at), inner, None));
        }
        found.push(Object {
            pointer,
            identity,
            node,
        });
    }
    found
}

/// Pushes the mappings of a list, so that the first one is processed next.
fn push<'a>(at: &Pointer, list: &'a Node, of: Option<&Identity>, waiting: &mut Vec<Candidate<'a>>) {
    for (index, node) in list.items().iter().enumerate().rev() {
        if is_mapping(node) {
            waiting.push((at.index(index), node, of.cloned()));
        }
    }
}

/// The key and the elements of an object that is a list or a template.
fn elements<'a>(node: &'a Node, of: &Identity, kinds: &Kinds) -> Option<(&'static str, &'a Node)> {
    // `template.openshift.io/v1`, and `v1` before groups:
    // https://docs.openshift.com/container-platform/latest/openshift_images/using-templates.html
    let is_template = of.kind == "Template" && matches!(of.group(), "" | "template.openshift.io");
    let key = if is_template {
        "objects"
    } else if is_list(of, kinds) {
        "items"
    } else {
        return None;
    };
    let list = node.get(key)?;
    list.is_list().then_some((key, list))
}

/// Whether an object is a list: `List`, or the typed list of a supported kind.
pub fn is_list(of: &Identity, kinds: &Kinds) -> bool {
    let Some(kind) = of.kind.strip_suffix("List") else {
        return false;
    };
    let core = ["", "Secret", "ServiceAccount"];
    (of.group().is_empty() && core.contains(&kind)) || kinds.find(of.group(), kind).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::document::Node;
    use crate::manifest::kinds::Kinds;
    use crate::manifest::object::{objects, objects_of};

    #[test]
    fn objects_in_lists_and_templates_are_found() {
        let pod = json!({"metadata": {"name": "a"}, "spec": {"containers": []}});
        let secret = json!({"kind": "Secret", "apiVersion": "v1"});
        let items = Node::from(json!([
            {"apiVersion": "v1", "kind": "PodList", "items": [pod, 1]},
            {"apiVersion": "template.openshift.io/v1", "kind": "Template", "objects": [
                {"apiVersion": "v1", "kind": "List", "items": [secret]},
            ]},
            {"apiVersion": "v1", "kind": "Template", "objects": [secret]},
            {"apiVersion": "example.com/v1", "kind": "Template", "objects": [secret]},
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "RolloutList", "items": [{}]},
            {"apiVersion": "v1", "kind": "SecretList", "items": [{}]},
            {"apiVersion": "v1", "kind": "ServiceAccountList", "items": [{}]},
            {"apiVersion": "x/v1", "kind": "ThingList", "items": [1]},
            {"apiVersion": "v1", "kind": "PodList", "items": {}},
        ]));
        let kinds = Kinds::with(Vec::new());
        let found: Vec<String> = objects(&items, &kinds)
            .iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one.pointer, one.identity.api_version, one.identity
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "[0].items[0] v1 Pod `a`",
                "[1].objects[0].items[0] v1 Secret without a name",
                "[2].objects[0] v1 Secret without a name",
                "[3] example.com/v1 Template without a name",
                "[4].items[0] argoproj.io/v1alpha1 Rollout without a name",
                "[5].items[0] v1 Secret without a name",
                "[6].items[0] v1 ServiceAccount without a name",
                "[7] x/v1 ThingList without a name",
                "[8] v1 PodList without a name",
            ]
        );
    }

    #[test]
    fn nested_objects_are_found_after_their_parent() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}});
        let work = Node::from(json!({
            "apiVersion": "work.open-cluster-management.io/v1", "kind": "ManifestWork",
            "metadata": {"name": "w"}, "spec": {"workload": {"manifests": [pod, pod]}},
        }));
        let kinds = Kinds::with(Vec::new());
        let found: Vec<String> = objects_of(&work, None, &kinds)
            .iter()
            .map(|one| format!("{} {}", one.pointer, one.identity))
            .collect();
        assert_eq!(
            found,
            [
                "the document root ManifestWork `w`",
                "spec.workload.manifests[0] Pod `a`",
                "spec.workload.manifests[1] Pod `a`",
            ]
        );
        assert!(objects_of(&Node::from(json!([pod])), None, &kinds).is_empty());
    }
}

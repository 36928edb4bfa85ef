//! Kubernetes objects among the items of a list, those inside of lists as well.

use std::fmt;

use crate::document::{Data, Node};
use crate::pointer::Pointer;

/// All kinds of Kubernetes itself that hold a pod template or are a pod: group, kind, and the keys
/// to the pod's spec (Kubernetes API reference, "Workload Resources").
const PODS: &[(&str, &str, &[&str])] = &[
    ("", "Pod", &["spec"]),
    ("", "PodTemplate", &["template", "spec"]),
    ("", "ReplicationController", &["spec", "template", "spec"]),
    ("apps", "DaemonSet", &["spec", "template", "spec"]),
    ("apps", "Deployment", &["spec", "template", "spec"]),
    ("apps", "ReplicaSet", &["spec", "template", "spec"]),
    ("apps", "StatefulSet", &["spec", "template", "spec"]),
    (
        "batch",
        "CronJob",
        &["spec", "jobTemplate", "spec", "template", "spec"],
    ),
    ("batch", "Job", &["spec", "template", "spec"]),
];

/// What is known of an object without its contents.
#[derive(Debug, Clone)]
pub(super) struct Object {
    /// Where it is among the items.
    pub(super) pointer: Pointer,
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    /// The file it was read from, and its place in there.
    pub(super) file: Option<(String, Option<u64>)>,
}

impl Object {
    /// An object that is not among items.
    pub(super) fn of(node: &Node) -> Self {
        Self::at(Pointer::root(), node, None)
    }

    fn at(pointer: Pointer, node: &Node, list: Option<&Object>) -> Self {
        let metadata = node.get("metadata");
        let of_metadata = |key: &str| metadata?.text(key).map(str::to_owned);
        let annotation = |key: &str| {
            let annotations = metadata?.get("annotations")?;
            ["internal.config.kubernetes.io", "config.kubernetes.io"]
                .iter()
                .find_map(|group| annotations.text(&format!("{group}/{key}")))
                .map(str::to_owned)
        };
        // The elements of a `PodList` need not say that they are pods.
        let inherited = |of: fn(&Object) -> String| list.map(of).unwrap_or_default();
        let own = |key: &str| node.text(key).map(str::to_owned);
        Self {
            pointer,
            api_version: own("apiVersion")
                .unwrap_or_else(|| inherited(|list| list.api_version.clone())),
            kind: own("kind")
                .unwrap_or_else(|| inherited(|list| list.kind.trim_end_matches("List").to_owned())),
            name: of_metadata("name").unwrap_or_default(),
            namespace: of_metadata("namespace").filter(|namespace| !namespace.is_empty()),
            file: annotation("path").map(|path| {
                let index = annotation("index").and_then(|index| index.parse().ok());
                (path, index)
            }),
        }
    }

    /// The API group; empty for the core.
    fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// Whether it is of the core group and this kind.
    pub(super) fn is_core(&self, kind: &str) -> bool {
        self.group().is_empty() && self.kind == kind
    }

    /// Whether two objects would be one in the cluster. One without a namespace may get any.
    pub(super) fn is_same(&self, other: &Object) -> bool {
        let namespace = match (&self.namespace, &other.namespace) {
            (Some(one), Some(another)) => one == another,
            _ => true,
        };
        namespace
            && (self.group(), &self.kind, &self.name) == (other.group(), &other.kind, &other.name)
    }

    /// Where its pod spec is, from the object, if its kind has one.
    pub(super) fn pod_spec(&self) -> Option<Pointer> {
        // Deployments and their like were in `extensions` before Kubernetes 1.16.
        let group = if self.group() == "extensions" {
            "apps"
        } else {
            self.group()
        };
        let found = PODS
            .iter()
            .find(|(of, kind, _)| (*of, *kind) == (group, self.kind.as_str()))?;
        let keys = found.2.iter();
        Some(keys.fold(Pointer::root(), |pointer, key| pointer.key(key)))
    }
}

/// `Deployment web/api`, as messages name it.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `", self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        write!(f, "{}`", self.name)
    }
}

/// All objects among the items, in their order.
pub(super) fn objects(items: &Node) -> Vec<Object> {
    let mut found = Vec::new();
    below(Pointer::root(), items, None, &mut found);
    found
}

/// The elements of a list; a list in a list is one more.
fn below(pointer: Pointer, list: &Node, of: Option<&Object>, found: &mut Vec<Object>) {
    for (index, node) in list.items().iter().enumerate() {
        if !matches!(node.data, Data::Mapping(_)) {
            continue;
        }
        let object = Object::at(pointer.index(index), node, of);
        match node.get("items") {
            Some(inner) if is_list(&object) => {
                let key = object.pointer.key("items");
                let of = (object.kind != "List").then_some(&object);
                below(key, inner, of, found);
            }
            _ => found.push(object),
        }
    }
}

/// `List`, or the list of a kind that matters here.
fn is_list(object: &Object) -> bool {
    let of_pods = PODS.iter().any(|(group, kind, _)| {
        *group == object.group() && object.kind.strip_suffix("List") == Some(*kind)
    });
    object.is_core("List") || object.is_core("ServiceAccountList") || of_pods
}

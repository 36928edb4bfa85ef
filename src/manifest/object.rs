//! Objects among the items of a list, those inside of lists and templates as well.

use std::fmt;

use crate::document::{Data, Node};
use crate::manifest::kinds::Kinds;
use crate::pointer::Pointer;

/// What an object is called, without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `apps/v1`; empty if it is not set.
    pub api_version: String,
    /// The kind; empty if it is not set.
    pub kind: String,
    /// The name; empty if it is not set.
    pub name: String,
    /// The namespace, if one is set.
    pub namespace: Option<String>,
    /// The file it was read from and its index in there, as hosts of functions annotate it.
    pub file: Option<(String, Option<u64>)>,
}

/// An object and where it is.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    /// From the items to the object.
    pub pointer: Pointer,
    /// What it is called.
    pub identity: Identity,
    /// The object.
    pub node: &'a Node,
}

impl Identity {
    /// What a node is called. An element of a `PodList` need not say that it is a pod: `list` is the
    /// list that it stands in.
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
            namespace: of_metadata("namespace").filter(|namespace| !namespace.is_empty()),
            file: annotation("path").map(|path| {
                let index = annotation("index").and_then(|index| index.parse().ok());
                (path, index)
            }),
        }
    }

    /// The API group; empty for the core.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// Whether it is of the core group and this kind.
    pub fn is_core(&self, kind: &str) -> bool {
        self.group().is_empty() && self.kind == kind
    }

    /// Whether two objects would be one in the cluster. One without a namespace may get any.
    pub fn is_same(&self, other: &Self) -> bool {
        shares_namespace(self.namespace.as_deref(), other.namespace.as_deref())
            && (self.group(), &self.kind, &self.name) == (other.group(), &other.kind, &other.name)
    }
}

/// Whether two namespaces are, or may become, the same one.
pub fn shares_namespace(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// ``Deployment `web/api` ``, as messages name it.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind.is_empty() {
            "object"
        } else {
            &self.kind
        };
        write!(f, "{kind} `")?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        write!(f, "{}`", self.name)
    }
}

/// All objects among the items, in their order. Lists and templates are not among them, their
/// elements are.
pub fn objects<'a>(items: &'a Node, kinds: &Kinds) -> Vec<Object<'a>> {
    let mut waiting = Vec::new();
    push(Pointer::root(), items, None, &mut waiting);
    all(waiting, kinds)
}

/// A document, or an element of `list`, as the objects it is: itself, or what it is a list of. None, if it
/// is no mapping.
pub fn objects_in<'a>(node: &'a Node, list: Option<&Identity>, kinds: &Kinds) -> Vec<Object<'a>> {
    let is_object = matches!(node.data, Data::Mapping(_));
    let waiting = is_object.then(|| (Pointer::root(), node, list.cloned()));
    all(waiting.into_iter().collect(), kinds)
}

type Waiting<'a> = Vec<(Pointer, &'a Node, Option<Identity>)>;

fn all<'a>(mut waiting: Waiting<'a>, kinds: &Kinds) -> Vec<Object<'a>> {
    let mut found = Vec::new();
    while let Some((pointer, node, list)) = waiting.pop() {
        let identity = Identity::of(node, list.as_ref());
        match elements(node, &identity, kinds) {
            Some((key, list)) => {
                push(pointer.key(key), list, Some(identity), &mut waiting);
            }
            None => found.push(Object {
                pointer,
                identity,
                node,
            }),
        }
    }
    found
}

/// The mappings of a list, so that the first one is looked at next.
fn push<'a>(at: Pointer, list: &'a Node, of: Option<Identity>, waiting: &mut Waiting<'a>) {
    for (index, node) in list.items().iter().enumerate().rev() {
        if matches!(node.data, Data::Mapping(_)) {
            waiting.push((at.index(index), node, of.clone()));
        }
    }
}

/// The objects that an object is a list of.
fn elements<'a>(node: &'a Node, of: &Identity, kinds: &Kinds) -> Option<(&'static str, &'a Node)> {
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

/// Whether an object is a list: `List`, or the list of a kind that matters here.
pub fn is_list(of: &Identity, kinds: &Kinds) -> bool {
    let Some(kind) = of.kind.strip_suffix("List") else {
        return false;
    };
    let core = ["", "Secret", "ServiceAccount"];
    (of.group().is_empty() && core.contains(&kind)) || kinds.find(of.group(), kind).is_some()
}

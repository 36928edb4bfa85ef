//! A view of the pods that an object makes: images with their places, pull secrets, account.

use serde_json::Value;

use crate::document::{Data, Node};
use crate::manifest::kinds::{Kinds, Pods, Puller, Shape};
use crate::manifest::object::Object;
use crate::pointer::Pointer;

/// Pods of one object that are all alike. Pointers begin at the object.
#[derive(Debug, Clone)]
pub struct Pod<'a> {
    /// What the kind says of them.
    pub pods: &'a Pods,
    /// Where they are described: the pod spec, for a kind that has one.
    pub at: Pointer,
    /// Each image and where it is written.
    pub images: Vec<(Pointer, &'a str)>,
    /// Where pull secrets are or would be; `None` if the object has no place for them.
    pub secrets_at: Option<Pointer>,
    /// What is there now.
    pub pull_secrets: PullSecrets<'a>,
    /// The account that is set, and where.
    pub account: Option<(Pointer, &'a str)>,
}

/// A pod's, or an account's, own pull secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullSecrets<'a> {
    /// Elements, as many as the API server counts. None: the account's list is taken.
    List(Vec<Reference<'a>>),
    /// Something that is not a list.
    NotAList,
}

/// An element of a list of pull secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// A Secret.
    Secret(&'a str),
    /// `{}`, `{name: ""}` or nothing: it counts, so it hides the account's list, and gives nothing.
    Nameless,
    /// A text in place of a mapping, or the reverse: the API server refuses the object.
    Misshapen,
}

impl<'a> PullSecrets<'a> {
    /// Reads the pull secrets of a pod or an account.
    pub fn read(node: Option<&'a Node>, shape: Shape) -> Self {
        let Some(node) = node.filter(|node| !node.is_null()) else {
            return Self::List(Vec::new());
        };
        match (shape, &node.data) {
            (Shape::Objects, Data::Sequence(items)) => {
                Self::List(items.iter().map(object).collect())
            }
            (Shape::Names, Data::Sequence(items)) => Self::List(items.iter().map(name).collect()),
            (Shape::Name, Data::Scalar(Value::String(_))) => Self::List(vec![name(node)]),
            (Shape::Object, Data::Mapping(_)) => Self::List(vec![object(node)]),
            _ => Self::NotAList,
        }
    }

    /// The Secrets that are named.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        let all: &[Reference<'a>] = match self {
            Self::List(all) => all,
            Self::NotAList => &[],
        };
        all.iter().filter_map(|one| match one {
            Reference::Secret(name) => Some(*name),
            Reference::Nameless | Reference::Misshapen => None,
        })
    }

    /// Whether the account's list is taken in its place: only a list without elements is given up
    /// for it (`admission/serviceaccount` of Kubernetes: `len(pod.Spec.ImagePullSecrets) == 0`).
    pub fn leaves_it_to_the_account(&self) -> bool {
        matches!(self, Self::List(all) if all.is_empty())
    }

    /// The index of the first element of a wrong shape.
    pub fn misshapen(&self) -> Option<usize> {
        match self {
            Self::List(all) => all.iter().position(|one| *one == Reference::Misshapen),
            Self::NotAList => None,
        }
    }
}

fn object(node: &Node) -> Reference<'_> {
    match &node.data {
        Data::Mapping(_) => match node.get("name") {
            None => Reference::Nameless,
            Some(value) if value.is_null() => Reference::Nameless,
            Some(value) => name(value),
        },
        _ if node.is_null() => Reference::Nameless,
        _ => Reference::Misshapen,
    }
}

fn name(node: &Node) -> Reference<'_> {
    match node.as_str() {
        Some("") => Reference::Nameless,
        Some(name) => Reference::Secret(name),
        None if node.is_null() => Reference::Nameless,
        None => Reference::Misshapen,
    }
}

impl<'a> Pod<'a> {
    /// The pods of an object, in the order of its kind's places; `None` if the kind is not known.
    pub fn all(object: &Object<'a>, kinds: &'a Kinds) -> Option<Vec<Self>> {
        let known = kinds.find(object.identity.group(), &object.identity.kind)?;
        let mut all = Vec::new();
        for pods in known {
            for (at, node) in pods.at.find(object.node) {
                if matches!(node.data, Data::Mapping(_)) {
                    all.push(Self::at(pods, at, node, object.node));
                }
            }
        }
        Some(all)
    }

    fn at(pods: &'a Pods, at: Pointer, node: &'a Node, object: &'a Node) -> Self {
        let text = |(pointer, node): (Pointer, &'a Node)| Some((pointer, node.as_str()?));
        let own = pods.images.iter().flat_map(|path| path.find(node));
        let own = own.map(|(pointer, node)| (at.join(&pointer), node));
        let shared = pods.shared_images.iter().flat_map(|path| path.find(object));
        let images = own.chain(shared).filter_map(text).collect();
        let secrets_at = pods.pull_secrets.as_ref().and_then(|path| path.pointer());
        let there = secrets_at.as_ref().and_then(|pointer| node.find(pointer));
        let account = pods.account.iter().flat_map(|path| path.find(node));
        let account = account
            .filter_map(text)
            .find(|(_, name)| !name.is_empty())
            .map(|(pointer, name)| (at.join(&pointer), name));
        Self {
            images,
            pull_secrets: PullSecrets::read(there, pods.shape),
            secrets_at: secrets_at.map(|pointer| at.join(&pointer)),
            account,
            at,
            pods,
        }
    }

    /// Where an account is named, whether one is or not; `None` if there is no place, or more than one.
    pub fn account_at(&self) -> Option<Pointer> {
        let path = self.pods.account.first()?;
        Some(self.at.join(&path.pointer()?))
    }

    /// How pull secrets are written here.
    pub fn shape(&self) -> Shape {
        self.pods.shape
    }

    /// Whether the node's identity and the account's list count as well.
    pub fn is_pulled_by_the_kubelet(&self) -> bool {
        self.pods.puller == Puller::Kubelet
    }
}

/// The host before the first slash of an image, as far as there is one: also of a reference whose tag
/// or path is a token that something fills in later, or breaks the grammar. A scheme is skipped.
pub fn host(image: &str) -> Option<&str> {
    let image = image.trim();
    let image = image.split_once("://").map_or(image, |(_, rest)| rest);
    let (host, _) = image.split_once('/')?;
    (host.contains(['.', ':']) || host == "localhost").then_some(host)
}

/// Images in an object of a kind that is not known: the texts behind keys called `image`, with their
/// places.
pub fn stray_images(node: &Node) -> Vec<(Pointer, &str)> {
    let mut found = Vec::new();
    let mut waiting = vec![(Pointer::root(), node)];
    while let Some((at, node)) = waiting.pop() {
        for entry in node.entries().iter().rev() {
            let pointer = at.key(&entry.key);
            match entry.value.as_str() {
                Some(text) if entry.key == "image" => found.push((pointer, text)),
                _ => waiting.push((pointer, &entry.value)),
            }
        }
        for (index, item) in node.items().iter().enumerate().rev() {
            waiting.push((at.index(index), item));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::Node;
    use crate::manifest::kinds::{Kinds, Shape};
    use crate::manifest::object::objects;
    use crate::manifest::pod::{Pod, PullSecrets, Reference, host, stray_images};

    #[test]
    fn elements_count_as_the_api_server_counts_them() {
        let read = |value: Value| {
            let node = Node::from(value);
            let list = PullSecrets::read(Some(&node), Shape::Objects);
            (
                list.leaves_it_to_the_account(),
                list.names().map(str::to_owned).collect::<Vec<_>>(),
                list.misshapen(),
            )
        };
        let none = Vec::<String>::new;
        assert_eq!(read(json!(null)), (true, none(), None));
        assert_eq!(read(json!([])), (true, none(), None));
        for nameless in [
            json!([{}]),
            json!([null]),
            json!([{"name": ""}]),
            json!([{"name": null}]),
        ] {
            assert_eq!(read(nameless), (false, none(), None));
        }
        let two = json!([{}, {"name": "a"}]);
        assert_eq!(read(two), (false, vec!["a".to_owned()], None));
        assert_eq!(read(json!([{"name": "a"}, "b"])).2, Some(1));
        assert_eq!(read(json!([{"name": 1}])).2, Some(0));
        let mapping = Node::from(json!({"name": "a"}));
        let read = PullSecrets::read(Some(&mapping), Shape::Objects);
        assert_eq!(read, PullSecrets::NotAList);
        let one = PullSecrets::read(Some(&mapping), Shape::Object);
        assert_eq!(one, PullSecrets::List(vec![Reference::Secret("a")]));
    }

    #[test]
    fn a_host_is_seen_whatever_follows() {
        for (image, want) in [
            ("a.azurecr.io/x:1", Some("a.azurecr.io")),
            ("a.azurecr.io/x:{{ tag }}", Some("a.azurecr.io")),
            ("a.azurecr.io/${NAME}/x", Some("a.azurecr.io")),
            ("https://a.azurecr.io/x", Some("a.azurecr.io")),
            ("oci://a.azurecr.io/x", Some("a.azurecr.io")),
            ("A.azurecr.io/X", Some("A.azurecr.io")),
            ("localhost:5000/x", Some("localhost:5000")),
            ("library/x", None),
            ("x:1.2", None),
            ("", None),
        ] {
            assert_eq!(host(image), want, "{image}");
        }
    }

    #[test]
    fn every_kind_of_the_table_is_read() {
        let kinds = Kinds::with(Vec::new());
        let names: Vec<(String, String)> = kinds
            .names()
            .map(|(group, kind)| (group.to_owned(), kind.to_owned()))
            .collect();
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(
            unique.len(),
            names.len(),
            "a kind stands twice in the table"
        );
        for (group, kind) in names {
            let all = kinds.find(&group, &kind).expect("it is in the table");
            assert!(!all.is_empty(), "{kind}");
            for pods in all {
                assert!(!pods.images.is_empty(), "{kind}");
                let secrets = pods.pull_secrets.as_ref();
                assert!(
                    secrets.is_none_or(|path| path.pointer().is_some()),
                    "{kind}"
                );
            }
        }
    }

    #[test]
    fn a_kind_belongs_to_its_group() {
        let spec = json!({"template": {"spec": {"containers": [{"image": "a.b/c"}]}}});
        let object =
            |version: &str| json!({"apiVersion": version, "kind": "Service", "spec": spec});
        let items = Node::from(json!([object("v1"), object("serving.knative.dev/v1")]));
        let kinds = Kinds::with(Vec::new());
        let objects = objects(&items, &kinds);
        assert!(Pod::all(&objects[0], &kinds).is_none());
        let pods = Pod::all(&objects[1], &kinds).expect("it is known");
        assert_eq!(
            pods[0].images[0].0.to_string(),
            "spec.template.spec.containers[0].image"
        );
        let stray = stray_images(objects[0].node);
        assert_eq!(stray.len(), 1);
    }

    #[test]
    fn lists_and_templates_are_looked_into() {
        let pod = json!({"metadata": {"name": "a"}, "spec": {"containers": []}});
        let items = Node::from(json!([
            {"apiVersion": "v1", "kind": "PodList", "items": [pod]},
            {"apiVersion": "template.openshift.io/v1", "kind": "Template", "objects": [
                {"apiVersion": "v1", "kind": "List", "items": [{"kind": "Secret", "apiVersion": "v1"}]},
            ]},
            {"apiVersion": "x/v1", "kind": "ThingList", "items": [1]},
        ]));
        let kinds = Kinds::with(Vec::new());
        let found: Vec<String> = objects(&items, &kinds)
            .iter()
            .map(|one| format!("{} {}", one.pointer, one.identity))
            .collect();
        assert_eq!(
            found,
            [
                "[0].items[0] Pod `a`",
                "[1].objects[0].items[0] Secret ``",
                "[2] ThingList ``"
            ]
        );
    }
}

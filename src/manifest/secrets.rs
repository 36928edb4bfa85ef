//! Lists of pull secrets: the Secrets they reference, and elements without a name.

use std::sync::Arc;

use crate::document::Node;
use crate::manifest::kinds::Shape;
use crate::manifest::wrong::is_mapping;

/// The key of the pull secrets in a pod and in an account.
pub const FIELD: &str = "imagePullSecrets";

/// Whether an account rejects pods whose pull secrets are not on its own list. The value is parsed like Go's
/// `strconv.ParseBool`
/// (<https://kubernetes.io/docs/reference/labels-annotations-taints/#enforce-mountable-secrets>).
pub fn enforces_mountable_secrets(account: &Node) -> bool {
    let annotations = account.get("metadata").and_then(|it| it.get("annotations"));
    let value = annotations.and_then(|all| all.text("kubernetes.io/enforce-mountable-secrets"));
    value.is_some_and(|value| ["1", "t", "T", "true", "TRUE", "True"].contains(&value))
}

/// The pull secrets of a pod or an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullSecrets<'a> {
    /// The elements that the API server counts. If empty, the list of the account is used. Pods of one
    /// object may share them.
    List(Arc<[Reference<'a>]>),
    /// Something that is not a list.
    NotAList,
}

/// An element of a list of pull secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// The name of a Secret.
    Secret(&'a str),
    /// `{}`, `{name: ""}` or null: an element without a name, which also hides the account's list.
    Nameless,
    /// A string instead of a mapping, or the reverse: the API server rejects the object.
    Invalid,
}

impl<'a> PullSecrets<'a> {
    /// Reads the pull secrets of a pod or an account.
    pub fn read(node: Option<&'a Node>, shape: Shape) -> Self {
        let Some(node) = node.filter(|node| !node.is_null()) else {
            return Self::List(Arc::default());
        };
        match shape {
            Shape::Objects if node.is_list() => {
                Self::List(node.items().iter().map(object).collect())
            }
            Shape::Names if node.is_list() => Self::List(node.items().iter().map(name).collect()),
            Shape::Name => match node.as_str() {
                // An empty single name counts as not set.
                Some("") => Self::List(Arc::default()),
                Some(_) => Self::List([name(node)].into()),
                None => Self::NotAList,
            },
            Shape::Object if is_mapping(node) => Self::List([object(node)].into()),
            Shape::Objects | Shape::Names | Shape::Object => Self::NotAList,
        }
    }

    /// Reads the pull secrets of a ServiceAccount. Its `secrets` are never used to pull.
    pub fn of_account(account: &'a Node) -> Self {
        Self::read(account.get(FIELD), Shape::Objects)
    }

    /// The names of the referenced Secrets.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.elements().iter().filter_map(|one| match one {
            Reference::Secret(name) => Some(*name),
            Reference::Nameless | Reference::Invalid => None,
        })
    }

    /// The elements; empty if this is not a list.
    pub fn elements(&self) -> &[Reference<'a>] {
        match self {
            Self::List(all) => all,
            Self::NotAList => &[],
        }
    }

    /// Whether the account's list is used instead: only for a list without elements
    /// (`admission/serviceaccount` of Kubernetes: `len(pod.Spec.ImagePullSecrets) == 0`).
    pub fn defers_to_account(&self) -> bool {
        matches!(self, Self::List(all) if all.is_empty())
    }

    /// The index of the first element with a wrong shape.
    pub fn first_invalid(&self) -> Option<usize> {
        let mut all = self.elements().iter();
        all.position(|one| *one == Reference::Invalid)
    }
}

fn object(node: &Node) -> Reference<'_> {
    if node.is_null() {
        return Reference::Nameless;
    }
    if !is_mapping(node) {
        return Reference::Invalid;
    }
    node.get("name").map_or(Reference::Nameless, name)
}

fn name(node: &Node) -> Reference<'_> {
    match node.as_str() {
        Some("") => Reference::Nameless,
        Some(name) => Reference::Secret(name),
        None if node.is_null() => Reference::Nameless,
        None => Reference::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::Node;
    use crate::manifest::kinds::Shape;
    use crate::manifest::secrets::{PullSecrets, Reference, enforces_mountable_secrets};

    #[test]
    fn elements_count_as_the_api_server_counts_them() {
        let read = |value: Value| {
            let node = Node::from(value);
            let list = PullSecrets::read(Some(&node), Shape::Objects);
            (
                list.defers_to_account(),
                list.names().map(str::to_owned).collect::<Vec<_>>(),
                list.first_invalid(),
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
    }

    #[test]
    fn each_shape_has_its_own_format() {
        let a = || [Reference::Secret("a")].into();
        for (shape, value, want) in [
            (
                Shape::Objects,
                json!([{"name": "a"}]),
                PullSecrets::List(a()),
            ),
            (Shape::Objects, json!({"name": "a"}), PullSecrets::NotAList),
            (Shape::Names, json!(["a"]), PullSecrets::List(a())),
            (Shape::Names, json!("a"), PullSecrets::NotAList),
            (Shape::Name, json!("a"), PullSecrets::List(a())),
            (Shape::Name, json!(""), PullSecrets::List([].into())),
            (Shape::Name, json!(["a"]), PullSecrets::NotAList),
            (Shape::Object, json!({"name": "a"}), PullSecrets::List(a())),
            (Shape::Object, json!("a"), PullSecrets::NotAList),
        ] {
            let node = Node::from(value);
            assert_eq!(PullSecrets::read(Some(&node), shape), want, "{shape:?}");
        }
    }

    #[test]
    fn an_annotation_makes_an_account_enforce_its_secrets() {
        for (value, want) in [
            (json!("true"), true),
            (json!("1"), true),
            (json!("yes"), false),
            (json!("false"), false),
            (json!(null), false),
        ] {
            let annotations = json!({"kubernetes.io/enforce-mountable-secrets": value});
            let account = Node::from(json!({"metadata": {"annotations": annotations}}));
            assert_eq!(enforces_mountable_secrets(&account), want, "{value}");
        }
    }

    #[test]
    fn secrets_of_an_account_are_not_its_pull_secrets() {
        let account = json!({"secrets": [{"name": "token"}], "imagePullSecrets": [{"name": "a"}]});
        let account = Node::from(account);
        let names: Vec<&str> = PullSecrets::of_account(&account).names().collect();
        assert_eq!(names, ["a"]);
    }
}

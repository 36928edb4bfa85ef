//! The model of a kind: the paths of images, pull secrets and the account of its pods.

use std::collections::HashMap;

use crate::manifest::path::Path;
use crate::manifest::table;

/// Format of the pull secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `[{name: NAME}]`, as in a pod.
    Objects,
    /// `[NAME]`.
    Names,
    /// `NAME`: at most one.
    Name,
    /// `{name: NAME}`: at most one.
    Object,
}

/// Who pulls the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Puller {
    /// The kubelet, for a pod: uses its pull secrets, those of its account, and the identity of the node.
    Kubelet,
    /// A controller in the cluster: uses what the object references, not the identity of the node.
    Controller,
}

/// The account of pods that do not set one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DefaultAccount {
    /// The account `default` of the namespace.
    Default,
    /// An account that the operator of the object creates or is configured with.
    Operator,
}

/// What a path is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The description of the pod, for example its pod spec.
    Pod,
    /// The object.
    Object,
    /// The element of another list of the object that configures the same pod.
    Peer,
}

/// A path and what it is relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) path: Path,
}

/// Another list of the object whose elements configure its pods, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Peer {
    /// Path to its elements, from the object.
    pub(super) list: Path,
    /// The key of an element with the name of the pod.
    pub(super) key: &'static str,
    /// The key of the pod with the same name.
    pub(super) own_key: &'static str,
}

/// The versions of the API group that a row applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Versions {
    All,
    Only(&'static [&'static str]),
    Except(&'static [&'static str]),
}

impl Versions {
    pub(super) fn has(self, version: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(all) => all.contains(&version),
            Self::Except(all) => !all.contains(&version),
        }
    }
}

/// Pods of an object that share the same paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pods {
    /// Path from the object to the description of the pod.
    pub(super) at: Path,
    pub(super) images: Vec<Place>,
    /// The first that exists is used; if none exists, the last is created. Empty if the kind has no such
    /// field.
    pub(super) pull_secrets: Vec<Place>,
    pub(super) shape: Shape,
    /// The first that is set is used; if none is set, the last is created.
    pub(super) accounts: Vec<Place>,
    /// A deprecated field, used if no other is set.
    pub(super) old_account: Option<Place>,
    pub(super) default_account: DefaultAccount,
    pub(super) puller: Puller,
    pub(super) versions: Versions,
    pub(super) peer: Option<Peer>,
    /// The pod does not exist if this path of the object is set.
    pub(super) unless: Option<Path>,
    /// The pod only exists if this path of the object has this value.
    pub(super) when: Option<(Path, &'static str)>,
    /// The key, and its value, that assigns the puller an Azure identity.
    pub(super) identity: Option<(Place, &'static str)>,
}

impl Pods {
    /// A complete `PodSpec` at this path.
    ///
    /// Fields: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec>.
    pub fn pod_spec(at: Path) -> Self {
        table::pod_spec(at)
    }

    /// Images, pull secrets and account at separate paths from the object root. Pull secrets and account
    /// must each be a path to one place.
    pub fn from_fields(
        images: Vec<Path>,
        pull_secrets: Option<Path>,
        shape: Shape,
        account: Option<Path>,
    ) -> Self {
        let places = |paths: Vec<Path>| paths.into_iter().map(Place::of_pod).collect();
        Self {
            images: places(images),
            pull_secrets: places(pull_secrets.into_iter().collect()),
            shape,
            accounts: places(account.into_iter().collect()),
            ..Self::at(Path::default())
        }
    }

    /// Pods at a path, without images, pull secrets and account.
    pub(super) fn at(at: Path) -> Self {
        Self {
            at,
            images: Vec::new(),
            pull_secrets: Vec::new(),
            shape: Shape::Objects,
            accounts: Vec::new(),
            old_account: None,
            default_account: DefaultAccount::Default,
            puller: Puller::Kubelet,
            versions: Versions::All,
            peer: None,
            unless: None,
            when: None,
            identity: None,
        }
    }
}

impl Place {
    pub(super) fn of_pod(path: Path) -> Self {
        Self {
            origin: Origin::Pod,
            path,
        }
    }
}

/// A kind and its pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The API group; empty for the core group. `*.NAME` matches every group with this suffix.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Its pods.
    pub pods: Vec<Pods>,
    /// Public reference of its fields, for built-in kinds.
    pub link: Option<&'static str>,
}

impl Kind {
    fn is_of(&self, group: &str) -> bool {
        match self.group.strip_prefix('*') {
            Some(end) => group.strip_suffix(end).is_some_and(|name| !name.is_empty()),
            None => self.group == group,
        }
    }
}

/// All supported kinds.
#[derive(Debug, Clone)]
pub struct Kinds {
    all: Vec<Kind>,
    /// The indexes of the kinds with each name, in order.
    by_kind: HashMap<String, Vec<usize>>,
}

impl Kinds {
    /// The kinds of Kubernetes and of well-known projects, and `own`, which has precedence.
    pub fn with(own: Vec<Kind>) -> Self {
        let mut all = own;
        all.extend(table::kinds());
        let mut by_kind: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, one) in all.iter().enumerate() {
            by_kind.entry(one.kind.clone()).or_default().push(at);
        }
        Self { all, by_kind }
    }

    /// The pods of a kind; `None` if the kind is unknown.
    pub fn find(&self, group: &str, kind: &str) -> Option<&[Pods]> {
        // Deployments and similar kinds were in `extensions` before Kubernetes 1.16:
        // https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-16
        let group = if group == "extensions" { "apps" } else { group };
        let mut same_name = self.by_kind.get(kind)?.iter();
        let found = same_name.find_map(|at| self.all.get(*at).filter(|one| one.is_of(group)))?;
        Some(&found.pods)
    }

    /// All kinds, own ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::kinds::{Kind, Kinds, Pods};
    use crate::manifest::path::Path;

    #[test]
    fn kinds_are_found_by_group_and_own_kinds_have_precedence() {
        let kind = |group: &str, kind: &str, pods| Kind {
            group: group.to_owned(),
            kind: kind.to_owned(),
            pods,
            link: None,
        };
        let pod = Pods::pod_spec(Path::parse("spec.pod").expect("it is a path"));
        let own = vec![
            kind("", "Pod", vec![pod.clone()]),
            kind("example.com", "Pod", vec![pod.clone(), pod]),
        ];
        let kinds = Kinds::with(own);
        let count = |group, kind| kinds.find(group, kind).map(<[Pods]>::len);
        assert_eq!(count("", "Pod"), Some(1));
        assert_eq!(count("example.com", "Pod"), Some(2));
        assert_eq!(count("apps", "Pod"), None);
        assert_eq!(count("extensions", "Deployment"), Some(1));
        assert_eq!(count("beat.k8s.elastic.co", "Beat"), Some(3));
        assert_eq!(count("next.k8s.elastic.co", "Kibana"), Some(1));
        for group in [
            "k8s.elastic.co",
            ".k8s.elastic.co",
            "evil-k8s.elastic.co",
            "elastic.co",
        ] {
            assert_eq!(count(group, "Beat"), None, "{group}");
        }
    }
}

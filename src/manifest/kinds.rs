//! What is known of a kind: where its pods hold images, pull secrets and an account.

use std::collections::HashMap;

use crate::manifest::path::Path;
use crate::manifest::table;

/// Form of the pull secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `[{name: NAME}]`, as a pod has them.
    Objects,
    /// `[NAME]`.
    Names,
    /// `NAME`: there can be one.
    Name,
    /// `{name: NAME}`: there can be one.
    Object,
}

/// Who pulls the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Puller {
    /// The kubelet, for a pod: Secrets, those of its account, and the node's identity count.
    Kubelet,
    /// A controller in the cluster: what is named in the object counts, the node's identity does not.
    Controller,
}

/// The account of pods that name none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DefaultAccount {
    /// `default` of the namespace.
    Default,
    /// One that the object's operator makes or is configured with.
    Operator,
}

/// What a place is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The description of the pod.
    Pod,
    /// The object.
    Object,
    /// The element of another list of the object that is about the same pod.
    Peer,
}

/// A path and what it is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) path: Path,
}

/// Another list of the object whose elements are about pods of this one, by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Peer {
    /// Its elements, from the object.
    pub(super) list: Path,
    /// Their key that names the pod.
    pub(super) key: &'static str,
    /// The key of the pod that holds the same name.
    pub(super) own_key: &'static str,
}

/// For which versions of the group a place is right.
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

/// Pods that an object makes: all at places of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pods {
    /// From the object to the description of the pod.
    pub(super) at: Path,
    pub(super) images: Vec<Place>,
    /// The first that exists counts; where none exists, the last is the place for them. Empty if the
    /// object has no place.
    pub(super) pull_secrets: Vec<Place>,
    pub(super) shape: Shape,
    /// The first that is set counts; where none is set, the last is the place for one.
    pub(super) accounts: Vec<Place>,
    /// An old spelling, which counts if no other is set.
    pub(super) old_account: Option<Place>,
    pub(super) default_account: DefaultAccount,
    pub(super) puller: Puller,
    pub(super) versions: Versions,
    pub(super) peer: Option<Peer>,
    /// There is no such pod if this is set, from the object.
    pub(super) unless: Option<Path>,
    /// There is such a pod only if this, from the object, has this value.
    pub(super) when: Option<(Path, &'static str)>,
    /// The key that gives the puller an identity in Azure, and the value that does.
    pub(super) identity: Option<(Place, &'static str)>,
}

impl Pods {
    /// A whole `PodSpec` at this path.
    ///
    /// Its fields: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec>.
    pub fn pod_spec(at: Path) -> Self {
        table::pod_spec(at)
    }

    /// Images and pull secrets in places of their own, all from the object's top. Pull secrets and
    /// account must each be a path to one place.
    pub fn scattered(
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

    /// Pods of which nothing more is known than where they are.
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
    /// The API group; empty for the core. `*.NAME` is every group that ends so.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Where its pods are.
    pub pods: Vec<Pods>,
    /// Where its fields are defined in public, if it is of the table.
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

/// All kinds that are known.
#[derive(Debug, Clone)]
pub struct Kinds {
    all: Vec<Kind>,
    /// The indexes of the kinds of each name, in order.
    by_kind: HashMap<String, Vec<usize>>,
}

impl Kinds {
    /// The kinds of Kubernetes and of well-known projects, and `own`, which win.
    pub fn with(own: Vec<Kind>) -> Self {
        let mut all = own;
        all.extend(table::kinds());
        let mut by_kind: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, one) in all.iter().enumerate() {
            by_kind.entry(one.kind.clone()).or_default().push(at);
        }
        Self { all, by_kind }
    }

    /// The pods of a kind; `None` if the kind is not known.
    pub fn find(&self, group: &str, kind: &str) -> Option<&[Pods]> {
        // Deployments and their like were in `extensions` before Kubernetes 1.16:
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
    fn kinds_are_found_by_group_and_own_ones_win() {
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

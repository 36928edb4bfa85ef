//! The format of the table's rows, and their conversion to the model of pods.
//!
//! A place is a path from the pod's description; with the prefix `/`, from the object; with the prefix `~`,
//! from the element of another list that configures the same pod.

use crate::manifest::kinds::{DefaultAccount, Origin, Peer, Place, Pods, Puller, Shape, Versions};
use crate::manifest::path::Path;

/// A project and its kinds.
pub(super) struct Project {
    /// Public reference of its kinds.
    pub(super) link: &'static str,
    pub(super) kinds: &'static [KindRow],
}

/// Kinds of one group with the same pods.
pub(super) struct KindRow {
    pub(super) group: &'static str,
    pub(super) kinds: &'static [&'static str],
    pub(super) pods: &'static [PodRow],
}

/// Pods that share the same paths.
#[derive(Clone, Copy)]
pub(super) struct PodRow {
    at: &'static str,
    /// Path from `at` to the `PodSpec`, if there is one.
    spec: Option<&'static str>,
    images: &'static [&'static str],
    more_images: &'static [&'static str],
    secrets: &'static [&'static str],
    shape: Shape,
    accounts: &'static [&'static str],
    default_account: DefaultAccount,
    puller: Puller,
    versions: Versions,
    peer: Option<(&'static str, &'static str, &'static str)>,
    unless: Option<&'static str>,
    when: Option<(&'static str, &'static str)>,
    identity: Option<(&'static str, &'static str)>,
}

/// Creates a row of kinds.
pub(super) const fn row(
    group: &'static str,
    kinds: &'static [&'static str],
    pods: &'static [PodRow],
) -> KindRow {
    KindRow { group, kinds, pods }
}

/// A complete `PodSpec` at this path.
pub(super) const fn spec(at: &'static str) -> PodRow {
    PodRow {
        spec: Some(""),
        ..own(at, &[])
    }
}

/// Images at separate paths. By default, there is no field for pull secrets.
pub(super) const fn own(at: &'static str, images: &'static [&'static str]) -> PodRow {
    PodRow {
        at,
        spec: None,
        images,
        more_images: &[],
        secrets: &[],
        shape: Shape::Objects,
        accounts: &[],
        default_account: DefaultAccount::Default,
        puller: Puller::Kubelet,
        versions: Versions::All,
        peer: None,
        unless: None,
        when: None,
        identity: None,
    }
}

impl PodRow {
    /// The `PodSpec` is at this path below the pod's description.
    pub(super) const fn below(self, spec: &'static str) -> Self {
        Self {
            spec: Some(spec),
            ..self
        }
    }

    /// Additional images outside of the `PodSpec`.
    pub(super) const fn also(self, more_images: &'static [&'static str]) -> Self {
        Self {
            more_images,
            ..self
        }
    }

    /// Pull secrets in the format of a pod. The first place that exists is used; if none exists, the last is
    /// created.
    pub(super) const fn secrets(self, secrets: &'static [&'static str]) -> Self {
        Self { secrets, ..self }
    }

    /// Pull secrets in another format.
    pub(super) const fn secrets_as(self, shape: Shape, secrets: &'static [&'static str]) -> Self {
        Self {
            secrets,
            shape,
            ..self
        }
    }

    /// The account. The first place that is set is used; if none is set, the last is created.
    pub(super) const fn account(self, accounts: &'static [&'static str]) -> Self {
        Self { accounts, ..self }
    }

    /// Pods without an account get one from the operator.
    pub(super) const fn operator_account(self) -> Self {
        Self {
            default_account: DefaultAccount::Operator,
            ..self
        }
    }

    /// Images are pulled by a controller, not by the kubelet.
    pub(super) const fn by_controller(self) -> Self {
        Self {
            puller: Puller::Controller,
            ..self
        }
    }

    /// Only for these versions of the group.
    pub(super) const fn only(self, versions: &'static [&'static str]) -> Self {
        Self {
            versions: Versions::Only(versions),
            ..self
        }
    }

    /// For all versions of the group except these.
    pub(super) const fn except(self, versions: &'static [&'static str]) -> Self {
        Self {
            versions: Versions::Except(versions),
            ..self
        }
    }

    /// Elements of `list`, from the object, configure the pod whose `own_key` equals their `key`.
    pub(super) const fn peer(
        self,
        list: &'static str,
        key: &'static str,
        own_key: &'static str,
    ) -> Self {
        Self {
            peer: Some((list, key, own_key)),
            ..self
        }
    }

    /// The pod does not exist if this path of the object is set.
    pub(super) const fn unless(self, path: &'static str) -> Self {
        Self {
            unless: Some(path),
            ..self
        }
    }

    /// The pod only exists if this path of the object has this value.
    pub(super) const fn when(self, path: &'static str, value: &'static str) -> Self {
        Self {
            when: Some((path, value)),
            ..self
        }
    }

    /// This key with this value assigns the puller an Azure identity.
    pub(super) const fn identity(self, key: &'static str, value: &'static str) -> Self {
        Self {
            identity: Some((key, value)),
            ..self
        }
    }
}

/// The images of a `PodSpec`.
const IMAGES: &[&str] = &[
    "initContainers[].image",
    "containers[].image",
    "ephemeralContainers[].image",
    "volumes[].image.reference",
];

/// Converts a row to the model.
pub(super) fn pods(row: &PodRow) -> Pods {
    let places = |all: &[&str]| -> Vec<Place> { all.iter().map(|text| place(text)).collect() };
    let mut model = Pods {
        images: places(row.images),
        pull_secrets: places(row.secrets),
        shape: row.shape,
        accounts: places(row.accounts),
        default_account: row.default_account,
        puller: row.puller,
        versions: row.versions,
        peer: row.peer.map(|(list, key, own_key)| Peer {
            list: path(list),
            key,
            own_key,
        }),
        unless: row.unless.map(path),
        when: row.when.map(|(at, value)| (path(at), value)),
        identity: row.identity.map(|(key, value)| (place(key), value)),
        ..Pods::at(path(row.at))
    };
    if let Some(spec) = row.spec {
        let spec = path(spec);
        let below = |text: &str| Place::of_pod(spec.join(&path(text)));
        model.images.extend(IMAGES.iter().map(|text| below(text)));
        // Fields of the `PodSpec` have precedence over those of the object for all pods.
        model.pull_secrets.insert(0, below("imagePullSecrets"));
        model.accounts.insert(0, below("serviceAccountName"));
        model.old_account = Some(below("serviceAccount"));
    }
    model.images.extend(places(row.more_images));
    model
}

fn place(text: &str) -> Place {
    let (origin, text) = match text.as_bytes().first() {
        Some(b'/') => (Origin::Object, text.trim_start_matches('/')),
        Some(b'~') => (Origin::Peer, text.trim_start_matches('~')),
        Some(_) | None => (Origin::Pod, text),
    };
    Place {
        origin,
        path: path(text),
    }
}

/// A path of the table.
pub(super) fn path(text: &str) -> Path {
    Path::parse(text).expect("a test parses every path of the table")
}

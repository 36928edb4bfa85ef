//! The form of the table's rows, and how one becomes the model of its pods.
//!
//! A place is a path from the pod's description; with `/` before it, from the object; with `~` before
//! it, from the element of another list that is about the same pod.

use crate::manifest::kinds::{DefaultAccount, Origin, Peer, Place, Pods, Puller, Shape, Versions};
use crate::manifest::path::Path;

/// A project and its kinds.
pub(super) struct Project {
    /// Where its kinds are defined, in public.
    pub(super) link: &'static str,
    pub(super) kinds: &'static [KindRow],
}

/// Kinds of one group with the same pods.
pub(super) struct KindRow {
    pub(super) group: &'static str,
    pub(super) kinds: &'static [&'static str],
    pub(super) pods: &'static [PodRow],
}

/// Pods at places of one form.
#[derive(Clone, Copy)]
pub(super) struct PodRow {
    at: &'static str,
    /// From there to the `PodSpec`, if there is one.
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

/// A row of kinds.
pub(super) const fn row(
    group: &'static str,
    kinds: &'static [&'static str],
    pods: &'static [PodRow],
) -> KindRow {
    KindRow { group, kinds, pods }
}

/// A whole `PodSpec` at this path.
pub(super) const fn spec(at: &'static str) -> PodRow {
    PodRow {
        spec: Some(""),
        ..own(at, &[])
    }
}

/// Images in places of their own. Without more said, there is no place for pull secrets.
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
    /// The `PodSpec` is not at the pod's description, but here below it.
    pub(super) const fn below(self, spec: &'static str) -> Self {
        Self {
            spec: Some(spec),
            ..self
        }
    }

    /// More images than the `PodSpec` has.
    pub(super) const fn also(self, more_images: &'static [&'static str]) -> Self {
        Self {
            more_images,
            ..self
        }
    }

    /// Pull secrets as pods write them. The first place that exists counts; where none exists, the
    /// last is the place for them.
    pub(super) const fn secrets(self, secrets: &'static [&'static str]) -> Self {
        Self { secrets, ..self }
    }

    /// Pull secrets in another form.
    pub(super) const fn secrets_as(self, shape: Shape, secrets: &'static [&'static str]) -> Self {
        Self {
            secrets,
            shape,
            ..self
        }
    }

    /// The account. The first place that is set counts; where none is, the last is the place for one.
    pub(super) const fn account(self, accounts: &'static [&'static str]) -> Self {
        Self { accounts, ..self }
    }

    /// Pods without an account get one that the operator makes.
    pub(super) const fn operator_account(self) -> Self {
        Self {
            default_account: DefaultAccount::Operator,
            ..self
        }
    }

    /// A controller pulls, not the kubelet.
    pub(super) const fn by_controller(self) -> Self {
        Self {
            puller: Puller::Controller,
            ..self
        }
    }

    /// For these versions of the group alone.
    pub(super) const fn only(self, versions: &'static [&'static str]) -> Self {
        Self {
            versions: Versions::Only(versions),
            ..self
        }
    }

    /// For all versions of the group but these.
    pub(super) const fn except(self, versions: &'static [&'static str]) -> Self {
        Self {
            versions: Versions::Except(versions),
            ..self
        }
    }

    /// Elements of `list`, from the object, are about the pod whose `own_key` is their `key`.
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

    /// With this in the object, there is no such pod.
    pub(super) const fn unless(self, path: &'static str) -> Self {
        Self {
            unless: Some(path),
            ..self
        }
    }

    /// There is such a pod only with this value at this path of the object.
    pub(super) const fn when(self, path: &'static str, value: &'static str) -> Self {
        Self {
            when: Some((path, value)),
            ..self
        }
    }

    /// This key with this value gives the puller an identity in Azure.
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

/// The model of a row.
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
        // What the `PodSpec` says comes before what the object says for all of its pods.
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

/// A path that is written in this program.
pub(super) fn path(text: &str) -> Path {
    Path::parse(text).expect("a test parses every path of the table")
}

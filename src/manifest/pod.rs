//! A view of the pods of an object: images with their pointers, pull secrets, account.

use std::collections::HashMap;

use crate::document::Node;
use crate::manifest::kinds::{DefaultAccount, Kinds, Origin, Peer, Place, Pods, Puller, Shape};
use crate::manifest::object::{Identity, Object};
use crate::manifest::path::Path;
use crate::manifest::secrets::{FIELD, PullSecrets};
use crate::manifest::wrong::{Want, Wrong, is_mapping};
use crate::pointer::Pointer;

/// The account of a pod that does not set one.
pub const DEFAULT_ACCOUNT: &str = "default";

/// Identical pods of an object. Pointers start at the object.
#[derive(Debug, Clone)]
pub struct Pod<'a> {
    /// Pointer to their description: the pod spec, for a kind that has one.
    pub at: Pointer,
    /// The images and their pointers.
    pub images: Vec<(Pointer, &'a str)>,
    /// Pointer to the pull secrets, which may not exist; `None` if the kind has no field for them.
    pub secrets_at: Option<Pointer>,
    /// The format of the pull secrets.
    pub shape: Shape,
    /// The current pull secrets.
    pub pull_secrets: PullSecrets<'a>,
    /// The account that is set, and its pointer. An empty name counts as not set.
    pub account: Option<(Pointer, &'a str)>,
    /// Pointer to the account, which may not exist; `None` if the kind has no field for it.
    pub account_at: Option<Pointer>,
    /// The effective account: the one that is set, otherwise `default`. `None` if there is none, or if it is
    /// determined outside of the object.
    pub account_name: Option<&'a str>,
    /// Who pulls the images.
    pub puller: Puller,
    /// Pointer to the field that assigns the puller an Azure identity, if it is set.
    pub identity_at: Option<Pointer>,
}

impl<'a> Pod<'a> {
    /// The pods of an object, in the order of its kind's paths; `None` if the kind is unknown.
    pub fn all(object: &Object<'a>, kinds: &Kinds) -> Option<Vec<Self>> {
        Self::of(object.node, &object.identity, kinds)
    }

    /// As [`Pod::all`], for a node with this identity.
    pub fn of(node: &'a Node, identity: &Identity, kinds: &Kinds) -> Option<Vec<Self>> {
        let known = kinds.find(identity.group(), &identity.kind)?;
        let mut all = Vec::new();
        for pods in known.iter().filter(|pods| pods.are_in(node, identity)) {
            let bases = Bases::all(node, pods);
            let mut read = HashMap::new();
            all.extend(bases.iter().map(|bases| Self::at(pods, bases, &mut read)));
        }
        Some(all)
    }

    /// `read` caches lists that pods share, by node.
    fn at(
        pods: &Pods,
        bases: &Bases<'a>,
        read: &mut HashMap<*const Node, PullSecrets<'a>>,
    ) -> Self {
        let text = |(pointer, node): (Pointer, &'a Node)| Some((pointer, node.as_str()?));
        let images = pods.images.iter().flat_map(|place| bases.find(place));
        let there = pods.pull_secrets.iter().find_map(|place| {
            let found = bases.find(place).into_iter().next();
            found.filter(|(_, node)| !node.is_null())
        });
        let place = |places: &[Place]| {
            let mut last_first = places.iter().rev();
            last_first.find_map(|place| bases.pointer(place))
        };
        let accounts = pods.accounts.iter().chain(&pods.old_account);
        let account = accounts
            .flat_map(|place| bases.find(place))
            .filter_map(text)
            .find(|(_, name)| !name.is_empty());
        let identity = pods.identity.iter().find_map(|(place, value)| {
            let mut found = bases.find(place).into_iter().filter_map(text);
            found.find(|(_, text)| text == value)
        });
        let account_name = match (&account, pods.puller, pods.default_account) {
            (Some((_, name)), ..) => Some(*name),
            (None, Puller::Kubelet, DefaultAccount::Default) if !pods.accounts.is_empty() => {
                Some(DEFAULT_ACCOUNT)
            }
            (None, Puller::Kubelet | Puller::Controller, _) => None,
        };
        Self {
            account_name,
            images: images.filter_map(text).collect(),
            pull_secrets: match &there {
                None => PullSecrets::read(None, pods.shape),
                Some((_, node)) => read
                    .entry(std::ptr::from_ref(*node))
                    .or_insert_with(|| PullSecrets::read(Some(node), pods.shape))
                    .clone(),
            },
            secrets_at: match there {
                Some((pointer, _)) => Some(pointer),
                None => place(&pods.pull_secrets),
            },
            shape: pods.shape,
            account_at: match &account {
                Some((pointer, _)) => Some(pointer.clone()),
                None => place(&pods.accounts),
            },
            account,
            puller: pods.puller,
            identity_at: identity.map(|(pointer, _)| pointer),
            at: bases.pod.0.clone(),
        }
    }
}

/// All values at the known paths of an object that have a wrong shape, each once, sorted by pointer. Empty
/// for an unknown kind.
pub fn wrong_shapes(node: &Node, identity: &Identity, kinds: &Kinds) -> Vec<Wrong> {
    let mut found = Vec::new();
    let known = kinds.find(identity.group(), &identity.kind);
    let known = known.into_iter().flatten();
    for pods in known.filter(|pods| pods.are_in(node, identity)) {
        let root = Pointer::root();
        pods.at.report(&root, node, Want::Mapping, &mut found);
        for (at, bases) in Bases::all(node, pods).into_iter().enumerate() {
            let images = pods.images.iter().map(|place| (place, Want::Text));
            let secrets = pods.pull_secrets.iter();
            let secrets = secrets.map(|place| (place, Want::PullSecrets(pods.shape)));
            let accounts = pods.accounts.iter().chain(&pods.old_account);
            let accounts = accounts.map(|place| (place, Want::Text));
            for (place, want) in images.chain(secrets).chain(accounts) {
                // Values that all pods share are checked once.
                if at > 0 && place.origin == Origin::Object {
                    continue;
                }
                if let Some((at, base)) = bases.of(place.origin) {
                    place.path.report(at, base, want, &mut found);
                }
            }
        }
    }
    found.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    found.dedup_by(|one, other| one.pointer == other.pointer);
    found
}

/// The same for the pull secrets of a ServiceAccount.
pub fn wrong_shapes_of_account(account: &Node) -> Vec<Wrong> {
    let mut found = Vec::new();
    if let Some(list) = account.get(FIELD).filter(|list| !list.is_null()) {
        let at = Pointer::root().key(FIELD);
        Want::PullSecrets(Shape::Objects).report(at, list, &mut found);
    }
    found
}

impl Pods {
    /// Whether these pods exist in an object.
    fn are_in(&self, node: &Node, identity: &Identity) -> bool {
        let at = |path: &Path| path.find(node).into_iter().map(|(_, node)| node);
        let is_off = self
            .unless
            .as_ref()
            .is_some_and(|path| at(path).any(|node| !node.is_null()));
        let is_on = self
            .when
            .as_ref()
            .is_none_or(|(path, value)| at(path).any(|node| node.as_str() == Some(*value)));
        self.versions.has(identity.version()) && is_on && !is_off
    }
}

/// The nodes that the paths of one pod are relative to.
struct Bases<'a> {
    pod: (Pointer, &'a Node),
    object: (Pointer, &'a Node),
    peer: Option<(Pointer, &'a Node)>,
}

/// The elements of another list that configure pods of this object, by pod name: the first of each name.
struct Peers<'a> {
    own_key: &'static str,
    by_name: HashMap<&'a str, (Pointer, &'a Node)>,
}

impl<'a> Peers<'a> {
    fn of(object: &'a Node, peer: Option<&Peer>) -> Option<Self> {
        let peer = peer?;
        let mut by_name = HashMap::new();
        for (at, node) in peer.list.find(object) {
            if let Some(name) = node.text(peer.key) {
                by_name.entry(name).or_insert((at, node));
            }
        }
        Some(Self {
            own_key: peer.own_key,
            by_name,
        })
    }

    fn about(&self, pod: &Node) -> Option<(Pointer, &'a Node)> {
        self.by_name.get(pod.text(self.own_key)?).cloned()
    }
}

impl<'a> Bases<'a> {
    /// The base nodes of each pod of an object, in order.
    fn all(object: &'a Node, pods: &Pods) -> Vec<Self> {
        let peers = Peers::of(object, pods.peer.as_ref());
        let found = pods.at.find(object).into_iter();
        found
            .filter(|(_, pod)| is_mapping(pod))
            .map(|(at, pod)| Self {
                peer: peers.as_ref().and_then(|peers| peers.about(pod)),
                pod: (at, pod),
                object: (Pointer::root(), object),
            })
            .collect()
    }

    fn of(&self, origin: Origin) -> Option<(&Pointer, &'a Node)> {
        let (at, node) = match origin {
            Origin::Pod => &self.pod,
            Origin::Object => &self.object,
            Origin::Peer => self.peer.as_ref()?,
        };
        Some((at, node))
    }

    fn find(&self, place: &Place) -> Vec<(Pointer, &'a Node)> {
        let Some((at, base)) = self.of(place.origin) else {
            return Vec::new();
        };
        let found = place.path.find(base).into_iter();
        found
            .map(|(pointer, node)| (at.join(&pointer), node))
            .collect()
    }

    fn pointer(&self, place: &Place) -> Option<Pointer> {
        let (at, _) = self.of(place.origin)?;
        Some(at.join(&place.path.pointer()?))
    }
}

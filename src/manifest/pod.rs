//! A view of the pods that an object makes: images with their places, pull secrets, account.

use std::collections::HashMap;

use crate::document::Node;
use crate::manifest::kinds::{DefaultAccount, Kinds, Origin, Peer, Place, Pods, Puller, Shape};
use crate::manifest::object::{Identity, Object};
use crate::manifest::path::Path;
use crate::manifest::secrets::PullSecrets;
use crate::manifest::wrong::{Want, Wrong, is_mapping};
use crate::pointer::Pointer;

/// The account of a pod that names none.
pub const DEFAULT_ACCOUNT: &str = "default";

/// Pods of one object that are all alike. Pointers begin at the object.
#[derive(Debug, Clone)]
pub struct Pod<'a> {
    /// Where they are described: the pod spec, for a kind that has one.
    pub at: Pointer,
    /// Each image and where it is written.
    pub images: Vec<(Pointer, &'a str)>,
    /// Where pull secrets are or would be; `None` if the object has no place for them.
    pub secrets_at: Option<Pointer>,
    /// How pull secrets are written here.
    pub shape: Shape,
    /// What is there now.
    pub pull_secrets: PullSecrets<'a>,
    /// The account that is set, and where. An empty name is not set.
    pub account: Option<(Pointer, &'a str)>,
    /// Where an account is or would be set; `None` if the object has no place for one.
    pub account_at: Option<Pointer>,
    /// The account that counts: the one that is set, else the namespace's `default`. `None` if there is
    /// none, or if something outside of the object decides.
    pub account_name: Option<&'a str>,
    /// Who pulls.
    pub puller: Puller,
    /// Where the object gives the puller an identity in Azure, if it does.
    pub identity_at: Option<Pointer>,
}

impl<'a> Pod<'a> {
    /// The pods of an object, in the order of its kind's places; `None` if the kind is not known.
    pub fn all(object: &Object<'a>, kinds: &Kinds) -> Option<Vec<Self>> {
        Self::of(object.node, &object.identity, kinds)
    }

    /// As [`Pod::all`], of an object that is called so.
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

    /// `read` keeps the lists that many pods share, by their nodes.
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

/// Every value of a known place of an object that is not of the shape that belongs there, each once, in
/// the order of their places. None for an object of a kind that is not known.
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
                // What all pods share is looked at once.
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

impl Pods {
    /// Whether an object can have them at all.
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

/// What the places of one pod are counted from.
struct Bases<'a> {
    pod: (Pointer, &'a Node),
    object: (Pointer, &'a Node),
    peer: Option<(Pointer, &'a Node)>,
}

/// The elements of another list that are about pods of this one, by the names of those: the first of
/// each name.
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
    /// Those of each pod of an object, in order.
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

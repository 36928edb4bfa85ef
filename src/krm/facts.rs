//! What matters of the objects that come in: accounts, pods that pull from a declared registry, and images
//! in objects of unknown kinds. Owned, so that the trees can go: they take many times the memory.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::json;

use crate::document::{Change, Node};
use crate::krm::entry::Entries;
use crate::krm::secrets::{List, Wrong};
use crate::krm::spot::{Spot, Ways};
use crate::manifest::{
    Identity, Inventory, Kinds, Object, Pod as View, PullSecrets, Puller, Shape, host, objects_of,
    reference, secrets, stray_images, wrong_shapes,
};
use crate::names::azure::is_registry_host;
use crate::pointer::Pointer;

/// What is looked for.
pub(super) struct Wanted<'a> {
    pub(super) kinds: &'a Kinds,
    pub(super) entries: &'a Entries<'a>,
    /// Objects that the config makes.
    pub(super) made: Inventory<()>,
}

/// A service account.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) identity: Arc<Identity>,
    pub(super) list: usize,
}

/// Pods of an object that pull from declared registries.
#[derive(Debug)]
pub(super) struct Pod {
    unit: usize,
    pub(super) identity: Arc<Identity>,
    /// From the object.
    at: Arc<Pointer>,
    /// Declared registries, each once, in order.
    pub(super) hosts: Vec<Arc<str>>,
    /// Where its pull secrets are, if it has a place for them.
    pub(super) list: Option<usize>,
    /// The account that it names.
    pub(super) account: Option<String>,
    /// The account that counts, if that is known.
    pub(super) runs_as: Option<String>,
    /// Where an account is named, if there is a place.
    account_at: Option<Spot>,
    /// The account that it is given.
    pub(super) new_account: Option<String>,
    pub(super) by_kubelet: bool,
    /// Images that no registry would take: where they are, and why.
    pub(super) odd: Vec<(Pointer, String)>,
}

/// An object of an unknown kind with images of registries.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) identity: Arc<Identity>,
    pub(super) hosts: BTreeSet<String>,
    pub(super) field: Pointer,
}

/// All of them, in the order of the input.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) lists: Vec<List>,
    pub(super) accounts: Vec<Account>,
    pub(super) pods: Vec<Pod>,
    pub(super) unknown: Vec<Unknown>,
    /// Objects that the config makes as well.
    pub(super) same: Vec<Identity>,
    /// Values of wrong shapes: the object, where in it, and a message.
    pub(super) wrong: Vec<(Arc<Identity>, Pointer, String)>,
    ways: Ways,
}

impl Facts {
    /// Takes up what is in a document, or in an element of `list`.
    pub(super) fn read(
        &mut self,
        node: &Node,
        list: Option<&Identity>,
        unit: usize,
        wanted: &Wanted<'_>,
    ) {
        for object in objects_of(node, list, wanted.kinds) {
            self.object(object, unit, wanted);
        }
    }

    fn object(&mut self, object: Object<'_>, unit: usize, wanted: &Wanted<'_>) {
        let identity = &object.identity;
        if wanted.made.same(identity).is_some() {
            self.same.push(identity.clone());
        }
        if identity.is_core("ServiceAccount") {
            let at = Pointer::root().key(secrets::FIELD);
            let read = PullSecrets::of_account(object.node);
            let list = self.list(&object, unit, &at, Shape::Objects, &read);
            let identity = Arc::new(object.identity);
            self.accounts.push(Account { identity, list });
            return;
        }
        match View::all(&object, wanted.kinds) {
            Some(views) => {
                self.wrong(&object, &views, wanted.kinds);
                self.pods(&object, &views, unit, wanted.entries);
                self.unknown(object, &views, wanted.entries);
            }
            None => self.unknown(object, &[], wanted.entries),
        }
    }

    fn pods(
        &mut self,
        object: &Object<'_>,
        views: &[View<'_>],
        unit: usize,
        entries: &Entries<'_>,
    ) {
        let mut identity: Option<Arc<Identity>> = None;
        // Several pods of an object may share one list.
        let mut lists: Vec<(&Pointer, usize)> = Vec::new();
        // A puller with an identity of its own needs no Secret.
        for view in views.iter().filter(|view| view.identity_at.is_none()) {
            let mut hosts: Vec<Arc<str>> = Vec::new();
            let mut odd = Vec::new();
            for (at, image) in &view.images {
                let host = host(image).map(str::to_ascii_lowercase);
                let Some(host) = host.and_then(|host| entries.host(&host)) else {
                    continue;
                };
                if !hosts.contains(&host) {
                    hosts.push(host);
                }
                if let Some(why) = wrong_reference(image, view.puller) {
                    odd.push((at.clone(), format!("`{image}`: {why}")));
                }
            }
            if hosts.is_empty() {
                continue;
            }
            hosts.sort();
            let list = view.secrets_at.as_ref().map(|at| {
                let known = lists.iter().find(|(place, _)| *place == at);
                known.map(|(_, list)| *list).unwrap_or_else(|| {
                    let list = self.list(object, unit, at, view.shape, &view.pull_secrets);
                    lists.push((at, list));
                    list
                })
            });
            let account_at = view.account_at.as_ref();
            let account_at = account_at.map(|at| self.ways.spot(object, at));
            let identity = identity.get_or_insert_with(|| Arc::new(object.identity.clone()));
            let at = self.ways.one(Arc::new(view.at.clone()));
            self.pods.push(Pod {
                unit,
                identity: Arc::clone(identity),
                at,
                hosts,
                list,
                account: view.account.as_ref().map(|(_, name)| (*name).to_owned()),
                runs_as: view.account_name.map(str::to_owned),
                account_at,
                new_account: None,
                by_kubelet: view.puller == Puller::Kubelet,
                odd,
            });
        }
    }

    /// Values of other shapes than their places take; those of pull secrets are told when they matter.
    fn wrong(&mut self, object: &Object<'_>, views: &[View<'_>], kinds: &Kinds) {
        let secrets = |at: &Pointer| {
            let mut lists = views.iter().filter_map(|view| view.secrets_at.as_ref());
            lists.any(|list| at.0.starts_with(&list.0))
        };
        for wrong in wrong_shapes(object.node, &object.identity, kinds) {
            if !secrets(&wrong.pointer) {
                let message = format!("`{}` of {} {wrong}", wrong.pointer, object.identity);
                let identity = Arc::new(object.identity.clone());
                self.wrong.push((identity, wrong.pointer, message));
            }
        }
    }

    /// Images of registries that are in none of the pods that can be seen.
    fn unknown(&mut self, object: Object<'_>, views: &[View<'_>], entries: &Entries<'_>) {
        let known: HashSet<&Pointer> = views
            .iter()
            .flat_map(|view| view.images.iter().map(|(at, _)| at))
            .collect();
        let images = stray_images(&object.identity, object.node).into_iter();
        let mut field = Pointer::root();
        let mut hosts = BTreeSet::new();
        for (at, image) in images.filter(|(at, _)| !known.contains(at)) {
            let Some(host) = host(image).map(str::to_ascii_lowercase) else {
                continue;
            };
            if entries.host(&host).is_some() || is_registry_host(&host) {
                if hosts.is_empty() {
                    field = at.clone();
                }
                hosts.insert(host);
            }
        }
        if !hosts.is_empty() {
            self.unknown.push(Unknown {
                identity: Arc::new(object.identity),
                hosts,
                field,
            });
        }
    }

    /// The list of pull secrets at a place of an object.
    fn list(
        &mut self,
        object: &Object<'_>,
        unit: usize,
        at: &Pointer,
        shape: Shape,
        read: &PullSecrets<'_>,
    ) -> usize {
        let spot = self.ways.spot(object, at);
        let is_blocked = spot.is_blocked(object);
        let mut list = List::new(unit, spot, shape, read);
        if is_blocked {
            list.wrong = Some(Wrong::Way);
        }
        self.lists.push(list);
        self.lists.len() - 1
    }

    /// Adds those of units that are counted from `unit`.
    pub(super) fn extend(&mut self, other: Facts, unit: usize) {
        let lists = self.lists.len();
        for mut list in other.lists {
            list.unit += unit;
            list.spot.way = self.ways.one(list.spot.way);
            self.lists.push(list);
        }
        for mut account in other.accounts {
            account.list += lists;
            self.accounts.push(account);
        }
        for mut pod in other.pods {
            pod.unit += unit;
            pod.at = self.ways.one(pod.at);
            pod.list = pod.list.map(|list| list + lists);
            if let Some(spot) = &mut pod.account_at {
                spot.way = self.ways.one(Arc::clone(&spot.way));
            }
            self.pods.push(pod);
        }
        self.unknown.extend(other.unknown);
        self.wrong.extend(other.wrong);
        self.same.extend(other.same);
    }

    /// What changes in a unit.
    pub(super) fn changes(&self, unit: usize) -> Vec<Change> {
        // Units were read one after the other.
        let lists = self.lists.partition_point(|list| list.unit < unit);
        let lists = self.lists.iter().skip(lists);
        let lists = lists.take_while(|list| list.unit == unit);
        let pods = self.pods.partition_point(|pod| pod.unit < unit);
        let pods = self.pods.iter().skip(pods);
        let pods = pods.take_while(|pod| pod.unit == unit);
        let account = |pod: &Pod| {
            let (name, spot) = pod.new_account.as_ref().zip(pod.account_at.as_ref())?;
            Some(spot.set(json!(name)))
        };
        let all = lists
            .filter_map(List::change)
            .chain(pods.filter_map(account));
        all.collect()
    }
}

impl Pod {
    /// Whether its object has a place to name an account in.
    pub(super) fn has_account_place(&self) -> bool {
        self.account_at.is_some()
    }

    /// Where it is in its object, as messages name it.
    pub(super) fn field(&self) -> Pointer {
        self.at.as_ref().clone()
    }

    /// Where it names its account, as messages name it.
    pub(super) fn account_field(&self) -> Pointer {
        match &self.account_at {
            Some(spot) => spot.field(),
            None => self.field(),
        }
    }
}

/// What is wrong with a reference that nothing will fill in later. Controllers take URLs.
fn wrong_reference(image: &str, puller: Puller) -> Option<String> {
    let image = match puller {
        Puller::Kubelet => image,
        Puller::Controller => image.strip_prefix("oci://").unwrap_or(image),
    };
    if reference::token(image).is_some() || !image.contains('/') {
        return None;
    }
    Some(reference::fault(image)?.why)
}

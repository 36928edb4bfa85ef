//! What matters of the objects that come in: accounts, pods that pull from a declared registry, and images
//! in objects of unknown kinds. Owned, so that the trees can go: they take many times the memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;

use crate::document::{Change, Node};
use crate::krm::entry::Entries;
use crate::krm::finding::Finding;
use crate::krm::note;
use crate::krm::secrets::{List, Wrong};
use crate::krm::spot::{Spot, Ways};
use crate::manifest::{
    Identity, Inventory, Kinds, Object, Pod as View, PullSecrets, Puller, Shape, host, objects_of,
    secrets,
};
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
    /// Whether pods may name its own pull secrets alone.
    pub(super) enforces: bool,
}

/// Pods of an object that pull from declared registries, or share their pull secrets with such.
#[derive(Debug)]
pub(super) struct Pod {
    unit: usize,
    pub(super) identity: Arc<Identity>,
    /// From the object.
    at: Arc<Pointer>,
    /// Declared registries, each once, in order. None: it only must keep what it has.
    pub(super) hosts: Vec<Arc<str>>,
    /// Where its pull secrets are, if it has a place for them.
    pub(super) list: Option<usize>,
    /// The account that it names.
    pub(super) account: Option<String>,
    /// The account that counts, if that is known.
    pub(super) runs_as: Option<String>,
    /// Where an account is named, if there is a place.
    account_at: Option<Spot>,
    /// Whether it names its account by a value of another shape: that was told, and it stays as it is.
    pub(super) has_wrong_account: bool,
    /// The account that it is given.
    pub(super) new_account: Option<String>,
    pub(super) by_kubelet: bool,
}

/// All of them, in the order of the input.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) lists: Vec<List>,
    pub(super) accounts: Vec<Account>,
    pub(super) pods: Vec<Pod>,
    /// Objects that the config makes as well.
    pub(super) same: Vec<Identity>,
    /// What is wrong with objects, whoever serves them.
    pub(super) noted: Vec<Finding>,
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
        if node.entries().is_empty() && !node.is_null() {
            // No object: a list at the root, a text.
            let identity = Identity::of(node, None);
            let object = Object {
                pointer: Pointer::root(),
                identity,
                node,
            };
            self.noted
                .extend(note::unknown(&object, &[], wanted.entries));
        }
        for object in objects_of(node, list, wanted.kinds) {
            self.object(object, unit, wanted);
        }
    }

    fn object(&mut self, object: Object<'_>, unit: usize, wanted: &Wanted<'_>) {
        let noted = self.noted.len();
        self.take(object, unit, wanted);
        // Pods of one object are often alike: each is told once.
        let mut told = HashSet::new();
        let new = self.noted.split_off(noted);
        let new = new
            .into_iter()
            .filter(|one| told.insert((one.code, one.message.clone())));
        self.noted.extend(new);
    }

    fn take(&mut self, object: Object<'_>, unit: usize, wanted: &Wanted<'_>) {
        let identity = &object.identity;
        if wanted.made.same(identity).is_some() {
            self.same.push(identity.clone());
        }
        self.noted.extend(note::metadata(&object));
        if identity.is_core("ServiceAccount") {
            let at = Pointer::root().key(secrets::FIELD);
            let read = PullSecrets::of_account(object.node);
            let list = self.list(&object, unit, &at, Shape::Objects, &read);
            self.accounts.push(Account {
                enforces: secrets::enforces_mountable_secrets(object.node),
                identity: Arc::new(object.identity),
                list,
            });
            return;
        }
        let views = View::all(&object, wanted.kinds);
        if let Some(views) = &views {
            self.noted
                .extend(note::shapes(&object, views, wanted.kinds));
            self.pods(&object, views, unit, wanted.entries);
        }
        let views = views.unwrap_or_default();
        let stray = note::unknown(&object, &views, wanted.entries);
        self.noted.extend(stray);
    }

    fn pods(
        &mut self,
        object: &Object<'_>,
        views: &[View<'_>],
        unit: usize,
        entries: &Entries<'_>,
    ) {
        let hosts: Vec<Vec<Arc<str>>> = views.iter().map(|view| hosts(view, entries)).collect();
        if hosts.iter().all(Vec::is_empty) {
            self.noted.extend(note::images(object, views, entries));
            return;
        }
        let identity = Arc::new(object.identity.clone());
        self.noted.extend(note::images(object, views, entries));
        // Lists that may grow, and so hide the secrets of an account: several pods may share one.
        let growing: HashSet<&Pointer> = views
            .iter()
            .zip(&hosts)
            .filter(|(_, hosts)| !hosts.is_empty())
            .filter_map(|(view, _)| view.secrets_at.as_ref())
            .collect();
        let mut lists: HashMap<&Pointer, usize> = HashMap::new();
        for (view, hosts) in views.iter().zip(hosts) {
            let at = view.secrets_at.as_ref();
            if hosts.is_empty() && !at.is_some_and(|at| growing.contains(at)) {
                continue;
            }
            let list = at.map(|at| match lists.get(at) {
                Some(list) => *list,
                None => {
                    let list = self.list(object, unit, at, view.shape, &view.pull_secrets);
                    lists.insert(at, list);
                    list
                }
            });
            let account_at = view.account_at.as_ref();
            let account_at = account_at.map(|at| self.ways.spot(object, at));
            let is_taken = account_at.as_ref().is_some_and(Spot::is_whole);
            self.pods.push(Pod {
                unit,
                identity: Arc::clone(&identity),
                at: self.ways.one(Arc::new(view.at.clone())),
                hosts,
                list,
                account: view.account.as_ref().map(|(_, name)| (*name).to_owned()),
                runs_as: view.account_name.map(str::to_owned),
                account_at,
                has_wrong_account: is_taken && view.account.is_none(),
                new_account: None,
                by_kubelet: view.puller == Puller::Kubelet,
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
        self.noted.extend(other.noted);
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
            spot.set(json!(name))
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

/// The declared registries that a pod pulls from, each once, in order. A puller with an identity of its own
/// needs no Secret.
fn hosts(view: &View<'_>, entries: &Entries<'_>) -> Vec<Arc<str>> {
    if view.identity_at.is_some() {
        return Vec::new();
    }
    let images = view.images.iter().filter_map(|(_, image)| host(image));
    let mut all: Vec<Arc<str>> = images
        .filter_map(|host| entries.host(&host.to_ascii_lowercase()))
        .collect();
    all.sort();
    all.dedup();
    all
}

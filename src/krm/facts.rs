//! The relevant facts about input objects: accounts, pods that pull from a declared registry, and images in
//! objects of unknown kinds. Owned, so that the trees can be dropped: they need far more memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;

use crate::document::{Change, Node};
use crate::krm::entry::Entries;
use crate::krm::finding::Finding;
use crate::krm::inspect;
use crate::krm::secrets::{List, Wrong};
use crate::krm::spot::{Paths, Spot};
use crate::manifest::{
    Identity, Inventory, Kinds, Object, Pod as View, PullSecrets, Puller, Shape, host, objects_of,
    secrets,
};
use crate::pointer::Pointer;

/// What to look for in the input.
pub(super) struct Wanted<'a> {
    pub(super) kinds: &'a Kinds,
    pub(super) entries: &'a Entries<'a>,
    /// The objects that the config generates.
    pub(super) generated: Inventory<()>,
}

/// A ServiceAccount.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) identity: Arc<Identity>,
    pub(super) list: usize,
    /// Whether pods may only reference pull secrets of the account.
    pub(super) enforces: bool,
}

/// Pods of an object that pull from declared registries or share a list of pull secrets with such pods.
#[derive(Debug)]
pub(super) struct Pod {
    unit: usize,
    pub(super) identity: Arc<Identity>,
    /// Pointer from the object.
    at: Arc<Pointer>,
    /// Hosts of declared registries, sorted and unique. If empty, the pod must only keep its access.
    pub(super) hosts: Vec<Arc<str>>,
    /// The index of its pull secrets, if its kind has a field for them.
    pub(super) list: Option<usize>,
    /// The account that is set.
    pub(super) account: Option<String>,
    /// The effective account, if known.
    pub(super) runs_as: Option<String>,
    /// The account field, if its kind has one.
    account_at: Option<Spot>,
    /// Whether the account field has an invalid value: reported elsewhere, and left unchanged.
    pub(super) has_wrong_account: bool,
    /// The account to set.
    pub(super) new_account: Option<String>,
    pub(super) by_kubelet: bool,
}

/// All facts, in the order of the input.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) lists: Vec<List>,
    pub(super) accounts: Vec<Account>,
    pub(super) pods: Vec<Pod>,
    /// Objects that the config generates as well.
    pub(super) same: Vec<Identity>,
    /// Problems of objects that do not depend on access entries of their pods.
    pub(super) findings: Vec<Finding>,
    paths: Paths,
}

impl Facts {
    /// Collects the facts of a document or of an element of `list`.
    pub(super) fn read(
        &mut self,
        node: &Node,
        list: Option<&Identity>,
        unit: usize,
        wanted: &Wanted<'_>,
    ) {
        if node.entries().is_empty() && !node.is_null() {
            // Not an object: a list or a scalar at the root.
            let identity = Identity::of(node, None);
            let object = Object {
                pointer: Pointer::root(),
                identity,
                node,
            };
            self.findings
                .extend(inspect::unknown(&object, &[], wanted.entries));
        }
        for object in objects_of(node, list, wanted.kinds) {
            self.object(object, unit, wanted);
        }
    }

    fn object(&mut self, object: Object<'_>, unit: usize, wanted: &Wanted<'_>) {
        let findings = self.findings.len();
        self.collect(object, unit, wanted);
        // Pods of one object are often alike: each finding is reported once.
        let mut reported = HashSet::new();
        let new = self.findings.split_off(findings);
        let new = new
            .into_iter()
            .filter(|one| reported.insert((one.code, one.message.clone())));
        self.findings.extend(new);
    }

    fn collect(&mut self, object: Object<'_>, unit: usize, wanted: &Wanted<'_>) {
        let identity = &object.identity;
        if wanted.generated.same(identity).is_some() {
            self.same.push(identity.clone());
        }
        self.findings.extend(inspect::metadata(&object));
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
            self.findings
                .extend(inspect::shapes(&object, views, wanted.kinds));
            self.pods(&object, views, unit, wanted.entries);
        }
        let views = views.unwrap_or_default();
        let unmapped = inspect::unknown(&object, &views, wanted.entries);
        self.findings.extend(unmapped);
    }

    fn pods(
        &mut self,
        object: &Object<'_>,
        views: &[View<'_>],
        unit: usize,
        entries: &Entries<'_>,
    ) {
        self.findings
            .extend(inspect::images(object, views, entries));
        let hosts: Vec<Vec<Arc<str>>> = views.iter().map(|view| hosts(view, entries)).collect();
        if hosts.iter().all(Vec::is_empty) {
            return;
        }
        let identity = Arc::new(object.identity.clone());
        // A list that is extended hides the secrets of the account, and several pods may share it.
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
            let account_at = account_at.map(|at| self.paths.spot(object, at));
            let is_taken = account_at.as_ref().is_some_and(Spot::is_whole);
            self.pods.push(Pod {
                unit,
                identity: Arc::clone(&identity),
                at: self.paths.one(Arc::new(view.at.clone())),
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

    /// Adds the list of pull secrets at a path of an object, and returns its index.
    fn list(
        &mut self,
        object: &Object<'_>,
        unit: usize,
        at: &Pointer,
        shape: Shape,
        read: &PullSecrets<'_>,
    ) -> usize {
        let spot = self.paths.spot(object, at);
        let is_blocked = spot.is_blocked(object);
        let mut list = List::new(unit, spot, shape, read);
        if is_blocked {
            list.wrong = Some(Wrong::Parent);
        }
        self.lists.push(list);
        self.lists.len() - 1
    }

    /// Appends facts whose unit indexes start at `unit`.
    pub(super) fn extend(&mut self, other: Facts, unit: usize) {
        let lists = self.lists.len();
        for mut list in other.lists {
            list.unit += unit;
            list.spot.path = self.paths.one(list.spot.path);
            self.lists.push(list);
        }
        for mut account in other.accounts {
            account.list += lists;
            self.accounts.push(account);
        }
        for mut pod in other.pods {
            pod.unit += unit;
            pod.at = self.paths.one(pod.at);
            pod.list = pod.list.map(|list| list + lists);
            if let Some(spot) = &mut pod.account_at {
                spot.path = self.paths.one(Arc::clone(&spot.path));
            }
            self.pods.push(pod);
        }
        self.findings.extend(other.findings);
        self.same.extend(other.same);
    }

    /// The changes to a unit.
    pub(super) fn changes(&self, unit: usize) -> Vec<Change> {
        // Lists and pods are sorted by unit.
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
    /// Whether its kind has an account field.
    pub(super) fn has_account_place(&self) -> bool {
        self.account_at.is_some()
    }

    /// Its path in the object, as shown in messages.
    pub(super) fn field(&self) -> Pointer {
        self.at.as_ref().clone()
    }

    /// The path of its account field, as shown in messages.
    pub(super) fn account_field(&self) -> Pointer {
        match &self.account_at {
            Some(spot) => spot.field(),
            None => self.field(),
        }
    }
}

/// The hosts of declared registries that a pod pulls from, sorted and unique. A puller with its own identity
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

//! Pods that pull from a declared registry get what the strategy of their entry says.
//!
//! Two rules of Kubernetes decide how: the secrets of an account reach a pod only if the pod's own list has
//! no element when it is created, and a pod may name any number
//! (<https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/serviceaccount/admission.go>).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::diag::Code;
use crate::krm::able::{Able, Accounts, Found, Known};
use crate::krm::account;
use crate::krm::entry::Entries;
use crate::krm::facts::{Facts, Pod};
use crate::krm::finding::Finding;
use crate::krm::secrets::{List, Wrong};
use crate::manifest::Identity;
use crate::pointer::Pointer;
use crate::strategy::capability::Grant;

/// Serves all pods among the objects.
pub(super) fn serve(entries: &Entries<'_>, facts: &mut Facts, findings: &mut Vec<Finding>) {
    let mut accounts: HashMap<String, Accounts> = HashMap::new();
    for account in &facts.accounts {
        let same_name = accounts.entry(account.identity.name.clone()).or_default();
        same_name.add(account);
    }
    let mut able: HashMap<(Arc<str>, Option<String>), Able<'_>> = HashMap::new();
    let mut pods = std::mem::take(&mut facts.pods);
    let mut told = Told::default();
    for pod in &mut pods {
        let mut served = Serving {
            entries,
            accounts: &accounts,
            lists: &mut facts.lists,
            findings,
            told: &mut told,
            pod,
        };
        for host in served.pod.hosts.clone() {
            // Pods of one namespace ask the same of the same entries.
            let namespace = served.pod.identity.namespace.clone();
            let able = able
                .entry((host, namespace))
                .or_insert_with_key(|(host, namespace)| {
                    Able::of(entries, host, namespace.as_deref())
                });
            served.host(able);
        }
    }
    // Only now it is known which lists grow: several pods, served or not, may share one.
    for pod in &mut pods {
        let mut served = Serving {
            entries,
            accounts: &accounts,
            lists: &mut facts.lists,
            findings,
            told: &mut told,
            pod,
        };
        served.keep_what_it_had();
    }
    facts.pods = pods;
}

/// What was told of an object: its pods are often alike.
type Told = HashSet<(*const Identity, Code, String)>;

/// One pod, and what may change for it.
struct Serving<'a> {
    entries: &'a Entries<'a>,
    /// All accounts among the objects, by name.
    accounts: &'a HashMap<String, Accounts>,
    lists: &'a mut Vec<List>,
    findings: &'a mut Vec<Finding>,
    told: &'a mut Told,
    pod: &'a mut Pod,
}

impl Serving<'_> {
    /// Makes sure that the pod can pull from one host, which is that of a declared registry.
    fn host(&mut self, able: &Able<'_>) {
        let (identity, host) = (Arc::clone(&self.pod.identity), &able.host);
        let Some(first) = able.first else {
            if let Some(namespace) = &identity.namespace {
                let message = format!(
                    "{identity} pulls from `{host}`, and no access entry covers namespace `{namespace}`"
                );
                let help = "add it to `namespaces` of an access entry";
                self.warn(Code::NamespaceUncovered, message, help);
            }
            return;
        };
        if (able.node && self.pod.by_kubelet) || self.has_one(able) {
            return;
        }
        if self.pod.has_wrong_account {
            return;
        }
        if !able.agree {
            let message = format!(
                "{identity} pulls from `{host}`, and more than one entry could serve it: {}",
                able.list()
            );
            let help = "set its namespace to that of one of them";
            self.warn(Code::EntryAmbiguous, message, help);
            return;
        }
        self.give(first.grant, host);
    }

    fn warn(&mut self, code: Code, message: String, help: impl Into<String>) {
        self.warn_at(code, &self.pod.field(), message, help);
    }

    fn warn_at(&mut self, code: Code, field: &Pointer, message: String, help: impl Into<String>) {
        let identity = &self.pod.identity;
        if self
            .told
            .insert((Arc::as_ptr(identity), code, message.clone()))
        {
            let finding = Finding::warning(code, identity, field, message, help);
            self.findings.push(finding);
        }
    }

    fn list(&self) -> Option<&List> {
        self.lists.get(self.pod.list?)
    }

    /// The object of an account in its namespace; what has none yet may get the same.
    fn account_object(&self, name: &str) -> Found {
        let namespace = &self.pod.identity.namespace;
        let same_name = self.accounts.get(name);
        same_name.map_or(Found::None, |all| all.find(namespace))
    }

    /// The account that it runs as, if that is known.
    fn account(&self) -> Option<&str> {
        let named = self.pod.new_account.as_ref().or(self.pod.runs_as.as_ref());
        named.map(String::as_str)
    }

    /// What its account carries, or will carry by the config's own files if it is not here.
    fn carried(&self) -> Vec<String> {
        let Some(account) = self.account().filter(|_| self.pod.by_kubelet) else {
            return Vec::new();
        };
        match self.account_object(account) {
            Found::One(known) => self
                .lists
                .get(known.list)
                .map_or_else(Vec::new, |list| list.names.clone()),
            Found::Several | Found::None => self
                .promised(account)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The secrets that the entries of its namespace put on an account, each once.
    fn promised(&self, account: &str) -> BTreeSet<&str> {
        let namespace = self.pod.identity.namespace.as_deref();
        let entries = self.entries.of_account(account);
        let on_it = entries.filter_map(|entry| match entry.grant {
            Grant::Account { secret, .. } if entry.is_for(namespace) => Some(secret.as_str()),
            _ => None,
        });
        on_it.collect()
    }

    /// Whether its account's secrets reach it, as far as its own list decides that.
    fn leaves_it_to_the_account(&self) -> bool {
        self.list()
            .is_none_or(|list| list.was_empty && !list.has_grown())
    }

    /// Whether one of the secrets of an entry reaches it.
    fn has_one(&self, able: &Able<'_>) -> bool {
        let is_one = |name: &String| able.secrets.contains(name.as_str());
        if self.leaves_it_to_the_account() {
            return self.carried().iter().any(is_one);
        }
        self.list()
            .is_some_and(|list| list.names.iter().any(is_one))
    }

    /// A list that grew hides the secrets of the pod's account, and must not name one that the account
    /// forbids.
    fn keep_what_it_had(&mut self) {
        let Some(list) = self.list().filter(|list| list.has_grown()) else {
            return;
        };
        let Some(account) = self.account().map(str::to_owned) else {
            return;
        };
        if !self.pod.by_kubelet {
            return;
        }
        let (was_empty, added) = (list.was_empty, list.added().to_vec());
        match self.account_object(&account) {
            Found::One(known) => {
                if was_empty {
                    let list = self.lists.get(known.list);
                    let had = list.map_or_else(Vec::new, |list| list.before().to_vec());
                    self.add_to_list(&had);
                }
                if known.enforces {
                    for secret in &added {
                        self.add_to_account(&known, secret);
                    }
                }
            }
            Found::Several | Found::None if !was_empty => {}
            Found::Several => {
                self.add_to_list(&self.carried());
                self.warn_of_account(
                    &account,
                    "which several namespaces have: if the one of its namespace carries other pull secrets, they no longer reach the pod",
                    "set its namespace",
                );
            }
            // What it carries in the cluster cannot be seen.
            Found::None => {
                self.add_to_list(&self.carried());
                if self.pod.account.is_some() {
                    self.warn_of_account(
                        &account,
                        "which is not here: if that account carries pull secrets, they no longer reach the pod",
                        "name them in the pod",
                    );
                }
            }
        }
    }

    fn warn_of_account(&mut self, account: &str, what: &str, help: &str) {
        let message = format!(
            "{} runs as ServiceAccount `{account}`, {what}",
            self.pod.identity
        );
        let field = self.pod.account_field();
        self.warn_at(Code::AccountElsewhere, &field, message, help);
    }

    fn add_to_account(&mut self, known: &Known, secret: &str) {
        if let Some(list) = self.lists.get_mut(known.list) {
            let found = account::add(&known.identity, secret, list);
            self.findings.extend(found);
        }
    }

    /// Gives it what an entry says, and takes nothing away.
    fn give(&mut self, grant: Grant<'_>, host: &str) {
        let identity = Arc::clone(&self.pod.identity);
        let leaves_it = self.leaves_it_to_the_account();
        match grant {
            Grant::Node => {
                let message = format!(
                    "{identity} pulls from `{host}` by a controller, which does not use the identity of a node"
                );
                let help = "add an access entry with a pull secret for it";
                self.warn(Code::ControllerIdentity, message, help);
            }
            Grant::Pod { secret } => self.name_secret(secret.as_str(), host),
            Grant::Account { account, secret } if leaves_it && self.pod.by_kubelet => {
                let (name, secret) = (account.as_str(), secret.as_str());
                let has_place = self.pod.has_account_place();
                match self.pod.account.clone() {
                    None if has_place && self.carried().is_empty() => self.name_account(name),
                    None => self.name_secret(secret, host),
                    Some(other) => self.ask_account(&other, name, secret, host),
                }
            }
            // The pod names secrets itself, so those of its account do not reach it.
            Grant::Account { secret, .. } => self.name_secret(secret.as_str(), host),
        }
    }

    /// Names an account in the pod, which named none.
    fn name_account(&mut self, name: &str) {
        self.pod.new_account = Some(name.to_owned());
        let field = self.pod.account_field();
        let message = format!(
            "{} runs as ServiceAccount `{name}`, which carries the pull secret",
            self.pod.identity
        );
        let finding = Finding::info(&self.pod.identity, &field, message);
        self.findings.push(finding);
    }

    /// The pod runs as another account: that one is to carry the secret.
    fn ask_account(&mut self, other: &str, name: &str, secret: &str, host: &str) {
        let what = match self.account_object(other) {
            Found::One(known) => {
                self.add_to_account(&known, secret);
                return;
            }
            Found::Several => "which several namespaces have",
            Found::None => "which is not here",
        };
        let field = self.pod.account_field();
        let message = format!(
            "{} pulls from `{host}` and runs as ServiceAccount `{other}`, {what}",
            self.pod.identity
        );
        let help = format!("add `{secret}` to its `imagePullSecrets`, or run as `{name}`");
        self.warn_at(Code::AccountElsewhere, &field, message, help);
    }

    /// Names a secret in the pod, after those that reach it now.
    fn name_secret(&mut self, secret: &str, host: &str) {
        let identity = Arc::clone(&self.pod.identity);
        let Some(list) = self.list() else {
            let message =
                format!("{identity} names images of `{host}` and has no place for pull secrets");
            let help = format!("name `{secret}` in what runs it");
            self.warn(Code::PullSecretPlace, message, help);
            return;
        };
        let field = list.field();
        if let Some(wrong) = list.wrong {
            // A way that is blocked was told as the shape of the value on it.
            if wrong != Wrong::Way {
                let finding = account::unfit(&identity, secret, list, wrong);
                self.findings.push(finding);
            }
            return;
        }
        if !list.has_room() {
            let other = list.names.first().cloned().unwrap_or_default();
            let message = format!(
                "{identity} pulls from `{host}`, and `{field}` names one Secret, which is `{other}`"
            );
            let help = format!("add the credential to that one, or name `{secret}`");
            self.warn_at(Code::PullSecretPlace, &field, message, help);
            return;
        }
        let is_first = self.leaves_it_to_the_account();
        let mut carried = if is_first { self.carried() } else { Vec::new() };
        carried.retain(|name| name != secret);
        let mut message = format!("added pull secret `{secret}` to {identity}");
        if !carried.is_empty() {
            let names: Vec<String> = carried.iter().map(|name| format!("`{name}`")).collect();
            message.push_str(&format!(
                ", after {}: those of its account reach a pod only as long as it names none",
                names.join(", ")
            ));
        }
        self.add_to_list(&carried);
        self.add_to_list(&[secret.to_owned()]);
        self.findings
            .push(Finding::info(&identity, &field, message));
    }

    fn add_to_list(&mut self, names: &[String]) {
        let Some(list) = self.pod.list.and_then(|at| self.lists.get_mut(at)) else {
            return;
        };
        for name in names {
            if !list.names.contains(name) {
                list.add(name);
            }
        }
    }
}

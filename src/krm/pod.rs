//! Adds pull access to pods that pull from a declared registry, according to the strategy of their entry.
//!
//! Two rules of Kubernetes apply: the pull secrets of an account are copied to a pod only if the pod's own
//! list is empty when it is created, and a pod may list any number of secrets
//! (<https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/serviceaccount/admission.go>).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::diag::Code;
use crate::krm::account;
use crate::krm::candidates::{Accounts, Candidates, Found, KnownAccount};
use crate::krm::entry::Entries;
use crate::krm::facts::{Facts, Pod};
use crate::krm::finding::Finding;
use crate::krm::secrets::{List, Wrong};
use crate::manifest::Identity;
use crate::pointer::Pointer;
use crate::strategy::capability::Grant;

/// Adds pull access to all pods in the input.
pub(super) fn update(entries: &Entries<'_>, facts: &mut Facts, findings: &mut Vec<Finding>) {
    let mut accounts: HashMap<String, Accounts> = HashMap::new();
    for account in &facts.accounts {
        let same_name = accounts.entry(account.identity.name.clone()).or_default();
        same_name.add(account);
    }
    let mut candidates: HashMap<(Arc<str>, Option<String>), Candidates<'_>> = HashMap::new();
    let mut pods = std::mem::take(&mut facts.pods);
    let mut reported = Reported::default();
    let mut each = |step: &mut dyn FnMut(&mut PodUpdate<'_>)| {
        for pod in &mut pods {
            step(&mut PodUpdate {
                entries,
                accounts: &accounts,
                lists: &mut facts.lists,
                findings,
                reported: &mut reported,
                pod,
            });
        }
    };
    each(&mut |update| {
        for host in update.pod.hosts.clone() {
            // The candidates are the same for all pods of a namespace.
            let namespace = update.pod.identity.namespace.clone();
            let candidates =
                candidates
                    .entry((host, namespace))
                    .or_insert_with_key(|(host, namespace)| {
                        Candidates::of(entries, host, namespace.as_deref())
                    });
            update.host(candidates);
        }
    });
    // Runs after all lists are extended: pods with and without changes may share a list.
    each(&mut |update| update.preserve_account_secrets());
    facts.pods = pods;
}

/// The findings that were reported for each object: its pods are often alike.
type Reported = HashSet<(*const Identity, Code, String)>;

/// A pod, and everything that may be changed for it.
struct PodUpdate<'a> {
    entries: &'a Entries<'a>,
    /// All accounts in the input, by name.
    accounts: &'a HashMap<String, Accounts>,
    lists: &'a mut Vec<List>,
    findings: &'a mut Vec<Finding>,
    reported: &'a mut Reported,
    pod: &'a mut Pod,
}

impl PodUpdate<'_> {
    /// Ensures that the pod can pull from the host of a declared registry.
    fn host(&mut self, candidates: &Candidates<'_>) {
        let (identity, host) = (Arc::clone(&self.pod.identity), &candidates.host);
        let Some(first) = candidates.first else {
            if let Some(namespace) = &identity.namespace {
                let message = format!(
                    "{identity} pulls from `{host}`, but no access entry covers namespace `{namespace}`"
                );
                let help = "add the namespace to `namespaces` of an access entry";
                self.warn(Code::NamespaceUncovered, message, help);
            }
            return;
        };
        if (candidates.node && self.pod.by_kubelet) || self.has_access(candidates) {
            return;
        }
        if self.pod.has_wrong_account {
            return;
        }
        if !candidates.agree {
            let message = format!(
                "{identity} pulls from `{host}`, and more than one access entry applies: {}",
                candidates.list()
            );
            let help = "set its namespace to that of one of these entries";
            self.warn(Code::EntryAmbiguous, message, help);
            return;
        }
        self.apply_grant(first.grant, host);
    }

    fn warn(&mut self, code: Code, message: String, help: impl Into<String>) {
        self.warn_at(code, &self.pod.field(), message, help);
    }

    fn warn_at(&mut self, code: Code, field: &Pointer, message: String, help: impl Into<String>) {
        let identity = &self.pod.identity;
        if self
            .reported
            .insert((Arc::as_ptr(identity), code, message.clone()))
        {
            let finding = Finding::warning(code, identity, field, message, help);
            self.findings.push(finding);
        }
    }

    fn list(&self) -> Option<&List> {
        self.lists.get(self.pod.list?)
    }

    /// Looks up an account in the namespace of the pod.
    fn account_object(&self, name: &str) -> Found {
        let namespace = &self.pod.identity.namespace;
        let same_name = self.accounts.get(name);
        same_name.map_or(Found::None, |all| all.find(namespace))
    }

    /// The account that the pod runs as, if known.
    fn account(&self) -> Option<&str> {
        let account = self.pod.new_account.as_ref().or(self.pod.runs_as.as_ref());
        account.map(String::as_str)
    }

    /// The pull secrets of its account; those that the config adds, if the account is not in the input.
    fn account_secrets(&self) -> Vec<String> {
        let Some(account) = self.account().filter(|_| self.pod.by_kubelet) else {
            return Vec::new();
        };
        match self.account_object(account) {
            Found::One(known) => self
                .lists
                .get(known.list)
                .map_or_else(Vec::new, |list| list.names.clone()),
            Found::Several | Found::None => self
                .expected_secrets(account)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The secrets that the entries of its namespace add to an account.
    fn expected_secrets(&self, account: &str) -> BTreeSet<&str> {
        let namespace = self.pod.identity.namespace.as_deref();
        let entries = self.entries.of_account(account);
        let on_it = entries.filter_map(|entry| match entry.grant {
            Grant::Account { secret, .. } if entry.applies_to(namespace) => Some(secret.as_str()),
            _ => None,
        });
        on_it.collect()
    }

    /// Whether the pod uses the secrets of its account, because its own list is empty.
    fn defers_to_account(&self) -> bool {
        self.list()
            .is_none_or(|list| list.was_empty && !list.has_grown())
    }

    /// Whether the pod already has one of the granted secrets.
    fn has_access(&self, candidates: &Candidates<'_>) -> bool {
        let is_one = |name: &String| candidates.secrets.contains(name.as_str());
        if self.defers_to_account() {
            return self.account_secrets().iter().any(is_one);
        }
        self.list()
            .is_some_and(|list| list.names.iter().any(is_one))
    }

    /// Keeps the secrets of the account, which an extended list hides, and adds new secrets to an account
    /// that restricts the secrets of its pods.
    fn preserve_account_secrets(&mut self) {
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
                self.add_to_list(&self.account_secrets());
                self.warn_of_account(
                    &account,
                    "which exists in several namespaces: if the one in its namespace has other pull secrets, the pod no longer gets them",
                    "set the namespace of the object",
                );
            }
            // Its pull secrets in the cluster are unknown.
            Found::None => {
                self.add_to_list(&self.account_secrets());
                if self.pod.account.is_some() {
                    self.warn_of_account(
                        &account,
                        "which is not in the input: if it has pull secrets, the pod no longer gets them",
                        "list its pull secrets in the pod, or add the ServiceAccount to the input",
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

    fn add_to_account(&mut self, known: &KnownAccount, secret: &str) {
        if let Some(list) = self.lists.get_mut(known.list) {
            let found = account::add(&known.identity, secret, list);
            self.findings.extend(found);
        }
    }

    /// Applies the grant of an entry; nothing is removed.
    fn apply_grant(&mut self, grant: Grant<'_>, host: &str) {
        let identity = Arc::clone(&self.pod.identity);
        let leaves_it = self.defers_to_account();
        match grant {
            Grant::Node => {
                let message = format!(
                    "{identity} pulls from `{host}` through a controller, which does not use the identity of the node"
                );
                let help = "add an access entry with a pull secret for this registry";
                self.warn(Code::ControllerIdentity, message, help);
            }
            Grant::Pod { secret } => self.add_secret(secret.as_str(), host),
            Grant::Account { account, secret } if leaves_it && self.pod.by_kubelet => {
                let (name, secret) = (account.as_str(), secret.as_str());
                let has_place = self.pod.has_account_place();
                match self.pod.account.clone() {
                    None if has_place && self.account_secrets().is_empty() => {
                        self.set_account(name)
                    }
                    None => self.add_secret(secret, host),
                    Some(other) => self.add_to_named_account(&other, name, secret, host),
                }
            }
            // The pod lists secrets itself, so those of its account are not used.
            Grant::Account { secret, .. } => self.add_secret(secret.as_str(), host),
        }
    }

    /// Sets the account of a pod that has none.
    fn set_account(&mut self, name: &str) {
        self.pod.new_account = Some(name.to_owned());
        let field = self.pod.account_field();
        let message = format!(
            "{} now runs as ServiceAccount `{name}`, which has the pull secret",
            self.pod.identity
        );
        let finding = Finding::info(&self.pod.identity, &field, message);
        self.findings.push(finding);
    }

    /// Adds the secret to the account that the pod sets.
    fn add_to_named_account(&mut self, other: &str, name: &str, secret: &str, host: &str) {
        let what = match self.account_object(other) {
            Found::One(known) => {
                self.add_to_account(&known, secret);
                return;
            }
            Found::Several => "which exists in several namespaces",
            Found::None => "which is not in the input",
        };
        let field = self.pod.account_field();
        let message = format!(
            "{} pulls from `{host}` and runs as ServiceAccount `{other}`, {what}",
            self.pod.identity
        );
        let help = format!(
            "add `{secret}` to `imagePullSecrets` of that account, or set the account to `{name}`"
        );
        self.warn_at(Code::AccountElsewhere, &field, message, help);
    }

    /// Adds a secret to the pod, after those that it currently gets.
    fn add_secret(&mut self, secret: &str, host: &str) {
        let identity = Arc::clone(&self.pod.identity);
        let Some(list) = self.list() else {
            let message = format!(
                "{identity} uses images from `{host}`, but its kind has no field for pull secrets"
            );
            let help = format!("add pull secret `{secret}` to the object that runs it");
            self.warn(Code::PullSecretPlace, message, help);
            return;
        };
        let field = list.field();
        if let Some(wrong) = list.wrong {
            // A parent of a wrong shape is reported separately.
            if wrong != Wrong::Parent {
                let finding = account::shape_warning(&identity, secret, list, wrong);
                self.findings.push(finding);
            }
            return;
        }
        if !list.accepts_more() {
            let other = list.names.first().cloned().unwrap_or_default();
            let message = format!(
                "{identity} pulls from `{host}`, but `{field}` accepts only one Secret and references `{other}`"
            );
            let help =
                format!("add the credential to that Secret, or reference `{secret}` instead");
            self.warn_at(Code::PullSecretPlace, &field, message, help);
            return;
        }
        let is_first = self.defers_to_account();
        let mut account_secrets = if is_first {
            self.account_secrets()
        } else {
            Vec::new()
        };
        account_secrets.retain(|name| name != secret);
        let mut message = format!("added pull secret `{secret}` to {identity}");
        if !account_secrets.is_empty() {
            let names: Vec<String> = account_secrets
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            message.push_str(&format!(
                ", after {} of its account: a pod gets those only if it lists none itself",
                names.join(", ")
            ));
        }
        self.add_to_list(&account_secrets);
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

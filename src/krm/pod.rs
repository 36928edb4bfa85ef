//! Pod templates that pull from a declared registry get what the strategy of their entry says.
//!
//! Two rules of Kubernetes decide how (`domain.md` §0, fact 5): the secrets of an account reach a pod
//! only if the pod names none itself, and a pod may name any number.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::document::Node;
use crate::krm::able::{Able, Accounts};
use crate::krm::account;
use crate::krm::entry::{Entries, Pull, pull_secrets, reference};
use crate::krm::finding::Finding;
use crate::krm::object::{Object, objects};
use crate::names::ImageReference;
use crate::pointer::Pointer;

/// Serves all pod templates among the objects.
pub(super) fn serve(entries: &Entries<'_>, items: &mut Node, findings: &mut Vec<Finding>) {
    let all = objects(items);
    let mut accounts: HashMap<String, Accounts> = HashMap::new();
    for account in all.iter().filter(|one| one.is_core("ServiceAccount")) {
        let same_name = accounts.entry(account.name.clone()).or_default();
        same_name.add(account);
    }
    let mut able: HashMap<(String, Option<String>), Able<'_>> = HashMap::new();
    for object in all {
        let Some(spec) = object.pod_spec() else {
            continue;
        };
        let pod = Pod {
            entries,
            accounts: &accounts,
            at: object.pointer.join(&spec),
            field: spec.to_string(),
            object,
        };
        let Some(node) = items.find(&pod.at) else {
            continue;
        };
        for host in hosts(node) {
            if entries.of_host(&host).next().is_none() {
                continue;
            }
            // Pods of one namespace ask the same of the same entries.
            let namespace = pod.object.namespace.clone();
            let able = able
                .entry((host, namespace))
                .or_insert_with_key(|(host, namespace)| {
                    Able::of(entries, host, namespace.as_deref())
                });
            serve_host(&pod, able, items, findings);
        }
    }
}

/// A pod spec among the objects.
struct Pod<'a> {
    entries: &'a Entries<'a>,
    /// All accounts among the objects, by name.
    accounts: &'a HashMap<String, Accounts>,
    object: Object,
    at: Pointer,
    /// From its object: `spec.template.spec`.
    field: String,
}

/// The hosts of all images of a pod spec, those of volumes included.
fn hosts(spec: &Node) -> BTreeSet<String> {
    let containers = ["initContainers", "containers", "ephemeralContainers"]
        .into_iter()
        .filter_map(|key| spec.get(key))
        .flat_map(Node::items)
        .filter_map(|container| container.text("image"));
    let volumes = spec.get("volumes").into_iter().flat_map(Node::items);
    // Image volumes are pulled with the same secrets (Kubernetes 1.31 and newer).
    let volumes = volumes.filter_map(|volume| volume.get("image")?.text("reference"));
    let images = containers.chain(volumes);
    images
        .filter_map(|image| ImageReference::parse(image).ok())
        .filter_map(|image| image.parts().host.map(str::to_owned))
        .collect()
}

/// Makes sure that a pod can pull from one host, which is that of a declared registry.
fn serve_host(pod: &Pod<'_>, able: &Able<'_>, items: &mut Node, findings: &mut Vec<Finding>) {
    let (object, host) = (&pod.object, &able.host);
    let Some(first) = able.first else {
        if let Some(namespace) = &object.namespace {
            let message = format!(
                "{object} pulls from `{host}`, and no entry of the config is for namespace `{namespace}`: add it to `namespaces`"
            );
            findings.push(Finding::warning(object, &pod.field, message));
        }
        return;
    };
    if able.node || pod.has_one(&able.secrets, items) {
        return;
    }
    if !able.agree {
        let message = format!(
            "{object} pulls from `{host}`, and more than one entry could serve it: {}; give it the namespace of one of them",
            able.list()
        );
        findings.push(Finding::warning(object, &pod.field, message));
        return;
    }
    pod.give(first.pull, host, items, findings);
}

impl Pod<'_> {
    /// Its spec.
    fn spec<'a>(&self, items: &'a Node) -> Option<&'a Node> {
        items.find(&self.at)
    }

    /// The account it names; `serviceAccount` is the old name of the key.
    fn account<'a>(&self, items: &'a Node) -> Option<&'a str> {
        let spec = self.spec(items)?;
        let named = spec
            .text("serviceAccountName")
            .or(spec.text("serviceAccount"));
        named.filter(|name| !name.is_empty())
    }

    /// The object of an account in its namespace; what has none yet may get the same.
    fn account_object(&self, name: &str) -> Option<&Object> {
        self.accounts.get(name)?.find(&self.object.namespace)
    }

    /// What its account carries, or will carry by the config's own files if it is not here.
    fn carried(&self, items: &Node) -> Vec<String> {
        let account = self.account(items).unwrap_or("default");
        let names = match self.account_object(account) {
            Some(object) => items.find(&object.pointer).and_then(pull_secrets),
            None => Some(self.promised(account)),
        };
        let names = names.unwrap_or_default().into_iter();
        names.map(str::to_owned).collect()
    }

    /// The secrets that the entries of its namespace put on an account, each once.
    fn promised(&self, account: &str) -> Vec<&str> {
        let namespace = self.object.namespace.as_deref();
        let entries = self.entries.of_account(account);
        let on_it = entries.filter_map(|entry| match entry.pull {
            Pull::Account { secret, .. } if entry.is_for(namespace) => Some(secret),
            _ => None,
        });
        let names: BTreeSet<&str> = on_it.collect();
        names.into_iter().collect()
    }

    /// What it names itself.
    fn own(&self, items: &Node) -> Vec<String> {
        let names = self.spec(items).and_then(pull_secrets).unwrap_or_default();
        names.into_iter().map(str::to_owned).collect()
    }

    /// Whether one of these secrets reaches it.
    fn has_one(&self, secrets: &HashSet<&str>, items: &Node) -> bool {
        let own = self.own(items);
        let reaching = if own.is_empty() {
            self.carried(items)
        } else {
            own
        };
        reaching.iter().any(|name| secrets.contains(name.as_str()))
    }

    /// Gives it what an entry says, and takes nothing away.
    fn give(&self, pull: Pull<'_>, host: &str, items: &mut Node, findings: &mut Vec<Finding>) {
        if self
            .spec(items)
            .is_none_or(|spec| pull_secrets(spec).is_none())
        {
            let field = format!("{}.imagePullSecrets", self.field);
            let message = format!(
                "`{field}` of {} is no list, so it stays as it is",
                self.object
            );
            findings.push(Finding::warning(&self.object, &field, message));
            return;
        }
        let carried = self.carried(items);
        match (pull, self.own(items).is_empty()) {
            (Pull::Node, _) => {}
            (Pull::Account { name, secret }, true) => {
                match self.account(items).map(str::to_owned) {
                    None if carried.is_empty() => self.name_account(name, items, findings),
                    None => self.name_secret(secret, &carried, items, findings),
                    Some(other) => self.ask_account(&other, name, secret, host, items, findings),
                }
            }
            (Pull::Secret(secret), true) => self.name_secret(secret, &carried, items, findings),
            // The pod names secrets itself, so those of its account do not reach it.
            (Pull::Secret(secret) | Pull::Account { secret, .. }, false) => {
                self.name_secret(secret, &[], items, findings);
            }
        }
    }

    /// Names an account in the pod, which named none.
    fn name_account(&self, name: &str, items: &mut Node, findings: &mut Vec<Finding>) {
        if let Some(spec) = items.find_mut(&self.at) {
            spec.set("serviceAccountName", Node::from(serde_json::json!(name)));
            let field = format!("{}.serviceAccountName", self.field);
            let message = format!(
                "{} runs as ServiceAccount `{name}`, which carries the pull secret",
                self.object
            );
            findings.push(Finding::info(&self.object, &field, message));
        }
    }

    /// The pod runs as another account: that one is to carry the secret.
    fn ask_account(
        &self,
        other: &str,
        name: &str,
        secret: &str,
        host: &str,
        items: &mut Node,
        findings: &mut Vec<Finding>,
    ) {
        match self.account_object(other) {
            Some(found) => account::add(found, secret, items, findings),
            None => {
                let field = format!("{}.serviceAccountName", self.field);
                let message = format!(
                    "{} pulls from `{host}` and runs as ServiceAccount `{other}`, which is not here: add `{secret}` to its `{}`, or run as `{name}`",
                    self.object,
                    account::FIELD
                );
                findings.push(Finding::warning(&self.object, &field, message));
            }
        }
    }

    /// Names a secret in the pod, after those that reach it now.
    fn name_secret(
        &self,
        secret: &str,
        carried: &[String],
        items: &mut Node,
        findings: &mut Vec<Finding>,
    ) {
        let Some(spec) = items.find_mut(&self.at) else {
            return;
        };
        for name in carried.iter().map(String::as_str).chain([secret]) {
            spec.push("imagePullSecrets", reference(name));
        }
        let field = format!("{}.imagePullSecrets", self.field);
        let mut message = format!("added pull secret `{secret}` to {}", self.object);
        if !carried.is_empty() {
            let names: Vec<String> = carried.iter().map(|name| format!("`{name}`")).collect();
            message.push_str(&format!(
                ", after {}: those of its account reach a pod only as long as it names none",
                names.join(", ")
            ));
        }
        findings.push(Finding::info(&self.object, &field, message));
    }
}

//! What the entries of a config promise to pods, in the words of a function.

use crate::config::{Access, Config};
use crate::document::Node;
use crate::strategy::Strategy;

/// What an entry gives to pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull<'a> {
    /// A Secret, named by the pod.
    Secret(&'a str),
    /// An account that carries a Secret.
    Account {
        /// The account.
        name: &'a str,
        /// The Secret.
        secret: &'a str,
    },
    /// The node may pull.
    Node,
}

/// An entry and what it is for.
pub(super) struct Entry<'a> {
    pub(super) access: &'a Access,
    pub(super) pull: Pull<'a>,
    hosts: Vec<String>,
}

impl Entry<'_> {
    /// Whether it is for images of this host.
    pub(super) fn serves(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own == host)
    }

    /// Whether it is for objects of this namespace; one that is not known yet may be any.
    pub(super) fn is_for(&self, namespace: Option<&str>) -> bool {
        let own = &self.access.namespaces;
        match (namespace, self.pull) {
            (None, _) => true,
            (Some(_), Pull::Node) if own.is_empty() => true,
            (Some(namespace), _) => own.iter().any(|one| one.as_str() == namespace),
        }
    }
}

/// The entries of a config.
pub(super) fn entries(config: &Config) -> Vec<Entry<'_>> {
    let all = config.spec.access.iter().map(|access| {
        let registries = access.registries.iter();
        Entry {
            access,
            pull: match &access.strategy {
                Strategy::Secret(params) => Pull::Secret(params.secret.name.as_str()),
                Strategy::ServiceAccount(params) => Pull::Account {
                    name: params.service_account.name.as_str(),
                    secret: params.secret.name.as_str(),
                },
                Strategy::Attach(_) => Pull::Node,
            },
            hosts: registries
                .filter_map(|name| config.registry(name))
                .map(|registry| registry.host())
                .collect(),
        }
    });
    all.collect()
}

/// Names on the `imagePullSecrets` of an account or a pod spec; `None` if that is no list.
pub(super) fn pull_secrets(node: &Node) -> Option<Vec<&str>> {
    match node.get("imagePullSecrets") {
        None => Some(Vec::new()),
        Some(list) if list.is_null() => Some(Vec::new()),
        Some(list) if list.is_list() => {
            let names = list.items().iter();
            Some(names.filter_map(|one| one.text("name")).collect())
        }
        Some(_) => None,
    }
}

/// `{name: NAME}`, an element of `imagePullSecrets`.
pub(super) fn reference(name: &str) -> Node {
    Node::from(serde_json::json!({"name": name}))
}

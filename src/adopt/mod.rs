//! Adoption: from what was read of manifests to a config that lets their pods pull. Pure: no file, no cluster.
// What others wrote must not end the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod decide;
pub mod draft;
mod group;
mod host;
mod names;
mod serves;
mod text;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::adopt::draft::{Delivery, Entry};
use crate::audit::Judged;
use crate::audit::facts::{Facts, ObjectFacts};
use crate::audit::judge::Knowledge;
use crate::audit::resolve::World;
use crate::names::{Namespace, RepositoryPattern, SecretName, ServiceAccountName};

pub use crate::adopt::draft::Draft;
pub use crate::adopt::host::Server;
pub use crate::adopt::names::{label, token};

/// What the user decides.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the config.
    pub name: String,
    /// Namespace of objects that set none.
    pub namespace: Namespace,
    /// Name of the Secret for pods that reference none; by default one that nothing else uses.
    pub secret: Option<SecretName>,
    /// How the values of Secrets get to the cluster.
    pub delivery: Delivery,
    /// How pods get access that reference no Secret.
    pub without_secret: WithoutSecret,
}

/// How pods get access that reference no Secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutSecret {
    /// A Secret is added to their ServiceAccount.
    Account,
    /// The registry is attached to the cluster.
    Attach,
    /// The registry is attached to the cluster, for all pods: Secrets are not adopted.
    AttachAll,
}

/// What happens to one image of one pod.
#[derive(Debug)]
pub enum Outcome {
    /// It is not of a protected registry.
    NotProtected,
    /// An access entry serves it.
    Serve(Box<Need>),
    /// It can be pulled without this config, or something else decides that; the end of a sentence.
    Left(String),
    /// No access entry can serve it without a change of the workload; why, as a sentence.
    Unserved(String),
}

/// What an image needs of an access entry.
#[derive(Debug)]
pub struct Need {
    /// Its registry.
    pub server: Server,
    /// Other registries that the Secret it references has credentials for.
    pub others: Vec<Server>,
    /// Its repository, if the image shows it.
    pub repository: Option<RepositoryPattern>,
    /// The namespace of the pod.
    pub namespace: Namespace,
    /// How it gets access.
    pub way: Way,
    /// The object of the pod.
    pub object: Arc<ObjectFacts>,
}

/// How a pod gets access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Through the Secret that it references itself.
    Listed(SecretName),
    /// Through a Secret that its account references.
    Carried(ServiceAccountName, SecretName),
    /// Through a new Secret that is added to its account.
    Added(ServiceAccountName),
    /// Through the identity of its node.
    Node,
}

/// What an adoption found.
#[derive(Debug)]
pub struct Adoption {
    /// The registries, sorted by name.
    pub servers: Vec<Server>,
    /// The access entries.
    pub entries: Vec<Entry>,
    /// For each image of the input, in order: what happens to it.
    pub outcomes: Vec<Outcome>,
    /// How many images are served for which the repository is not known.
    pub unknown_repositories: Vec<String>,
}

/// Finds the access entries for everything that was read. `judged` has a verdict for every image.
pub fn adopt<'a>(
    facts: &'a Facts,
    judged: &[Judged<'a>],
    world: &World<'a>,
    knowledge: &Knowledge,
    options: &Options,
) -> Adoption {
    let decide = decide::Decide {
        world,
        knowledge,
        options,
    };
    let mut outcomes: Vec<Outcome> = judged.iter().map(|one| decide.image(one)).collect();
    let servers = one_server_a_name(&mut outcomes);
    let secret = names::free_secret(options.secret.as_ref(), facts);
    let needs: Vec<&Need> = outcomes.iter().filter_map(Outcome::need).collect();
    let unknown = judged.iter().zip(&outcomes);
    let unknown = unknown.filter_map(|(one, outcome)| {
        outcome.need().filter(|need| need.repository.is_none())?;
        one.pod
            .images
            .get(one.image)
            .map(|image| image.text.clone())
    });
    Adoption {
        entries: group::entries(&needs, &secret, options),
        unknown_repositories: unknown.collect(),
        servers,
        outcomes,
    }
}

impl Outcome {
    /// What the image needs, if an entry serves it.
    pub fn need(&self) -> Option<&Need> {
        match self {
            Self::Serve(need) => Some(need),
            Self::NotProtected | Self::Left(_) | Self::Unserved(_) => None,
        }
    }
}

/// The registries of all needs. A config has one login server for each name of a registry: the one with most
/// images, and those of a further one are not served.
fn one_server_a_name(outcomes: &mut [Outcome]) -> Vec<Server> {
    let mut images: BTreeMap<Server, usize> = BTreeMap::new();
    for need in outcomes.iter().filter_map(Outcome::need) {
        *images.entry(need.server.clone()).or_default() += 1;
    }
    let mut sorted: Vec<(Server, usize)> = images.into_iter().collect();
    sorted.sort_by_key(|(_, count)| Reverse(*count));
    let mut by_name: BTreeMap<String, Server> = BTreeMap::new();
    for (server, _) in sorted {
        by_name.entry(server.name.to_string()).or_insert(server);
    }
    for outcome in &mut *outcomes {
        let Outcome::Serve(need) = outcome else {
            continue;
        };
        if let Some(first) = by_name.get(need.server.name.as_str())
            && *first != need.server
        {
            *outcome = Outcome::Unserved(format!(
                "`{}` and `{}` have the same registry name: write a config of its own for one of them",
                need.server.host, first.host
            ));
            continue;
        }
        need.others.retain(|other| {
            let first = by_name.entry(other.name.to_string());
            first.or_insert_with(|| other.clone()) == other
        });
    }
    by_name.into_values().collect()
}

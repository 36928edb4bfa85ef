//! A config that is about to be written.

use crate::adopt::host::Server;
use crate::names::{ClusterName, ResourceGroup};
use crate::strategy::service_account::params::Mode;

/// A config that is about to be written. Texts are quoted when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The schema, as the first line names it.
    pub schema: String,
    /// Comments below the first line.
    pub comments: Vec<String>,
    /// `metadata.name`.
    pub name: String,
    /// `spec.output`, if it is not the default.
    pub output: Option<String>,
    /// The registries.
    pub registries: Vec<Server>,
    /// The cluster that scripts act on.
    pub cluster: Option<DraftCluster>,
    /// The access entries.
    pub access: Vec<Entry>,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCluster {
    /// Its name.
    pub name: ClusterName,
    /// The resource group of an AKS cluster; any other cluster has none.
    pub resource_group: Option<ResourceGroup>,
}

/// An access entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Comments before it.
    pub comments: Vec<String>,
    /// Its name.
    pub name: String,
    /// Names of its registries.
    pub registries: Vec<String>,
    /// Its namespaces.
    pub namespaces: Vec<String>,
    /// How pods get access.
    pub strategy: DraftStrategy,
    /// The workload that is generated, if one is.
    pub workload: Option<DraftWorkload>,
}

/// How pods get access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftStrategy {
    /// The registries are attached to the cluster.
    Attach,
    /// A Secret that pods reference.
    Secret(DraftSecret),
    /// A Secret that an account references.
    Account {
        /// The account.
        account: String,
        /// Whether the account is created.
        mode: Mode,
        /// The Secret.
        secret: DraftSecret,
    },
}

/// A Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSecret {
    /// Its name.
    pub name: String,
    /// How its value gets to the cluster.
    pub delivery: Delivery,
    /// A token for each registry.
    pub tokens: Vec<Token>,
}

/// How the value of a Secret gets to the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// A script creates the credentials.
    Script,
    /// Another tool fills the Secret.
    Placeholder,
}

/// The pattern of all repositories.
pub const ALL_REPOSITORIES: &str = "*";

/// A token of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The name of the registry.
    pub registry: String,
    /// Its name.
    pub name: String,
    /// What it may pull.
    pub repositories: Vec<String>,
}

/// A Deployment with one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftWorkload {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
}

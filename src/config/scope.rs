//! The clusters that the objects of an entry are for: two entries may generate one object for different ones.

use std::collections::BTreeSet;

use crate::config::Access;
use crate::model::Cluster;
use crate::names::ClusterName;

/// The clusters that the objects of an entry are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All of them, also those that are not declared.
    All,
    /// Some of the declared ones.
    Some(BTreeSet<&'a ClusterName>),
}

impl<'a> Scope<'a> {
    /// The scope of an entry, of these declared clusters.
    pub fn of<'c>(access: &'a Access, mut declared: impl Iterator<Item = &'c Cluster>) -> Self {
        let Some(names) = &access.clusters else {
            return Self::All;
        };
        let names: BTreeSet<&ClusterName> = names.iter().collect();
        if declared.all(|one| names.contains(&one.name)) {
            Self::All
        } else {
            Self::Some(names)
        }
    }

    /// Whether it has this cluster.
    pub fn has(&self, cluster: &ClusterName) -> bool {
        match self {
            Self::All => true,
            Self::Some(names) => names.contains(cluster),
        }
    }

    /// Whether it has all that `other` has.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Some(_), Self::All) => false,
            (Self::Some(own), Self::Some(theirs)) => theirs.is_subset(own),
        }
    }

    /// Whether both have a cluster in common.
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Some(own), Self::Some(theirs)) => !own.is_disjoint(theirs),
            (Self::All, Self::All | Self::Some(_)) | (Self::Some(_), Self::All) => true,
        }
    }
}

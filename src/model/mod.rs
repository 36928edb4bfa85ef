//! The shared vocabulary of config and strategies: plain data, no behaviour beyond lookups.

pub mod cluster;
mod fields;
pub mod registry;
pub mod scripts;
pub mod sets;
pub mod workload;

pub use crate::model::cluster::{Cluster, ClusterKind};
pub use crate::model::fields::{COMMENT, Fields, PREFIX};
pub use crate::model::registry::{Cloud, Registry, RoleAssignmentMode};
pub use crate::model::scripts::{ScriptForm, Scripts};
pub use crate::model::workload::{Container, PullPolicy, Workload, WorkloadKind};

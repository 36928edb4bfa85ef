//! Kubernetes objects as other people write them: which there are, where their pods hold images, pull
//! secrets and accounts. Pure, and read only: `krm` changes what it sees through this model.

pub mod inventory;
pub mod kinds;
pub mod object;
pub mod path;
pub mod pod;
mod table;

pub use crate::manifest::inventory::Inventory;
pub use crate::manifest::kinds::{Kinds, Pods, Shape};
pub use crate::manifest::object::{
    Identity, Object, is_list, objects, objects_in, shares_namespace,
};
pub use crate::manifest::path::Path;
pub use crate::manifest::pod::{Pod, PullSecrets, Reference, host, stray_images};

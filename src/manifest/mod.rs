//! Kubernetes objects as others write them: which there are, where their pods hold images, pull
//! secrets and accounts. Pure, and read only: `krm` changes what it sees through this model.
// What others wrote must not end the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

pub mod inventory;
pub mod kinds;
pub mod object;
pub mod path;
pub mod pod;
pub mod reference;
pub mod secrets;
pub mod stray;
mod table;
pub mod wrong;

pub use crate::manifest::inventory::Inventory;
pub use crate::manifest::kinds::{Kind, Kinds, Pods, Puller, Shape};
pub use crate::manifest::object::{Identity, Object, held, is_list, objects, objects_of};
pub use crate::manifest::path::Path;
pub use crate::manifest::pod::{Pod, wrong_shapes};
pub use crate::manifest::reference::{host, is_same_host};
pub use crate::manifest::secrets::{PullSecrets, Reference};
pub use crate::manifest::stray::{Stray, stray_images};
pub use crate::manifest::wrong::Wrong;

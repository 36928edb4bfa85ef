//! The model of Kubernetes objects: finds objects, and the images, pull secrets and accounts of their pods.
//! Pure and read-only; `krm` makes the changes.
// External input must not abort the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

pub mod declared;
pub mod inventory;
pub mod kinds;
pub mod object;
pub mod path;
pub mod pod;
pub mod reference;
pub mod secrets;
mod table;
pub mod unmapped;
pub mod wrong;

pub use crate::manifest::declared::PodKind;
pub use crate::manifest::inventory::Inventory;
pub use crate::manifest::kinds::{Kind, Kinds, Pods, Puller, Shape};
pub use crate::manifest::object::{Identity, Object, is_list, nested_objects, objects, objects_of};
pub use crate::manifest::path::Path;
pub use crate::manifest::pod::{Pod, wrong_shapes, wrong_shapes_of_account};
pub use crate::manifest::reference::{host, is_same_host};
pub use crate::manifest::secrets::{PullSecrets, Reference};
pub use crate::manifest::unmapped::{UnmappedImage, unmapped_images};
pub use crate::manifest::wrong::Wrong;

//! How the kubelet selects a credential for an image: pod, pull secrets, entries. Pure, and independent of
//! any config.
// External input must not abort the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

pub mod cache;
pub mod chain;
pub mod docker_config;
pub mod entries;
pub mod keyring;
mod url;
pub mod virtual_node;

pub use crate::pull::docker_config::{Broken, Entry, SecretType};
pub use crate::pull::keyring::{Key, Keyring};

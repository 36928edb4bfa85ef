//! How the kubelet chooses a credential for an image: pod, pull secrets, entries. Pure, and without any
//! config: facts of Kubernetes alone.

pub mod chain;
pub mod docker_config;
pub mod keyring;
mod url;

pub use crate::pull::docker_config::{Broken, Entry, SecretType};
pub use crate::pull::keyring::{Key, Keyring};

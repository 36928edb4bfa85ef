//! A function on Kubernetes objects (KRM, `ResourceList` v1): objects in, the same objects and what
//! the config makes out, able to pull. No IO here.
//!
//! The form is that of
//! <https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md>.
// What others wrote must not end the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod able;
mod account;
mod apply;
mod entry;
mod facts;
mod finding;
mod input;
mod list;
mod note;
mod pod;
mod secrets;
mod spot;
mod stream;
mod transform;

pub use crate::krm::finding::{Finding, Level, of_report};
pub use crate::krm::list::ResourceList;
pub use crate::krm::stream::Stream;
pub use crate::krm::transform::Outcome;

/// The annotation of a config that lets its function hand on Secrets in clear text.
pub const ALLOW_PLAINTEXT: &str = "pullwright.dev/allow-plaintext";

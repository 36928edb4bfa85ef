//! The KRM function (`ResourceList` v1): reads objects, adds pull access and the objects of the config, and
//! writes them. No IO here.
//!
//! The format is defined in
//! <https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md>.
// External input must not abort the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod account;
mod apply;
mod candidates;
mod entry;
mod facts;
mod finding;
mod input;
mod inspect;
mod list;
mod pod;
mod secrets;
mod spot;
mod stream;
mod transform;

pub use crate::krm::finding::{Finding, Level, of_report};
pub use crate::krm::list::ResourceList;
pub use crate::krm::stream::Stream;
pub use crate::krm::transform::Outcome;

/// The annotation of a config that allows Secrets in clear text in the output of its function.
pub const ALLOW_PLAINTEXT: &str = "pullwright.dev/allow-plaintext";

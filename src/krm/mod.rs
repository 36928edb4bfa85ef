//! A function on Kubernetes objects (KRM, `ResourceList` v1): objects in, the same objects and what
//! the config makes out, able to pull. No IO here.
//!
//! The form is that of
//! <https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md>.
// What other people wrote must not end the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod able;
mod account;
mod entry;
mod finding;
mod list;
mod object;
mod pod;

use std::collections::HashMap;

use crate::config::Config;
use crate::document::Node;
use crate::krm::entry::Entries;
use crate::krm::object::{Object, objects};

pub use crate::krm::finding::{Finding, Level, of_report};
pub use crate::krm::list::{ResourceList, documents};

/// The annotation of a config that lets its function hand on Secrets in clear text.
pub const ALLOW_PLAINTEXT: &str = "pullwright.dev/allow-plaintext";

/// Adds what the config makes, and gives each pod template that pulls from a declared registry what
/// the strategy of its entry says. `items` is a list of objects, `made` the objects of the config.
///
/// What is there already stays as it is: an object of the same kind, name and namespace is not
/// replaced, no key and no list element changes or goes.
pub fn transform(config: &Config, items: &mut Node, made: Vec<Node>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut there: HashMap<String, Vec<Object>> = HashMap::new();
    for object in objects(items) {
        there.entry(object.name.clone()).or_default().push(object);
    }
    for object in made {
        let new = Object::of(&object);
        let same_name = there.get(&new.name).into_iter().flatten();
        match same_name.into_iter().find(|one| one.is_same(&new)) {
            Some(old) => findings.push(Finding::info(
                old,
                "",
                format!("{old} is there already, so the one of the config is left out"),
            )),
            None => items.push_item(object),
        }
    }
    let entries = Entries::of(config);
    account::carry(&entries, items, &mut findings);
    pod::serve(&entries, items, &mut findings);
    findings
}

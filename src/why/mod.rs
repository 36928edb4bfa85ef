//! Why a pod cannot pull: error texts of Kubernetes and of container runtimes to causes. No IO here.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod bracket;
mod cause;
mod failure;
pub mod manifests;
mod message;
mod objects;
mod remedy;
mod rules;
mod signature;
mod step;
mod subject;

use std::collections::{HashMap, HashSet};

use crate::mask;
use crate::why::message::Message;
use crate::why::objects::Objects;

pub use crate::why::cause::Cause;
pub use crate::why::failure::Failure;
pub use crate::why::step::{Step, is_plain};
pub use crate::why::subject::Pod;

/// The largest text that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Longer texts are not read as one folded message.
const MAX_FOLDED: usize = 64 * 1024;

/// All failures that a text tells, each cause of each image once, in the order of the text: the output of
/// `kubectl describe pod`, `kubectl get events` or `kubectl get pod -o yaml`, a log of the kubelet or of
/// containerd, or a message alone. It takes linear time.
pub fn read(text: &str) -> Vec<Failure> {
    let text = message::plain(text);
    let messages = match objects::messages(&text) {
        Objects::Whole(messages) => messages,
        Objects::Partly(mut messages) => {
            messages.extend(message::of_lines(&text));
            messages
        }
    };
    let mut found = Found::default();
    for message in &messages {
        found.add(message);
    }
    if found.failures.is_empty() && text.len() <= MAX_FOLDED {
        found.add(&message::folded(&text));
    }
    found.finish()
}

/// What tells two failures apart.
type Key = (Cause, Option<String>, Option<String>, Vec<String>);

/// The failures so far.
#[derive(Default)]
struct Found {
    failures: Vec<Failure>,
    index: HashMap<Key, usize>,
    pods: HashSet<(usize, Pod)>,
}

impl Found {
    fn add(&mut self, message: &Message) {
        if bracket::told(&message.text.to_ascii_lowercase()).is_none() {
            return;
        }
        // What is taken out of a message is taken out of the masked one.
        let masked = mask::message(&message.text);
        let lower = masked.to_ascii_lowercase();
        let Some(told) = bracket::told(&lower) else {
            return;
        };
        let failure = Failure::of(message, &masked, &lower, told);
        let key = (
            told.cause,
            failure.image.clone(),
            failure.registry.clone(),
            failure.secrets.clone(),
        );
        let next = self.failures.len();
        let at = *self.index.entry(key).or_insert(next);
        if at == next {
            self.failures.push(failure);
        }
        if let (Some(pod), Some(failure)) = (&message.pod, self.failures.get_mut(at))
            && self.pods.insert((at, pod.clone()))
        {
            failure.pods.push(pod.clone());
        }
    }

    /// Without those that name no image and say of a pod what another one says with its image.
    fn finish(self) -> Vec<Failure> {
        let mut causes = HashSet::new();
        let mut told = HashSet::new();
        for failure in self.failures.iter().filter(|one| one.image.is_some()) {
            causes.insert(failure.cause);
            told.extend(failure.pods.iter().map(|pod| (failure.cause, pod.clone())));
        }
        let is_new = |one: &Failure| {
            let is_told = |pod: &Pod| told.contains(&(one.cause, pod.clone()));
            one.image.is_some()
                || one.registry.is_some()
                || !causes.contains(&one.cause)
                || !one.pods.iter().all(is_told)
        };
        self.failures.into_iter().filter(is_new).collect()
    }
}

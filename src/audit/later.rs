//! Secrets that a later one of the same file replaces: `kubectl apply` applies them in order.

use std::collections::{HashMap, HashSet};

use crate::audit::facts::{Maker, SecretFacts, Spot, TextId};

/// The numbers of Secrets in manifests that another one further down in the same text replaces.
pub(super) fn replaced(secrets: &[SecretFacts]) -> HashSet<usize> {
    let key = |one: &SecretFacts| -> (TextId, String, Option<String>) {
        let identity = &one.object.identity;
        let namespace = identity.namespace.clone();
        (one.object.spot.text, identity.name.clone(), namespace)
    };
    let manifests = || {
        let all = secrets.iter().enumerate();
        all.filter(|(_, one)| one.maker == Maker::Manifest)
    };
    let mut last: HashMap<_, Spot> = HashMap::new();
    for (_, one) in manifests() {
        let spot = last.entry(key(one)).or_insert(one.object.spot);
        *spot = (*spot).max(one.object.spot);
    }
    let earlier = manifests().filter(|(_, one)| last.get(&key(one)) != Some(&one.object.spot));
    earlier.map(|(at, _)| at).collect()
}

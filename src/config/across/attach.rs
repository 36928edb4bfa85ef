//! The roles that scripts of two configs assign to one cluster on one registry.

use std::collections::{BTreeSet, HashMap};

use crate::config::across::{Entry, Found, Identity, MOST_PLACES, is_one_registry};
use crate::diag::Code;
use crate::model::Registry;
use crate::pointer::Pointer;
use crate::strategy::attach::params::Attach;

/// A role that a script assigns.
#[derive(Clone, Copy)]
struct Role<'e, 'a> {
    entry: &'e Entry<'a>,
    attach: &'a Attach,
    registry: &'a Registry,
}

impl Role<'_, '_> {
    /// Where the config decides what role it is.
    fn place(&self) -> Pointer {
        let keys = self.attach.role_keys().iter();
        keys.fold(self.entry.pointer.clone(), |pointer, key| pointer.key(key))
    }
}

/// Compares the roles of all scripts: Azure has one assignment of a role for a cluster on a registry.
pub(super) fn compare(entries: &[Entry<'_>], found: &mut Found<'_>) {
    type Given<'e, 'a> = Vec<(Role<'e, 'a>, BTreeSet<&'a str>)>;
    let mut roles: HashMap<(&Identity, String), Given<'_, '_>> = HashMap::new();
    let mut places = 0;
    for entry in entries {
        let Some(attach) = entry.access.strategy.attach() else {
            continue;
        };
        places += entry.clusters.len() * entry.registries.len();
        if places > MOST_PLACES {
            return;
        }
        let limit = attach.limit();
        for registry in &entry.registries {
            let host = registry.host().to_lowercase();
            let own = Role {
                entry,
                attach,
                registry,
            };
            for (cluster, identity) in &entry.clusters {
                let earlier = roles.entry((identity, host.clone())).or_default();
                let same = earlier
                    .iter()
                    .find(|(one, _)| is_one_registry(one.registry, registry));
                let Some((first, theirs)) = same else {
                    earlier.push((own, limit.clone()));
                    continue;
                };
                // Those of one config are compared when it is loaded.
                if *theirs != limit && first.entry.config != entry.config {
                    found.push(
                        (entry.config, &own.place()),
                        (first.entry.config, &first.place()),
                        Code::AttachConflict,
                        |other| {
                            let (cluster, registry) = (&cluster.name, &registry.name);
                            format!("cluster `{cluster}` gets another role on registry `{registry}` from `{other}`")
                        },
                        "set the same `repositories` in both configs, or attach the registry in one of them only",
                    );
                }
            }
        }
    }
}

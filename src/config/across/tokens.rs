//! The tokens that scripts of two configs rotate, and the scope maps that they manage. Both are of a registry:
//! the clusters do not matter.

use std::collections::HashMap;

use crate::config::across::{Entry, Found, Identity, is_one_registry};
use crate::diag::Code;
use crate::model::Registry;

/// A token or a scope map that a script manages.
#[derive(Clone, Copy)]
struct Managed<'e, 'a> {
    entry: &'e Entry<'a>,
    registry: &'a Registry,
    cluster: &'e Identity,
}

impl Managed<'_, '_> {
    /// Whether the scripts of both write one Secret, about which there is a message already.
    fn shares_secret(&self, other: &Self) -> bool {
        let name = |one: &Self| {
            let secret = one.entry.access.strategy.secret();
            secret.map(|secret| secret.name.clone())
        };
        let theirs = &other.entry.access.namespaces;
        let mut own = self.entry.access.namespaces.iter();
        self.cluster == other.cluster
            && name(self) == name(other)
            && own.any(|namespace| theirs.contains(namespace))
    }
}

/// The managers of one name on one host, the first for each registry.
type Managers<'e, 'a> = HashMap<(String, String), Vec<Managed<'e, 'a>>>;

/// Compares the tokens of all scripts.
pub(super) fn compare(entries: &[Entry<'_>], found: &mut Found<'_>) {
    let (mut tokens, mut maps): (Managers<'_, '_>, Managers<'_, '_>) =
        (HashMap::new(), HashMap::new());
    for entry in entries {
        let secret = entry.access.strategy.secret();
        let Some(script) = secret.and_then(|secret| secret.delivery.script()) else {
            continue;
        };
        for registry in &entry.registries {
            let credential = script.credential_of(&registry.name);
            let Some(token) = credential.and_then(|one| one.rotated_token()) else {
                continue;
            };
            for (cluster, identity) in &entry.clusters {
                let name = token.name_for(cluster.name.as_str(), entry.clusters.len());
                let map = token.scope_map_for(&name);
                let own = Managed {
                    entry,
                    registry,
                    cluster: identity,
                };
                let (token, scope_map) =
                    (first(&mut tokens, &name, own), first(&mut maps, &map, own));
                let registry = &registry.name;
                if let Some(first) = token {
                    push(
                        found,
                        own,
                        first,
                        |other| {
                            format!(
                                "token `{name}` of registry `{registry}` is also rotated by `{other}`"
                            )
                        },
                        "give each config its own token: the second rotation of one would invalidate the password of the other",
                    );
                } else if let Some(first) = scope_map {
                    push(
                        found,
                        own,
                        first,
                        |other| {
                            format!(
                                "scope map `{map}` of registry `{registry}` is also managed by `{other}`"
                            )
                        },
                        "set another `scopeMap`, or remove the key: each token then has its own",
                    );
                }
            }
        }
    }
}

/// The first manager of a name in another config, if there is no other message about the two.
fn first<'e, 'a>(
    managers: &mut Managers<'e, 'a>,
    name: &str,
    own: Managed<'e, 'a>,
) -> Option<Managed<'e, 'a>> {
    let key = (own.registry.host().to_lowercase(), name.to_lowercase());
    let earlier = managers.entry(key).or_default();
    let same = earlier
        .iter()
        .find(|one| is_one_registry(one.registry, own.registry))
        .copied();
    if same.is_none() {
        earlier.push(own);
    }
    same.filter(|one| one.entry.config != own.entry.config && !own.shares_secret(one))
}

fn push(
    found: &mut Found<'_>,
    own: Managed<'_, '_>,
    first: Managed<'_, '_>,
    message: impl FnOnce(&str) -> String,
    help: &str,
) {
    found.push(
        (own.entry.config, &own.entry.pointer.key("secret")),
        (first.entry.config, &first.entry.pointer.key("secret")),
        Code::TokenShared,
        message,
        help,
    );
}

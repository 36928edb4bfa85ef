//! The owner that a script records on what it creates: no two scripts that meet may record the same.

use std::collections::HashMap;

use crate::config::across::{Entry, Found, is_one_registry};
use crate::diag::Code;
use crate::model::Registry;
use crate::pointer::Pointer;
use crate::strategy::secret::params::{ScriptCredential, ServicePrincipal};

/// What a script creates credentials with.
struct Creator<'e, 'a> {
    entry: &'e Entry<'a>,
    registries: Vec<&'a Registry>,
    principals: Vec<&'a ServicePrincipal>,
}

impl<'e, 'a> Creator<'e, 'a> {
    /// `None` if it creates none.
    fn of(entry: &'e Entry<'a>) -> Option<Self> {
        let script = entry.access.strategy.secret()?.delivery.script()?;
        let mut found = Self {
            entry,
            registries: Vec::new(),
            principals: Vec::new(),
        };
        for registry in &entry.registries {
            match script.credential_of(&registry.name) {
                Some(ScriptCredential::Token(_)) => found.registries.push(registry),
                Some(ScriptCredential::ServicePrincipal(principal)) => {
                    found.registries.push(registry);
                    found.principals.push(principal);
                }
                Some(ScriptCredential::Admin(_)) | None => {}
            }
        }
        (!found.registries.is_empty()).then_some(found)
    }

    /// Whether both create something in one place.
    fn meets(&self, other: &Self) -> bool {
        let mut registries = self.registries.iter();
        let mut principals = self.principals.iter();
        let is_registry = |own: &&Registry| {
            let mut theirs = other.registries.iter();
            theirs.any(|one| is_one_registry(own, one))
        };
        let is_principal = |own: &&ServicePrincipal| {
            let mut theirs = other.principals.iter();
            theirs.any(|one| is_one_principal(own, one))
        };
        registries.any(is_registry) || principals.any(is_principal)
    }
}

/// Whether both name the same: IDs have no case.
fn is_one_principal(one: &ServicePrincipal, other: &ServicePrincipal) -> bool {
    let id = |principal: &ServicePrincipal| {
        let id = principal.app_id.as_ref();
        id.map(|id| id.to_string().to_lowercase())
    };
    match (id(one), id(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.name.is_some() && one.name == other.name,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Compares the owners of all scripts that create credentials.
pub(super) fn compare(entries: &[Entry<'_>], found: &mut Found<'_>) {
    let name = Pointer::root().key("metadata").key("name");
    let mut owners: HashMap<String, Vec<Creator<'_, '_>>> = HashMap::new();
    for entry in entries {
        for (cluster, _) in &entry.clusters {
            let Some(own) = Creator::of(entry) else {
                break;
            };
            let owner = format!("{}/{}/{}", entry.name, entry.access.name, cluster.name);
            let earlier = owners.entry(owner).or_default();
            let mut others = earlier.iter();
            let other =
                others.find(|other| other.entry.config != entry.config && other.meets(&own));
            if let Some(other) = other {
                found.push(
                    (entry.config, &name),
                    (other.entry.config, &name),
                    Code::OwnerShared,
                    |other| {
                        let (access, cluster) = (&entry.access.name, &cluster.name);
                        format!("config name `{}`, with access entry `{access}` and cluster `{cluster}`, is also that of `{other}`", entry.name)
                    },
                    "set another `metadata.name` in one of the two: scripts record it as the owner of what they create",
                );
            }
            earlier.push(own);
        }
    }
}

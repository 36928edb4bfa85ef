//! What a config or a policy provides for a pod that has no credential.

use crate::audit::fix::{Action, Repair};
use crate::audit::judge::{Case, EntryFacts, Grant, Knowledge};
use crate::names::azure;

impl Case<'_> {
    /// What the only access entry for this pod says, if it sets nothing itself.
    pub(super) fn by_entry<'k>(
        &self,
        knowledge: &'k Knowledge,
    ) -> Option<(&'k EntryFacts, Repair)> {
        let namespace = self.object().namespace.as_deref();
        let mut entries = knowledge.entries.iter().filter(|entry| {
            let mut namespaces = entry.namespaces.iter();
            entry.hosts.iter().any(|host| host == self.host)
                && namespace.is_some_and(|own| namespaces.any(|one| one == own))
        });
        let (entry, None) = (entries.next()?, entries.next()) else {
            return None;
        };
        let action = match (&entry.account, &self.pod.account, &self.pod.account_at) {
            (Some(account), None, Some(at)) => Action::SetAccount {
                at: at.clone(),
                account: account.clone(),
            },
            _ => Action::AddSecret {
                list: self.pod.list.pointer.clone()?,
                secret: entry.secret.clone(),
            },
        };
        let repair = Repair {
            object: self.pod.object.spot,
            action,
        };
        Some((entry, repair))
    }
}

impl Knowledge {
    /// What grants the nodes access to a registry. A regional endpoint has the rights of its registry.
    pub(super) fn grant(&self, host: &str) -> Option<&Grant> {
        let own = self.attached.get(host);
        own.or_else(|| self.attached.get(&azure::without_region(host)?))
    }

    /// Whether everybody can pull from a registry.
    pub(super) fn is_anonymous(&self, host: &str) -> bool {
        self.anonymous.contains(host)
            || azure::without_region(host).is_some_and(|home| self.anonymous.contains(&home))
    }
}

//! Names that differ from those of existing objects by a slip of a finger.

use crate::audit::facts::{AccountFacts, Namespaces, ObjectFacts, PodFacts, SecretFacts, Spot};
use crate::audit::fix::{Action, Repair};
use crate::audit::judge::Finding;
use crate::audit::resolve::{Effect, World};
use crate::audit::unfilled::known;
use crate::diag::is_slip;

/// More objects than this are not compared: a name is like too many of them.
const MOST: usize = 2_000;

impl<'a> World<'a> {
    /// The only Secret for an image of the pod whose name is almost this one.
    pub(super) fn secret_like(
        &self,
        name: &str,
        pod: &PodFacts,
        image: &str,
    ) -> Option<&'a SecretFacts> {
        let secrets = self.facts.secrets.iter().take(MOST);
        let alike = secrets.filter(|one| {
            is_slip(&one.name, name)
                && reaches(&one.namespaces, &pod.object)
                && matches!(
                    self.of_secret(one, pod, image),
                    Effect::Serves(..) | Effect::Unknown(_)
                )
        });
        only(alike.collect(), |one| one.name.as_str())
    }

    /// The only account for the pod whose name is almost this one.
    pub(super) fn account_like(&self, name: &str, pod: &PodFacts) -> Option<&'a AccountFacts> {
        let accounts = self.facts.accounts.iter().take(MOST);
        let alike = accounts.filter(|one| {
            is_slip(&one.object.identity.name, name) && reaches(&one.namespaces, &pod.object)
        });
        only(alike.collect(), |one| one.object.identity.name.as_str())
    }
}

impl Finding {
    /// The name at `at` may mean the object at `there`.
    pub(super) fn mean(&mut self, at: Spot, name: &str, there: Spot, role: &str) {
        self.related.push((there, role.to_owned()));
        self.help.push(format!("did you mean `{name}`?"));
        self.repair = self.object.as_ref().map(|object| Repair {
            object: object.spot,
            action: Action::Rename {
                at,
                to: name.to_owned(),
            },
        });
    }
}

fn reaches(namespaces: &Namespaces, pod: &ObjectFacts) -> bool {
    let own = known(pod.identity.namespace.as_deref());
    match (namespaces, own) {
        (Namespaces::One(one), Some(own)) => known(one.as_deref()).is_none_or(|one| one == own),
        _ => true,
    }
}

/// The first of them, if all have one name.
fn only<T>(all: Vec<&T>, name: impl Fn(&T) -> &str) -> Option<&T> {
    let (first, rest) = all.split_first()?;
    let is_same = |one: &&T| name(one) == name(first);
    rest.iter().all(is_same).then_some(*first)
}

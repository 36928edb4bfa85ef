//! From a pod to the Secrets that reach it: its own list, else its account's, and what each name means.

use std::sync::Arc;

use crate::audit::facts::{AccountFacts, Facts, ListFacts, PodFacts, SecretFacts, Spot};
use crate::audit::later::replaced;
use crate::audit::near::Near;
use crate::manifest::pod::DEFAULT_ACCOUNT;
use crate::manifest::{PullSecrets, Puller, Reference};
use crate::pull::chain::{self, Source};

/// All facts, to be looked up.
pub struct World<'a> {
    pub(super) facts: &'a Facts,
    secrets: Near<'a>,
    accounts: Near<'a>,
    /// Pull secrets that controllers and scripts add to accounts.
    additions: Near<'a>,
    /// Seconds since 1970, for tokens that expire.
    pub(super) now: u64,
}

/// The account of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState<'a> {
    /// Something outside of the object decides, or a controller pulls.
    None,
    /// It is the one of the namespace that nobody needs to create.
    Default,
    /// It is set, and is in the input.
    Known(&'a str),
    /// It is set, and is not in the input.
    Missing(&'a str),
}

/// What reaches a pod.
#[derive(Debug)]
pub struct Resolved<'a> {
    /// Whose list counts.
    pub source: Source,
    /// Whether the pod's own list is one.
    pub is_list: bool,
    /// The account.
    pub account: AccountState<'a>,
    /// The account's objects, nearest ones only.
    pub accounts: Vec<&'a AccountFacts>,
    /// The Secrets on the list that counts.
    pub candidates: Vec<Candidate<'a>>,
    /// Those of the account that the pod's own list hides.
    pub hidden: Vec<Candidate<'a>>,
    /// A Secret that the account forbids the pod to reference.
    pub forbidden: Option<(&'a str, Spot)>,
}

/// A Secret on a list.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where the list references it.
    pub spot: Spot,
    /// What the name means.
    pub meaning: Meaning<'a>,
}

/// What the name of a Secret means.
#[derive(Debug)]
pub enum Meaning<'a> {
    /// These, all equally near; at least one.
    Secrets(Vec<&'a SecretFacts>),
    /// There are only Secrets of this name in other namespaces.
    OtherNamespace(Vec<&'a SecretFacts>),
    /// Nothing in the input creates it.
    Nothing,
}

/// What a Secret does for an image. Better ones come first.
#[derive(Debug, Clone)]
pub enum Effect<'a> {
    /// It has a credential for the image, by this key.
    Serves(&'a SecretFacts, String),
    /// It fails every image of the pod.
    Breaks(&'a SecretFacts, String),
    /// Its contents are encrypted or elsewhere.
    Unknown(&'a SecretFacts),
    /// Its contents are a placeholder; why.
    Placeholder(&'a SecretFacts, String),
    /// Nothing in the input creates it.
    Missing,
    /// It is in another namespace.
    OtherNamespace(Vec<&'a SecretFacts>),
    /// The kubelet cannot use it; why.
    Unusable(&'a SecretFacts, String),
    /// It is for these other servers.
    OtherServers(&'a SecretFacts, Arc<[String]>),
}

impl Effect<'_> {
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Serves(..) => 0,
            Self::Unknown(_) => 1,
            Self::Placeholder(..) => 2,
            Self::Missing => 3,
            Self::OtherNamespace(_) => 4,
            Self::Unusable(..) => 5,
            Self::OtherServers(..) => 6,
            Self::Breaks(..) => 7,
        }
    }
}

impl<'a> World<'a> {
    /// Indexes facts. `now` is in seconds since 1970.
    pub fn new(facts: &'a Facts, now: u64) -> Self {
        let (mut secrets, mut accounts, mut additions) =
            (Near::default(), Near::default(), Near::default());
        let replaced = replaced(&facts.secrets);
        let counting = facts.secrets.iter().enumerate();
        for (at, one) in counting.filter(|(at, _)| !replaced.contains(at)) {
            secrets.add(&one.name, &one.object.directory, &one.namespaces, at);
        }
        for (at, one) in facts.accounts.iter().enumerate() {
            let index = if one.is_addition {
                &mut additions
            } else {
                &mut accounts
            };
            let (name, directory) = (&one.object.identity.name, &one.object.directory);
            index.add(name, directory, &one.namespaces, at);
        }
        Self {
            facts,
            secrets,
            accounts,
            additions,
            now,
        }
    }

    /// What reaches a pod.
    pub fn resolve(&self, pod: &'a PodFacts) -> Resolved<'a> {
        let (state, accounts) = self.account_of(pod);
        let own = pod.list.as_pull_secrets();
        // The names of several objects of one account, in order and each once.
        let lists = accounts.iter().map(|one| one.list.as_pull_secrets());
        let of_account = merged(lists);
        let chosen = chain::choose(&own, &of_account);
        let spot_in = |list: &'a ListFacts, name: &str| {
            let mut all = list.secrets();
            all.find(|(one, _)| *one == name)
        };
        let in_accounts = |name: &str| accounts.iter().find_map(|one| spot_in(&one.list, name));
        let candidates = chosen
            .secrets
            .iter()
            .filter_map(|name| match chosen.source {
                Source::Pod => spot_in(&pod.list, name),
                Source::Account => in_accounts(name),
            });
        let candidates: Vec<_> = candidates.collect();
        let hidden: Vec<_> = chosen
            .hidden
            .iter()
            .filter_map(|name| in_accounts(name))
            .collect();
        let enforces = accounts.iter().any(|one| one.enforces);
        let forbidden = chain::not_on_account(&own, &of_account).filter(|_| enforces);
        let forbidden = forbidden.and_then(|one| match one {
            Reference::Secret(name) => spot_in(&pod.list, name),
            Reference::Nameless | Reference::Invalid => None,
        });
        let meaning = |(name, spot): (&'a str, Spot)| Candidate {
            name,
            spot,
            meaning: self.meaning(name, pod),
        };
        Resolved {
            source: chosen.source,
            is_list: pod.list.elements.is_some(),
            account: state,
            candidates: candidates.into_iter().map(meaning).collect(),
            hidden: hidden.into_iter().map(meaning).collect(),
            accounts,
            forbidden,
        }
    }

    fn account_of(&self, pod: &'a PodFacts) -> (AccountState<'a>, Vec<&'a AccountFacts>) {
        let Some(name) = pod
            .runs_as
            .as_deref()
            .filter(|_| pod.puller == Puller::Kubelet)
        else {
            return (AccountState::None, Vec::new());
        };
        let object = &pod.object;
        let namespace = object.identity.namespace.as_deref();
        let of = |index: &Near<'_>| {
            let found = index.find(name, &object.directory, namespace).into_iter();
            found
                .filter_map(|at| self.facts.accounts.get(at))
                .collect::<Vec<_>>()
        };
        let mut accounts = of(&self.accounts);
        let is_known = !accounts.is_empty();
        accounts.extend(of(&self.additions));
        let state = match &pod.account {
            _ if is_known => AccountState::Known(name),
            Some(_) if name != DEFAULT_ACCOUNT && accounts.is_empty() => {
                AccountState::Missing(name)
            }
            Some(_) if name != DEFAULT_ACCOUNT => AccountState::Known(name),
            _ => AccountState::Default,
        };
        (state, accounts)
    }

    fn meaning(&self, name: &'a str, pod: &PodFacts) -> Meaning<'a> {
        let facts = |all: &[usize]| {
            let found = all.iter().filter_map(|at| self.facts.secrets.get(*at));
            found.collect::<Vec<_>>()
        };
        let namespace = pod.object.identity.namespace.as_deref();
        let found = self.secrets.find(name, &pod.object.directory, namespace);
        if !found.is_empty() {
            return Meaning::Secrets(facts(&found));
        }
        match facts(self.secrets.anywhere(name)) {
            others if others.is_empty() => Meaning::Nothing,
            others => Meaning::OtherNamespace(others),
        }
    }

    /// What a Secret on the list does for an image of the pod.
    pub fn effect(&self, candidate: &Candidate<'a>, pod: &PodFacts, image: &str) -> Effect<'a> {
        // The scheme of an address is no part of what keys match; that of a registry stands for what is in it.
        let bare = image.strip_prefix("oci://").unwrap_or(image);
        let whole = format!("{bare}/image");
        let is_registry = bare.len() < image.len() && !bare.contains('/');
        let image = if is_registry { &whole } else { bare };
        match &candidate.meaning {
            Meaning::Nothing => Effect::Missing,
            Meaning::OtherNamespace(others) => Effect::OtherNamespace(others.clone()),
            Meaning::Secrets(all) => {
                let effects = all.iter().map(|one| self.of_secret(one, pod, image));
                let best = effects.min_by_key(Effect::rank);
                best.unwrap_or(Effect::Missing)
            }
        }
    }

    /// Whether a Secret of this name would serve an image of the pod.
    pub fn serves(&self, name: &'a str, spot: Spot, pod: &PodFacts, image: &str) -> bool {
        let candidate = Candidate {
            name,
            spot,
            meaning: self.meaning(name, pod),
        };
        matches!(self.effect(&candidate, pod, image), Effect::Serves(..))
    }
}

/// The elements of several lists as one.
fn merged<'a>(lists: impl Iterator<Item = PullSecrets<'a>>) -> PullSecrets<'a> {
    let mut all = Vec::new();
    for list in lists {
        for one in list.elements() {
            if !all.contains(one) {
                all.push(*one);
            }
        }
    }
    PullSecrets::List(all.into())
}

//! The verdict for one image of one pod, and the finding about it.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audit::facts::{ImageFacts, PodFacts, Spot, TextId};
use crate::audit::host::{Origin, origin};
use crate::audit::resolve::{AccountState, Candidate, Effect, Resolved, World};
use crate::audit::rules::registry_host::meant;
use crate::audit::unfilled;
use crate::audit::verdict::Verdict;
use crate::manifest::{Puller, host};
use crate::pull::chain::Source;

pub use crate::audit::finding::Finding;

/// What is known besides the manifests.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// Hosts of declared registries.
    pub declared: HashSet<String>,
    /// Hosts that the nodes can pull from, with who says so.
    pub attached: HashMap<String, Grant>,
    /// What access entries provide.
    pub entries: Vec<EntryFacts>,
    /// Hosts that anybody can pull from.
    pub anonymous: HashSet<String>,
    /// Hosts that a script or a template attaches, as far as it can be read.
    pub hints: HashMap<String, Spot>,
    /// Hosts of registries that are declared in ABAC mode.
    pub abac: HashSet<String>,
    /// Where a script assigns the role of the other mode, by host.
    pub old_roles: HashMap<String, Spot>,
    /// Whether something was left out that may reference any Secret: a build, a template of a chart.
    pub is_partial: bool,
    /// Texts that are no files.
    pub streams: HashSet<TextId>,
    /// Where pods run.
    pub target: Target,
}

/// What an access entry provides to the pods of some namespaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFacts {
    /// Its registries.
    pub hosts: Vec<String>,
    /// Its namespaces.
    pub namespaces: Vec<String>,
    /// The Secret.
    pub secret: String,
    /// The account that carries it, if one does.
    pub account: Option<String>,
}

/// Who says that the nodes can pull from a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// As it is called: ``access entry `sample` ``.
    pub by: String,
    /// Where it says so.
    pub spot: Option<Spot>,
}

/// Where the pods run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// On nodes of AKS, whose kubelet identity may have access.
    #[default]
    Aks,
    /// On virtual nodes of AKS, which have no kubelet identity.
    AksVirtualNode,
    /// On other nodes, without an Azure identity.
    Other,
}

/// A verdict.
#[derive(Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The registry, if the image is of a protected one.
    pub host: Option<String>,
    /// What serves the image, if something does.
    pub through: Option<Box<Through>>,
    /// What to report, if the verdict has a code.
    pub finding: Option<Box<Finding>>,
}

/// What serves an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// A pull secret.
    Secret {
        /// Its name.
        name: String,
        /// Whose list references it.
        source: Source,
        /// The key of its entry.
        key: String,
        /// What creates it.
        maker: &'static str,
        /// Where.
        spot: Spot,
    },
    /// The identity of the nodes.
    Node(Grant),
    /// An identity that the object assigns the puller.
    Identity,
    /// The registry allows anonymous pulls.
    Anonymous,
}

impl Judgement {
    pub(super) fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            host: None,
            through: None,
            finding: None,
        }
    }

    fn served(verdict: Verdict, through: Through) -> Self {
        Self {
            through: Some(Box::new(through)),
            ..Self::of(verdict)
        }
    }
}

/// Judges one image of a pod that is resolved.
pub fn judge<'a>(
    pod: &'a PodFacts,
    image: &'a ImageFacts,
    resolved: &Resolved<'a>,
    world: &World<'a>,
    knowledge: &Knowledge,
) -> Judgement {
    let effects = resolved
        .candidates
        .iter()
        .map(|one| world.effect(one, pod, &image.text));
    let effects: Vec<Effect<'a>> = effects.collect();
    let registry = match origin(&image.text, &knowledge.declared) {
        Origin::Public => return anyway(Verdict::Public, pod, image, resolved, &effects),
        Origin::Other => return anyway(Verdict::Other, pod, image, resolved, &effects),
        // A rule of its own tells what to write.
        Origin::Placeholder(_) if host(&image.text).and_then(meant).is_some() => {
            return Judgement::of(Verdict::Placeholder);
        }
        Origin::Placeholder(why) => {
            return Case::new(pod, image, "").placeholder_image(&why);
        }
        Origin::Registry(host) => host,
    };
    if let (Puller::Kubelet, Some((scheme, _))) = (pod.puller, image.text.split_once("://")) {
        return Case::new(pod, image, &registry).with_scheme(scheme);
    }
    let case = Case::new(pod, image, &registry);
    let mut judgement = case.decide(resolved, &effects, world, knowledge);
    judgement.host = Some(registry);
    judgement
}

/// An image that needs no credential here: a broken Secret fails it nevertheless.
fn anyway(
    verdict: Verdict,
    pod: &PodFacts,
    image: &ImageFacts,
    resolved: &Resolved<'_>,
    effects: &[Effect<'_>],
) -> Judgement {
    let mut pairs = resolved.candidates.iter().zip(effects);
    let broken = pairs.find_map(|(candidate, effect)| match effect {
        Effect::Breaks(secret, why) => Some((candidate, secret, why)),
        _ => None,
    });
    broken.map_or_else(
        || Judgement::of(verdict),
        |(candidate, secret, why)| {
            Case::new(pod, image, "").breaks(candidate.name, candidate.spot, secret, why)
        },
    )
}

/// One image of one pod.
pub(super) struct Case<'a> {
    pub(super) pod: &'a PodFacts,
    pub(super) image: &'a ImageFacts,
    pub(super) host: &'a str,
}

impl<'a> Case<'a> {
    fn new(pod: &'a PodFacts, image: &'a ImageFacts, host: &'a str) -> Self {
        Self { pod, image, host }
    }

    fn decide(
        &self,
        resolved: &Resolved<'_>,
        effects: &[Effect<'_>],
        world: &World<'_>,
        knowledge: &Knowledge,
    ) -> Judgement {
        let pairs = || resolved.candidates.iter().zip(effects);
        if let Some((candidate, Effect::Breaks(secret, why))) =
            pairs().find(|(_, effect)| matches!(effect, Effect::Breaks(..)))
        {
            return self.breaks(candidate.name, candidate.spot, secret, why);
        }
        if let Some(wrong) = self.pod.wrong.first() {
            return self.wrong_shape(wrong);
        }
        let mut wrong = resolved.accounts.iter().filter_map(|account| {
            let wrong = account.wrong.first()?;
            Some((*account, wrong))
        });
        if let Some((account, wrong)) = wrong.next()
            && resolved.source == Source::Account
        {
            return self.wrong_account(account, wrong);
        }
        // A virtual node needs every Secret of the list.
        if self.pod.is_virtual
            && pairs()
                .any(|(_, effect)| !matches!(effect, Effect::Serves(..) | Effect::OtherServers(..)))
        {
            let rest = pairs().filter(|(_, effect)| !matches!(effect, Effect::Serves(..)));
            return self.failed(rest, resolved, world, knowledge);
        }
        if let Some((candidate, Effect::Serves(secret, key))) =
            pairs().find(|(_, effect)| matches!(effect, Effect::Serves(..)))
        {
            if let Some((name, spot)) = resolved.forbidden {
                return self.forbidden(name, spot, resolved);
            }
            return Judgement::served(
                Verdict::Ok,
                Through::Secret {
                    name: candidate.name.to_owned(),
                    source: resolved.source,
                    key: key.clone(),
                    maker: secret.maker.words(),
                    spot: secret.object.spot,
                },
            );
        }
        if let Some(through) = self.without_secret(knowledge) {
            let verdict = match through {
                Through::Anonymous => Verdict::Public,
                Through::Secret { .. } | Through::Node(_) | Through::Identity => Verdict::Node,
            };
            return Judgement::served(verdict, through);
        }
        self.failed(pairs(), resolved, world, knowledge)
    }

    /// What lets the pod pull without any Secret.
    fn without_secret(&self, knowledge: &Knowledge) -> Option<Through> {
        if self.pod.has_identity {
            return Some(Through::Identity);
        }
        if knowledge.is_anonymous(self.host) {
            return Some(Through::Anonymous);
        }
        let has_node = self.pod.puller == Puller::Kubelet
            && !self.pod.is_virtual
            && knowledge.target == Target::Aks;
        let grant = knowledge.grant(self.host).filter(|_| has_node)?;
        Some(Through::Node(grant.clone()))
    }

    fn failed<'r>(
        &self,
        pairs: impl Iterator<Item = (&'r Candidate<'r>, &'r Effect<'r>)>,
        resolved: &Resolved<'_>,
        world: &World<'_>,
        knowledge: &Knowledge,
    ) -> Judgement {
        let best = pairs.min_by_key(|(_, effect)| effect.rank());
        if let Some((candidate, effect)) = best {
            match effect {
                Effect::Unknown(secret) => {
                    return self.unknown(candidate.name, candidate.spot, secret);
                }
                Effect::Placeholder(secret, why) => {
                    return self.placeholder(candidate.name, candidate.spot, secret, why);
                }
                Effect::Missing => {
                    let meant = world.secret_like(candidate.name, self.pod, &self.image.text);
                    return self.elsewhere(candidate.name, candidate.spot, meant);
                }
                Effect::Serves(..)
                | Effect::Breaks(..)
                | Effect::OtherNamespace(_)
                | Effect::Unusable(..)
                | Effect::OtherServers(..) => {}
            }
        }
        if let Some(hint) = knowledge.hints.get(self.host).filter(|_| {
            self.pod.puller == Puller::Kubelet
                && !self.pod.is_virtual
                && knowledge.target == Target::Aks
        }) {
            return self.claimed(*hint);
        }
        let hidden = resolved.hidden.iter().find_map(|candidate| {
            match world.effect(candidate, self.pod, &self.image.text) {
                Effect::Serves(secret, _) => Some((candidate, secret)),
                _ => None,
            }
        });
        if let Some((candidate, secret)) = hidden {
            return self.hidden(candidate.name, candidate.spot, secret, resolved);
        }
        match best {
            Some((candidate, Effect::OtherNamespace(others))) => {
                if let Some(adder) = world.adder_of_secret(candidate.name) {
                    return self.copied(candidate.name, candidate.spot, adder);
                }
                self.other_namespace(candidate.name, candidate.spot, others)
            }
            Some((candidate, Effect::Unusable(secret, why))) => {
                self.unusable(candidate.name, candidate.spot, secret, why)
            }
            Some((candidate, Effect::OtherServers(secret, servers))) => {
                self.other_servers(candidate.name, candidate.spot, secret, servers)
            }
            None
            | Some((
                _,
                Effect::Serves(..)
                | Effect::Breaks(..)
                | Effect::Unknown(_)
                | Effect::Placeholder(..)
                | Effect::Missing,
            )) => self.none(resolved, world, knowledge),
        }
    }

    /// No Secret reaches the pod at all.
    fn none(&self, resolved: &Resolved<'_>, world: &World<'_>, knowledge: &Knowledge) -> Judgement {
        if self.pod.list.pointer.is_none() && self.pod.account.is_none() {
            return self.undecidable();
        }
        if let AccountState::Missing(name) = resolved.account
            && resolved.source == Source::Account
        {
            if let Some(token) = unfilled::token(name) {
                return self.placeholder_account(&token);
            }
            return self.account_missing(name, world.account_like(name, self.pod));
        }
        let mountable = resolved.accounts.iter().find_map(|account| {
            let named = account
                .mountable
                .iter()
                .find(|one| world.serves(&one.name, one.spot, self.pod, &self.image.text))?;
            Some((*account, named))
        });
        if let Some((account, named)) = mountable
            && resolved.source == Source::Account
        {
            return self.mountable(account, named);
        }
        match world.adder_of_pull_secrets() {
            Some(adder) => self.added(adder),
            None => self.no_credential(resolved, knowledge),
        }
    }
}

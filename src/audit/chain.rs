//! One pod's whole chain, for people: what is tried for an image, in the order of the kubelet.

use crate::audit::facts::{PodFacts, Spot};
use crate::audit::host::{Origin, origin};
use crate::audit::judge::{Judgement, Knowledge, judge};
use crate::audit::resolve::{AccountState, Effect, Resolved, World};
use crate::audit::words;
use crate::manifest::pod::DEFAULT_ACCOUNT;
use crate::pull::chain::Source;

/// The chain of one image.
#[derive(Debug)]
pub struct Chain {
    /// Number of the image in the pod.
    pub image: usize,
    /// What decides about the list of pull secrets, in a sentence.
    pub list: String,
    /// What is tried, in order.
    pub steps: Vec<Step>,
    /// What happens after the pull secrets.
    pub node: String,
    /// The verdict.
    pub judgement: Judgement,
}

/// A pull secret of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Where it is referenced.
    pub spot: Spot,
    /// What creates it, and where.
    pub made: Option<(&'static str, Spot)>,
    /// Whether it has a credential for the image.
    pub serves: bool,
    /// What it does, in a few words.
    pub effect: String,
    /// Whether the pod's own list hides it.
    pub is_hidden: bool,
}

/// The chains of all images of a pod.
pub fn chains<'a>(pod: &'a PodFacts, world: &World<'a>, knowledge: &Knowledge) -> Vec<Chain> {
    let resolved = world.resolve(pod);
    let images = pod.images.iter().enumerate();
    images
        .map(|(at, image)| {
            let candidates = resolved.candidates.iter().map(|one| (one, false));
            let hidden = resolved.hidden.iter().map(|one| (one, true));
            let steps = candidates.chain(hidden).map(|(one, is_hidden)| {
                let effect = world.effect(one, pod, &image.text);
                Step {
                    name: one.name.to_owned(),
                    spot: one.spot,
                    made: made(&effect),
                    serves: matches!(effect, Effect::Serves(..)),
                    effect: sentence(&effect),
                    is_hidden,
                }
            });
            Chain {
                image: at,
                list: list(&resolved),
                steps: steps.collect(),
                node: node(pod, &image.text, knowledge),
                judgement: judge(pod, image, &resolved, world, knowledge),
            }
        })
        .collect()
}

/// Whose list counts.
fn list(resolved: &Resolved<'_>) -> String {
    let account = match resolved.account {
        AccountState::None => None,
        AccountState::Default => Some((DEFAULT_ACCOUNT, true)),
        AccountState::Known(name) => Some((name, true)),
        AccountState::Missing(name) => Some((name, false)),
    };
    match (resolved.source, account) {
        (Source::Pod, Some((name, _))) => {
            format!("its own list counts; that of ServiceAccount `{name}` is not used")
        }
        (Source::Pod, None) => "its own list counts".to_owned(),
        (Source::Account, None) => "it has no list".to_owned(),
        (Source::Account, Some((name, true))) if resolved.candidates.is_empty() => {
            format!("it has no list, and ServiceAccount `{name}` has none in the input")
        }
        (Source::Account, Some((name, true))) => {
            format!("it has no list, so that of ServiceAccount `{name}` counts")
        }
        (Source::Account, Some((name, false))) => {
            format!("it has no list, and ServiceAccount `{name}` is not in the input")
        }
    }
}

/// What is tried after the pull secrets.
fn node(pod: &PodFacts, image: &str, knowledge: &Knowledge) -> String {
    let Origin::Registry(host) = origin(image, &knowledge.declared) else {
        return "the pull is anonymous".to_owned();
    };
    if pod.has_identity {
        return "the object assigns the puller an Azure identity of its own".to_owned();
    }
    if pod.is_virtual {
        return "a virtual node has no kubelet identity".to_owned();
    }
    match (knowledge.grant(&host), knowledge.hints.get(&host)) {
        _ if knowledge.anonymous.contains(&host) => {
            "the registry allows anonymous pulls".to_owned()
        }
        (Some(grant), _) => format!("the node has access, says {}", grant.by),
        (None, Some(_)) => "the node may have access: a script seems to grant it".to_owned(),
        (None, None) => "nothing grants the node access".to_owned(),
    }
}

fn made(effect: &Effect<'_>) -> Option<(&'static str, Spot)> {
    let secret = match effect {
        Effect::Serves(secret, _)
        | Effect::Breaks(secret, _)
        | Effect::Unknown(secret)
        | Effect::Placeholder(secret, _)
        | Effect::Unusable(secret, _)
        | Effect::OtherServers(secret, _) => *secret,
        Effect::OtherNamespace(others) => others.first()?,
        Effect::Missing => return None,
    };
    Some((secret.maker.words(), secret.object.spot))
}

fn sentence(effect: &Effect<'_>) -> String {
    match effect {
        Effect::Serves(_, key) => format!("has a credential, by its entry for `{key}`"),
        Effect::Breaks(_, why) => format!("fails every pull of the pod: {why}"),
        Effect::Unknown(_) => "its registries cannot be seen".to_owned(),
        Effect::Placeholder(_, why) => format!("is not filled yet: {why}"),
        Effect::Missing => "nothing in the input creates it".to_owned(),
        Effect::OtherNamespace(others) => {
            let namespaces = others
                .iter()
                .filter_map(|one| one.object.identity.namespace.clone());
            let namespaces: Vec<String> = namespaces.collect();
            format!("is in namespace {} only", words::list(&namespaces))
        }
        Effect::Unusable(_, why) => format!("cannot be used: {why}"),
        Effect::OtherServers(_, servers) => {
            format!("has no entry for it, but for {}", words::list(servers))
        }
    }
}

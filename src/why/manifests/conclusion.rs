//! What follows from the cause of a failure and the verdict about the same image in the manifests.

use crate::audit::facts::{ImageFacts, PodFacts, Spot};
use crate::audit::judge::Judgement;
use crate::audit::resolve::{Effect, Resolved, World};
use crate::manifest::reference;
use crate::why::cause::Cause;
use crate::why::failure::Failure;
use crate::why::manifests::access::Access;
use crate::why::manifests::{credential, secret};

/// How the manifests relate to the cause of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They show the cause.
    Explains,
    /// By them the failure cannot happen: the cluster differs.
    Contradicts,
    /// They fit the cause, and cannot show it.
    Consistent,
    /// They do not decide.
    Open,
    /// The cause is not in them.
    Independent,
}

impl Relation {
    /// The word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Explains => "explains",
            Self::Contradicts => "contradicts",
            Self::Consistent => "consistent",
            Self::Open => "open",
            Self::Independent => "independent",
        }
    }
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// How the manifests relate to the cause.
    pub relation: Relation,
    /// The sentence about it.
    pub text: String,
    /// What the sentence is about, if it is not where the image or the finding is.
    pub spot: Option<Spot>,
    /// A Secret to look for in the cluster, with its namespace if that is known.
    pub secret: Option<(String, Option<String>)>,
}

impl Conclusion {
    pub(super) fn new(relation: Relation, text: impl Into<String>) -> Self {
        Self {
            relation,
            text: text.into(),
            spot: None,
            secret: None,
        }
    }

    pub(super) fn at(self, spot: Spot) -> Self {
        Self {
            spot: Some(spot),
            ..self
        }
    }

    pub(super) fn with_secret(self, name: &str, pod: &PodFacts) -> Self {
        let namespace = pod.object.identity.namespace.clone();
        Self {
            secret: Some((name.to_owned(), namespace)),
            ..self
        }
    }
}

/// What decides.
pub(super) struct Case<'a, 'w> {
    pub(super) failure: &'w Failure,
    pub(super) pod: &'a PodFacts,
    pub(super) image: &'a ImageFacts,
    pub(super) judgement: &'w Judgement,
    pub(super) resolved: &'w Resolved<'a>,
    pub(super) world: &'w World<'a>,
}

/// What follows for an image of an object.
pub(super) fn conclude(case: &Case<'_, '_>) -> Conclusion {
    match case.failure.cause {
        Cause::NoCredential => credential::not_sent(case),
        Cause::CredentialRefused | Cause::NoPermission => credential::refused(case),
        Cause::Unauthorized => credential::either(case),
        Cause::NeverPull => credential::never(case),
        Cause::MissingSecret => secret::missing(case),
        Cause::BrokenSecret => broken(case),
        Cause::InvalidImageName => reference(case),
        Cause::NotFound | Cause::Platform => content(case),
        Cause::NetworkRules
        | Cause::Throttled
        | Cause::KubeletThrottled
        | Cause::LayerHost
        | Cause::Dns
        | Cause::Unreachable
        | Cause::Certificate
        | Cause::ServerError => elsewhere(case),
    }
}

/// An entry of a pull secret cannot be decoded. It fails images of every registry, so the verdict about one
/// image does not decide.
fn broken(case: &Case<'_, '_>) -> Conclusion {
    let candidates = case.resolved.candidates.iter();
    let effects = candidates.map(|one| {
        let effect = case.world.effect(one, case.pod, &case.image.text);
        (one.name, effect)
    });
    let mut hidden = None;
    for (name, effect) in effects {
        match effect {
            Effect::Breaks(secret, why) => {
                let text = format!("this is the cause: Secret `{name}` cannot be decoded: {why}");
                return Conclusion::new(Relation::Explains, text).at(secret.object.spot);
            }
            Effect::Unknown(_) | Effect::Placeholder(..) | Effect::Missing => {
                hidden.get_or_insert(name);
            }
            Effect::Serves(..)
            | Effect::OtherNamespace(_)
            | Effect::Unusable(..)
            | Effect::OtherServers(..) => {}
        }
    }
    match hidden {
        Some(name) => Conclusion::new(
            Relation::Open,
            format!(
                "the manifests do not show the contents of Secret `{name}`: check it in the cluster"
            ),
        )
        .with_secret(name, case.pod),
        None => Conclusion::new(
            Relation::Contradicts,
            "every pull secret of the manifests can be decoded, so the cluster differs: one has other contents there, or the pod has one more",
        ),
    }
}

fn reference(case: &Case<'_, '_>) -> Conclusion {
    match reference::fault(&case.image.text) {
        Some(fault) => Conclusion::new(
            Relation::Explains,
            format!(
                "this is the cause, if nothing replaces it before it is applied: {}",
                fault.why
            ),
        ),
        None => Conclusion::new(
            Relation::Contradicts,
            "the reference in the manifests is valid, so something changed it on the way to the cluster",
        ),
    }
}

/// The registry answered, and does not have what the reference means.
fn content(case: &Case<'_, '_>) -> Conclusion {
    let text = match Access::of(case.judgement) {
        Access::Denied => {
            "the registry accepted the login, so the pod has a credential that the manifests do not show; if the reference is wrong, correct it here"
        }
        Access::Secret(..)
        | Access::Granted(_)
        | Access::Public
        | Access::Unjudged
        | Access::Undecided => {
            "the manifests cannot show what the registry holds: if the reference is wrong, correct it here"
        }
    };
    Conclusion::new(Relation::Independent, text)
}

/// The cause is in the network, the registry or the node.
fn elsewhere(case: &Case<'_, '_>) -> Conclusion {
    let text = match Access::of(case.judgement) {
        Access::Denied => {
            "the cause is not in the manifests, but once it is fixed, the pull fails by what the audit found"
        }
        Access::Undecided => {
            "the cause is not in the manifests, and they do not show whether the pod has a credential"
        }
        Access::Secret(..) | Access::Granted(_) | Access::Public | Access::Unjudged => {
            "the cause is not in the manifests"
        }
    };
    Conclusion::new(Relation::Independent, text)
}

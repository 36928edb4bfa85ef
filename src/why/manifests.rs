//! What manifests say about the objects that a failure is about.

mod access;
mod conclusion;
mod credential;
mod images;
mod index;
mod names;
mod secret;

use crate::audit::chain::{Chain, chains};
use crate::audit::facts::{Facts, PodFacts, UnmappedFacts};
use crate::audit::judge::Knowledge;
use crate::audit::resolve::World;
use crate::manifest::reference;
use crate::why::cause::Cause;
use crate::why::failure::Failure;
use crate::why::manifests::conclusion::{Case, conclude};
use crate::why::manifests::images::Parts;
use crate::why::manifests::index::Index;
use crate::why::subject::Pod;

pub use crate::why::manifests::conclusion::{Conclusion, Relation};
pub use crate::why::manifests::images::Likeness;

/// Manifests in which the objects of failures are looked up.
pub struct Manifests<'a> {
    index: Index<'a>,
    world: &'a World<'a>,
    knowledge: &'a Knowledge,
}

/// The objects of a failure.
#[derive(Debug, Default)]
pub struct Related<'a> {
    /// Those with pods, in the order of the input.
    pub objects: Vec<RelatedObject<'a>>,
    /// Those that use the image somewhere, and whose pods are not known.
    pub unmapped: Vec<&'a UnmappedFacts>,
    /// Pods that belong to none of the objects by their names.
    pub unmatched: Vec<Pod>,
    /// How many objects with pods there are besides the first hundred.
    pub more: usize,
}

/// An object of a failure.
#[derive(Debug)]
pub struct RelatedObject<'a> {
    /// The object with its pods.
    pub pod: &'a PodFacts,
    /// What it was found by.
    pub by: By,
    /// Its images that the failure is about; none if it does not use the image.
    pub images: Vec<RelatedImage>,
}

/// An image of an object of a failure.
#[derive(Debug)]
pub struct RelatedImage {
    /// The way to its credential, with the verdict.
    pub chain: Chain,
    /// How alike it is to the image of the failure; `None` if that is not known, or cannot be compared.
    pub likeness: Option<Likeness>,
    /// What follows for the failure.
    pub conclusion: Conclusion,
}

/// What an object was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The image.
    Image,
    /// The name of a pod.
    Pod,
}

impl By {
    /// The word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Pod => "pod",
        }
    }
}

impl<'a> Manifests<'a> {
    /// Indexes manifests. `world` is of the same facts.
    pub fn new(facts: &'a Facts, world: &'a World<'a>, knowledge: &'a Knowledge) -> Self {
        Self {
            index: Index::new(facts),
            world,
            knowledge,
        }
    }

    /// The objects that a failure is about: those that its pods belong to by their names, and for other pods,
    /// or if it names none, those that use its image.
    pub fn related(&self, failure: &Failure) -> Related<'a> {
        let wanted = failure.image.as_deref().map(Parts::of);
        let found = self.index.find(&failure.pods, wanted.as_ref());
        let objects = found.pods.into_iter().map(|(pod, by)| RelatedObject {
            pod,
            by,
            images: self.images(pod, failure, wanted.as_ref()),
        });
        Related {
            objects: objects.collect(),
            unmapped: found.unmapped,
            unmatched: found.unmatched,
            more: found.more,
        }
    }

    /// The images of a pod that a failure is about.
    fn images(
        &self,
        pod: &'a PodFacts,
        failure: &Failure,
        wanted: Option<&Parts<'_>>,
    ) -> Vec<RelatedImage> {
        let likeness = |image: &str| wanted.and_then(|wanted| wanted.likeness(&Parts::of(image)));
        let best = pod
            .images
            .iter()
            .filter_map(|image| likeness(&image.text))
            .max();
        let resolved = self.world.resolve(pod);
        let meant = chains(pod, self.world, self.knowledge)
            .into_iter()
            .filter_map(|chain| {
                let image = pod.images.get(chain.image)?;
                let is_meant = match (wanted, best) {
                    (Some(_), Some(_)) => likeness(&image.text) == best,
                    // What is not valid reads differently once something filled it.
                    (Some(_), None) => {
                        failure.cause == Cause::InvalidImageName
                            && reference::fault(&image.text).is_some()
                    }
                    (None, _) => is_of_registry(&chain, failure),
                };
                if !is_meant {
                    return None;
                }
                let conclusion = conclude(&Case {
                    failure,
                    pod,
                    image,
                    judgement: &chain.judgement,
                    resolved: &resolved,
                    world: self.world,
                });
                Some(RelatedImage {
                    likeness: likeness(&image.text),
                    conclusion,
                    chain,
                })
            });
        let mut images: Vec<RelatedImage> = meant.collect();
        if failure.cause == Cause::MissingSecret {
            // All images of a pod say the same about its Secrets.
            let fails = |one: &RelatedImage| one.chain.judgement.finding.is_some();
            let first = images.iter().position(fails).unwrap_or(0);
            images = images.into_iter().skip(first).take(1).collect();
        }
        images
    }
}

/// Whether an image is of the registry of a failure, if that tells one.
fn is_of_registry(chain: &Chain, failure: &Failure) -> bool {
    let host = chain.judgement.host.as_deref();
    let registry = failure.registry.as_deref();
    registry.is_none_or(|registry| host.is_some_and(|host| host.eq_ignore_ascii_case(registry)))
}

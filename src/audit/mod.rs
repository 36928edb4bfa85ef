//! Proof that pods can pull: what was read of manifests, and what is known besides, to a verdict for each
//! image of each pod. Pure: no file, no network, no cluster.
// What others wrote must not end the program.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::panic, clippy::string_slice)
)]

mod added;
mod adders;
pub mod baseline;
pub mod chain;
mod collect;
pub mod comments;
mod effect;
pub mod facts;
mod finding;
mod findings;
pub mod fix;
mod hide;
pub mod hints;
pub mod host;
pub mod ignore;
pub mod judge;
pub mod kustomization;
mod later;
mod list;
mod makers;
mod mentions;
mod misshapen;
mod near;
pub mod policy;
mod provided;
pub mod read;
mod relevant;
pub mod resolve;
pub mod rules;
mod shape;
mod slips;
mod spots;
pub mod texts;
mod tokens;
pub mod trace;
pub mod unbuilt;
mod unfilled;
pub mod verdict;
mod words;

use std::collections::BTreeMap;

use crate::audit::facts::{Facts, ImageFacts, PodFacts, UnmappedFacts};
use crate::audit::host::{Origin, origin};
use crate::audit::judge::{Finding, Judgement, Knowledge, judge};
use crate::audit::resolve::World;
use crate::audit::verdict::Verdict;
use crate::cores;
use crate::diag::Code;
use crate::pointer::Step;

pub use crate::audit::relevant::can_matter;
pub use crate::audit::texts::Texts;

/// A verdict and what it is about.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The pod.
    pub pod: &'a PodFacts,
    /// Number of the image in it.
    pub image: usize,
    /// The verdict.
    pub judgement: Judgement,
}

/// How many images there are of each verdict.
pub type Summary = BTreeMap<Verdict, usize>;

/// Judges every image of every pod, in the order of the input.
pub fn verdicts<'a>(facts: &'a Facts, world: &World<'a>, knowledge: &Knowledge) -> Vec<Judged<'a>> {
    let of_pod = |pod: &'a PodFacts| {
        let resolved = world.resolve(pod);
        let judged = pod.images.iter().enumerate().map(|(at, image)| Judged {
            pod,
            image: at,
            judgement: judge(pod, image, &resolved, world, knowledge),
        });
        judged.collect::<Vec<_>>()
    };
    let pods: Vec<&PodFacts> = facts.pods.iter().collect();
    cores::map(&pods, |pod| of_pod(pod))
        .into_iter()
        .flatten()
        .collect()
}

/// Counts verdicts.
pub fn summary(judged: &[Judged<'_>]) -> Summary {
    let mut summary = Summary::new();
    for one in judged {
        *summary.entry(one.judgement.verdict).or_default() += 1;
    }
    summary
}

/// Objects of unknown kinds with images of protected registries: one finding for each object.
pub fn unmapped(facts: &Facts, knowledge: &Knowledge) -> Vec<Finding> {
    let found = facts.unmapped.iter();
    found
        .filter_map(|one| unmapped_object(one, knowledge))
        .collect()
}

/// Whether a value is no image of a pod: objects of programs that the API server does not know
/// (<https://skaffold.dev/docs/references/yaml/>), patterns of policies
/// (<https://kyverno.io/docs/policy-types/>), and variables
/// (<https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution>).
fn is_no_image(one: &UnmappedFacts, image: &ImageFacts) -> bool {
    let identity = &one.object.identity;
    let group = identity.group();
    let is_variable = |step: &Step| *step == Step::Key("postBuild".to_owned());
    group == "skaffold"
        || group == "kyverno.io"
        || group == "policies.kyverno.io"
        || (group == "kustomize.toolkit.fluxcd.io" && image.pointer.0.iter().any(is_variable))
}

fn unmapped_object(one: &UnmappedFacts, knowledge: &Knowledge) -> Option<Finding> {
    let hosts = one
        .images
        .iter()
        .filter(|image| !is_no_image(one, image))
        .filter_map(|image| match origin(&image.text, &knowledge.declared) {
            Origin::Registry(host) => Some((image, host)),
            Origin::Public | Origin::Other | Origin::Placeholder(_) => None,
        });
    let hosts: Vec<_> = hosts.collect();
    let (first, _) = hosts.first()?;
    let mut names: Vec<String> = hosts.iter().map(|(_, host)| host.clone()).collect();
    names.sort();
    names.dedup();
    let identity = &one.object.identity;
    let message = format!(
        "{identity} uses images from {}, but the path of its pod spec is unknown",
        words::list(&names)
    );
    Some(Finding {
        object: Some(one.object.clone()),
        field: first.pointer.clone(),
        image: Some(first.text.clone()),
        help: vec!["declare its kind in `kinds` of the policy".to_owned()],
        ..Finding::new(Code::NotChecked, first.spot, message)
    })
}

//! Objects by the names of their pods and by their images.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::audit::facts::{Facts, ImageFacts, ObjectFacts, PodFacts, UnmappedFacts};
use crate::why::manifests::By;
use crate::why::manifests::images::{Likeness, Parts};
use crate::why::manifests::names::{self, Fit};
use crate::why::subject::Pod;

/// Objects of manifests, to be looked up.
pub(super) struct Index<'a> {
    facts: &'a Facts,
    /// Indices of pods by the names of their objects.
    names: HashMap<&'a str, Vec<usize>>,
    /// Images with the indices of their pods, by their repositories.
    repositories: Repositories<'a>,
    /// The same of objects whose pods are not known.
    unmapped: Repositories<'a>,
}

/// Images with the indices of what uses them, by their repositories.
type Repositories<'a> = HashMap<String, Vec<(usize, Parts<'a>)>>;

/// More objects of one failure are counted.
const MAX_FOUND: usize = 100;

/// What was found.
pub(super) struct Found<'a> {
    /// In the order of the input.
    pub(super) pods: Vec<(&'a PodFacts, By)>,
    pub(super) unmapped: Vec<&'a UnmappedFacts>,
    /// Pods that fit none by their names.
    pub(super) unmatched: Vec<Pod>,
    /// How many more objects there are.
    pub(super) more: usize,
}

impl<'a> Index<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        let mut names: HashMap<&'a str, Vec<usize>> = HashMap::new();
        for (at, pod) in facts.pods.iter().enumerate() {
            for key in names::keys_of(&pod.object.identity) {
                names.entry(key).or_default().push(at);
            }
        }
        Self {
            facts,
            names,
            repositories: by_repository(facts.pods.iter().map(|pod| pod.images.as_slice())),
            unmapped: by_repository(facts.unmapped.iter().map(|one| one.images.as_slice())),
        }
    }

    /// The objects of some pods by their names; of the pods that fit none, and if there are no pods at all,
    /// those that use the image.
    pub(super) fn find(&self, pods: &[Pod], wanted: Option<&Parts<'_>>) -> Found<'a> {
        let mut found: BTreeMap<usize, By> = BTreeMap::new();
        let mut unmatched = Vec::new();
        for pod in pods {
            let owners = self.owners(pod, wanted);
            if owners.is_empty() {
                unmatched.push(pod.clone());
            }
            found.extend(owners.into_iter().map(|at| (at, By::Pod)));
        }
        let mut namespaces: BTreeSet<Option<&str>> = unmatched
            .iter()
            .map(|pod| pod.namespace.as_deref())
            .collect();
        if pods.is_empty() {
            namespaces.insert(None);
        }
        let of_image = |all: &Repositories<'a>,
                        object: &dyn Fn(usize) -> Option<&'a ObjectFacts>| {
            let all = wanted.and_then(|wanted| all.get(&wanted.repository));
            let all = all.into_iter().flatten();
            let there =
                all.filter(|(at, _)| object(*at).is_some_and(|one| is_in(one, &namespaces)));
            there
                .map(|(at, parts)| (*at, wanted.and_then(|wanted| wanted.likeness(parts))))
                .collect::<Vec<_>>()
        };
        let users = of_image(&self.repositories, &|at| {
            Some(&*self.facts.pods.get(at)?.object)
        });
        let mut more = 0;
        for at in best(&users) {
            if found.len() < MAX_FOUND {
                found.entry(at).or_insert(By::Image);
            } else if !found.contains_key(&at) {
                more += 1;
            }
        }
        more += found.len().saturating_sub(MAX_FOUND);
        let pods = found.into_iter().take(MAX_FOUND);
        let unmapped = of_image(&self.unmapped, &|at| {
            Some(&*self.facts.unmapped.get(at)?.object)
        });
        let unmapped = best(&unmapped).into_iter().take(MAX_FOUND);
        Found {
            pods: pods
                .filter_map(|(at, by)| Some((self.facts.pods.get(at)?, by)))
                .collect(),
            unmapped: unmapped
                .filter_map(|at| self.facts.unmapped.get(at))
                .collect(),
            unmatched,
            more,
        }
    }

    /// The objects that a pod belongs to by its name: those that fit best, by the longest name, in its
    /// namespace rather than in an unknown one, and with its image.
    fn owners(&self, pod: &Pod, wanted: Option<&Parts<'_>>) -> BTreeSet<usize> {
        let mut best = None;
        let mut owners = BTreeSet::new();
        let keys = names::keys(&pod.name).filter_map(|key| self.names.get(key));
        for at in keys.flatten().copied() {
            let Some(facts) = self.facts.pods.get(at) else {
                continue;
            };
            let (object, namespace) = (&facts.object, pod.namespace.as_deref());
            let Some(fit) = names::fit(&pod.name, &object.identity) else {
                continue;
            };
            let likeness = wanted.and_then(|wanted| likeness(facts, wanted));
            let is_certain = fit > Fit::Similar || likeness.is_some();
            if !is_certain || !may_be_in(object, namespace) {
                continue;
            }
            let is_known = namespace.is_some() && object.identity.namespace.is_some();
            let rank = Some((fit, object.identity.name.len(), is_known, likeness));
            if rank > best {
                best = rank;
                owners.clear();
            }
            if rank == best {
                owners.insert(at);
            }
        }
        owners
    }
}

fn by_repository<'a>(all: impl Iterator<Item = &'a [ImageFacts]>) -> Repositories<'a> {
    let mut found = Repositories::new();
    for (at, images) in all.enumerate() {
        for image in images {
            let parts = Parts::of(&image.text);
            let repository = parts.repository.clone();
            found.entry(repository).or_default().push((at, parts));
        }
    }
    found
}

/// Those that are the most alike, each once.
fn best(all: &[(usize, Option<Likeness>)]) -> BTreeSet<usize> {
    let best = all.iter().map(|(_, likeness)| *likeness).max();
    let best = all.iter().filter(|(_, own)| Some(*own) == best);
    best.map(|(at, _)| *at).collect()
}

/// The best likeness of the images of a pod.
fn likeness(pod: &PodFacts, wanted: &Parts<'_>) -> Option<Likeness> {
    let all = pod.images.iter();
    all.filter_map(|image| wanted.likeness(&Parts::of(&image.text)))
        .max()
}

/// Whether an object may be in a namespace: that of either may be unknown.
fn may_be_in(object: &ObjectFacts, namespace: Option<&str>) -> bool {
    match (&object.identity.namespace, namespace) {
        (Some(own), Some(namespace)) => own == namespace,
        (None, _) | (_, None) => true,
    }
}

/// Whether an object may be in one of some namespaces.
fn is_in(object: &ObjectFacts, namespaces: &BTreeSet<Option<&str>>) -> bool {
    match &object.identity.namespace {
        Some(own) => namespaces.contains(&None) || namespaces.contains(&Some(own.as_str())),
        None => !namespaces.is_empty(),
    }
}

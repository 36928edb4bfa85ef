//! Where values of an object are written, and what its metadata says.

use crate::audit::facts::{Facts, IgnoredFacts, ListFacts, Named, ObjectFacts, Renewal, Spot};
use crate::audit::read::IGNORE;
use crate::document::{Entry, Node};
use crate::manifest::Shape;
use crate::pointer::Pointer;
use crate::span::Span;

/// How many facts there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pods: usize,
    accounts: usize,
    secrets: usize,
    generators: usize,
    unmapped: usize,
    adders: usize,
}

impl Counts {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            pods: facts.pods.len(),
            accounts: facts.accounts.len(),
            secrets: facts.secrets.len(),
            generators: facts.generators.len(),
            unmapped: facts.unmapped.len(),
            adders: facts.adders.len(),
        }
    }
}

/// The spots of what was added since the counts of `before`.
pub(super) fn spots(facts: &Facts, before: Counts) -> Vec<Span> {
    let pods = facts.pods.iter().skip(before.pods);
    let accounts = facts.accounts.iter().skip(before.accounts);
    let secrets = facts.secrets.iter().skip(before.secrets);
    let generators = facts.generators.iter().skip(before.generators);
    let unmapped = facts.unmapped.iter().skip(before.unmapped);
    let adders = facts.adders.iter().skip(before.adders);
    let mut all: Vec<Span> = Vec::new();
    let of_object = |object: &ObjectFacts| {
        let ignored = object.ignored.iter().map(|one| one.rule.spot.span);
        ignored.chain([object.spot.span]).collect::<Vec<_>>()
    };
    let of_list = |list: &ListFacts| {
        let elements = list.elements.iter().flatten();
        elements.map(|(_, spot)| spot.span).collect::<Vec<_>>()
    };
    for pod in pods {
        all.extend(of_object(&pod.object));
        all.extend(pod.images.iter().map(|image| image.spot.span));
        all.extend(pod.account.iter().map(|account| account.spot.span));
        all.extend(pod.wrong.iter().map(|wrong| wrong.spot.span));
        all.extend(of_list(&pod.list));
    }
    for account in accounts {
        all.extend(of_object(&account.object));
        all.extend(account.mountable.iter().map(|one| one.spot.span));
        all.extend(account.wrong.iter().map(|wrong| wrong.spot.span));
        all.extend(of_list(&account.list));
    }
    all.extend(secrets.flat_map(|secret| of_object(&secret.object)));
    all.extend(adders.flat_map(|adder| of_object(&adder.object)));
    for one in generators {
        all.extend(of_object(&one.object));
        all.push(match &one.renewal {
            Renewal::Every(interval) => interval.spot.span,
            Renewal::Never(spot) => spot.span,
        });
    }
    for one in unmapped {
        all.extend(of_object(&one.object));
        all.extend(one.images.iter().map(|image| image.spot.span));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Where the value at a pointer is written, or what is nearest to it.
pub(super) fn span_at(object: &Node, at: &Pointer) -> Span {
    let mut at = at.clone();
    loop {
        if let Some(node) = object.find(&at) {
            return node.span;
        }
        match at.parent() {
            Some(parent) => at = parent,
            None => return object.span,
        }
    }
}

pub(super) fn element_span(list: Option<&Node>, shape: Shape, index: usize) -> Span {
    let Some(list) = list else {
        return Span::default();
    };
    let element = match shape {
        Shape::Objects | Shape::Names => list.items().get(index),
        Shape::Name | Shape::Object => Some(list),
    };
    let element = element.unwrap_or(list);
    element.get("name").unwrap_or(element).span
}

/// Virtual nodes of AKS are selected by their type
/// (<https://learn.microsoft.com/azure/aks/virtual-nodes-cli>).
pub(super) fn is_virtual(pod: Option<&Node>) -> bool {
    let selector = pod.and_then(|pod| pod.get("nodeSelector"));
    selector.and_then(|selector| selector.text("type")) == Some("virtual-kubelet")
}

/// The rules that an object's annotations ignore; `original` is what a build made the object of.
pub(super) fn ignored(
    object: &Node,
    original: Option<&Node>,
    spot: impl Fn(Span) -> Spot,
) -> Vec<IgnoredFacts> {
    let is_written = |key: &str| original.is_none_or(|tree| annotation(tree, key).is_some());
    let entries = annotations(object).iter();
    entries
        .filter_map(|entry| {
            let rule = entry.key.strip_prefix(IGNORE)?;
            let reason = entry.value.as_str().unwrap_or_default();
            Some(IgnoredFacts {
                rule: Named {
                    name: rule.to_owned(),
                    spot: spot(entry.key_span),
                },
                has_reason: !reason.trim().is_empty(),
                is_written: is_written(&entry.key),
            })
        })
        .collect()
}

fn annotations(object: &Node) -> &[Entry] {
    let metadata = object.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    annotations.map_or(&[], Node::entries)
}

fn annotation<'a>(object: &'a Node, key: &str) -> Option<&'a Entry> {
    annotations(object).iter().find(|entry| entry.key == key)
}

//! `why` with manifests: what they say about the objects of a failure, for people and as JSON.

use serde_json::{Value, json};

use crate::audit::chain::Chain;
use crate::audit::judge::Through;
use crate::audit::verdict::Verdict;
use crate::cli::audit::inputs::Inputs;
use crate::cli::explain::object::{at, image_to_json, object_to_json};
use crate::cli::page::count;
use crate::manifest::Identity;
use crate::mask;
use crate::pull::chain::Source;
use crate::why::manifests::{Likeness, Related, RelatedImage, RelatedObject};
use crate::why::{Failure, is_plain};

/// More objects than this are counted.
const MAX_OBJECTS: usize = 5;

/// A line of a block, with its name if it begins a part.
pub(super) type Row = (&'static str, String);

/// What the manifests say, line by line. Secrets in it are masked; control characters are not cleaned.
pub(super) fn rows(failure: &Failure, related: &Related<'_>, inputs: &Inputs) -> Vec<Row> {
    let mut rows = Vec::new();
    for object in related.objects.iter().take(MAX_OBJECTS) {
        for image in &object.images {
            of_image(object, image, inputs, &mut rows);
        }
        if object.images.is_empty() {
            let name = placed(&object.pod.object.identity, object, inputs);
            rows.push(("object", name));
            rows.push(("so", without_image(failure).to_owned()));
        }
    }
    for one in related.unmapped.iter().take(MAX_OBJECTS) {
        let place = at(one.object.spot, inputs);
        rows.push(("used by", format!("{} at {place}", one.object.identity)));
        rows.push(("audit", UNMAPPED.to_owned()));
    }
    let all = [related.objects.len(), related.unmapped.len()];
    let hidden = all.iter().map(|count| count.saturating_sub(MAX_OBJECTS));
    let more = hidden.sum::<usize>() + related.more;
    if more > 0 {
        rows.push(("", format!("and {}", count(more, "more object"))));
    }
    if let Some(message) = message(failure, related, inputs) {
        rows.push(("files", message));
    }
    for (_, text) in &mut rows {
        *text = mask::names(text);
    }
    rows
}

/// What an audit says of objects whose pods are not known.
const UNMAPPED: &str =
    "not-checked: the path of its pod spec is unknown: declare its kind in `kinds` of the policy";

fn placed(identity: &Identity, object: &RelatedObject<'_>, inputs: &Inputs) -> String {
    format!("{identity} at {}", at(object.pod.object.spot, inputs))
}

fn of_image(
    object: &RelatedObject<'_>,
    image: &RelatedImage,
    inputs: &Inputs,
    rows: &mut Vec<Row>,
) {
    let chain = &image.chain;
    let Some(own) = object.pod.images.get(chain.image) else {
        return;
    };
    let container = match &own.container {
        Some(name) => format!("container `{name}`"),
        None => "image".to_owned(),
    };
    let name = placed(&object.pod.object.identity, object, inputs);
    let place = at(own.spot, inputs);
    rows.push(("used by", format!("{name}, {container} at {place}")));
    match image.likeness {
        Some(Likeness::Same) => {}
        Some(Likeness::SameRepository) => {
            let rest = "apply these manifests, or pass those that were applied";
            rows.push(("", format!("its image there is `{}`: {rest}", own.text)));
        }
        None => rows.push(("", format!("its image is `{}`", own.text))),
    }
    rows.push(("audit", audited(chain, inputs)));
    let help = chain.judgement.finding.iter().flat_map(|one| &one.help);
    rows.extend(help.map(|help| ("", help.clone())));
    let conclusion = &image.conclusion;
    let place = conclusion.spot.map(|spot| at(spot, inputs));
    let place = place.map_or_else(String::new, |place| format!(" ({place})"));
    rows.push(("so", format!("{}{place}", conclusion.text)));
    if let Some(command) = command(image) {
        rows.push(("", format!("$ {command}")));
    }
}

/// How to look for the Secret of a conclusion.
fn command(image: &RelatedImage) -> Option<String> {
    let (name, namespace) = image.conclusion.secret.as_ref()?;
    let namespace = namespace.as_deref().unwrap_or("NAMESPACE");
    let is_safe = is_plain(name) && is_plain(namespace);
    is_safe.then(|| format!("kubectl get secret {name} --namespace {namespace}"))
}

/// The verdict and what it is through.
fn audited(chain: &Chain, inputs: &Inputs) -> String {
    let judgement = &chain.judgement;
    let word = judgement.verdict.word();
    if let Some(finding) = &judgement.finding {
        return format!("{word}: {} ({})", finding.message, at(finding.spot, inputs));
    }
    let rest = match judgement.through.as_deref() {
        Some(Through::Secret {
            name,
            source,
            key,
            maker,
            spot,
        }) => {
            let list = match source {
                Source::Pod => "the pod",
                Source::Account => "its ServiceAccount",
            };
            let place = at(*spot, inputs);
            format!("pull secret `{name}` of {list} ({maker}, {place}) has an entry for `{key}`")
        }
        Some(Through::Node(grant)) => match grant.spot {
            Some(spot) => format!("{} ({})", chain.node, at(spot, inputs)),
            None => chain.node.clone(),
        },
        Some(Through::Identity | Through::Anonymous) => chain.node.clone(),
        None if judgement.verdict == Verdict::Other => {
            "the registry is not of Azure and not declared".to_owned()
        }
        None if judgement.verdict == Verdict::Placeholder => {
            "the host is not a login server".to_owned()
        }
        None => "no credential is required".to_owned(),
    };
    format!("{word}: {rest}")
}

/// What follows if the object of a pod does not use the image.
fn without_image(failure: &Failure) -> &'static str {
    if failure.image.is_some() {
        "it does not use this image, so the cluster differs: other manifests were applied, or something adds the container"
    } else {
        "it uses no image of this registry"
    }
}

/// Why nothing, or not all, was found by the names of the pods.
fn message(failure: &Failure, related: &Related<'_>, inputs: &Inputs) -> Option<String> {
    let is_found = !related.objects.is_empty() || !related.unmapped.is_empty();
    let unmatched = related.unmatched.len();
    if is_found {
        return (unmatched > 0).then(|| {
            let pods = count(unmatched, "pod");
            format!("no object of the manifests fits the name of {pods}, so the objects that use the image are shown")
        });
    }
    let facts = &inputs.facts;
    let text = if facts.pods.is_empty() && facts.unmapped.is_empty() {
        "the paths contain no object with pods"
    } else {
        match (failure.pods.is_empty(), failure.image.is_some()) {
            (true, false) => {
                "the text names no pod and no image, so it was not compared with the manifests"
            }
            (true, true) => "no object of the manifests uses the image",
            (false, false) => "no object of the manifests fits the name and namespace of the pod",
            (false, true) => {
                "no object of the manifests fits the name of the pod or uses the image, in its namespace"
            }
        }
    };
    Some(text.to_owned())
}

/// The same as JSON.
pub(super) fn to_json(failure: &Failure, related: &Related<'_>, inputs: &Inputs) -> Value {
    let objects = related.objects.iter().map(|object| {
        let images = object.images.iter();
        let identity = &object.pod.object.identity;
        json!({
            "object": object_to_json(identity),
            "at": at(object.pod.object.spot, inputs),
            "foundBy": object.by.id(),
            "images": images.map(|image| image_json(object, image, inputs)).collect::<Value>(),
            "message": object.images.is_empty().then(|| without_image(failure)),
        })
    });
    let unmapped = related.unmapped.iter().map(|one| {
        json!({
            "object": object_to_json(&one.object.identity),
            "at": at(one.object.spot, inputs),
        })
    });
    let unmatched = related.unmatched.iter();
    let unmatched = unmatched.map(|pod| json!({"namespace": pod.namespace, "name": pod.name}));
    mask::json(json!({
        "objects": objects.collect::<Value>(),
        "moreObjects": related.more,
        "unmapped": unmapped.collect::<Value>(),
        "unmatchedPods": unmatched.collect::<Value>(),
        "message": message(failure, related, inputs),
    }))
}

fn image_json(object: &RelatedObject<'_>, image: &RelatedImage, inputs: &Inputs) -> Value {
    let mut value = image_to_json(object.pod, &image.chain, inputs);
    let finding = image.chain.judgement.finding.as_ref();
    let conclusion = &image.conclusion;
    value["messageAt"] = json!(finding.map(|finding| at(finding.spot, inputs)));
    value["sameImage"] = json!(image.likeness.map(|one| one == Likeness::Same));
    value["relation"] = json!(conclusion.relation.id());
    value["conclusion"] = json!(conclusion.text);
    value["conclusionAt"] = json!(conclusion.spot.map(|spot| at(spot, inputs)));
    value["command"] = json!(command(image));
    value
}

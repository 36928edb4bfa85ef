//! Objects whose controllers add pull secrets to pods, or copy Secrets to namespaces, in a cluster: what the
//! manifests show is not all there is.

use std::sync::Arc;

use crate::audit::facts::{AdderFacts, Adds, ObjectFacts};
use crate::document::{Data, Node};
use crate::manifest::Object;
use crate::manifest::secrets::FIELD;

/// Kinds that change other objects, and the keys whose values say how:
/// <https://fluxcd.io/flux/components/kustomize/kustomizations/#patches>,
/// <https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/>,
/// <https://kyverno.io/docs/policy-types/cluster-policy/mutate/>,
/// <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/>,
/// <https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/>.
const CHANGERS: &[(&str, &str, &[&str])] = &[
    (
        "kustomize.toolkit.fluxcd.io",
        "Kustomization",
        &["patches", "patchesStrategicMerge", "patchesJson6902"],
    ),
    ("argoproj.io", "Application", &["kustomize"]),
    ("argoproj.io", "ApplicationSet", &["kustomize"]),
    ("kyverno.io", "ClusterPolicy", &["mutate"]),
    ("kyverno.io", "Policy", &["mutate"]),
    ("policies.kyverno.io", "MutatingPolicy", &["mutations"]),
    ("mutations.gatekeeper.sh", "Assign", &["spec"]),
    ("mutations.gatekeeper.sh", "ModifySet", &["spec"]),
    (
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicy",
        &["mutations"],
    ),
];

/// What the controller of an object adds.
pub(super) fn adders(object: &Object<'_>, about: &Arc<ObjectFacts>) -> Vec<AdderFacts> {
    let identity = &object.identity;
    let of = |adds: Adds| AdderFacts {
        object: Arc::clone(about),
        adds,
    };
    let mut found = Vec::new();
    let mut changers = CHANGERS.iter();
    let changer =
        changers.find(|(group, kind, _)| *group == identity.group() && *kind == identity.kind);
    if let Some((_, _, keys)) = changer
        && below(object.node, keys).any(mentions)
    {
        found.push(of(Adds::PullSecrets));
    }
    if identity.group() == "kyverno.io" {
        let secrets = below(object.node, &["generate"]).filter_map(copied);
        found.extend(secrets.map(|name| of(Adds::Secret(name))));
    }
    found
}

/// The values of some keys, wherever they are.
fn below<'a>(node: &'a Node, keys: &'a [&'a str]) -> impl Iterator<Item = &'a Node> {
    let mut waiting = vec![node];
    let mut found = Vec::new();
    while let Some(node) = waiting.pop() {
        waiting.extend(node.items());
        for entry in node.entries() {
            if keys.contains(&entry.key.as_str()) {
                found.push(&entry.value);
            } else {
                waiting.push(&entry.value);
            }
        }
    }
    found.into_iter()
}

/// Whether the field of pull secrets is in it, as a key or in a text such as a patch.
fn mentions(node: &Node) -> bool {
    match &node.data {
        Data::Scalar(value) => value.as_str().is_some_and(|text| text.contains(FIELD)),
        Data::Sequence(items) => items.iter().any(mentions),
        Data::Mapping(entries) => entries
            .iter()
            .any(|entry| entry.key.contains(FIELD) || mentions(&entry.value)),
    }
}

/// The name of the Secret that a rule of Kyverno generates, or none if it is one of several
/// (<https://kyverno.io/docs/policy-types/cluster-policy/generate/>).
fn copied(generate: &Node) -> Option<Option<String>> {
    if generate.text("kind") == Some("Secret") {
        return Some(generate.text("name").map(str::to_owned));
    }
    let kinds = generate.get("cloneList")?.get("kinds")?;
    let mut kinds = kinds.items().iter().filter_map(Node::as_str);
    kinds
        .any(|kind| kind == "Secret" || kind.ends_with("/Secret"))
        .then_some(None)
}

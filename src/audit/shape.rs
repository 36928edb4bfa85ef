//! Values of the wrong shape that decide about pulls: the API server rejects or ignores them.

use crate::audit::facts::{Spot, WrongFacts};
use crate::document::Node;
use crate::manifest::secrets::FIELD;
use crate::manifest::{Kinds, Object, Pod, Shape, wrong_shapes, wrong_shapes_of_account};
use crate::pointer::{Pointer, Step};

/// The singular, which is no field of a pod.
const SINGULAR: &str = "imagePullSecret";

/// The values of an object that are not in the shape that pulls need.
pub(super) fn wrong(
    object: &Object<'_>,
    pods: &[Pod<'_>],
    kinds: &Kinds,
    place: &dyn Fn(&Pointer) -> Spot,
) -> Vec<WrongFacts> {
    let mut found = Vec::new();
    let lists: Vec<(&Pointer, Shape)> = pods
        .iter()
        .filter_map(|pod| Some((pod.secrets_at.as_ref()?, pod.shape)))
        .collect();
    for wrong in wrong_shapes(object.node, &object.identity, kinds) {
        let list = lists
            .iter()
            .find(|(list, _)| wrong.pointer.0.starts_with(&list.0));
        found.push(WrongFacts {
            spot: place(&wrong.pointer),
            sentence: format!("`{}` {wrong}", wrong.pointer),
            help: match list {
                Some((_, Shape::Objects)) => "write `- name: SECRET`".to_owned(),
                Some((_, Shape::Names)) => "write `- SECRET`".to_owned(),
                Some((_, Shape::Name)) => "write the name of one Secret".to_owned(),
                Some((_, Shape::Object)) => "write `name: SECRET`".to_owned(),
                None => "write the value as its kind expects it".to_owned(),
            },
            pointer: wrong.pointer,
        });
    }
    for pod in pods.iter().filter(|pod| is_pod_spec(pod)) {
        found.extend(misplaced(object.node, pod, place));
    }
    found.dedup_by(|one, other| one.pointer == other.pointer);
    found
}

/// The same for the pull secrets of a ServiceAccount.
pub(super) fn wrong_of_account(
    account: &Object<'_>,
    place: &dyn Fn(&Pointer) -> Spot,
) -> Vec<WrongFacts> {
    let help = "write `- name: SECRET`";
    let of_list = wrong_shapes_of_account(account.node).into_iter();
    let of_list = of_list.map(|wrong| (format!("`{}` {wrong}", wrong.pointer), wrong.pointer));
    let singular = Pointer::root().key(SINGULAR);
    let singular = account
        .node
        .get(SINGULAR)
        .filter(|node| !node.is_null())
        .map(|_| {
            let sentence = format!("`{SINGULAR}` is no field of Kubernetes, so it is ignored");
            (sentence, singular)
        });
    let all = of_list.chain(singular);
    all.map(|(sentence, pointer)| WrongFacts {
        spot: place(&pointer),
        sentence,
        help: help.to_owned(),
        pointer,
    })
    .collect()
}

/// Whether a pod is described by a whole pod spec.
fn is_pod_spec(pod: &Pod<'_>) -> bool {
    pod.secrets_at.as_ref() == Some(&pod.at.key(FIELD))
}

/// Pull secrets where Kubernetes does not look for them.
fn misplaced(object: &Node, pod: &Pod<'_>, place: &dyn Fn(&Pointer) -> Spot) -> Vec<WrongFacts> {
    let mut at = vec![pod.at.key(SINGULAR)];
    // Beside the template, and in a container.
    let template = pod
        .at
        .parent()
        .filter(|it| it.0.last() == Some(&Step::Key("template".to_owned())));
    at.extend(
        template
            .and_then(|template| template.parent())
            .map(|spec| spec.key(FIELD)),
    );
    for list in ["containers", "initContainers"] {
        let list = pod.at.key(list);
        let count = object.find(&list).map_or(0, |node| node.items().len());
        at.extend((0..count).map(|index| list.index(index).key(FIELD)));
    }
    at.retain(|at| object.find(at).is_some_and(|node| !node.is_null()));
    let right = pod.at.key(FIELD);
    at.into_iter()
        .map(|pointer| WrongFacts {
            spot: place(&pointer),
            sentence: format!("`{pointer}` is no field of Kubernetes, so it is ignored"),
            help: format!("move it to `{right}`, as a list of `- name: SECRET`"),
            pointer,
        })
        .collect()
}

//! Images in objects whose kind is not known: signs that a pod is somewhere inside.

use crate::document::{Node, Origin};
use crate::manifest::object::Identity;
use crate::manifest::reference::host;
use crate::pointer::Pointer;

/// An image outside of the known places of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray<'a> {
    /// Where it is, from the object.
    pub at: Pointer,
    /// The image.
    pub image: &'a str,
    /// Whether it is part of what an anchor shares between places of the document.
    pub is_shared: bool,
}

/// Keys that never lead to a pod: what describes the object, and what a controller reports of it.
const SKIPPED: &[&str] = &["apiVersion", "kind", "metadata", "status"];

/// Images outside of the known places of an object, with their places from it: texts with a host, below a
/// key with `image` in it (`image`, `baseImage`, `image.repository`, `images[]`), in a list of containers,
/// or with the scheme `oci`.
///
/// Objects that cannot run a pod have none: a `ConfigMap` may hold anything, and a
/// `CustomResourceDefinition` describes fields called `image`.
pub fn stray_images<'a>(identity: &Identity, node: &'a Node) -> Vec<Stray<'a>> {
    let mut walk = Walk::default();
    if never_runs_pods(identity) {
        return walk.found;
    }
    if node.entries().is_empty() {
        walk.node(node);
    }
    for entry in node.entries() {
        if !SKIPPED.contains(&entry.key.as_str()) {
            walk.step(Way::Key(&entry.key), &entry.value);
        }
    }
    walk.found
}

/// A step that becomes part of a pointer only where something is found.
#[derive(Clone, Copy)]
enum Way<'a> {
    Key(&'a str),
    Index(usize),
}

/// A walk through an object, as deep as the document nests, which its reader bounds.
#[derive(Default)]
struct Walk<'a> {
    way: Vec<Way<'a>>,
    /// How many values on the way, this one included, an anchor shares.
    shared: usize,
    found: Vec<Stray<'a>>,
}

impl<'a> Walk<'a> {
    fn step(&mut self, step: Way<'a>, node: &'a Node) {
        self.way.push(step);
        self.node(node);
        self.way.pop();
    }

    fn node(&mut self, node: &'a Node) {
        let is_shared = usize::from(matches!(
            node.origin,
            Origin::Anchored { .. } | Origin::Alias | Origin::Merge
        ));
        self.shared += is_shared;
        if let Some(image) = node.as_str()
            && host(image).is_some()
            && !image.contains(char::is_whitespace)
            && (image.starts_with("oci://") || is_image(&self.way))
        {
            let at = self
                .way
                .iter()
                .fold(Pointer::root(), |at, step| match step {
                    Way::Key(key) => at.key(key),
                    Way::Index(index) => at.index(*index),
                });
            self.found.push(Stray {
                at,
                image,
                is_shared: self.shared > 0,
            });
        }
        for entry in node.entries() {
            self.step(Way::Key(&entry.key), &entry.value);
        }
        for (index, item) in node.items().iter().enumerate() {
            self.step(Way::Index(index), item);
        }
        self.shared -= is_shared;
    }
}

/// Whether a text at the end of this way is an image.
fn is_image(way: &[Way<'_>]) -> bool {
    let keys = way.iter().rev().filter_map(|step| match step {
        Way::Key(key) => Some(key.to_ascii_lowercase()),
        Way::Index(_) => None,
    });
    let near: Vec<String> = keys.take(2).collect();
    let is_element = matches!(way.last(), Some(Way::Index(_)));
    let in_containers = near.first().is_some_and(|key| key.ends_with("containers"));
    near.iter().any(|key| key.contains("image")) || (is_element && in_containers)
}

/// Kinds of Kubernetes' oldest groups that run no pods; their others do, or are not theirs
/// (<https://kubernetes.io/docs/reference/kubernetes-api/>).
const WITHOUT_PODS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "Binding",
            "ComponentStatus",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    // A revision is the API server's own copy of what runs.
    ("apps", &["ControllerRevision"]),
    (
        "extensions",
        &["Ingress", "NetworkPolicy", "PodSecurityPolicy"],
    ),
];

/// Groups of the API server without any kind that runs pods.
const GROUPS_WITHOUT_PODS: &[&str] = &[
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Whether no object of this kind runs a pod. What does not tell its version or kind may be anything.
fn never_runs_pods(identity: &Identity) -> bool {
    if identity.api_version.is_empty() || identity.kind.is_empty() {
        return false;
    }
    let group = identity.group();
    let of_group = WITHOUT_PODS.iter().filter(|(of, _)| *of == group);
    let is_known = of_group
        .flat_map(|(_, kinds)| kinds.iter())
        .any(|kind| *kind == identity.kind);
    // Files for tools, which are no objects of a cluster.
    let is_file = group == "pullwright.dev" || group.ends_with("kustomize.config.k8s.io");
    is_known || is_file || GROUPS_WITHOUT_PODS.contains(&group)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::Node;
    use crate::manifest::object::Identity;
    use crate::manifest::stray::stray_images;

    fn found(object: Value) -> Vec<String> {
        let node = Node::from(object);
        let all = stray_images(&Identity::of(&node, None), &node);
        all.iter()
            .map(|stray| format!("{} {}", stray.at, stray.image))
            .collect()
    }

    #[test]
    fn images_of_an_unknown_kind_are_found_in_their_order() {
        let object = json!({
            "apiVersion": "example.com/v1", "kind": "Thing",
            "metadata": {"annotations": {"image": "a.io/no"}},
            "spec": {
                "image": "a.io/1",
                "sidecarContainers": [{"image": "a.io/2"}, {"name": "x"}],
                "chart": {"image": {"image": "a.io/3"}},
            },
            "status": {"image": "a.io/no"},
        });
        assert_eq!(
            found(object),
            [
                "spec.image a.io/1",
                "spec.sidecarContainers[0].image a.io/2",
                "spec.chart.image.image a.io/3"
            ]
        );
    }

    #[test]
    fn objects_that_run_no_pod_have_no_images() {
        for (version, kind) in [
            ("v1", "ConfigMap"),
            ("v1", "Secret"),
            ("v1", "Service"),
            ("networking.k8s.io/v1", "Ingress"),
            ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            ("pullwright.dev/v1alpha1", "PullAccess"),
            ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ] {
            let inside = json!({"image": "a.io/x", "properties": {"image": {"type": "string"}}});
            let object =
                json!({"apiVersion": version, "kind": kind, "data": inside, "spec": inside});
            assert_eq!(found(object), Vec::<String>::new(), "{kind}");
        }
        let schema = json!({"properties": {"image": {"type": "string"}}});
        let object = json!({"apiVersion": "example.com/v1", "kind": "Thing", "spec": schema});
        assert_eq!(found(object), Vec::<String>::new());
    }
}

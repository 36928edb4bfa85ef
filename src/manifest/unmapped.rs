//! Images outside of the known paths of an object: they indicate pods that are not supported.

use crate::document::{Node, Origin};
use crate::manifest::object::Identity;
use crate::manifest::reference::host;
use crate::pointer::Pointer;

/// An image outside of the known paths of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmappedImage<'a> {
    /// Pointer from the object.
    pub at: Pointer,
    /// The image.
    pub image: &'a str,
    /// Whether it is part of a value that is shared through an anchor.
    pub is_shared: bool,
}

/// Root keys that never contain pods: the identity of the object, and its status.
const SKIPPED: &[&str] = &["apiVersion", "kind", "metadata", "status"];

/// All strings of an object that are likely images: they have a host, and are below a key that contains
/// `image` (`image`, `baseImage`, `image.repository`, `images[]`), in a list of containers, or have the
/// scheme `oci`.
///
/// Empty for objects that cannot run pods: a `ConfigMap` may contain anything, and a
/// `CustomResourceDefinition` describes fields called `image`.
pub fn unmapped_images<'a>(identity: &Identity, node: &'a Node) -> Vec<UnmappedImage<'a>> {
    let mut walk = Walk::default();
    if never_runs_pods(identity) {
        return walk.found;
    }
    if node.entries().is_empty() {
        walk.node(node);
    }
    for entry in node.entries() {
        if !SKIPPED.contains(&entry.key.as_str()) {
            walk.step(Step::Key(&entry.key), &entry.value);
        }
    }
    walk.found
}

/// A step of a path; converted to a pointer only for images.
#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A recursive walk through an object, whose depth the loader limits.
#[derive(Default)]
struct Walk<'a> {
    steps: Vec<Step<'a>>,
    /// The number of values along the path, including this one, that are shared through an anchor.
    shared: usize,
    found: Vec<UnmappedImage<'a>>,
}

impl<'a> Walk<'a> {
    fn step(&mut self, step: Step<'a>, node: &'a Node) {
        self.steps.push(step);
        self.node(node);
        self.steps.pop();
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
            && (image.starts_with("oci://") || is_image(&self.steps))
        {
            let at = self
                .steps
                .iter()
                .fold(Pointer::root(), |at, step| match step {
                    Step::Key(key) => at.key(key),
                    Step::Index(index) => at.index(*index),
                });
            self.found.push(UnmappedImage {
                at,
                image,
                is_shared: self.shared > 0,
            });
        }
        for entry in node.entries() {
            self.step(Step::Key(&entry.key), &entry.value);
        }
        for (index, item) in node.items().iter().enumerate() {
            self.step(Step::Index(index), item);
        }
        self.shared -= is_shared;
    }
}

/// Whether a string at this path is an image.
fn is_image(steps: &[Step<'_>]) -> bool {
    let keys = steps.iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.to_ascii_lowercase()),
        Step::Index(_) => None,
    });
    let near: Vec<String> = keys.take(2).collect();
    let is_element = matches!(steps.last(), Some(Step::Index(_)));
    let in_containers = near.first().is_some_and(|key| key.ends_with("containers"));
    near.iter().any(|key| key.contains("image")) || (is_element && in_containers)
}

/// Kinds without pods in the oldest API groups of Kubernetes; other kinds of these groups may run pods
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
    // A revision is a copy of an object that is managed by the API server.
    ("apps", &["ControllerRevision"]),
    (
        "extensions",
        &["Ingress", "NetworkPolicy", "PodSecurityPolicy"],
    ),
];

/// API groups of Kubernetes without any kind that runs pods.
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

/// Whether no object of this kind runs pods. An object without version or kind may be anything.
fn never_runs_pods(identity: &Identity) -> bool {
    if identity.api_version.is_empty() || identity.kind.is_empty() {
        return false;
    }
    let group = identity.group();
    let of_group = WITHOUT_PODS.iter().filter(|(of, _)| *of == group);
    let is_known = of_group
        .flat_map(|(_, kinds)| kinds.iter())
        .any(|kind| *kind == identity.kind);
    // Files for tools, which are not objects of a cluster.
    let is_file = group == "pullwright.dev" || group.ends_with("kustomize.config.k8s.io");
    is_known || is_file || GROUPS_WITHOUT_PODS.contains(&group)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::Node;
    use crate::manifest::object::Identity;
    use crate::manifest::unmapped::unmapped_images;

    fn found(object: Value) -> Vec<String> {
        let node = Node::from(object);
        let all = unmapped_images(&Identity::of(&node, None), &node);
        all.iter()
            .map(|unmapped| format!("{} {}", unmapped.at, unmapped.image))
            .collect()
    }

    #[test]
    fn images_of_an_unknown_kind_are_found_in_order() {
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
    fn objects_that_cannot_run_pods_have_no_images() {
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

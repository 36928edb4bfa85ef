//! Images in objects whose kind is not known: signs that a pod is somewhere inside.

use crate::document::Node;
use crate::manifest::object::Identity;
use crate::pointer::Pointer;

/// Keys that never lead to a pod: what describes the object, and what a controller reports of it.
const SKIPPED: &[&str] = &["apiVersion", "kind", "metadata", "status"];

/// Images in an object of a kind that is not known: the strings behind keys called `image`, with their
/// places from the object. Elements of lists such as `containers` have such a key.
///
/// Objects that cannot run a pod have none: a `ConfigMap` may hold anything, and a
/// `CustomResourceDefinition` describes fields called `image`.
pub fn stray_images<'a>(identity: &Identity, node: &'a Node) -> Vec<(Pointer, &'a str)> {
    let mut found = Vec::new();
    if never_runs_pods(identity) {
        return found;
    }
    let mut waiting = vec![(Pointer::root(), node)];
    while let Some((at, node)) = waiting.pop() {
        if let Some(image) = node.text("image") {
            found.push((at.key("image"), image));
        }
        for entry in node.entries().iter().rev() {
            if !(at == Pointer::root() && SKIPPED.contains(&entry.key.as_str())) {
                waiting.push((at.key(&entry.key), &entry.value));
            }
        }
        for (index, item) in node.items().iter().enumerate().rev() {
            waiting.push((at.index(index), item));
        }
    }
    found
}

/// Whether no object of this kind runs a pod. All kinds of Kubernetes itself that do are in the table;
/// its groups have no dot, or end in `.k8s.io`, where projects of its community put theirs as well, so
/// of those only the ones of the API server are named here.
fn never_runs_pods(identity: &Identity) -> bool {
    // Without a version nobody can tell which group it is of.
    if identity.api_version.is_empty() {
        return false;
    }
    let group = identity.group();
    let is_own = ["", "apps", "autoscaling", "batch", "extensions", "policy"].contains(&group)
        || [
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "networking.k8s.io",
            "node.k8s.io",
            "rbac.authorization.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "storage.k8s.io",
        ]
        .contains(&group);
    // Files for tools, which are no objects of a cluster.
    let is_file = group == "pullwright.dev" || group.ends_with("kustomize.config.k8s.io");
    is_own || is_file
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
            .map(|(pointer, image)| format!("{pointer} {image}"))
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

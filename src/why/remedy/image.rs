//! Remedies where the image is not there, not for the node, or not an image.
//!
//! Cached images and credentials: <https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/2535-ensure-secret-pulled-images>.

use crate::why::remedy::{Remedy, act, azure, run};

const TAGS: Remedy = azure(
    "list the tags of the repository",
    "az acr repository show-tags --name REGISTRY --repository REPOSITORY --orderby time_desc --top 20 --output table",
);

pub(super) const NOT_FOUND: &[Remedy] = &[
    act("compare host, repository and tag in the manifest with what was pushed"),
    TAGS,
    azure(
        "if the tag was there before, look for a purge task and for what was deleted",
        "az acr task list --registry REGISTRY --output table",
    ),
    azure(
        "if the registry is replicated, check that the region of the cluster is in sync",
        "az acr replication list --registry REGISTRY --output table",
    ),
];
pub(super) const PLATFORM: &[Remedy] = &[
    run(
        "compare the platforms of the image with those of the nodes",
        "docker buildx imagetools inspect IMAGE",
    ),
    run(
        "list the operating systems and architectures of the nodes",
        "kubectl get nodes --label-columns kubernetes.io/os,kubernetes.io/arch",
    ),
    run(
        "build the image for all of them",
        "docker buildx build --platform linux/amd64,linux/arm64 --tag IMAGE --push .",
    ),
    act(
        "or bind the pod to nodes that fit, with a `nodeSelector` for `kubernetes.io/arch` and `kubernetes.io/os`",
    ),
];
pub(super) const INVALID_IMAGE_NAME: &[Remedy] = &[
    run(
        "read the references as the cluster has them",
        "kubectl get pod POD --namespace NAMESPACE --output jsonpath='{..image}'",
    ),
    act(
        "fix the reference in the manifest or its template: host, repository and tag, in lower case, without scheme and spaces, with all variables filled in",
    ),
];
pub(super) const NEVER_PULL: &[Remedy] = &[
    run(
        "check whether the image is on the node; the list holds 50 images at most, unless the kubelet is configured otherwise",
        "kubectl get node NODE --output jsonpath='{.status.images[*].names}'",
    ),
    act(
        "if it is not, load it onto the node, or set `imagePullPolicy: IfNotPresent` so that it is pulled",
    ),
    act(
        "if it is, give the pod a pull secret or an identity that may pull it: from Kubernetes 1.35 a cached image needs one as well",
    ),
];

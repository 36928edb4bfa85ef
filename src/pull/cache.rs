//! Cached images: whether a pod may use an image of the node without its own credential
//! (KEP-2535: <https://github.com/kubernetes/enhancements/issues/2535>).

/// When an image is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullPolicy {
    /// Before each start.
    Always,
    /// If the node does not have the image.
    IfNotPresent,
    /// Never.
    Never,
}

/// What happens to a container whose image is on the node, pulled earlier for another pod with a Secret that
/// this pod does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cached {
    /// The container starts.
    Used,
    /// The image is pulled again with the credentials of this pod.
    PulledAgain,
    /// The container fails with `ErrImageNeverPull`, the same error as for a missing image.
    NeverPulled,
}

/// The first minor version of Kubernetes 1 in which the kubelet checks cached images by default.
pub const CHECKED_FROM: u32 = 35;

/// The outcome for a minor version of Kubernetes 1 with the default configuration of the kubelet.
pub fn cached(policy: PullPolicy, minor: u32) -> Cached {
    match policy {
        PullPolicy::Always => Cached::PulledAgain,
        PullPolicy::IfNotPresent | PullPolicy::Never if minor < CHECKED_FROM => Cached::Used,
        PullPolicy::IfNotPresent => Cached::PulledAgain,
        PullPolicy::Never => Cached::NeverPulled,
    }
}

#[cfg(test)]
mod tests {
    use crate::pull::cache::{Cached, PullPolicy, cached};

    #[test]
    fn a_cached_image_is_checked_by_newer_kubelets() {
        for (policy, old, new) in [
            (PullPolicy::Always, Cached::PulledAgain, Cached::PulledAgain),
            (PullPolicy::IfNotPresent, Cached::Used, Cached::PulledAgain),
            (PullPolicy::Never, Cached::Used, Cached::NeverPulled),
        ] {
            assert_eq!((cached(policy, 34), cached(policy, 35)), (old, new));
        }
    }
}

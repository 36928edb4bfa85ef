//! Images that a node has already: whether a pod may use one without a credential of its own
//! (KEP-2535: <https://github.com/kubernetes/enhancements/issues/2535>).

/// When an image is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullPolicy {
    /// Before each start.
    Always,
    /// If the node does not have it.
    IfNotPresent,
    /// Not at all.
    Never,
}

/// What becomes of a container whose image the node has, pulled before for another pod by a Secret
/// that this pod does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cached {
    /// It starts.
    Used,
    /// The image is pulled with what this pod has.
    PulledAgain,
    /// `ErrImageNeverPull`, in the same words as for an image that is not there.
    NeverPulled,
}

/// The first minor version of Kubernetes 1 whose kubelet checks cached images by default.
pub const CHECKED_FROM: u32 = 35;

/// Decides it for a minor version of Kubernetes 1, with the default configuration of the kubelet.
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

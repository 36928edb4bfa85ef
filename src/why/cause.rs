//! Why a pull fails: the causes, in the terms of a container registry of Azure.

/// Declares the causes once: variant, id, a summary and an explanation.
macro_rules! causes {
    ($($variant:ident $id:literal $summary:literal $explanation:literal,)+) => {
        /// Why an image cannot be pulled.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $(#[doc = $summary] $variant,)+
        }

        impl Cause {
            /// All causes, in the order of their declaration.
            pub const ALL: &[Cause] = &[$(Cause::$variant,)+];

            /// The kebab-case id that users see and may rely on.
            pub fn id(self) -> &'static str {
                match self { $(Cause::$variant => $id,)+ }
            }

            /// The cause in a few words, as a headline.
            pub fn summary(self) -> &'static str {
                match self { $(Cause::$variant => $summary,)+ }
            }

            /// What happened, in one or two sentences.
            pub fn explanation(self) -> &'static str {
                match self { $(Cause::$variant => $explanation,)+ }
            }
        }
    };
}

// Sources: the kubelet (https://github.com/kubernetes/kubernetes/tree/master/pkg/kubelet/images,
// https://github.com/kubernetes/kubernetes/tree/master/pkg/credentialprovider), containerd
// (https://github.com/containerd/containerd/tree/main/core/remotes/docker), CRI-O
// (https://github.com/containers/image/tree/main/docker) and the registry
// (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/cannot-pull-image-from-acr-to-aks-cluster,
// https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access).
causes! {
    NoCredential "no-credential"
        "no credential matched the registry"
        "the node pulled anonymously: neither a pull secret of the pod nor the node has a credential for this host, and the registry refuses anonymous pulls",
    CredentialRefused "credential-refused"
        "the registry refused the credential"
        "a credential was sent and the registry refused it: it expired, was rotated or disabled, or was issued before the registry changed to ABAC",
    NoPermission "no-permission"
        "no pull permission on the repository"
        "the credential is valid, but has no permission to pull from this repository, or the repository does not exist: the registry does not tell which",
    Unauthorized "unauthorized"
        "the registry refused the pull as unauthorized"
        "no credential matched the host, or the one that was sent is not valid for this repository: this runtime reports both in the same words",
    NetworkRules "network-rules"
        "the network rules of the registry block the node"
        "the registry answered with 403: its firewall does not allow the address that the node connects from, or public access is off and the node does not use the private endpoint",
    NotFound "not-found"
        "the image does not exist in the registry"
        "the login worked, and the registry has no such tag, digest or repository: it is misspelled, was not pushed, was purged, or is not replicated yet",
    Platform "platform"
        "the image has no variant for the node"
        "the image exists, but not for the operating system and architecture of the node, for example only for `linux/amd64` on an Arm or Windows node",
    Throttled "throttled"
        "the registry throttles the pulls"
        "the registry answered with 429: too many requests for its SKU, or by one identity",
    KubeletThrottled "kubelet-throttled"
        "the kubelet throttles its own pulls"
        "the kubelet started more pulls per second than its `registryPullQPS` allows, and did not send this one; it retries by itself",
    LayerHost "layer-host"
        "the host of the image layers is blocked"
        "the manifest was read from the login server, but layers come from another host, a data endpoint or a storage account, which the node cannot reach",
    Dns "dns"
        "the host does not resolve on the node"
        "the name server that the node uses has no answer for this host: it is misspelled, or the private DNS zone is not linked to the network of the node",
    Unreachable "unreachable"
        "the host cannot be reached from the node"
        "the host resolves, but no connection was established or it broke off: a firewall, a route or a proxy is in the way, or a private address is not routed",
    Certificate "certificate"
        "the node does not trust the certificate"
        "the certificate was not issued by an authority that the node trusts: most often that of a proxy that inspects TLS",
    ServerError "server-error"
        "the registry failed"
        "the registry, or a proxy in front of it, answered with an error of its own; the kubelet retries",
    BrokenSecret "broken-secret"
        "a pull secret cannot be decoded"
        "an entry of a pull secret of the pod is not valid, and one such entry fails every image of the pod, public ones too",
    MissingSecret "missing-secret"
        "a pull secret of the pod does not exist"
        "the pod names a pull secret that does not exist in its namespace; the kubelet goes on and pulls without it",
    InvalidImageName "invalid-image-name"
        "the image reference is not valid"
        "the reference does not follow the grammar of images, so nothing was pulled: often a variable of a template was not filled in",
    NeverPull "never-pull"
        "the pull policy is `Never` and the image cannot be used"
        "either the image is not on the node, or (from Kubernetes 1.35) it is, but this pod has no credential that was verified for it: the kubelet reports both in the same words",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::why::cause::Cause;

    #[test]
    fn ids_are_unique_kebab_case_and_sentences_have_no_full_stop() {
        let ids: BTreeSet<&str> = Cause::ALL.iter().map(|cause| cause.id()).collect();
        assert_eq!(ids.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(cause.id().chars().all(kebab), "{}", cause.id());
            for text in [cause.summary(), cause.explanation()] {
                assert!(!text.ends_with('.'), "{text}");
            }
        }
    }
}

//! The verdicts: what an audit decides about each image of each pod.

use crate::diag::Code;

/// Declares the verdicts once: variant, word and, for a finding, its code.
macro_rules! verdicts {
    ($($(#[$doc:meta])* $variant:ident $word:literal $code:expr,)+) => {
        /// Whether a pod can pull an image.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verdict { $($(#[$doc])* $variant,)+ }

        impl Verdict {
            /// All of them, in the order of the summary.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in outputs; of a finding that of its code.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The code of the finding; `None` if there is nothing to report.
            pub fn code(self) -> Option<Code> {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

verdicts! {
    /// A pull secret has a credential for it.
    Ok "ok" None,
    /// The identity of the nodes, or of the puller, may pull it.
    Node "node" None,
    /// Nobody needs a credential.
    Public "public" None,
    /// It is of a registry that is not declared and not of Azure.
    Other "other" None,
    /// Nothing that the pod references has a credential.
    NoCredential "no-credential" Some(Code::NoCredential),
    /// The Secret is in another namespace.
    WrongNamespace "wrong-namespace" Some(Code::WrongNamespace),
    /// The Secret is for other servers.
    WrongServer "wrong-server" Some(Code::WrongServer),
    /// The kubelet cannot use the Secret.
    UnusableSecret "unusable-secret" Some(Code::UnusableSecret),
    /// The account does not exist.
    AccountMissing "account-missing" Some(Code::AccountMissing),
    /// The pod's own list hides the Secret of its account.
    AccountHidden "account-hidden" Some(Code::AccountHidden),
    /// Pull secrets are in a shape or at a place that Kubernetes does not read.
    WrongShape "wrong-shape" Some(Code::WrongShape),
    /// The Secret is created elsewhere.
    SecretElsewhere "secret-elsewhere" Some(Code::SecretElsewhere),
    /// A script or a template attaches the registry, as far as it can be read.
    AttachClaimed "attach-claimed" Some(Code::AttachClaimed),
    /// A placeholder was not replaced yet.
    Placeholder "placeholder" Some(Code::Placeholder),
    /// It could not be decided.
    NotChecked "not-checked" Some(Code::NotChecked),
}

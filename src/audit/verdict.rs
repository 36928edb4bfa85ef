//! The verdicts: what an audit decides about each image of each pod.

use crate::diag::Code;

/// Declares the verdicts once: variant, word and, for a finding, its code.
macro_rules! verdicts {
    ($($(#[doc = $doc:literal])+ $variant:ident $word:literal $code:expr,)+) => {
        /// Whether a pod can pull an image.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verdict { $($(#[doc = $doc])+ $variant,)+ }

        impl Verdict {
            /// All of them, in the order of the summary.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in outputs; of a finding that of its code.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What it means, as a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// The code of the finding; `None` if there is nothing to report.
            pub fn code(self) -> Option<Code> {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

verdicts! {
    /// A pull secret has a credential for the image.
    Ok "ok" None,
    /// The identity of the nodes, or of what pulls, has access.
    Node "node" None,
    /// The registry needs no credential.
    Public "public" None,
    /// The registry is not of Azure and not declared.
    Other "other" None,
    /// No pull secret reaches the pod.
    NoCredential "no-credential" Some(Code::NoCredential),
    /// The Secret is in another namespace.
    WrongNamespace "wrong-namespace" Some(Code::WrongNamespace),
    /// The Secret is for other servers.
    WrongServer "wrong-server" Some(Code::WrongServer),
    /// The kubelet cannot use the Secret: its type, its key, its value, or an expired token.
    UnusableSecret "unusable-secret" Some(Code::UnusableSecret),
    /// The input does not contain the ServiceAccount.
    AccountMissing "account-missing" Some(Code::AccountMissing),
    /// The pod's own list hides the pull secret of its ServiceAccount.
    AccountHidden "account-hidden" Some(Code::AccountHidden),
    /// Pull secrets are in a shape or at a place that Kubernetes does not read.
    WrongShape "wrong-shape" Some(Code::WrongShape),
    /// Nothing in the input creates the Secret.
    SecretElsewhere "secret-elsewhere" Some(Code::SecretElsewhere),
    /// No pull secret, but a script or template in the tree seems to attach the registry.
    AttachClaimed "attach-claimed" Some(Code::AttachClaimed),
    /// An image or a Secret contains a placeholder.
    Placeholder "placeholder" Some(Code::Placeholder),
    /// It could not be decided: the kind is unknown, a file is invalid, or a build failed.
    NotChecked "not-checked" Some(Code::NotChecked),
}

//! What the manifests say about access to an image, as far as it matters for a failure.

use crate::audit::facts::Spot;
use crate::audit::judge::{Judgement, Through};
use crate::audit::verdict::Verdict;

/// What the manifests say about access to an image.
pub(super) enum Access<'w> {
    /// A pull secret serves it.
    Secret(&'w str, Spot),
    /// Something else serves it; what, in a few words.
    Granted(String),
    /// No credential is required.
    Public,
    /// Its registry is not judged.
    Unjudged,
    /// Nothing serves it.
    Denied,
    /// That cannot be decided.
    Undecided,
}

impl<'w> Access<'w> {
    pub(super) fn of(judgement: &'w Judgement) -> Self {
        match judgement.through.as_deref() {
            Some(Through::Secret { name, spot, .. }) => return Self::Secret(name, *spot),
            Some(Through::Node(grant)) => {
                return Self::Granted(format!("{} says that the nodes have access", grant.by));
            }
            Some(Through::Identity) => {
                return Self::Granted("the object assigns the puller an identity".to_owned());
            }
            Some(Through::Anonymous) => return Self::Public,
            None => {}
        }
        match judgement.verdict {
            Verdict::Ok | Verdict::Node | Verdict::Public => Self::Public,
            Verdict::Other => Self::Unjudged,
            Verdict::NoCredential
            | Verdict::WrongNamespace
            | Verdict::WrongServer
            | Verdict::UnusableSecret
            | Verdict::AccountMissing
            | Verdict::AccountHidden
            | Verdict::WrongShape => Self::Denied,
            Verdict::SecretElsewhere
            | Verdict::AttachClaimed
            | Verdict::Placeholder
            | Verdict::NotChecked => Self::Undecided,
        }
    }
}

//! What follows for failures that are about a credential.

use crate::audit::facts::Spot;
use crate::audit::verdict::Verdict;
use crate::why::manifests::access::Access;
use crate::why::manifests::conclusion::{Case, Conclusion, Relation};

/// The sentence for registries that an audit does not judge.
fn unjudged() -> Conclusion {
    Conclusion::new(
        Relation::Open,
        "the audit does not judge this registry, which is neither of Azure nor declared",
    )
}

/// A Secret that serves an image by the manifests, and not in the cluster.
fn differs(case: &Case<'_, '_>, name: &str, spot: Spot, start: &str) -> Conclusion {
    let namespace = case.pod.object.identity.namespace.as_deref();
    let place = namespace.map_or_else(
        || "the namespace of the pod".to_owned(),
        |namespace| format!("namespace `{namespace}`"),
    );
    let text = format!(
        "{start}the cluster differs from the manifests: Secret `{name}` is not in {place}, has other contents there, or the pod was created without it"
    );
    Conclusion::new(Relation::Contradicts, text)
        .at(spot)
        .with_secret(name, case.pod)
}

/// The pull was anonymous, and refused.
pub(super) fn not_sent(case: &Case<'_, '_>) -> Conclusion {
    match Access::of(case.judgement) {
        Access::Denied => Conclusion::new(
            Relation::Explains,
            "this is the cause: the manifests give the pod no credential for the image",
        ),
        Access::Undecided => Conclusion::new(
            Relation::Open,
            "this is likely the cause: what the manifests leave open has no effect in the cluster",
        ),
        Access::Secret(name, spot) => differs(case, name, spot, ""),
        Access::Granted(by) => Conclusion::new(
            Relation::Contradicts,
            format!(
                "{by}, so the cluster differs: the role is not assigned yet, or this node uses another identity or none"
            ),
        ),
        Access::Public => Conclusion::new(
            Relation::Contradicts,
            "the audit takes the registry for one that needs no credential, but it refused an anonymous pull",
        ),
        Access::Unjudged => unjudged(),
    }
}

/// A credential was sent, and refused.
pub(super) fn refused(case: &Case<'_, '_>) -> Conclusion {
    let consistent = |text: String| Conclusion::new(Relation::Consistent, text);
    match Access::of(case.judgement) {
        Access::Denied if case.judgement.verdict == Verdict::UnusableSecret => Conclusion::new(
            Relation::Explains,
            "this is likely the cause: the Secret has no credential that the registry accepts",
        ),
        Access::Denied => Conclusion::new(
            Relation::Contradicts,
            "the manifests give the pod no credential, but one was sent: it is that of the node, or of a Secret that only the cluster has",
        ),
        Access::Undecided => Conclusion::new(
            Relation::Open,
            "a credential was sent, so what the manifests leave open exists in the cluster, but the registry does not accept it",
        ),
        Access::Secret(name, spot) => consistent(format!(
            "the credential is that of Secret `{name}`: the manifests cannot show whether it is still valid, and for this repository"
        ))
        .at(spot)
        .with_secret(name, case.pod),
        Access::Granted(by) => consistent(format!(
            "{by}: the manifests cannot show whether that identity may pull from this repository"
        )),
        Access::Public => Conclusion::new(
            Relation::Contradicts,
            "the audit takes the registry for one that needs no credential, but one was sent and refused: remove it, or replace it",
        ),
        Access::Unjudged => unjudged(),
    }
}

/// No credential was sent, or it was refused.
pub(super) fn either(case: &Case<'_, '_>) -> Conclusion {
    match Access::of(case.judgement) {
        Access::Denied => Conclusion::new(
            Relation::Explains,
            "this is the cause, unless a credential that only the cluster has was sent",
        ),
        Access::Secret(name, spot) => {
            let start = "the credential is not valid for this repository, or ";
            Conclusion {
                relation: Relation::Consistent,
                ..differs(case, name, spot, start)
            }
        }
        Access::Granted(_) | Access::Public | Access::Unjudged | Access::Undecided => {
            not_sent(case)
        }
    }
}

/// The image is not on the node, or the pod has no credential that was verified for it.
pub(super) fn never(case: &Case<'_, '_>) -> Conclusion {
    match Access::of(case.judgement) {
        Access::Denied | Access::Undecided => Conclusion::new(
            Relation::Open,
            "this is the cause if the image is on the node: from Kubernetes 1.35 the pod needs a credential for it as well",
        ),
        Access::Secret(..) | Access::Granted(_) | Access::Public | Access::Unjudged => {
            Conclusion::new(
                Relation::Consistent,
                "the manifests give no reason to doubt the credential: the image is most likely not on the node",
            )
        }
    }
}

//! What the manifests say about a pull secret that the cluster does not have.

use crate::audit::facts::{Maker, SecretFacts};
use crate::audit::resolve::{Candidate, Meaning};
use crate::why::manifests::conclusion::{Case, Conclusion, Relation};

/// The pod names a Secret that does not exist.
pub(super) fn missing(case: &Case<'_, '_>) -> Conclusion {
    let is_told = |candidate: &&Candidate<'_>| {
        let secrets = &case.failure.secrets;
        secrets.iter().any(|name| name == candidate.name)
    };
    let Some(candidate) = case.resolved.candidates.iter().find(is_told) else {
        return Conclusion::new(
            Relation::Contradicts,
            "the manifests do not reference this Secret, so the cluster differs: the pod, or its ServiceAccount when the pod was created, had another list",
        );
    };
    let name = candidate.name;
    match &candidate.meaning {
        Meaning::Nothing => Conclusion::new(
            Relation::Explains,
            format!("this is the cause, unless something else creates it: nothing in the manifests creates Secret `{name}`"),
        )
        .at(candidate.spot),
        Meaning::OtherNamespace(all) => {
            let text = format!(
                "this is the cause: the manifests create Secret `{name}` in another namespace only"
            );
            placed(Conclusion::new(Relation::Explains, text), all)
        }
        Meaning::Secrets(all) => {
            let maker = all.first().map_or(Maker::Manifest, |one| one.maker);
            let conclusion = Conclusion::new(Relation::Contradicts, not_created(name, maker));
            placed(conclusion, all).with_secret(name, case.pod)
        }
    }
}

fn placed(conclusion: Conclusion, all: &[&SecretFacts]) -> Conclusion {
    match all.first() {
        Some(one) => conclusion.at(one.object.spot),
        None => conclusion,
    }
}

/// Why a Secret may not exist that something creates.
fn not_created(name: &str, maker: Maker) -> String {
    let why = match maker {
        Maker::Manifest => {
            return format!(
                "the manifests contain Secret `{name}`, so the cluster differs: apply it"
            );
        }
        Maker::ExternalSecret
        | Maker::SealedSecret
        | Maker::SecretProviderClass
        | Maker::AcrPullBinding => "it was not applied, or its controller failed: read its status",
        Maker::Kustomization => "its kustomization was not built and applied",
        Maker::Config => "its script was not run for this cluster and namespace",
        Maker::Policy => "what creates it elsewhere did not run for this cluster and namespace",
    };
    format!(
        "{} creates Secret `{name}`, so the cluster differs: {why}",
        maker.words()
    )
}

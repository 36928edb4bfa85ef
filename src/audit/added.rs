//! Findings about pods to which a controller may add what the manifests do not show.

use crate::audit::facts::{AdderFacts, Adds, Spot};
use crate::audit::judge::{Case, Judgement};
use crate::audit::resolve::World;
use crate::audit::verdict::Verdict;
use crate::audit::words;

impl<'a> World<'a> {
    /// An object that may copy a Secret of this name to other namespaces.
    pub(super) fn adder_of_secret(&self, name: &str) -> Option<&'a AdderFacts> {
        self.facts.adders.iter().find(|one| match &one.adds {
            Adds::Secret(copied) => copied.as_deref().is_none_or(|copied| copied == name),
            Adds::PullSecrets => false,
        })
    }

    /// An object that may add pull secrets to pods.
    pub(super) fn adder_of_pull_secrets(&self) -> Option<&'a AdderFacts> {
        let mut all = self.facts.adders.iter();
        all.find(|one| one.adds == Adds::PullSecrets)
    }
}

impl Case<'_> {
    pub(super) fn copied(&self, name: &str, spot: Spot, adder: &AdderFacts) -> Judgement {
        let message = format!(
            "pull secret `{name}` of {} is in another namespace, and {} may copy it",
            self.object(),
            adder.object.identity
        );
        self.about(Verdict::SecretElsewhere, spot, message, |finding| {
            let role = "this may create it".to_owned();
            finding.related.push((adder.object.spot, role));
            finding.help.push(words::declare_secret(name));
        })
    }

    pub(super) fn added(&self, adder: &AdderFacts) -> Judgement {
        let message = format!(
            "{} pulls from `{}` without a credential, and {} may add pull secrets to it",
            self.object(),
            self.host,
            adder.object.identity
        );
        self.about(Verdict::SecretElsewhere, self.image.spot, message, |finding| {
            let role = "this adds pull secrets to pods".to_owned();
            finding.related.push((adder.object.spot, role));
            finding.help.push(
                "if it does not reach this pod, add pull secrets to the pod or its ServiceAccount; else ignore this with a reason"
                    .to_owned(),
            );
        })
    }
}

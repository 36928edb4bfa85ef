//! The finding about an image that cannot be pulled, or might not: its sentence, its places, what to do.

use std::sync::Arc;

use crate::audit::facts::{AccountFacts, ListFacts, Namespaces, SecretFacts, Spot};
use crate::audit::judge::{Case, Finding, Judgement, Knowledge};
use crate::audit::resolve::{AccountState, Resolved};
use crate::audit::verdict::Verdict;
use crate::audit::{unfilled, words};
use crate::diag::Code;
use crate::manifest::Identity;
use crate::manifest::pod::DEFAULT_ACCOUNT;
use crate::pull::chain::Source;

impl Case<'_> {
    pub(super) fn finding(&self, code: Verdict, spot: Spot, message: String) -> Finding {
        Finding {
            object: Some(Arc::clone(&self.pod.object)),
            field: self.image.pointer.clone(),
            container: self.image.container.clone(),
            image: Some(self.image.text.clone()),
            ..Finding::new(code.code().unwrap_or(Code::NotChecked), spot, message)
        }
    }

    pub(super) fn judged(verdict: Verdict, finding: Finding) -> Judgement {
        Judgement {
            finding: Some(Box::new(finding)),
            ..Judgement::of(verdict)
        }
    }

    /// A finding about the reference of a Secret, with the image beside it.
    pub(super) fn about(
        &self,
        verdict: Verdict,
        spot: Spot,
        message: String,
        edit: impl FnOnce(&mut Finding),
    ) -> Judgement {
        let mut finding = self.finding(verdict, spot, message);
        edit(&mut finding);
        if spot != self.image.spot {
            finding
                .related
                .push((self.image.spot, "this image".to_owned()));
        }
        Self::judged(verdict, finding)
    }

    pub(super) fn object(&self) -> &Identity {
        &self.pod.object.identity
    }

    pub(super) fn placeholder_image(&self, why: &str) -> Judgement {
        let message = format!("the registry of {} is not known: {why}", self.object());
        self.about(Verdict::Placeholder, self.image.spot, message, |finding| {
            finding.help.push(words::replace_first());
        })
    }

    pub(super) fn breaks(
        &self,
        name: &str,
        spot: Spot,
        secret: &SecretFacts,
        why: &str,
    ) -> Judgement {
        let message = format!(
            "pull secret `{name}` fails every pull of {}: {why}",
            self.object()
        );
        self.about(Verdict::UnusableSecret, spot, message, |finding| {
            finding
                .related
                .push((secret.object.spot, "this Secret".to_owned()));
            finding.help.push(match self.host {
                "" => "correct the Secret, or remove it from the pull secrets".to_owned(),
                host => words::recreate(name, host, secret.maker),
            });
        })
    }

    pub(super) fn unusable(
        &self,
        name: &str,
        spot: Spot,
        secret: &SecretFacts,
        why: &str,
    ) -> Judgement {
        let message = format!(
            "pull secret `{name}` of {} cannot be used: {why}",
            self.object()
        );
        self.about(Verdict::UnusableSecret, spot, message, |finding| {
            finding.related.push((
                secret.object.spot,
                format!("this is {}", secret.maker.words()),
            ));
            finding
                .help
                .push(words::recreate(name, self.host, secret.maker));
        })
    }

    pub(super) fn forbidden(&self, name: &str, spot: Spot, resolved: &Resolved<'_>) -> Judgement {
        let message = format!(
            "the ServiceAccount of {} enforces mountable secrets, and does not list pull secret `{name}`",
            self.object()
        );
        self.about(Verdict::UnusableSecret, spot, message, |finding| {
            for account in &resolved.accounts {
                finding
                    .related
                    .push((account.object.spot, "this account".to_owned()));
            }
            finding.label = "the API server rejects the pod".to_owned();
            finding.help.push(format!(
                "add `- name: {name}` to `imagePullSecrets` of the account"
            ));
        })
    }

    pub(super) fn unknown(&self, name: &str, spot: Spot, secret: &SecretFacts) -> Judgement {
        let message = format!(
            "the registries of pull secret `{name}` of {} cannot be seen",
            self.object()
        );
        self.about(Verdict::SecretElsewhere, spot, message, |finding| {
            finding.related.push((
                secret.object.spot,
                format!("created by {}", secret.maker.words()),
            ));
            finding.help.push(words::declare_secret(name));
        })
    }

    pub(super) fn placeholder(
        &self,
        name: &str,
        spot: Spot,
        secret: &SecretFacts,
        why: &str,
    ) -> Judgement {
        let message = format!(
            "pull secret `{name}` of {} is not filled yet: {why}",
            self.object()
        );
        self.about(Verdict::Placeholder, spot, message, |finding| {
            finding
                .related
                .push((secret.object.spot, "this Secret".to_owned()));
            finding.help.push(words::declare_secret(name));
        })
    }

    pub(super) fn elsewhere(
        &self,
        name: &str,
        spot: Spot,
        meant: Option<&SecretFacts>,
    ) -> Judgement {
        if let Some(token) = unfilled::token(name) {
            let message = format!(
                "a pull secret of {} is not known: `{token}` is a placeholder that was not replaced",
                self.object()
            );
            return self.about(Verdict::Placeholder, spot, message, |finding| {
                finding.help.push(words::replace_first());
            });
        }
        let message = format!(
            "nothing in the input creates pull secret `{name}` of {}",
            self.object()
        );
        self.about(Verdict::SecretElsewhere, spot, message, |finding| {
            if let Some(meant) = meant {
                finding.mean(spot, &meant.name, meant.object.spot, "this Secret");
            }
            finding.help.push(words::declare_secret(name));
        })
    }

    pub(super) fn claimed(&self, hint: Spot) -> Judgement {
        let message = format!(
            "{} pulls from `{}` without a pull secret, and the nodes may have access",
            self.object(),
            self.host
        );
        self.about(
            Verdict::AttachClaimed,
            self.image.spot,
            message,
            |finding| {
                finding.related.push((
                    hint,
                    "this seems to grant access to the registry".to_owned(),
                ));
                finding.help.push(words::declare_attached(self.host));
            },
        )
    }

    pub(super) fn hidden(
        &self,
        name: &str,
        spot: Spot,
        secret: &SecretFacts,
        resolved: &Resolved<'_>,
    ) -> Judgement {
        let account = match resolved.account {
            AccountState::Known(name) | AccountState::Missing(name) => name,
            AccountState::Default | AccountState::None => DEFAULT_ACCOUNT,
        };
        let message = format!(
            "{} has pull secrets of its own, so `{name}` of ServiceAccount `{account}` is not used",
            self.object()
        );
        let at = list_spot(&self.pod.list).unwrap_or(self.image.spot);
        self.about(Verdict::AccountHidden, at, message, |finding| {
            finding
                .related
                .push((spot, "this reference is hidden".to_owned()));
            finding
                .related
                .push((secret.object.spot, "this Secret would serve".to_owned()));
            finding.help.push(format!(
                "add `- name: {name}` to the pod's own list, or remove that list"
            ));
        })
    }

    pub(super) fn other_namespace(
        &self,
        name: &str,
        spot: Spot,
        others: &[&SecretFacts],
    ) -> Judgement {
        let here = self.object().namespace.clone().unwrap_or_default();
        let there = others
            .iter()
            .find_map(|one| match &one.namespaces {
                Namespaces::One(Some(namespace)) => Some(namespace.clone()),
                Namespaces::One(None) | Namespaces::Any => one.object.identity.namespace.clone(),
            })
            .unwrap_or_default();
        let message = format!(
            "pull secret `{name}` is in namespace `{there}`, but {} is in `{here}`",
            self.object()
        );
        self.about(Verdict::WrongNamespace, spot, message, |finding| {
            for one in others {
                finding
                    .related
                    .push((one.object.spot, "this Secret".to_owned()));
            }
            finding.help.push(format!(
                "create the Secret in namespace `{here}` as well: a pod uses Secrets of its own namespace only"
            ));
        })
    }

    pub(super) fn other_servers(
        &self,
        name: &str,
        spot: Spot,
        secret: &SecretFacts,
        servers: &[String],
    ) -> Judgement {
        let servers = words::list(servers);
        let message = format!(
            "pull secret `{name}` of {} is for {servers}, not for `{}`",
            self.object(),
            self.host
        );
        self.about(Verdict::WrongServer, spot, message, |finding| {
            finding
                .related
                .push((secret.object.spot, "this Secret".to_owned()));
            finding
                .help
                .push(words::recreate(name, self.host, secret.maker));
        })
    }

    pub(super) fn account_missing(&self, name: &str, meant: Option<&AccountFacts>) -> Judgement {
        let spot = self.pod.account.as_ref().map(|one| one.spot);
        let message = format!(
            "{} runs as ServiceAccount `{name}`, which nothing in the input creates",
            self.object()
        );
        let spot = spot.unwrap_or(self.image.spot);
        self.about(Verdict::AccountMissing, spot, message, |finding| {
            finding.label = "neither the account nor its pull secrets are known".to_owned();
            if let Some(meant) = meant {
                let object = &meant.object;
                finding.mean(spot, &object.identity.name, object.spot, "this account");
            }
            finding.help.push(format!(
                "add the account to the input, or list a pull secret for `{}` in the pod",
                self.host
            ));
        })
    }

    pub(super) fn with_scheme(&self, scheme: &str) -> Judgement {
        let message = format!(
            "the image of {} cannot be pulled as it is written: `{scheme}://` is not part of an image reference",
            self.object()
        );
        self.about(Verdict::Placeholder, self.image.spot, message, |finding| {
            finding.help.push(format!("remove `{scheme}://`"));
        })
    }

    pub(super) fn placeholder_account(&self, token: &str) -> Judgement {
        let spot = self.pod.account.as_ref().map(|one| one.spot);
        let message = format!(
            "the ServiceAccount of {} is not known: `{token}` is a placeholder that was not replaced",
            self.object()
        );
        let spot = spot.unwrap_or(self.image.spot);
        self.about(Verdict::Placeholder, spot, message, |finding| {
            finding.help.push(words::replace_first());
        })
    }

    pub(super) fn undecidable(&self) -> Judgement {
        let message = format!(
            "{} has no field for pull secrets: the object that runs it decides",
            self.object()
        );
        self.about(Verdict::NotChecked, self.image.spot, message, |finding| {
            finding
                .help
                .push("set pull secrets in the object that runs it".to_owned());
        })
    }

    pub(super) fn no_credential(
        &self,
        resolved: &Resolved<'_>,
        knowledge: &Knowledge,
    ) -> Judgement {
        let message = format!(
            "{} pulls from `{}` without a credential",
            self.object(),
            self.host
        );
        self.about(Verdict::NoCredential, self.image.spot, message, |finding| {
            finding.label = match (resolved.source, resolved.account) {
                (Source::Pod, _) => "the pull secrets of the pod name no Secret".to_owned(),
                (Source::Account, AccountState::Known(name)) => {
                    format!("neither the pod nor ServiceAccount `{name}` has a pull secret")
                }
                (Source::Account, AccountState::Default | AccountState::Missing(_)) => {
                    "the pod has no pull secret, and no ServiceAccount gives it one".to_owned()
                }
                (Source::Account, AccountState::None) => "no pull secret is set".to_owned(),
            };
            for account in &resolved.accounts {
                finding
                    .related
                    .push((account.object.spot, "this account".to_owned()));
            }
            let repair = self.by_entry(knowledge);
            if let Some((entry, repair)) = repair {
                finding.help.push(words::by_entry(entry));
                finding.repair = Some(repair);
            } else {
                finding.help.push(words::add_secret(self.host));
                finding.help.push(words::declare_attached(self.host));
            }
        })
    }
}

/// Where a list of pull secrets is, by its first element.
fn list_spot(list: &ListFacts) -> Option<Spot> {
    let first = list.elements.iter().flatten().next();
    first.map(|(_, spot)| *spot)
}

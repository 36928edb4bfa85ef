//! Sentences that several findings share.

use crate::audit::facts::Maker;
use crate::audit::judge::EntryFacts;

/// `` `a`, `b` and 3 more ``
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) if names.is_empty() => "no server".to_owned(),
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// How a Secret gets a credential for a host: where it is made decides.
pub(super) fn recreate(name: &str, host: &str, maker: Maker) -> String {
    match maker {
        Maker::Manifest => format!(
            "create it again: `kubectl create secret docker-registry {name} --docker-server={host} …`, or with an access entry"
        ),
        Maker::ExternalSecret
        | Maker::SealedSecret
        | Maker::SecretProviderClass
        | Maker::AcrPullBinding
        | Maker::Kustomization => format!(
            "change what creates it: the Secret must be of type `kubernetes.io/dockerconfigjson`, with an entry for `{host}`"
        ),
        Maker::Config => {
            format!("add the registry of `{host}` to the access entry, then render again")
        }
        Maker::Policy => {
            format!("if it has a credential for `{host}`, add that to its `servers` in the policy")
        }
    }
}

pub(super) fn replace_first() -> String {
    "audit the manifests after the placeholders are replaced: pipe them to `pullwright audit -`"
        .to_owned()
}

pub(super) fn declare_secret(name: &str) -> String {
    format!(
        "if it is created elsewhere, declare `{name}` in `secrets` of the policy, with its servers"
    )
}

pub(super) fn declare_attached(host: &str) -> String {
    format!(
        "if the nodes can pull from `{host}`, declare it in `attached` of the policy, or with an access entry of strategy `attach`"
    )
}

/// What an access entry already provides.
pub(super) fn by_entry(entry: &EntryFacts) -> String {
    match &entry.account {
        Some(account) => format!(
            "an access entry provides it: set `serviceAccountName: {account}`, or run `pullwright audit --fix`"
        ),
        None => format!(
            "an access entry provides it: add `- name: {}` to `imagePullSecrets`, or run `pullwright audit --fix`",
            entry.secret
        ),
    }
}

pub(super) fn add_secret(host: &str) -> String {
    format!("add `imagePullSecrets` with a Secret for `{host}` to the pod or to its ServiceAccount")
}

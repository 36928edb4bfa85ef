//! A pull secret that nothing in the input references.

use std::collections::HashSet;

use crate::audit::facts::Maker;
use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.knowledge.is_partial {
        return Vec::new();
    }
    let of_pods = context.facts.pods.iter().map(|pod| &pod.list);
    let of_accounts = context.facts.accounts.iter().map(|account| &account.list);
    let used: HashSet<&str> = of_pods
        .chain(of_accounts)
        .flat_map(|list| list.secrets().map(|(name, _)| name))
        .collect();
    let unused = context
        .entries()
        .filter(|(secret, _)| secret.maker == Maker::Manifest)
        .filter(|(secret, _)| !used.contains(secret.name.as_str()))
        .filter(|(secret, _)| !context.facts.mentions.contains(&secret.name));
    unused
        .map(|(secret, _)| {
            let message = format!(
                "no pod and no ServiceAccount in the input references {}",
                secret.object.identity
            );
            let help = "reference it in `imagePullSecrets`, or remove it";
            finding(
                Code::UnusedSecret,
                &secret.object,
                secret.object.spot,
                message,
                help,
            )
        })
        .collect()
}

//! A refresh token in a Secret that nobody renews: it is valid for three hours
//! (<https://learn.microsoft.com/azure/container-registry/container-registry-authentication>).

use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;
use crate::pull::docker_config::{Credential, User};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (secret, entries) in context.entries() {
        let is_token = |user: User, credential: Credential| {
            user == User::RefreshToken && credential == Credential::Complete
        };
        if entries
            .iter()
            .any(|entry| is_token(entry.user, entry.credential))
        {
            let message = format!(
                "{} holds a token that `az acr login --expose-token` printed, which is valid for three hours",
                secret.object.identity
            );
            let help = "use a token with a scope map and an expiry date, or a generator that renews the Secret";
            found.push(finding(
                Code::ShortLivedToken,
                &secret.object,
                secret.object.spot,
                message,
                help,
            ));
        }
    }
    found
}

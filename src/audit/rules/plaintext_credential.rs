//! A credential that anybody who reads the repository has.

use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;
use crate::pull::docker_config::Credential;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (secret, entries) in context.entries() {
        // A stream is no file that somebody commits.
        if context.knowledge.streams.contains(&secret.object.spot.text) {
            continue;
        }
        if entries
            .iter()
            .any(|entry| entry.credential == Credential::Complete)
        {
            let message = format!(
                "{} holds a credential in clear text: base64 is no encryption",
                secret.object.identity
            );
            let help = "rotate the credential, and create the Secret with a script, External Secrets, Sealed Secrets or SOPS";
            found.push(finding(
                Code::PlaintextCredential,
                &secret.object,
                secret.object.spot,
                message,
                help,
            ));
        }
    }
    found
}

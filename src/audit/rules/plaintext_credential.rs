//! A credential that anybody who reads the repository has.

use crate::audit::facts::Maker;
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
            let identity = &secret.object.identity;
            let (message, help) = match secret.maker {
                Maker::ExternalSecret => (
                    format!("the template of {identity} has a credential in clear text"),
                    "rotate the credential, and get it from the store: `{{ .password }}`",
                ),
                _ => (
                    format!("{identity} holds a credential in clear text: base64 is no encryption"),
                    "rotate the credential, and create the Secret with a script, External Secrets, Sealed Secrets or SOPS",
                ),
            };
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

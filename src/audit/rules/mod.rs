//! Rules beside the verdicts: what works today, and leaks or stops tomorrow. One file each.

mod admin_user;
mod cached_image;
mod plaintext_credential;
mod refresh_interval;
pub(super) mod registry_host;
mod role_mode;
mod short_lived_token;
mod unused_secret;

use std::collections::HashSet;
use std::sync::Arc;

use crate::audit::Judged;
use crate::audit::facts::{Contents, Facts, ObjectFacts, SecretFacts, Spot};
use crate::audit::judge::{Finding, Knowledge};
use crate::diag::Code;
use crate::pull::Entry;
use crate::pull::chain::Found;

/// What rules look at.
pub struct Context<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The verdicts.
    pub judged: &'a [Judged<'a>],
    /// What is known besides.
    pub knowledge: &'a Knowledge,
}

/// A rule.
type Rule = fn(&Context<'_>) -> Vec<Finding>;

/// The rules and the codes of what they find.
const RULES: &[(Code, Rule)] = &[
    (Code::AdminUser, admin_user::check),
    (Code::CachedImage, cached_image::check),
    (Code::PlaintextCredential, plaintext_credential::check),
    (Code::RefreshInterval, refresh_interval::check),
    (Code::RegistryHost, registry_host::check),
    (Code::RoleMode, role_mode::check),
    (Code::ShortLivedToken, short_lived_token::check),
    (Code::UnusedSecret, unused_secret::check),
];

/// The codes of what the rules find.
pub fn codes() -> impl Iterator<Item = Code> {
    RULES.iter().map(|(code, _)| *code)
}

/// What all rules find.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let all = RULES.iter();
    all.flat_map(|(_, check)| check(context)).collect()
}

impl<'a> Context<'a> {
    /// What is or creates a Secret in the input, each once, with the entries that can be seen.
    fn entries(&self) -> impl Iterator<Item = (&'a SecretFacts, &'a [Entry])> {
        let mut seen = HashSet::new();
        let secrets = self.facts.secrets.iter();
        secrets.filter_map(move |secret| {
            let contents = match &secret.contents {
                Contents::Generated(_, contents) => contents,
                contents => contents,
            };
            match contents {
                Contents::Read(Found::Entries(entries)) if seen.insert(secret.object.spot) => {
                    Some((secret, &**entries))
                }
                _ => None,
            }
        })
    }
}

fn finding(
    code: Code,
    object: &Arc<ObjectFacts>,
    spot: Spot,
    message: String,
    help: &str,
) -> Finding {
    Finding {
        object: Some(Arc::clone(object)),
        help: vec![help.to_owned()],
        ..Finding::new(code, spot, message)
    }
}

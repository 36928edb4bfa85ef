//! What a Secret does for an image of a pod.

use regex::Regex;

use crate::audit::facts::{BasicAuth, Contents, PodFacts, SecretFacts};
use crate::audit::resolve::{Effect, World};
use crate::pull::Broken;
use crate::pull::chain::{self, Found, Pull};
use crate::pull::docker_config::{Credential, Entry, Login, User};
use crate::pull::virtual_node::{self, VirtualPull};

impl<'a> World<'a> {
    pub(super) fn of_secret(
        &self,
        secret: &'a SecretFacts,
        pod: &PodFacts,
        image: &str,
    ) -> Effect<'a> {
        self.of_contents(secret, &secret.contents, pod, image)
    }

    /// A Secret with credentials for these servers, whose values are elsewhere.
    fn of_servers(
        &self,
        secret: &'a SecretFacts,
        servers: &[String],
        pod: &PodFacts,
        image: &str,
    ) -> Effect<'a> {
        let entries = servers.iter().map(|server| Entry {
            key: server.clone(),
            credential: Credential::Complete,
            login: Login::Field,
            user: User::Other,
            expires: None,
        });
        let found = Found::Entries(entries.collect::<Vec<_>>().into());
        self.of_value(secret, &found, pod, image)
    }

    fn of_contents(
        &self,
        secret: &'a SecretFacts,
        contents: &'a Contents,
        pod: &PodFacts,
        image: &str,
    ) -> Effect<'a> {
        match contents {
            Contents::Unknown => Effect::Unknown(secret),
            Contents::Placeholder(why) => Effect::Placeholder(secret, why.clone()),
            // A virtual node does not skip it: `Failure::WrongType`.
            Contents::Unusable(why) | Contents::OtherType(why, _) if pod.is_virtual => {
                Effect::Breaks(secret, why.clone())
            }
            Contents::Unusable(why) => Effect::Unusable(secret, why.clone()),
            Contents::OtherType(why, basic) if takes_basic_auth(pod) => match basic {
                BasicAuth::Set => {
                    let host = image.trim_start_matches("oci://").split('/').next();
                    Effect::Serves(secret, host.unwrap_or_default().to_owned())
                }
                BasicAuth::Placeholder => {
                    Effect::Placeholder(secret, "its credential is a placeholder".to_owned())
                }
                BasicAuth::Unknown => Effect::Unknown(secret),
                BasicAuth::Missing => Effect::Unusable(secret, why.clone()),
            },
            Contents::OtherType(why, _) => Effect::Unusable(secret, why.clone()),
            Contents::Announced(servers, why) => match self.of_servers(secret, servers, pod, image)
            {
                Effect::Serves(secret, _) => Effect::Placeholder(secret, why.clone()),
                other => other,
            },
            Contents::Servers(servers) => self.of_servers(secret, servers, pod, image),
            Contents::Read(found) => self.of_value(secret, found, pod, image),
            Contents::Generated(generator, contents) => {
                let effect = self.of_contents(secret, contents, pod, image);
                match self.facts.other_token(generator, secret, image) {
                    Some(server) if matches!(effect, Effect::Serves(..)) => {
                        Effect::OtherServers(secret, [server].into())
                    }
                    _ => effect,
                }
            }
            Contents::Copied(patterns, contents) => {
                let namespace = pod.object.identity.namespace.as_deref();
                let matches = |pattern: &String| {
                    let regex = Regex::new(pattern);
                    namespace.is_none_or(|name| regex.is_ok_and(|regex| regex.is_match(name)))
                };
                if patterns.iter().all(matches) {
                    self.of_contents(secret, contents, pod, image)
                } else {
                    Effect::OtherNamespace(vec![secret])
                }
            }
        }
    }

    fn of_value(
        &self,
        secret: &'a SecretFacts,
        found: &Found,
        pod: &PodFacts,
        image: &str,
    ) -> Effect<'a> {
        let entries = match found {
            Found::Entries(entries) => entries,
            Found::Broken(why) => return Effect::Breaks(secret, broken(why)),
            Found::Skipped | Found::Missing => {
                return Effect::Unusable(secret, "it is skipped".to_owned());
            }
        };
        if pod.is_virtual {
            return match virtual_node::pull(image, &[("", found)]) {
                VirtualPull::With(_) => {
                    let host = image.split('/').next().unwrap_or_default();
                    Effect::Serves(secret, host.to_owned())
                }
                VirtualPull::Anonymous => Effect::OtherServers(secret, entries.keys()),
                VirtualPull::Failed(_, failure) => {
                    Effect::Breaks(secret, virtual_failure(&failure))
                }
            };
        }
        let tried = match chain::pull(image, &[("", found)]) {
            Pull::Tried(tried) => tried,
            Pull::Unmatched => return Effect::OtherServers(secret, entries.keys()),
            Pull::Broken(_, why) => return Effect::Breaks(secret, broken(&why)),
        };
        let mut effect = Effect::OtherServers(secret, entries.keys());
        for one in tried {
            let key = one.key.as_str();
            let why = match one.entry.credential {
                Credential::Complete if one.entry.expires.is_some_and(|at| at < self.now) => {
                    format!("the token for `{key}` has expired")
                }
                Credential::Complete | Credential::Filled => {
                    return Effect::Serves(secret, key.to_owned());
                }
                Credential::NoPassword {
                    identity_token: true,
                } => {
                    format!("the entry for `{key}` has only an `identitytoken`, which is not used")
                }
                Credential::NoPassword {
                    identity_token: false,
                } => format!("the entry for `{key}` has no password"),
                Credential::NoUsername => format!("the entry for `{key}` has no username"),
                Credential::Unfilled => {
                    let why = format!("the credential for `{key}` is a placeholder");
                    effect = Effect::Placeholder(secret, why);
                    continue;
                }
            };
            if !matches!(effect, Effect::Placeholder(..)) {
                effect = Effect::Unusable(secret, why);
            }
        }
        effect
    }
}

/// Whether the controller also logs in with `username` and `password` of a Secret of any type
/// (<https://fluxcd.io/flux/components/source/helmrepositories/#secret-reference>).
fn takes_basic_auth(pod: &PodFacts) -> bool {
    let identity = &pod.object.identity;
    identity.group() == "source.toolkit.fluxcd.io" && identity.kind == "HelmRepository"
}

fn broken(why: &Broken) -> String {
    match why {
        Broken::Json => "its value is not a docker config in JSON".to_owned(),
        Broken::Base64(key) => format!("the `auth` for `{key}` is not base64"),
        Broken::Colon(key) => format!("the `auth` for `{key}` has no colon"),
    }
}

fn virtual_failure(failure: &virtual_node::Failure) -> String {
    match failure {
        virtual_node::Failure::Missing => "it does not exist".to_owned(),
        virtual_node::Failure::WrongType => "its type is not one for pull secrets".to_owned(),
        virtual_node::Failure::NoUsername(key) => {
            format!("the entry for `{key}` has no `username`, which a virtual node requires")
        }
        virtual_node::Failure::Broken(why) => broken(why),
    }
}

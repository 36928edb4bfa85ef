//! What one image of one pod needs: what it references decides, and workloads stay as they are.

use std::sync::Arc;

use crate::adopt::host::Server;
use crate::adopt::{Need, Options, Outcome, Way, WithoutSecret};
use crate::audit::Judged;
use crate::audit::facts::{Contents, ImageFacts, Maker, PodFacts, SecretFacts};
use crate::audit::host::{Origin, origin};
use crate::audit::judge::{Knowledge, Through};
use crate::audit::resolve::{Candidate, Effect, Resolved, World};
use crate::manifest::Puller;
use crate::names::azure::{host_of, is_registry_host};
use crate::names::image::split;
use crate::names::{Namespace, RepositoryPattern, SecretName, ServiceAccountName};
use crate::pull::chain::{Found, Source};

/// What decides.
pub(super) struct Decide<'d, 'a> {
    pub(super) world: &'d World<'a>,
    pub(super) knowledge: &'d Knowledge,
    pub(super) options: &'d Options,
}

/// Why an image is not served, or a way.
type Choice<'a> = Result<(Way, Option<&'a SecretFacts>), Outcome>;

impl<'a> Decide<'_, 'a> {
    pub(super) fn image(&self, judged: &Judged<'a>) -> Outcome {
        let pod = judged.pod;
        let Some(image) = pod.images.get(judged.image) else {
            return Outcome::NotProtected;
        };
        let host = match origin(&image.text, &self.knowledge.declared) {
            Origin::Public | Origin::Other => return Outcome::NotProtected,
            Origin::Placeholder(why) => return Outcome::Unserved(why),
            Origin::Registry(host) => host,
        };
        if let Some(left) = without_secret(judged.judgement.through.as_deref()) {
            return left;
        }
        let server = match Server::parse(&host) {
            Ok(server) => server,
            Err(why) => return unserved(format!("no config can declare `{host}`: {why}")),
        };
        let namespace = match pod.object.identity.namespace.as_deref() {
            None => self.options.namespace.clone(),
            Some(name) => match Namespace::parse(name) {
                Ok(namespace) => namespace,
                Err(fault) => return invalid("namespace", name, &fault.why),
            },
        };
        match self.way(pod, image, &host) {
            Err(outcome) => outcome,
            Ok((way, secret)) => Outcome::Serve(Box::new(Need {
                others: secret.map(servers).unwrap_or_default(),
                repository: repository(pod, &image.text),
                server,
                namespace,
                way,
                object: Arc::clone(&pod.object),
            })),
        }
    }

    fn way(&self, pod: &'a PodFacts, image: &ImageFacts, host: &str) -> Choice<'a> {
        let attaches = self.options.without_secret == WithoutSecret::AttachAll;
        if attaches && pod.puller == Puller::Kubelet && !pod.is_virtual {
            return Ok((Way::Node, None));
        }
        let resolved = self.world.resolve(pod);
        let effects = resolved.candidates.iter();
        let effects = effects.map(|one| (one, self.world.effect(one, pod, &image.text)));
        let effects: Vec<_> = effects.collect();
        let serving = effects
            .iter()
            .find(|(_, effect)| matches!(effect, Effect::Serves(..)))
            .or_else(|| {
                effects
                    .iter()
                    .find(|(_, one)| matches!(one, Effect::Unknown(_)))
            });
        if let Some((candidate, Effect::Serves(secret, _) | Effect::Unknown(secret))) = serving {
            return of_secret(candidate, secret, pod, &resolved);
        }
        if resolved.source == Source::Pod {
            return self.listed(&effects, pod, &resolved);
        }
        let carried = effects.iter().find(|(_, effect)| match effect {
            Effect::Missing | Effect::OtherNamespace(_) => true,
            Effect::Placeholder(secret, _) | Effect::Unusable(secret, _) => is_plain(secret),
            Effect::Serves(..)
            | Effect::Unknown(_)
            | Effect::OtherServers(..)
            | Effect::Breaks(..) => false,
        });
        if let Some((candidate, effect)) = carried {
            return through(candidate.name, pod, &resolved).map(|way| (way, secret_of(effect)));
        }
        self.nothing(pod, host)
    }

    /// The pod has a list of its own, and nothing on it serves the image.
    fn listed(
        &self,
        effects: &[(&Candidate<'a>, Effect<'a>)],
        pod: &PodFacts,
        resolved: &Resolved<'a>,
    ) -> Choice<'a> {
        let mut why = "its own list of pull secrets references no Secret".to_owned();
        for (candidate, effect) in effects {
            if let Some(secret) = secret_of(effect)
                && let Some(reason) = not_ours(secret)
            {
                why = reason;
                continue;
            }
            return through(candidate.name, pod, resolved).map(|way| (way, secret_of(effect)));
        }
        Err(Outcome::Unserved(why))
    }

    /// Neither the pod nor its account references a Secret for the image.
    fn nothing(&self, pod: &PodFacts, host: &str) -> Choice<'a> {
        if pod.puller == Puller::Controller {
            return Err(unserved(
                "a controller pulls it, and the object references no Secret".to_owned(),
            ));
        }
        let has_node = !pod.is_virtual;
        match self.options.without_secret {
            WithoutSecret::Attach | WithoutSecret::AttachAll if has_node => {
                return Ok((Way::Node, None));
            }
            WithoutSecret::Attach | WithoutSecret::AttachAll | WithoutSecret::Account => {}
        }
        if has_node && self.knowledge.hints.contains_key(host) {
            return Err(Outcome::Left(format!(
                "a script or template seems to attach `{host}` to the cluster"
            )));
        }
        let Some(name) = pod.runs_as.as_deref() else {
            return Err(unserved(
                "its ServiceAccount is decided outside of the object".to_owned(),
            ));
        };
        match ServiceAccountName::parse(name) {
            Ok(account) => Ok((Way::Added(account), None)),
            Err(fault) => Err(invalid("ServiceAccount", name, &fault.why)),
        }
    }
}

fn unserved(why: String) -> Outcome {
    Outcome::Unserved(why)
}

fn invalid(what: &str, name: &str, why: &str) -> Outcome {
    Outcome::Unserved(format!("`{name}` is not a valid {what} name: {why}"))
}

/// What pulls without any Secret needs no entry.
fn without_secret(through: Option<&Through>) -> Option<Outcome> {
    match through? {
        Through::Node(grant) => Some(Outcome::Left(format!("the nodes can pull: {}", grant.by))),
        Through::Identity => Some(Outcome::Left(
            "the object assigns an Azure identity".to_owned(),
        )),
        Through::Anonymous => Some(Outcome::Left("the registry is public".to_owned())),
        Through::Secret { .. } => None,
    }
}

/// A Secret that serves the image, or whose contents cannot be seen.
fn of_secret<'a>(
    candidate: &Candidate<'a>,
    secret: &'a SecretFacts,
    pod: &PodFacts,
    resolved: &Resolved<'a>,
) -> Choice<'a> {
    match not_ours(secret) {
        Some(why) => Err(Outcome::Left(why)),
        None => through(candidate.name, pod, resolved).map(|way| (way, Some(secret))),
    }
}

/// The way through a Secret on the list that counts.
fn through(name: &str, pod: &PodFacts, resolved: &Resolved<'_>) -> Result<Way, Outcome> {
    let secret = SecretName::parse(name).map_err(|fault| invalid("Secret", name, &fault.why))?;
    match (resolved.source, pod.runs_as.as_deref()) {
        (Source::Account, Some(account)) => match ServiceAccountName::parse(account) {
            Ok(account) => Ok(Way::Carried(account, secret)),
            Err(fault) => Err(invalid("ServiceAccount", account, &fault.why)),
        },
        (Source::Pod | Source::Account, _) => Ok(Way::Listed(secret)),
    }
}

/// The Secret of an effect, if there is one where the pod finds it.
fn secret_of<'a>(effect: &Effect<'a>) -> Option<&'a SecretFacts> {
    match effect {
        Effect::Serves(secret, _)
        | Effect::Breaks(secret, _)
        | Effect::Unknown(secret)
        | Effect::Placeholder(secret, _)
        | Effect::Unusable(secret, _)
        | Effect::OtherServers(secret, _) => Some(secret),
        Effect::Missing | Effect::OtherNamespace(_) => None,
    }
}

/// Whether an access entry may write this Secret.
fn is_plain(secret: &SecretFacts) -> bool {
    not_ours(secret).is_none()
}

/// Why no access entry may write this Secret: something else does, or it would lose credentials.
fn not_ours(secret: &SecretFacts) -> Option<String> {
    let name = &secret.name;
    match secret.maker {
        Maker::Manifest => {}
        Maker::Config => return Some(format!("an access entry already writes Secret `{name}`")),
        Maker::Policy => return Some(format!("the policy says that Secret `{name}` exists")),
        maker @ (Maker::ExternalSecret
        | Maker::SealedSecret
        | Maker::SecretProviderClass
        | Maker::AcrPullBinding
        | Maker::Kustomization) => {
            return Some(format!("{} creates Secret `{name}`", maker.words()));
        }
    }
    let others = keys(&secret.contents);
    let mut others = others.iter().filter(|key| !is_registry_host(&host_of(key)));
    let other = others.next()?;
    Some(format!(
        "Secret `{name}` holds credentials for `{}` as well, which an access entry would remove",
        host_of(other)
    ))
}

/// The registries of Azure that a Secret has credentials for.
fn servers(secret: &SecretFacts) -> Vec<Server> {
    let keys = keys(&secret.contents);
    keys.iter()
        .filter_map(|key| Server::parse(&host_of(key)).ok())
        .collect()
}

/// The server keys of a Secret, as they are written.
fn keys(contents: &Contents) -> Vec<String> {
    match contents {
        Contents::Read(Found::Entries(entries)) => entries.keys().to_vec(),
        Contents::Servers(servers) | Contents::Announced(servers, _) => servers.clone(),
        Contents::Generated(_, contents) | Contents::Copied(_, contents) => keys(contents),
        Contents::Read(Found::Skipped | Found::Broken(_) | Found::Missing)
        | Contents::Unusable(_)
        | Contents::OtherType(..)
        | Contents::Unknown
        | Contents::Placeholder(_) => Vec::new(),
    }
}

/// The repository of an image, or of the charts of a Helm repository.
fn repository(pod: &PodFacts, image: &str) -> Option<RepositoryPattern> {
    let bare = image.split_once("://").map_or(image, |(_, rest)| rest);
    let repository = split(bare).repository;
    let identity = &pod.object.identity;
    let is_prefix = identity.kind == "HelmRepository"
        && identity.group() == "source.toolkit.fluxcd.io"
        && bare.contains('/');
    let pattern = match is_prefix {
        true => format!("{}/*", repository.trim_end_matches('/')),
        false => repository.to_owned(),
    };
    RepositoryPattern::parse(&pattern)
        .ok()
        .filter(|_| bare.contains('/'))
}

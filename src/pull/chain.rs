//! Resolves the credential of a pod: its list of pull secrets or that of its account, the Secrets, the entry.

use crate::manifest::{PullSecrets, Reference};
use crate::pull::docker_config::{Broken, Entry, SecretType, entries};
use crate::pull::entries::Entries;
use crate::pull::keyring::{Key, normalized_name};

/// Which list of pull secrets is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The list of the pod.
    Pod,
    /// The list of the account, copied to the pod when it is created.
    Account,
}

/// The list that is used, and its Secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// Where it comes from.
    pub source: Source,
    /// Names of the Secrets, in order.
    pub secrets: Vec<&'a str>,
    /// Secrets of the account that are not used because the pod has its own list.
    pub hidden: Vec<&'a str>,
}

/// Selects the list of the pod or of its account: the account's list is used, as a whole, only if the pod's
/// list is empty.
pub fn choose<'a>(pod: &PullSecrets<'a>, account: &PullSecrets<'a>) -> Chosen<'a> {
    if pod.defers_to_account() {
        return Chosen {
            source: Source::Account,
            secrets: account.names().collect(),
            hidden: Vec::new(),
        };
    }
    let own: Vec<&str> = pod.names().collect();
    let hidden = account.names().filter(|name| !own.contains(name)).collect();
    Chosen {
        source: Source::Pod,
        secrets: own,
        hidden,
    }
}

/// Whether a list hides the account's list without referencing any Secret.
pub fn has_only_nameless(list: &PullSecrets<'_>) -> bool {
    match list {
        PullSecrets::List(all) => {
            !all.is_empty() && all.iter().all(|one| *one == Reference::Nameless)
        }
        PullSecrets::NotAList => false,
    }
}

/// The list of a static pod: the kubelet creates it without the API server, so it has neither an account
/// nor Secrets (<https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/>).
pub fn choose_for_static_pod() -> Chosen<'static> {
    Chosen {
        source: Source::Pod,
        secrets: Vec::new(),
        hidden: Vec::new(),
    }
}

/// The first pull secret of the pod that is not on the account's list: an account with
/// `kubernetes.io/enforce-mountable-secrets` rejects the pod because of it. An element without a name is
/// allowed only if the account's list contains one as well.
pub fn not_on_account<'a>(
    pod: &PullSecrets<'a>,
    account: &PullSecrets<'_>,
) -> Option<Reference<'a>> {
    let allowed = account.elements();
    let mut own = pod.elements().iter();
    own.find(|one| !allowed.contains(one)).copied()
}

/// The result of reading a Secret of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Its entries.
    Entries(Entries),
    /// Silently skipped by the kubelet: it has another type, or lacks the key of its type.
    Skipped,
    /// Every image of the pod fails.
    Broken(Broken),
    /// It does not exist; the kubelet continues without it.
    Missing,
}

impl Found {
    /// Reads a Secret of this type. `value` is the decoded value of the key of its type, see
    /// [`SecretType::key`]. An empty value counts as missing.
    pub fn of(kind: &str, value: Option<&[u8]>) -> Self {
        let value = value.filter(|value| !value.is_empty());
        let (Some(kind), Some(value)) = (SecretType::of(kind), value) else {
            return Self::Skipped;
        };
        match entries(kind, &String::from_utf8_lossy(value)) {
            Ok(all) => Self::Entries(all.into()),
            Err(broken) => Self::Broken(broken),
        }
    }
}

/// How an image is pulled, as far as Secrets determine it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pull<'a> {
    /// Credentials that are tried, in order. Those of the node are tried after them.
    Tried(Vec<Tried<'a>>),
    /// No entry matches the image: the node's credentials are tried, otherwise the pull is anonymous.
    Unmatched,
    /// This Secret fails every image of the pod.
    Broken(&'a str, Broken),
}

/// A credential that is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried<'a> {
    /// The name of the Secret.
    pub secret: &'a str,
    /// The key that matches.
    pub key: &'a Key,
    /// The entry.
    pub entry: &'a Entry,
}

/// Resolves the credentials of an image. `secrets` are the Secrets of the list, in order.
pub fn pull<'a>(image: &str, secrets: &[(&'a str, &'a Found)]) -> Pull<'a> {
    let broken = secrets.iter().find_map(|(name, found)| match found {
        Found::Broken(why) => Some(Pull::Broken(name, why.clone())),
        Found::Entries(_) | Found::Skipped | Found::Missing => None,
    });
    if let Some(broken) = broken {
        return broken;
    }
    let image = normalized_name(image);
    let mut tried = Vec::new();
    let mut has_match = false;
    for (name, found) in secrets {
        let Found::Entries(entries) = found else {
            continue;
        };
        let matching = entries.lookup(&image);
        has_match |= matching.is_match;
        tried.extend(matching.all.into_iter().map(|(key, entry)| {
            let secret = *name;
            (matching.is_match, Tried { secret, key, entry })
        }));
    }
    // The key of Docker Hub counts only if no key of any Secret matches.
    let counting = tried
        .into_iter()
        .filter(|(is_match, _)| *is_match == has_match);
    let mut tried: Vec<Tried<'_>> = counting.map(|(_, one)| one).collect();
    if tried.is_empty() {
        return Pull::Unmatched;
    }
    // A stable sort: entries with the same key are tried in the order of the Secrets.
    tried.sort_by(|one, other| other.key.cmp(one.key));
    Pull::Tried(tried)
}

#[cfg(test)]
mod tests {
    use crate::manifest::{PullSecrets, Reference};
    use crate::pull::chain::{
        Found, Pull, Source, choose, choose_for_static_pod, has_only_nameless, not_on_account, pull,
    };
    use crate::pull::docker_config::{Broken, Credential, Entry, Login, User};
    use crate::pull::entries::Entries;

    fn list<'a>(names: &[&'a str]) -> PullSecrets<'a> {
        PullSecrets::List(
            names
                .iter()
                .map(|name| match *name {
                    "" => Reference::Nameless,
                    name => Reference::Secret(name),
                })
                .collect(),
        )
    }

    #[test]
    fn only_an_empty_list_defers_to_the_account() {
        let chosen = choose(&list(&[]), &list(&["b"]));
        assert_eq!(
            (chosen.source, chosen.secrets),
            (Source::Account, vec!["b"])
        );
        let chosen = choose(&list(&[""]), &list(&["b"]));
        assert_eq!((chosen.source, chosen.secrets), (Source::Pod, vec![]));
        assert_eq!(chosen.hidden, ["b"]);
        assert!(has_only_nameless(&list(&[""])) && !has_only_nameless(&list(&[])));
        let chosen = choose(&list(&["a", "b"]), &list(&["b", "c"]));
        assert_eq!((chosen.secrets, chosen.hidden), (vec!["a", "b"], vec!["c"]));
    }

    #[test]
    fn a_static_pod_has_no_list() {
        assert_eq!(choose_for_static_pod().secrets, Vec::<&str>::new());
    }

    #[test]
    fn an_enforcing_account_only_allows_its_own_secrets() {
        let account = list(&["a", "b"]);
        assert_eq!(not_on_account(&list(&["b", "a"]), &account), None);
        assert_eq!(not_on_account(&list(&[]), &account), None);
        let other = not_on_account(&list(&["a", "c"]), &account);
        assert_eq!(other, Some(Reference::Secret("c")));
        let nameless = not_on_account(&list(&[""]), &account);
        assert_eq!(nameless, Some(Reference::Nameless));
        assert_eq!(not_on_account(&list(&[""]), &list(&[""])), None);
    }

    #[test]
    fn secrets_are_read_by_their_type() {
        let json = "kubernetes.io/dockerconfigjson";
        let value: &[u8] = br#"{"auths":{"a.io":{"auth":"dTpw"}}}"#;
        let Found::Entries(entries) = Found::of(json, Some(value)) else {
            panic!("it is right");
        };
        assert_eq!(entries.len(), 1);
        assert_eq!(Found::of("Opaque", Some(value)), Found::Skipped);
        assert_eq!(Found::of(json, None), Found::Skipped);
        assert_eq!(Found::of(json, Some(b"")), Found::Skipped);
        assert_eq!(Found::of(json, Some(b"x")), Found::Broken(Broken::Json));
        let old = Found::of("kubernetes.io/dockercfg", Some(value));
        let Found::Entries(entries) = old else {
            panic!("it is right");
        };
        assert_eq!(entries[0].key, "auths");
    }

    #[test]
    fn one_broken_secret_fails_all_images_and_a_missing_one_none() {
        let good = Found::Entries(Entries::from(vec![Entry {
            key: "a.azurecr.io".to_owned(),
            credential: Credential::Complete,
            login: Login::Auth,
            user: User::Other,
            expires: None,
        }]));
        let image = "a.azurecr.io/x:1";
        let tried = pull(
            image,
            &[("m", &Found::Missing), ("s", &Found::Skipped), ("g", &good)],
        );
        let Pull::Tried(tried) = tried else {
            panic!("{tried:?}");
        };
        assert_eq!((tried.len(), tried[0].secret), (1, "g"));
        assert_eq!(pull("b.azurecr.io/x", &[("g", &good)]), Pull::Unmatched);
        let broken = Found::Broken(Broken::Json);
        let all = [("g", &good), ("b", &broken)];
        assert_eq!(pull("public.io/x", &all), Pull::Broken("b", Broken::Json));
    }
}

//! From a pod to the credential: its own list, else its account's; the Secrets; the entry that matches.

use crate::manifest::{PullSecrets, Reference};
use crate::pull::docker_config::{Broken, Credential, Entry, SecretType, entries};
use crate::pull::keyring::{Key, Keyring, looked_up};

/// Whose list of pull secrets counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The pod's own.
    Pod,
    /// That of the pod's account, copied to the pod when it is created.
    Account,
}

/// The list that counts, and the Secrets on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// Whose it is.
    pub source: Source,
    /// Names of the Secrets, in order.
    pub secrets: Vec<&'a str>,
    /// Secrets of the account that the pod's own list keeps from it.
    pub hidden: Vec<&'a str>,
}

/// Decides between the list of a pod and that of its account: the account's is taken only if the pod's
/// has no element at all, and then whole.
pub fn choose<'a>(pod: &PullSecrets<'a>, account: &PullSecrets<'a>) -> Chosen<'a> {
    if pod.leaves_it_to_the_account() {
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

/// Whether the elements of a list hide the account's without giving anything.
pub fn gives_nothing(list: &PullSecrets<'_>) -> bool {
    match list {
        PullSecrets::List(all) => {
            !all.is_empty() && all.iter().all(|one| *one == Reference::Nameless)
        }
        PullSecrets::NotAList => false,
    }
}

/// What a static pod has: the kubelet makes it without the API server, so it has neither an account nor
/// Secrets (<https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/>).
pub fn choose_for_static_pod() -> Chosen<'static> {
    Chosen {
        source: Source::Pod,
        secrets: Vec::new(),
        hidden: Vec::new(),
    }
}

/// The first of the pod's own pull secrets that is not on the account's list: an account with
/// `kubernetes.io/enforce-mountable-secrets` forbids the pod for it. A nameless element is on the list
/// only if that has one, too.
pub fn not_on_account<'a>(
    pod: &PullSecrets<'a>,
    account: &PullSecrets<'_>,
) -> Option<Reference<'a>> {
    let allowed = account.elements();
    let mut own = pod.elements().iter();
    own.find(|one| !allowed.contains(one)).copied()
}

/// A Secret on the list, as far as it can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Its entries.
    Entries(Vec<Entry>),
    /// Skipped by the kubelet without a word: of another type, or without the key of its type.
    Skipped,
    /// It fails each image of the pod.
    Broken(Broken),
    /// It is not there; the kubelet goes on without it.
    Missing,
}

impl Found {
    /// A Secret of this type. `value` is what the key of its type holds, decoded: see
    /// [`SecretType::key`]. An empty value is as good as none.
    pub fn of(kind: &str, value: Option<&[u8]>) -> Self {
        let value = value.filter(|value| !value.is_empty());
        let (Some(kind), Some(value)) = (SecretType::of(kind), value) else {
            return Self::Skipped;
        };
        match entries(kind, &String::from_utf8_lossy(value)) {
            Ok(entries) => Self::Entries(entries),
            Err(broken) => Self::Broken(broken),
        }
    }
}

/// How the pull of one image goes, as far as Secrets decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pull<'a> {
    /// These are tried, in this order: Secret, key, what it logs in with. The node's credentials come
    /// after them.
    Tried(Vec<(&'a str, Key, Credential)>),
    /// No entry matches the image: the node's credentials are tried, else the pull is anonymous.
    Unmatched,
    /// This Secret breaks the pod.
    Broken(&'a str, Broken),
}

/// Follows the list of a pod. `secrets` has the Secrets of the list in order.
pub fn pull<'a>(image: &str, secrets: &[(&'a str, Found)]) -> Pull<'a> {
    let broken = secrets.iter().find_map(|(name, found)| match found {
        Found::Broken(why) => Some(Pull::Broken(name, why.clone())),
        Found::Entries(_) | Found::Skipped | Found::Missing => None,
    });
    if let Some(broken) = broken {
        return broken;
    }
    let entries = secrets.iter().flat_map(|(name, found)| {
        let entries: &[Entry] = match found {
            Found::Entries(entries) => entries,
            Found::Skipped | Found::Missing | Found::Broken(_) => &[],
        };
        entries
            .iter()
            .map(move |entry| (entry.key.clone(), (*name, entry.credential)))
    });
    let keyring = Keyring::new(entries);
    let tried = keyring.lookup(&looked_up(image));
    if tried.is_empty() {
        return Pull::Unmatched;
    }
    let tried = tried
        .into_iter()
        .map(|(key, (name, credential))| (*name, key.clone(), *credential));
    Pull::Tried(tried.collect())
}

#[cfg(test)]
mod tests {
    use crate::manifest::{PullSecrets, Reference};
    use crate::pull::chain::{
        Found, Pull, Source, choose, choose_for_static_pod, gives_nothing, not_on_account, pull,
    };
    use crate::pull::docker_config::{Broken, Credential, Entry, Login};

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
    fn only_an_empty_list_is_given_up_for_the_account() {
        let chosen = choose(&list(&[]), &list(&["b"]));
        assert_eq!(
            (chosen.source, chosen.secrets),
            (Source::Account, vec!["b"])
        );
        let chosen = choose(&list(&[""]), &list(&["b"]));
        assert_eq!((chosen.source, chosen.secrets), (Source::Pod, vec![]));
        assert_eq!(chosen.hidden, ["b"]);
        assert!(gives_nothing(&list(&[""])) && !gives_nothing(&list(&[])));
        let chosen = choose(&list(&["a", "b"]), &list(&["b", "c"]));
        assert_eq!((chosen.secrets, chosen.hidden), (vec!["a", "b"], vec!["c"]));
    }

    #[test]
    fn a_static_pod_has_no_list() {
        assert_eq!(choose_for_static_pod().secrets, Vec::<&str>::new());
    }

    #[test]
    fn an_account_that_enforces_allows_its_own_secrets_alone() {
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
        let good = Found::Entries(vec![Entry {
            key: "a.azurecr.io".to_owned(),
            credential: Credential::Complete,
            login: Login::Auth,
        }]);
        let image = "a.azurecr.io/x:1";
        let tried = pull(
            image,
            &[
                ("m", Found::Missing),
                ("s", Found::Skipped),
                ("g", good.clone()),
            ],
        );
        let Pull::Tried(tried) = tried else {
            panic!("{tried:?}");
        };
        assert_eq!((tried.len(), tried[0].0), (1, "g"));
        assert_eq!(
            pull("b.azurecr.io/x", &[("g", good.clone())]),
            Pull::Unmatched
        );
        let broken = Found::Broken(Broken::Json);
        let all = [("g", good), ("b", broken)];
        assert_eq!(pull("public.io/x", &all), Pull::Broken("b", Broken::Json));
    }
}

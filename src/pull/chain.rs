//! From a pod to the credential: its own list, else its account's; the Secrets; the entry that matches.

use crate::manifest::{PullSecrets, Reference};
use crate::pull::docker_config::{Broken, Credential, Entry};
use crate::pull::keyring::{Key, Keyring, without_tag};

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

/// How the pull of one image goes, as far as Secrets decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pull<'a> {
    /// These are tried, in this order: Secret, key, what it logs in with.
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
        _ => None,
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
    let tried = keyring.lookup(without_tag(image));
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
    use crate::pull::chain::{Found, Pull, Source, choose, gives_nothing, pull};
    use crate::pull::docker_config::{Broken, Credential, Entry};

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
    fn one_broken_secret_fails_all_images_and_a_missing_one_none() {
        let good = Found::Entries(vec![Entry {
            key: "a.azurecr.io".to_owned(),
            credential: Credential::Complete,
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

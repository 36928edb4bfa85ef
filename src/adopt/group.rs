//! From the needs of images to access entries: one content for each Secret, and as few entries as possible.

use std::collections::{BTreeMap, BTreeSet};

use crate::adopt::draft::{ALL_REPOSITORIES, DraftSecret, DraftStrategy, Entry, Token};
use crate::adopt::serves::comments;
use crate::adopt::{Need, Options, Way, names};
use crate::strategy::service_account::params::Mode;

/// Repositories by registry; empty if none is known.
type Content = BTreeMap<String, BTreeSet<String>>;

/// What namespaces share: the name of the Secret, and its registries.
type Key<'k> = (&'k str, Vec<&'k String>);

/// A Secret in a namespace.
#[derive(Default)]
struct Cell<'a> {
    content: Content,
    /// The needs of pods that reference it themselves.
    listed: Vec<&'a Need>,
    /// Those of pods whose account references it, by account.
    carried: BTreeMap<String, Vec<&'a Need>>,
    /// Those of pods to whose account it is added.
    added: BTreeMap<String, Vec<&'a Need>>,
}

/// What the namespaces of an entry have in common: the account, if there is one.
type Account = Option<String>;

/// An entry before it has a name.
#[derive(Default)]
struct Plan<'a> {
    namespaces: BTreeSet<String>,
    needs: Vec<&'a Need>,
}

/// The entries for all needs, sorted by Secret and account. `secret` is the name of a new one.
pub(super) fn entries(needs: &[&Need], secret: &str, options: &Options) -> Vec<Entry> {
    let mut taken = BTreeSet::new();
    let attached: Vec<&Need> = needs
        .iter()
        .copied()
        .filter(|one| one.way == Way::Node)
        .collect();
    let mut all: Vec<Entry> = Vec::new();
    if !attached.is_empty() {
        all.push(attach(&attached, names::unique("attach", &mut taken)));
    }
    let cells = cells(needs, secret);
    // Namespaces whose Secret is for the same registries share an entry, and one token of each registry.
    let mut groups: BTreeMap<Key<'_>, Vec<(&str, &Cell<'_>)>> = BTreeMap::new();
    for ((name, namespace), cell) in &cells {
        let registries = cell.content.keys().collect();
        let group = groups.entry((name, registries)).or_default();
        group.push((namespace, cell));
    }
    for ((name, _), cells) in groups {
        let mut content = Content::new();
        let mut plans: BTreeMap<Account, Plan<'_>> = BTreeMap::new();
        for (namespace, cell) in cells {
            for (registry, repositories) in &cell.content {
                let of_registry = content.entry(registry.clone()).or_default();
                of_registry.extend(repositories.iter().cloned());
            }
            for (account, needs) in cell.plans() {
                let plan = plans.entry(account).or_default();
                plan.namespaces.insert(namespace.to_owned());
                plan.needs.extend(needs);
            }
        }
        let mut tokens = None;
        for (account, plan) in plans {
            let wanted = names::label(account.as_deref().unwrap_or(name));
            let entry = names::unique(&wanted, &mut taken);
            let tokens = tokens.get_or_insert_with(|| tokens_of(&content, &entry, options));
            let secret = DraftSecret {
                name: name.to_owned(),
                delivery: options.delivery,
                tokens: tokens.clone(),
            };
            all.push(Entry {
                comments: comments(&sentence(name, account.as_deref()), &plan.needs),
                name: entry,
                registries: content.keys().cloned().collect(),
                namespaces: plan.namespaces.into_iter().collect(),
                strategy: match account {
                    None => DraftStrategy::Secret(secret),
                    Some(account) => DraftStrategy::Account {
                        account,
                        mode: Mode::Merge,
                        secret,
                    },
                },
                workload: None,
            });
        }
    }
    all
}

fn sentence(secret: &str, account: Option<&str>) -> String {
    match account {
        None => {
            format!("Secret `{secret}`, which these reference in their own list of pull secrets")
        }
        Some(account) => {
            format!("Secret `{secret}` on ServiceAccount `{account}`, for the pods of")
        }
    }
}

fn attach(needs: &[&Need], name: String) -> Entry {
    let registries: BTreeSet<String> = needs
        .iter()
        .map(|one| one.server.name.to_string())
        .collect();
    Entry {
        comments: comments("The cluster's kubelet identity may pull, for", needs),
        name,
        registries: registries.into_iter().collect(),
        namespaces: Vec::new(),
        strategy: DraftStrategy::Attach,
        workload: None,
    }
}

/// The Secrets by name and namespace.
fn cells<'a>(needs: &[&'a Need], new: &str) -> BTreeMap<(String, String), Cell<'a>> {
    let mut cells: BTreeMap<(String, String), Cell<'a>> = BTreeMap::new();
    for need in needs.iter().copied() {
        let name = match &need.way {
            Way::Node => continue,
            Way::Listed(secret) | Way::Carried(_, secret) => secret.to_string(),
            Way::Added(_) => new.to_owned(),
        };
        let cell = cells.entry((name, need.namespace.to_string())).or_default();
        let of_registry = cell
            .content
            .entry(need.server.name.to_string())
            .or_default();
        of_registry.extend(need.repository.iter().map(ToString::to_string));
        for other in &need.others {
            cell.content.entry(other.name.to_string()).or_default();
        }
        match &need.way {
            Way::Node => {}
            Way::Listed(_) => cell.listed.push(need),
            Way::Carried(account, _) => {
                cell.carried
                    .entry(account.to_string())
                    .or_default()
                    .push(need);
            }
            Way::Added(account) => {
                cell.added
                    .entry(account.to_string())
                    .or_default()
                    .push(need);
            }
        }
    }
    cells
}

impl<'a> Cell<'a> {
    /// The entries that this Secret needs in its namespace, with whom each serves. Every account that does
    /// not reference it yet needs one; any of them writes the Secret for all.
    fn plans(&self) -> Vec<(Account, Vec<&'a Need>)> {
        let mut plans: Vec<(Account, Vec<&'a Need>)> = self
            .added
            .iter()
            .map(|(account, needs)| {
                let own = self.carried.get(account).into_iter().flatten();
                let needs = needs.iter().chain(own).copied();
                (Some(account.clone()), needs.collect())
            })
            .collect();
        let mut carried = self
            .carried
            .iter()
            .filter(|(name, _)| !self.added.contains_key(*name));
        if plans.is_empty()
            && let Some((account, needs)) = carried.next()
        {
            plans.push((Some(account.clone()), needs.clone()));
        }
        let others: Vec<&'a Need> = carried
            .flat_map(|(_, needs)| needs.iter().copied())
            .collect();
        match plans.first_mut() {
            Some((_, needs)) => {
                needs.extend(others);
                needs.extend(self.listed.iter().copied());
            }
            None => plans.push((None, self.listed.clone())),
        }
        plans
    }
}

/// A token for each registry. One for a registry without any known repository may pull all.
fn tokens_of(content: &Content, entry: &str, options: &Options) -> Vec<Token> {
    let name = names::token(&options.name, entry);
    let tokens = content.iter().map(|(registry, repositories)| Token {
        registry: registry.clone(),
        name: name.clone(),
        repositories: match repositories.is_empty() {
            true => vec![ALL_REPOSITORIES.to_owned()],
            false => repositories.iter().cloned().collect(),
        },
    });
    tokens.collect()
}

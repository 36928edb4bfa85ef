//! The cross checks: what no schema can express. Each file here checks one rule on the whole config.

mod attach;
mod credentials;
mod images;
mod kinds;
mod labels;
mod objects;
mod pods;
mod references;
mod repositories;
mod secrets;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::{Access, Scope};
use crate::contract::moves::Moves;
use crate::diag::{Code, Problem, Report, Severity, nearest};
use crate::document::Document;
use crate::manifest::PodKind;
use crate::model::{Cluster, Registry};
use crate::names::{ClusterName, RegistryName};
use crate::pointer::Pointer;
use crate::strategy::secret::params::PullSecret;

/// An element of the config and where it is.
pub(super) struct Placed<T> {
    pub(super) pointer: Pointer,
    pub(super) value: T,
}

/// The readable elements of a config, however broken the rest is.
pub(super) struct Parts<'a> {
    registries: Vec<Placed<Registry>>,
    clusters: Vec<Placed<Cluster>>,
    access: Vec<Placed<Access>>,
    kinds: Vec<Placed<PodKind>>,
    /// Names of declared elements, the unreadable ones included.
    declared: BTreeMap<&'static str, Vec<String>>,
    /// Where registries and clusters of a name are among the readable ones: there are many, and many
    /// entries that name them.
    registries_by_name: HashMap<RegistryName, Vec<usize>>,
    clusters_by_name: HashMap<ClusterName, Vec<usize>>,
    /// The document that the parts were read from, with null for unreadable list elements.
    repaired: &'a Value,
    /// Values of it with a mistake of their own.
    wrong: &'a HashSet<Pointer>,
}

impl<'a> Parts<'a> {
    /// Reads what can be read; `wrong` are the values that have a message already.
    pub(super) fn read(repaired: &'a Value, wrong: &'a HashSet<Pointer>) -> Self {
        let names = |key: &str| -> Vec<String> {
            let all = repaired["spec"][key].as_array().into_iter().flatten();
            all.filter_map(|one| one["name"].as_str())
                .map(str::to_owned)
                .collect()
        };
        let registries: Vec<Placed<Registry>> = elements(repaired, "registries");
        let clusters: Vec<Placed<Cluster>> = elements(repaired, "clusters");
        Self {
            registries_by_name: by_name(registries.iter().map(|one| &one.value.name)),
            clusters_by_name: by_name(clusters.iter().map(|one| &one.value.name)),
            registries,
            clusters,
            access: elements(repaired, "access"),
            kinds: elements(repaired, "kinds"),
            declared: ["registries", "clusters"]
                .into_iter()
                .map(|key| (key, names(key)))
                .collect(),
            repaired,
            wrong,
        }
    }

    /// Whether every registry, or every cluster, could be read, and has a name that others can refer to.
    fn is_whole(&self, key: &str) -> bool {
        let check = match key {
            "registries" => RegistryName::RULE.check,
            _ => ClusterName::RULE.check,
        };
        let list = Pointer::root().key("spec").key(key);
        if self.misses_included() {
            return false;
        }
        match &self.repaired["spec"][key] {
            Value::Array(all) => {
                let is_fine = |(index, one): (usize, &Value)| {
                    let name = one["name"].as_str();
                    name.is_some_and(|name| check(name).is_ok())
                        && !self.wrong.contains(&list.index(index).key("name"))
                };
                all.iter().enumerate().all(is_fine) && !self.wrong.contains(&list)
            }
            Value::Null => true,
            _ => false,
        }
    }

    /// Whether a file that is included could not be named, so what it declares is not known.
    fn misses_included(&self) -> bool {
        let include = Pointer::root().key("spec").key("include");
        let mut wrong = self.wrong.iter();
        wrong.any(|wrong| wrong.0.starts_with(&include.0))
    }

    /// The pointers of a list's readable elements, in order.
    fn places(&self, list: &Pointer) -> Vec<Pointer> {
        let all = self
            .repaired
            .pointer(&list.to_json_pointer())
            .and_then(Value::as_array);
        let readable = all
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(_, one)| !one.is_null());
        readable.map(|(index, _)| list.index(index)).collect()
    }

    /// The clusters that an entry's scripts are for, in the order of their declaration. With many of
    /// them an entry must name its own, and is asked to by a check of its own.
    fn clusters_of(&self, access: &Access) -> Vec<&Cluster> {
        const FEW: usize = 16;
        let all = self.clusters.iter().map(|placed| &placed.value);
        match &access.clusters {
            None => all.take(FEW).collect(),
            Some(names) => named(names, &self.clusters_by_name)
                .filter_map(|at| self.clusters.get(at))
                .map(|placed| &placed.value)
                .collect(),
        }
    }

    /// The clusters that the objects of an entry are for.
    fn scope<'s>(&self, access: &'s Access) -> Scope<'s> {
        Scope::of(access, self.clusters.iter().map(|placed| &placed.value))
    }

    /// The declared registries of an entry, in the order of their declaration.
    fn registries_of(&self, access: &Access) -> Vec<&Placed<Registry>> {
        named(&access.registries, &self.registries_by_name)
            .filter_map(|at| self.registries.get(at))
            .collect()
    }
}

/// Where each name is.
fn by_name<'n, N: Clone + Eq + Hash + 'n>(
    names: impl Iterator<Item = &'n N>,
) -> HashMap<N, Vec<usize>> {
    let mut found: HashMap<N, Vec<usize>> = HashMap::new();
    for (at, name) in names.enumerate() {
        found.entry(name.clone()).or_default().push(at);
    }
    found
}

/// The places of some names, in order, each once.
fn named<N: Eq + Hash>(
    names: &[N],
    by_name: &HashMap<N, Vec<usize>>,
) -> impl Iterator<Item = usize> + use<N> {
    let found = names.iter().filter_map(|name| by_name.get(name));
    let places: BTreeSet<usize> = found.flatten().copied().collect();
    places.into_iter()
}

/// The readable elements of one list of the spec.
fn elements<T: DeserializeOwned>(repaired: &Value, key: &str) -> Vec<Placed<T>> {
    let list = Pointer::root().key("spec").key(key);
    let all = repaired["spec"][key]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate();
    all.filter_map(|(index, one)| {
        let value = serde_json::from_value(without_null(one)).ok()?;
        Some(Placed {
            pointer: list.index(index),
            value,
        })
    })
    .collect()
}

/// A copy without the list elements that cannot be read.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Array(items) => items
            .iter()
            .filter(|one| !one.is_null())
            .map(without_null)
            .collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, one)| (key.clone(), without_null(one)))
            .collect(),
        other => other.clone(),
    }
}

/// Collects messages at places of one document.
struct Checker<'a> {
    document: &'a Document,
    /// Values with a mistake of their own.
    wrong: &'a HashSet<Pointer>,
    /// Where the values of the parts are in the document.
    moves: &'a Moves,
    report: Report,
    /// How many more times it is guessed what a name was meant to be.
    guesses: usize,
}

/// More mistakes than anybody reads: checks that could find any number for one entry end here.
const MOST_MISTAKES: usize = 10_000;
/// Guesses take a look at all choices each.
const MOST_GUESSES: usize = 100;

impl Checker<'_> {
    /// Reports a problem, unless its value has a message already.
    fn push(&mut self, mut problem: Problem) {
        problem.pointer = self.moves.original(&problem.pointer);
        for (pointer, _) in &mut problem.related {
            *pointer = self.moves.original(pointer);
        }
        if !self.wrong.contains(&problem.pointer) {
            self.report.push(self.document.place(problem));
        }
    }

    /// Whether looking for more is useless.
    fn is_full(&self) -> bool {
        self.report.count(Severity::Error) >= MOST_MISTAKES
    }

    /// What a name was meant to be.
    fn guess<'n>(&mut self, name: &str, choices: &[&'n str]) -> Option<&'n str> {
        self.guesses = self.guesses.checked_sub(1)?;
        nearest(name, choices)
    }

    /// Reports the second and later of equal elements.
    fn unique(
        &mut self,
        elements: impl IntoIterator<Item = (String, Pointer)>,
        what: &str,
        help: &str,
    ) {
        let mut seen: BTreeMap<String, Pointer> = BTreeMap::new();
        for (name, pointer) in elements {
            let folded = name.to_lowercase();
            if let Some(first) = seen.get(&folded) {
                let message = format!("duplicate {what} `{name}`");
                let problem = Problem::new(Code::Duplicate, &pointer, message);
                self.push(problem.related(first, "first one here").help(help));
            } else {
                seen.insert(folded, pointer);
            }
        }
    }
}

/// All cross checks; `moves` tells where the parts are in the document.
pub(super) fn check(parts: &Parts, document: &Document, moves: &Moves) -> Report {
    let mut checker = Checker {
        document,
        wrong: parts.wrong,
        moves,
        report: Report::default(),
        guesses: MOST_GUESSES,
    };
    references::check(parts, &mut checker);
    images::check(parts, &mut checker);
    attach::check(parts, &mut checker);
    credentials::check(parts, &mut checker);
    repositories::check(parts, &mut checker);
    secrets::check(parts, &mut checker);
    objects::check(parts, &mut checker);
    pods::check(parts, &mut checker);
    labels::check(parts, &mut checker);
    kinds::check(parts, &mut checker);
    if checker.is_full() {
        checker.report.at_least(&document.source);
    }
    checker.report
}

/// The pull secret of an entry, if its strategy has one.
fn pull_secret(access: &Access) -> Option<&PullSecret> {
    access.strategy.secret()
}

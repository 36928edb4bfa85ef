//! Does each Kubernetes object come from one entry only?

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::config::Scope;
use crate::config::check::{Checker, Parts};
use crate::diag::{Code, Problem};
use crate::model::{Workload, WorkloadKind};
use crate::names::Namespace;
use crate::pointer::Pointer;

/// An entry that generates an object, and where it does.
struct Maker {
    entry: usize,
    pointer: Pointer,
}

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts<'_>, checker: &mut Checker<'_>) {
    let mut makers: BTreeMap<(&str, &str), Vec<Maker>> = BTreeMap::new();
    for (entry, access) in parts.access.iter().enumerate() {
        let places = parts.places(&access.pointer.key("workloads"));
        for (workload, pointer) in access.value.workloads.iter().zip(&places) {
            cron_job_name(workload, pointer, checker);
            let object = (workload.kind.word(), workload.name.as_str());
            let pointer = pointer.key("name");
            let of_object = makers.entry(object).or_default();
            of_object.push(Maker { entry, pointer });
        }
        if let Some(account) = access.value.strategy.account() {
            let name = account.name.as_str();
            let pointer = access.pointer.key("serviceAccount").key("name");
            if account.mode.makes_account() {
                if name == "default" {
                    let message = "ServiceAccount `default` exists in every namespace";
                    let problem = Problem::new(Code::ObjectConflict, &pointer, message);
                    checker.push(
                        problem.help("use `mode: merge` to add the Secret to it, or another name"),
                    );
                }
                let of_object = makers.entry(("ServiceAccount", name)).or_default();
                of_object.push(Maker { entry, pointer });
            }
        }
    }
    let mut overlaps = Overlaps {
        parts,
        scopes: parts
            .access
            .iter()
            .map(|one| parts.scope(&one.value))
            .collect(),
        known: HashMap::new(),
    };
    for ((kind, name), makers) in &makers {
        for (maker, clash) in overlaps.clashes(makers) {
            if checker.is_full() {
                return;
            }
            let Clash { namespace, owner } = clash;
            let message = format!("{kind} `{name}` in namespace `{namespace}` is generated twice");
            let role = match parts.access.get(owner) {
                Some(other) if owner != maker.entry => {
                    format!("first by access entry `{}`", other.value.name)
                }
                _ => "first in the same entry".to_owned(),
            };
            // In the order of the entries.
            let first = makers.partition_point(|one| one.entry < owner);
            let problem = Problem::new(Code::ObjectConflict, &maker.pointer, message);
            let problem = match makers.get(first) {
                Some(first) => problem.related(&first.pointer, role),
                None => problem,
            };
            checker.push(problem.help("generate it in one entry only, or rename one of the two"));
        }
    }
}

/// Where an object is made a second time.
#[derive(Clone, Copy)]
struct Clash<'a> {
    namespace: &'a Namespace,
    /// The entry that makes it first.
    owner: usize,
}

/// Which entries have namespaces in common. An entry may have thousands of namespaces and thousands of
/// objects, so nothing here looks at each object in each namespace.
struct Overlaps<'a> {
    parts: &'a Parts<'a>,
    /// The clusters of each entry.
    scopes: Vec<Scope<'a>>,
    /// By two entries: the first namespace of the second one that the first one has as well.
    known: HashMap<(usize, usize), Option<usize>>,
}

impl<'a> Overlaps<'a> {
    /// The makers of one object that make it where it is made already, each once.
    fn clashes<'m>(&mut self, makers: &'m [Maker]) -> Vec<(&'m Maker, Clash<'a>)> {
        let namespaces = makers.iter().map(|one| self.namespaces(one.entry).len());
        if makers.len() < 2 {
            Vec::new()
        } else if namespaces.sum::<usize>() < makers.len() * makers.len() {
            self.by_namespace(makers)
        } else {
            self.by_pair(makers)
        }
    }

    fn namespaces(&self, entry: usize) -> &'a [Namespace] {
        let access = self.parts.access.get(entry);
        access.map_or(&[], |access| &access.value.namespaces)
    }

    /// Looks up each namespace of each maker.
    fn by_namespace<'m>(&self, makers: &'m [Maker]) -> Vec<(&'m Maker, Clash<'a>)> {
        let mut owners: HashMap<&Namespace, Vec<usize>> = HashMap::new();
        let mut found = Vec::new();
        for maker in makers {
            let mut first = None;
            for namespace in self.namespaces(maker.entry) {
                let all = owners.entry(namespace).or_default();
                let owner = all
                    .iter()
                    .copied()
                    .find(|owner| self.meet(*owner, maker.entry));
                match owner {
                    Some(owner) if owner != maker.entry && first.is_none() => {
                        first = Some(Clash { namespace, owner });
                    }
                    Some(_) => {}
                    None => all.push(maker.entry),
                }
            }
            // An object that one entry makes twice is its first maker's in all namespaces.
            found.extend(
                first
                    .or(self.own(makers, maker))
                    .map(|clash| (maker, clash)),
            );
        }
        found
    }

    /// Whether two entries are for a cluster in common.
    fn meet(&self, one: usize, other: usize) -> bool {
        let scopes = self.scopes.get(one).zip(self.scopes.get(other));
        scopes.is_none_or(|(one, other)| one.meets(other))
    }

    /// Compares each maker with those before it.
    fn by_pair<'m>(&mut self, makers: &'m [Maker]) -> Vec<(&'m Maker, Clash<'a>)> {
        let mut found = Vec::new();
        for (at, maker) in makers.iter().enumerate() {
            let before = makers
                .iter()
                .take(at)
                .filter(|one| one.entry != maker.entry);
            let shared = before.filter_map(|one| Some((self.shared(one.entry, maker.entry)?, one)));
            let first = shared.min_by_key(|(namespace, one)| (*namespace, one.entry));
            let clash = first.and_then(|(namespace, one)| {
                Some(Clash {
                    namespace: self.namespaces(maker.entry).get(namespace)?,
                    owner: one.entry,
                })
            });
            found.extend(
                clash
                    .or(self.own(makers, maker))
                    .map(|clash| (maker, clash)),
            );
        }
        found
    }

    /// The clash of a maker with an earlier one of its own entry.
    fn own(&self, makers: &[Maker], maker: &Maker) -> Option<Clash<'a>> {
        let first = makers.iter().find(|one| one.entry == maker.entry)?;
        let namespace = self.namespaces(maker.entry).first()?;
        (first.pointer != maker.pointer).then_some(Clash {
            namespace,
            owner: maker.entry,
        })
    }

    /// The first namespace of `second` that `first` has as well.
    fn shared(&mut self, first: usize, second: usize) -> Option<usize> {
        let (of_first, of_second) = (self.namespaces(first), self.namespaces(second));
        let meet = self.meet(first, second);
        *self.known.entry((first, second)).or_insert_with(|| {
            if !meet {
                return None;
            }
            let there: HashSet<&Namespace> = of_first.iter().collect();
            of_second.iter().position(|one| there.contains(one))
        })
    }
}

/// The controller adds eleven characters for each Job (Kubernetes docs, "CronJob").
fn cron_job_name(workload: &Workload, pointer: &Pointer, checker: &mut Checker<'_>) {
    const MOST: usize = 52;
    let length = workload.name.as_str().len();
    if matches!(workload.kind, WorkloadKind::CronJob { .. }) && (MOST + 1..=63).contains(&length) {
        let message =
            format!("the name of a CronJob has at most {MOST} characters, this one {length}");
        let problem = Problem::new(Code::InvalidName, &pointer.key("name"), message);
        checker.push(
            problem.help("Kubernetes adds the time to it for each Job: choose a shorter one"),
        );
    }
}

//! What changes in the objects that came in: decided on what is known of them, made later.

use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;
use crate::diag::{Code, Diagnostic, Report};
use crate::document::Node;
use crate::krm::apply::Changes;
use crate::krm::entry::Entries;
use crate::krm::facts::{Facts, Wanted};
use crate::krm::finding::Finding;
use crate::krm::input::{Input, Unit};
use crate::krm::list::ResourceList;
use crate::krm::stream::Stream;
use crate::krm::{account, pod};
use crate::manifest::{Identity, Inventory};
use crate::pointer::Pointer;

/// What a function does to the objects that came in.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done, and what could not be.
    pub findings: Vec<Finding>,
    /// What kubectl reads over in the objects that came in: warnings.
    pub warnings: Report,
    /// Objects of the config that were not among them.
    pub(super) made: Vec<Node>,
    pub(super) units: Vec<Unit>,
    facts: Facts,
    /// What is known only when the objects are written.
    written: Mutex<Report>,
}

impl Outcome {
    /// What writing the objects told: documents that lost their comments, and errors about those that
    /// could not be changed.
    pub fn of_writing(&self) -> Report {
        let mut told = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut told)
    }

    pub(super) fn tell(&self, diagnostic: Diagnostic) {
        let mut told = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(diagnostic);
    }

    /// What changes in the objects that came in.
    pub(super) fn changes(&self) -> Changes<'_> {
        Changes {
            units: &self.units,
            facts: &self.facts,
        }
    }
}

impl ResourceList {
    /// Adds what the config makes, and gives each pod template that pulls from a declared registry what
    /// the strategy of its entry says. `made` are the objects of the config.
    ///
    /// What exists stays as it is: an object of the same kind, name and namespace is not replaced, no key
    /// and no list element changes or goes.
    ///
    /// # Errors
    /// What is not valid YAML, in all of the objects.
    pub fn transform(&self, config: &Config, made: Vec<Node>) -> Result<Outcome, Report> {
        let source = &self.config.source;
        transform(config, made, |wanted| {
            Input::list(source, &self.part, wanted)
        })
    }
}

impl Stream {
    /// As [`ResourceList::transform`].
    ///
    /// # Errors
    /// As [`ResourceList::transform`].
    pub fn transform(&self, config: &Config, made: Vec<Node>) -> Result<Outcome, Report> {
        transform(config, made, |wanted| {
            Input::stream(&self.source, &self.parts, wanted)
        })
    }
}

fn transform(
    config: &Config,
    made: Vec<Node>,
    read: impl FnOnce(&Wanted<'_>) -> Input,
) -> Result<Outcome, Report> {
    let entries = Entries::of(config);
    let kinds = config.kinds();
    let identities = made.iter().map(|node| (Identity::of(node, None), ()));
    let wanted = Wanted {
        kinds: &kinds,
        entries: &entries,
        made: identities.collect(),
    };
    let Input {
        units,
        mut facts,
        report,
    } = read(&wanted);
    if report.has_errors() {
        return Err(report);
    }
    let mut findings = Vec::new();
    let mut made = left_over(made, &facts, &mut findings);
    for (at, node) in made.iter().enumerate() {
        facts.read(node, None, units.len() + at, &wanted);
    }
    account::serve(&entries, &mut facts, &mut findings);
    pod::serve(&entries, &mut facts, &mut findings);
    findings.append(&mut facts.noted);
    for (at, node) in made.iter_mut().enumerate() {
        for change in facts.changes(units.len() + at) {
            change.apply(node);
        }
    }
    Ok(Outcome {
        findings,
        warnings: report,
        made,
        units,
        facts,
        written: Mutex::default(),
    })
}

/// The objects of the config that are not among those that came in.
fn left_over(made: Vec<Node>, facts: &Facts, findings: &mut Vec<Finding>) -> Vec<Node> {
    let same = facts.same.iter().map(|identity| (identity.clone(), ()));
    let same: Inventory<()> = same.collect();
    let all: Inventory<()> = made
        .iter()
        .map(|node| (Identity::of(node, None), ()))
        .collect();
    let mut told: Vec<Identity> = Vec::new();
    let is_new = |node: &Node| {
        let new = Identity::of(node, None);
        let Some((old, ())) = same.same(&new) else {
            return true;
        };
        let about = || Arc::new(old.clone());
        // Without a namespace it can be one of those of the config, and not all.
        let mut candidates = all.find(old.group(), &old.kind, &old.name, None);
        let is_clear = old.namespace == new.namespace || candidates.nth(1).is_none();
        if is_clear {
            let message = format!("{old} exists, so the one of the config is left out");
            findings.push(Finding::info(&about(), &Pointer::root(), message));
        } else if !told.contains(old) {
            told.push(old.clone());
            let message =
                format!("{old} has no namespace, and the config generates it for several");
            let help = "set its namespace: the one of the config there is then left out";
            let (code, at) = (Code::EntryAmbiguous, Pointer::root().key("metadata"));
            findings.push(Finding::warning(code, &about(), &at, message, help));
        }
        !is_clear
    };
    made.into_iter().filter(is_new).collect()
}

//! Computes the changes to the input objects from the collected facts.

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

/// The result of a function.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Changes that were made, and problems.
    pub findings: Vec<Finding>,
    /// Warnings about what kubectl ignores in the input.
    pub warnings: Report,
    /// Objects of the config that are not in the input.
    pub(super) generated: Vec<Node>,
    pub(super) units: Vec<Unit>,
    facts: Facts,
    /// Messages that arise while the objects are written.
    written: Mutex<Report>,
}

impl Outcome {
    /// Removes and returns the messages of writing: warnings about rewritten documents, and errors about
    /// documents that could not be changed.
    pub fn take_write_report(&self) -> Report {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut written)
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.push(diagnostic);
    }

    /// The changes to the input objects.
    pub(super) fn changes(&self) -> Changes<'_> {
        Changes {
            units: &self.units,
            facts: &self.facts,
        }
    }
}

impl ResourceList {
    /// Adds the objects of the config (`generated`), and adds pull access to each pod template that pulls
    /// from a declared registry, according to the strategy of its entry.
    ///
    /// Existing content is kept: an object of the same kind, name and namespace is not replaced, and no key
    /// or list element is changed or removed.
    ///
    /// # Errors
    /// All YAML errors of the input.
    pub fn transform(&self, config: &Config, generated: Vec<Node>) -> Result<Outcome, Report> {
        let source = &self.config.source;
        transform(config, generated, |wanted| {
            Input::list(source, &self.part, wanted)
        })
    }
}

impl Stream {
    /// As [`ResourceList::transform`].
    ///
    /// # Errors
    /// As [`ResourceList::transform`].
    pub fn transform(&self, config: &Config, generated: Vec<Node>) -> Result<Outcome, Report> {
        transform(config, generated, |wanted| {
            Input::stream(&self.source, &self.parts, wanted)
        })
    }
}

fn transform(
    config: &Config,
    generated: Vec<Node>,
    read: impl FnOnce(&Wanted<'_>) -> Input,
) -> Result<Outcome, Report> {
    let entries = Entries::of(config);
    let kinds = config.kinds();
    let identities = generated.iter().map(|node| (Identity::of(node, None), ()));
    let wanted = Wanted {
        kinds: &kinds,
        entries: &entries,
        generated: identities.collect(),
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
    let mut generated = without_existing(generated, &facts, &mut findings);
    for (at, node) in generated.iter().enumerate() {
        facts.read(node, None, units.len() + at, &wanted);
    }
    account::update(&entries, &mut facts, &mut findings);
    pod::update(&entries, &mut facts, &mut findings);
    findings.append(&mut facts.findings);
    for (at, node) in generated.iter_mut().enumerate() {
        for change in facts.changes(units.len() + at) {
            change.apply(node);
        }
    }
    Ok(Outcome {
        findings,
        warnings: report,
        generated,
        units,
        facts,
        written: Mutex::default(),
    })
}

/// The objects of the config that are not in the input.
fn without_existing(generated: Vec<Node>, facts: &Facts, findings: &mut Vec<Finding>) -> Vec<Node> {
    let same = facts.same.iter().map(|identity| (identity.clone(), ()));
    let same: Inventory<()> = same.collect();
    let all: Inventory<()> = generated
        .iter()
        .map(|node| (Identity::of(node, None), ()))
        .collect();
    let mut reported: Vec<Identity> = Vec::new();
    let is_new = |node: &Node| {
        let new = Identity::of(node, None);
        let Some((old, ())) = same.same(&new) else {
            return true;
        };
        let about = || Arc::new(old.clone());
        // An object without a namespace can match only one of several generated objects.
        let mut candidates = all.find(old.group(), &old.kind, &old.name, None);
        let is_clear = old.namespace == new.namespace || candidates.nth(1).is_none();
        if is_clear {
            let message =
                format!("{old} exists in the input, so the one in the config was not added");
            findings.push(Finding::info(&about(), &Pointer::root(), message));
        } else if !reported.contains(old) {
            reported.push(old.clone());
            let message = format!(
                "{old} has no namespace, but the config generates it for several namespaces"
            );
            let help = "set its namespace; the generated object for that namespace is then omitted";
            let (code, at) = (Code::EntryAmbiguous, Pointer::root().key("metadata"));
            findings.push(Finding::warning(code, &about(), &at, message, help));
        }
        !is_clear
    };
    generated.into_iter().filter(is_new).collect()
}

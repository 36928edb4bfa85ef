//! Reads the input unit by unit: documents of a stream, elements of a list.

use std::sync::Arc;

use crate::cores;
use crate::diag::Report;
use crate::document::{Element, Node, Part, Reading, part, stream_items};
use crate::krm::facts::{Facts, Wanted};
use crate::manifest::{Identity, is_list};
use crate::pointer::Pointer;
use crate::span::Source;

/// How input objects are read.
pub(super) const READING: Reading = Reading::AsKubectl;

/// Documents that are read in one batch; their trees are dropped after each batch.
const BATCH_SIZE: usize = 1_000;

/// A part of the input that is read and changed independently.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// The document.
    pub(super) part: Part,
    /// The element of its `items` with its index; `None` for the whole document.
    pub(super) element: Option<(usize, Element)>,
}

/// The whole input.
#[derive(Debug, Default)]
pub(super) struct Input {
    pub(super) units: Vec<Unit>,
    pub(super) facts: Facts,
    /// Errors, and warnings about what kubectl ignores.
    pub(super) report: Report,
}

impl Unit {
    /// Pointer from the root of its document.
    pub(super) fn pointer(&self) -> Pointer {
        match self.element {
            None => Pointer::root(),
            Some((index, _)) => Pointer::root().key("items").index(index),
        }
    }
}

impl Input {
    /// Reads the documents of a stream.
    pub(super) fn stream(source: &Arc<Source>, parts: &[Part], wanted: &Wanted<'_>) -> Self {
        let mut all = Self::default();
        for some in parts.chunks(BATCH_SIZE) {
            for one in cores::map(some, |part| document(source, part, wanted)) {
                all.extend(one);
            }
        }
        all
    }

    /// Reads the `items` of a document as objects, regardless of its kind.
    pub(super) fn list(source: &Arc<Source>, part: &Part, wanted: &Wanted<'_>) -> Self {
        let mut all = Self::default();
        let mut take = |index: usize, node: Node| {
            all.element(part, index, &node, None, wanted);
            None
        };
        let mut report = Report::default();
        stream_items(source, part, READING, &mut take, &mut report);
        all.report = report;
        all
    }

    fn element(
        &mut self,
        part: &Part,
        index: usize,
        node: &Node,
        list: Option<&Identity>,
        wanted: &Wanted<'_>,
    ) {
        self.facts.read(node, list, self.units.len(), wanted);
        self.units.push(Unit {
            part: *part,
            element: Some((index, Element::of(node))),
        });
    }

    /// Whether all elements that were read belong to the effective `items`, the last one of repeated keys.
    fn contains_all_units(&self, root: &Node) -> bool {
        let items = root.get("items").map(|items| items.span);
        let mut elements = self.units.iter().filter_map(|unit| unit.element);
        elements.all(|(_, element)| {
            items.is_some_and(|list| {
                list.start <= element.span.start && element.span.end <= list.end
            })
        })
    }

    fn whole(&mut self, part: &Part, root: &Node, wanted: &Wanted<'_>) {
        self.facts.read(root, None, self.units.len(), wanted);
        self.units.push(Unit {
            part: *part,
            element: None,
        });
    }

    fn extend(&mut self, other: Self) {
        self.facts.extend(other.facts, self.units.len());
        self.units.extend(other.units);
        self.report.extend(other.report);
    }
}

/// Reads a document. Its kind may be written after its elements, so it is read as a list first.
fn document(source: &Arc<Source>, of: &Part, wanted: &Wanted<'_>) -> Input {
    let mut found = Input::default();
    let mut take = |index: usize, node: Node| {
        // An element without version or kind is read later: its list defines them.
        if node.text("kind").is_none() || node.text("apiVersion").is_none() {
            return Some(node);
        }
        found.element(of, index, &node, None, wanted);
        None
    };
    let mut report = Report::default();
    let Some(root) = stream_items(source, of, READING, &mut take, &mut report) else {
        return Input {
            report,
            ..Input::default()
        };
    };
    found.report = report;
    let identity = Identity::of(&root, None);
    if !is_list(&identity, wanted.kinds) || !found.contains_all_units(&root) {
        if found.units.is_empty() {
            found.whole(of, &root, wanted);
            return found;
        }
        // The document is not a list but has `items`, or has `items` twice: read it again as a whole.
        let mut whole = Input::default();
        if let Some(root) = part(source, of, READING, &mut Report::default()) {
            whole.whole(of, &root, wanted);
        }
        whole.report = found.report;
        return whole;
    }
    let Some(items) = root.get("items").filter(|items| items.is_list()) else {
        found.whole(of, &root, wanted);
        return found;
    };
    for (index, node) in items.items().iter().enumerate() {
        if !node.is_null() {
            found.element(of, index, node, Some(&identity), wanted);
        }
    }
    found
}

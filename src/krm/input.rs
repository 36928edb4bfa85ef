//! What comes in, piece by piece: documents of a stream, and elements of a list.

use std::sync::Arc;

use crate::cores;
use crate::diag::Report;
use crate::document::{Element, Node, Part, Reading, harvest, part};
use crate::krm::facts::{Facts, Wanted};
use crate::manifest::{Identity, is_list};
use crate::pointer::Pointer;
use crate::span::Source;

/// How objects of others are read.
pub(super) const READING: Reading = Reading::AsKubectl;

/// Documents that are read at once, so that what is known of each is put together soon.
const AT_ONCE: usize = 1_000;

/// A piece that is read, kept and changed on its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// The document.
    pub(super) part: Part,
    /// The element of its list `items`, with its index; else it is the whole document.
    pub(super) element: Option<(usize, Element)>,
}

/// Everything that came in.
#[derive(Debug, Default)]
pub(super) struct Input {
    pub(super) units: Vec<Unit>,
    pub(super) facts: Facts,
    /// Mistakes, and what kubectl reads over.
    pub(super) report: Report,
}

impl Unit {
    /// From the root of its document.
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
        for some in parts.chunks(AT_ONCE) {
            for one in cores::map(some, |part| document(source, part, wanted)) {
                all.extend(one);
            }
        }
        all
    }

    /// Reads the objects of a document whose `items` are objects, whatever its kind.
    pub(super) fn list(source: &Arc<Source>, part: &Part, wanted: &Wanted<'_>) -> Self {
        let mut all = Self::default();
        let mut take = |index: usize, node: Node| {
            all.element(part, index, &node, None, wanted);
            None
        };
        let mut report = Report::default();
        harvest(source, part, READING, &mut take, &mut report);
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

    /// Whether all elements that were read are those of the list that counts: of two keys the last does.
    fn is_of(&self, root: &Node) -> bool {
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

/// One document. What it is may be written after its elements, so they are read as if it were a list.
fn document(source: &Arc<Source>, of: &Part, wanted: &Wanted<'_>) -> Input {
    let mut found = Input::default();
    let mut take = |index: usize, node: Node| {
        // An element that does not say what it is waits for what its list says.
        if node.text("kind").is_none() || node.text("apiVersion").is_none() {
            return Some(node);
        }
        found.element(of, index, &node, None, wanted);
        None
    };
    let mut report = Report::default();
    let Some(root) = harvest(source, of, READING, &mut take, &mut report) else {
        return Input {
            report,
            ..Input::default()
        };
    };
    found.report = report;
    let identity = Identity::of(&root, None);
    if !is_list(&identity, wanted.kinds) || !found.is_of(&root) {
        if found.units.is_empty() {
            found.whole(of, &root, wanted);
            return found;
        }
        // What was read is not what counts: an object that has `items` and is no list, or a list that has
        // them twice. It is read again, as one.
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

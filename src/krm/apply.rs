//! Converts the changes of units into edits of the whole text.

use std::ops::Range;
use std::sync::Arc;

use crate::cores;
use crate::diag::{Code, Diagnostic};
use crate::document::{Change, Data, Edit, Entry, Node, Part, edit, rewrite};
use crate::krm::facts::Facts;
use crate::krm::input::{READING, Unit};
use crate::pointer::Pointer;
use crate::span::{Source, Span};

/// Units that are changed in one batch: changes need far more memory than the resulting edits.
const BATCH_SIZE: usize = 1_000;

/// How a document was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// By edits of the text.
    InPlace,
    /// It was rewritten from its values, without its comments.
    Rewritten,
    /// It was not changed: no written form reads back with the intended values.
    Failed,
}

impl Method {
    /// The message about the document in `span`.
    pub(super) fn warning(self, source: &Arc<Source>, span: Span) -> Option<Diagnostic> {
        let message = match self {
            Self::InPlace => return None,
            Self::Rewritten => {
                "this document was rewritten without its comments and aliases: a value to change is shared by an anchor or cannot be edited in place"
            }
            Self::Failed => {
                "this document was not changed: no written form of it reads back with the intended values"
            }
        };
        let diagnostic = Diagnostic::new(Code::DocumentForm, message)
            .at(source, Span::new(span.start..span.start))
            .help("replace aliases in the pod spec with their values, and use plain block or flow style");
        Some(match self {
            Self::Failed => diagnostic.as_error(),
            Self::InPlace | Self::Rewritten => diagnostic,
        })
    }
}

/// The changes to the units of all documents.
#[derive(Clone, Copy)]
pub(super) struct Changes<'a> {
    pub(super) units: &'a [Unit],
    pub(super) facts: &'a Facts,
}

impl Changes<'_> {
    /// The edits of a document, in text order. `units` are the units of the document. `root` is its tree
    /// with the changes to it; the tree may lack the elements of `items`.
    pub(super) fn edits(
        self,
        source: &Arc<Source>,
        part: &Part,
        units: Range<usize>,
        root: Option<(&Node, &[Change])>,
    ) -> (Vec<Edit>, Method) {
        if let Some(edits) = self.in_place(source, units.clone(), root) {
            return (edits, Method::InPlace);
        }
        let mut all = Vec::new();
        for at in units {
            let prefix = self.units.get(at).map(Unit::pointer).unwrap_or_default();
            all.extend(self.of(at).into_iter().map(|change| change.below(&prefix)));
        }
        all.extend(root.into_iter().flat_map(|(_, changes)| changes).cloned());
        // Anchors and aliases of an element may refer to other parts of the document.
        if let Some(edits) = rewrite::part_edits(source, part, READING, &all) {
            return (edits, Method::InPlace);
        }
        match rewrite::part_rewritten(source, part, READING, &all) {
            Some(edit) => (vec![edit], Method::Rewritten),
            None => (Vec::new(), Method::Failed),
        }
    }

    /// Edits of the text; `None` if it must be rewritten.
    fn in_place(
        self,
        source: &Arc<Source>,
        units: Range<usize>,
        root: Option<(&Node, &[Change])>,
    ) -> Option<Vec<Edit>> {
        let mut edits = Vec::new();
        let units: Vec<usize> = units.collect();
        for some in units.chunks(BATCH_SIZE) {
            for one in cores::map(some, |at| self.of_unit(source, *at)) {
                edits.extend(one?);
            }
        }
        if let Some((root, changes)) = root {
            edits.extend(edit::edits(&source.text, root, changes)?);
        }
        // A stable sort: edits of nested values come first.
        edits.sort_by_key(|edit| edit.span);
        Some(edits)
    }

    fn of_unit(self, source: &Arc<Source>, at: usize) -> Option<Vec<Edit>> {
        let changes = self.of(at);
        if changes.is_empty() {
            return Some(Vec::new());
        }
        let Unit { part, element } = self.units.get(at)?;
        match element {
            Some((_, element)) => rewrite::element_edits(source, element, READING, &changes),
            None => rewrite::part_edits(source, part, READING, &changes),
        }
    }

    fn of(self, unit: usize) -> Vec<Change> {
        let mut all = Vec::new();
        for change in self.facts.changes(unit) {
            add(&mut all, change);
        }
        all
    }
}

/// Adds a change; keys of the same mapping are set together.
fn add(all: &mut Vec<Change>, change: Change) {
    let Change::Set { at, entries } = change else {
        all.push(change);
        return;
    };
    let known = all.iter_mut().find_map(|one| match one {
        Change::Set { at: of, entries } if *of == at => Some(entries),
        _ => None,
    });
    let Some(known) = known else {
        all.push(Change::Set { at, entries });
        return;
    };
    for (key, value) in entries {
        match known.iter_mut().find(|(one, _)| *one == key) {
            Some((_, there)) => merge(there, value),
            None => known.push((key, value)),
        }
    }
}

/// Merges the keys of one mapping into another, recursively.
fn merge(there: &mut Node, value: Node) {
    let is_mapping = |node: &Node| matches!(node.data, Data::Mapping(_));
    if !(is_mapping(there) && is_mapping(&value)) {
        *there = value;
        return;
    }
    if let Data::Mapping(entries) = value.data {
        for Entry { key, value, .. } in entries {
            match there.find_mut(&Pointer::root().key(&key)) {
                Some(inner) => merge(inner, value),
                None => there.set(&key, value),
            }
        }
    }
}

//! Changes of units to edits of the whole text.

use std::ops::Range;
use std::sync::Arc;

use crate::cores;
use crate::diag::{Code, Diagnostic};
use crate::document::{Change, Data, Edit, Entry, Node, Part, edit, rewrite};
use crate::krm::facts::Facts;
use crate::krm::input::{READING, Unit};
use crate::pointer::Pointer;
use crate::span::{Source, Span};

/// Elements that are changed at once: changes take many times the memory of the edits they become.
const AT_ONCE: usize = 1_000;

/// How a document gets its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// By edits.
    InPlace,
    /// It is written anew, without the comments inside of it.
    Anew,
    /// It stays as it is: no form of it would be read as it should.
    NotAtAll,
}

impl How {
    /// What to tell about the document in `span`.
    pub(super) fn warning(self, source: &Arc<Source>, span: Span) -> Option<Diagnostic> {
        let message = match self {
            Self::InPlace => return None,
            Self::Anew => {
                "this document was written without its comments and aliases: a value that changes is shared by an anchor, or in a form that no edit fits"
            }
            Self::NotAtAll => "this document was left as it is: no edit of it can be read back",
        };
        let diagnostic = Diagnostic::new(Code::DocumentForm, message)
            .at(source, Span::new(span.start..span.start))
            .help("write the pod spec out where it is used, in plain block or flow style");
        Some(match self {
            Self::NotAtAll => diagnostic.as_error(),
            Self::InPlace | Self::Anew => diagnostic,
        })
    }
}

/// What changes in the units of all documents.
#[derive(Clone, Copy)]
pub(super) struct Changes<'a> {
    pub(super) units: &'a [Unit],
    pub(super) facts: &'a Facts,
}

impl Changes<'_> {
    /// The edits of a document, in the order of the text. `units` are those of the document; `root` is its
    /// tree, of which the elements of `items` may be left out, and what changes there.
    pub(super) fn edits(
        self,
        source: &Arc<Source>,
        part: &Part,
        units: Range<usize>,
        root: Option<(&Node, &[Change])>,
    ) -> (Vec<Edit>, How) {
        if let Some(edits) = self.in_place(source, units.clone(), root) {
            return (edits, How::InPlace);
        }
        let mut all = Vec::new();
        for at in units {
            let prefix = self.units.get(at).map(Unit::pointer).unwrap_or_default();
            all.extend(self.of(at).into_iter().map(|change| change.below(&prefix)));
        }
        all.extend(root.into_iter().flat_map(|(_, changes)| changes).cloned());
        // An element alone does not tell what its anchors and aliases are about; the document does.
        if let Some(edits) = rewrite::part_edits(source, part, READING, &all) {
            return (edits, How::InPlace);
        }
        match rewrite::part_anew(source, part, READING, &all) {
            Some(edit) => (vec![edit], How::Anew),
            None => (Vec::new(), How::NotAtAll),
        }
    }

    /// Edits of the text alone, as far as that can be.
    fn in_place(
        self,
        source: &Arc<Source>,
        units: Range<usize>,
        root: Option<(&Node, &[Change])>,
    ) -> Option<Vec<Edit>> {
        let mut edits = Vec::new();
        let units: Vec<usize> = units.collect();
        for some in units.chunks(AT_ONCE) {
            for one in cores::map(some, |at| self.of_unit(source, *at)) {
                edits.extend(one?);
            }
        }
        if let Some((root, changes)) = root {
            edits.extend(edit::edits(&source.text, root, changes)?);
        }
        // Stable: what is inside of something was added first.
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

/// Adds a change; keys for one mapping are set together.
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

/// Adds the keys of a mapping to another one, and what is below keys that both have.
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

//! Elements of a list that are in another file: their problems are shown there.

use std::sync::Arc;

use crate::document::Document;
use crate::pointer::{Pointer, Step};

/// Elements that another document adds at the end of a list.
#[derive(Debug, Clone)]
pub struct Graft {
    /// The list, the same in both documents.
    pub list: Pointer,
    /// Where the first of them is in the list.
    pub first: usize,
    /// How many there are, from the beginning of the list in the other document.
    pub count: usize,
    /// The other document.
    pub document: Arc<Document>,
}

impl Graft {
    /// Where an element, or what is in it, is in the other document.
    fn inside(&self, pointer: &Pointer) -> Option<Pointer> {
        let rest = pointer.0.strip_prefix(self.list.0.as_slice())?;
        let (first, rest) = rest.split_first()?;
        let Step::Index(index) = first else {
            return None;
        };
        let index = index
            .checked_sub(self.first)
            .filter(|at| *at < self.count)?;
        let mut found = self.list.index(index);
        found.0.extend(rest.iter().cloned());
        Some(found)
    }
}

impl Document {
    /// The document that a pointer leads into, and where.
    pub(super) fn locate<'a>(&'a self, pointer: &Pointer) -> (&'a Self, Pointer) {
        let found = self
            .grafts
            .iter()
            .find_map(|graft| Some((graft, graft.inside(pointer)?)));
        match found {
            Some((graft, inside)) => graft.document.locate(&inside),
            None => (self, pointer.clone()),
        }
    }
}

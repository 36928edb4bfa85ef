//! A plain stream of objects: several documents in, the same documents and those of the config out.

use std::borrow::Cow;
use std::sync::Arc;

use crate::cores;
use crate::document::{Part, edit, parts, write};
use crate::krm::transform::Outcome;
use crate::span::Source;

/// Documents that are changed at once.
const AT_ONCE: usize = 1_000;

/// What comes in on a pipe.
#[derive(Debug)]
pub struct Stream {
    pub(super) source: Arc<Source>,
    pub(super) parts: Vec<Part>,
}

impl Stream {
    /// Finds the documents; none is read yet. No message shows a line of them.
    pub fn new(source: Source) -> Self {
        let source = Arc::new(source.hiding_all());
        let parts = parts(&source);
        Self { source, parts }
    }

    /// The documents, one after the other, changed ones apart: what gets nothing is as it came in, byte for
    /// byte.
    pub fn write<'a>(&'a self, outcome: &'a Outcome) -> impl Iterator<Item = Cow<'a, str>> {
        let text = self.source.text.as_str();
        let groups = self.parts.chunks(AT_ONCE);
        let pieces = groups.flat_map(move |group| self.pieces(group, outcome));
        let end = (!text.is_empty() && !text.ends_with('\n') && !outcome.made.is_empty())
            .then_some(Cow::Borrowed("\n"));
        let made = outcome.made.iter();
        let made = made.map(|node| Cow::Owned(format!("---\n{}", write::block(node, ""))));
        pieces.chain(end).chain(made)
    }

    /// Documents that change are pieces of their own, those between them are one.
    fn pieces<'a>(&'a self, group: &[Part], outcome: &Outcome) -> Vec<Cow<'a, str>> {
        let text = self.source.text.as_str();
        let edited = cores::map(group, |part| {
            let units = &outcome.units;
            let first = units.partition_point(|unit| unit.part.index < part.index);
            let last = units.partition_point(|unit| unit.part.index <= part.index);
            let edits = outcome
                .changes()
                .edits(&self.source, part, first..last, None);
            (!edits.is_empty()).then(|| edit::apply(text, part.span, &edits))
        });
        let Some((first, last)) = group.first().zip(group.last()) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let mut at = first.span.start;
        for (part, edited) in group.iter().zip(edited) {
            if let Some(edited) = edited {
                all.extend(text.get(at..part.span.start).map(Cow::Borrowed));
                all.push(Cow::Owned(edited));
                at = part.span.end;
            }
        }
        all.extend(text.get(at..last.span.end).map(Cow::Borrowed));
        all
    }
}

//! A plain stream of objects: reads several documents, writes them and the objects of the config.

use std::borrow::Cow;
use std::sync::Arc;

use crate::cores;
use crate::diag::Report;
use crate::document::{self, Part, edit, parts, write};
use crate::krm::input::READING;
use crate::krm::transform::Outcome;
use crate::span::Source;

/// Documents that are changed in one batch.
const BATCH_SIZE: usize = 1_000;

/// Where the objects of the config are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    After,
}

/// A stream of documents.
#[derive(Debug)]
pub struct Stream {
    pub(super) source: Arc<Source>,
    pub(super) parts: Vec<Part>,
}

impl Stream {
    /// Finds the documents without reading them. No message shows their text.
    pub fn new(source: Source) -> Self {
        let source = Arc::new(source.hiding_all());
        let parts = parts(&source);
        Self { source, parts }
    }

    /// The output, in chunks. Documents without changes are written byte for byte.
    pub fn write<'a>(&'a self, outcome: &'a Outcome) -> impl Iterator<Item = Cow<'a, str>> {
        let text = self.source.text.as_str();
        let groups = self.parts.chunks(BATCH_SIZE);
        let pieces = groups.flat_map(move |group| self.pieces(group, outcome));
        let generated = |place: Place| {
            let nodes = if place == self.place_of_generated() {
                outcome.generated.as_slice()
            } else {
                &[]
            };
            let all = nodes.iter();
            all.map(|node| Cow::Owned(format!("---\n{}", write::block(node, ""))))
        };
        let is_ended = text.is_empty() || text.ends_with(['\r', '\n']);
        let needs = |place: Place, text: &'static str| {
            let is_needed =
                place == self.place_of_generated() && !outcome.generated.is_empty() && !is_ended;
            is_needed.then_some(Cow::Borrowed(text))
        };
        let marker = self.begin_after_another();
        let before = generated(Place::Before).chain(needs(Place::Before, marker));
        let after = needs(Place::After, "\n")
            .into_iter()
            .chain(generated(Place::After));
        before.chain(pieces).chain(after)
    }

    /// The separator to write before the first document if another document precedes it.
    fn begin_after_another(&self) -> &'static str {
        let text = self.source.text.trim_start_matches('\u{feff}');
        let is_bare = |line: &&str| line.trim().is_empty() || line.starts_with('#');
        match text.split(['\r', '\n']).find(|line| !is_bare(line)) {
            Some(line) if line.starts_with("---") => "",
            // A directive must follow the end of a document (YAML 1.2.2, §9.1.1).
            Some(line) if line.starts_with('%') => "...\n",
            _ => "---\n",
        }
    }

    /// A final block scalar without a line end would get one if a document followed, so none may follow.
    fn place_of_generated(&self) -> Place {
        let text = self.source.text.as_str();
        let Some(last) = self.parts.last().filter(|_| !text.ends_with('\n')) else {
            return Place::After;
        };
        let read = |text: String| {
            let source = Arc::new(Source::new("", text).hiding_all());
            let part = *parts(&source).first()?;
            document::part(&source, &part, READING, &mut Report::default())
        };
        let own = text.get(last.span.range()).unwrap_or_default();
        let (alone, followed) = (read(own.to_owned()), read(format!("{own}\n")));
        match alone.zip(followed) {
            Some((alone, followed)) if !alone.is_same(&followed) => Place::Before,
            _ => Place::After,
        }
    }

    /// The output of a batch: each changed document, and the unchanged text between them, is one chunk.
    fn pieces<'a>(&'a self, group: &[Part], outcome: &Outcome) -> Vec<Cow<'a, str>> {
        let text = self.source.text.as_str();
        let edited = cores::map(group, |part| {
            let units = &outcome.units;
            let first = units.partition_point(|unit| unit.part.index < part.index);
            let last = units.partition_point(|unit| unit.part.index <= part.index);
            let (edits, method) = outcome
                .changes()
                .edits(&self.source, part, first..last, None);
            let edited = (!edits.is_empty()).then(|| edit::apply(text, part.span, &edits));
            (edited, method.warning(&self.source, part.span))
        });
        let Some((first, last)) = group.first().zip(group.last()) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let mut at = first.span.start;
        for (part, (edited, warning)) in group.iter().zip(edited) {
            if let Some(warning) = warning {
                outcome.report(warning);
            }
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

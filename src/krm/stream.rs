//! A plain stream of objects: several documents in, the same documents and those of the config out.

use std::borrow::Cow;
use std::sync::Arc;

use crate::cores;
use crate::diag::Report;
use crate::document::{self, Part, edit, parts, write};
use crate::krm::input::READING;
use crate::krm::transform::Outcome;
use crate::span::Source;

/// Documents that are changed at once.
const AT_ONCE: usize = 1_000;

/// Where the objects of the config go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    After,
}

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
        let made = |place: Place| {
            let nodes = if place == self.place_of_made() {
                outcome.made.as_slice()
            } else {
                &[]
            };
            let all = nodes.iter();
            all.map(|node| Cow::Owned(format!("---\n{}", write::block(node, ""))))
        };
        let is_ended = text.is_empty() || text.ends_with(['\r', '\n']);
        let needs = |place: Place, text: &'static str| {
            let is_needed = place == self.place_of_made() && !outcome.made.is_empty() && !is_ended;
            is_needed.then_some(Cow::Borrowed(text))
        };
        let marker = self.begin_after_another();
        let before = made(Place::Before).chain(needs(Place::Before, marker));
        let after = needs(Place::After, "\n")
            .into_iter()
            .chain(made(Place::After));
        before.chain(pieces).chain(after)
    }

    /// What must stand between another document and the first one.
    fn begin_after_another(&self) -> &'static str {
        let text = self.source.text.trim_start_matches('\u{feff}');
        let is_bare = |line: &&str| line.trim().is_empty() || line.starts_with('#');
        match text.lines().find(|line| !is_bare(line)) {
            Some(line) if line.starts_with("---") => "",
            // A directive is one only after the end of a document (YAML 1.2.2, §9.1.1).
            Some(line) if line.starts_with('%') => "...\n",
            _ => "---\n",
        }
    }

    /// A block scalar that the text ends in without a line end would get one, so nothing may follow it.
    fn place_of_made(&self) -> Place {
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

    /// Documents that change are pieces of their own, those between them are one.
    fn pieces<'a>(&'a self, group: &[Part], outcome: &Outcome) -> Vec<Cow<'a, str>> {
        let text = self.source.text.as_str();
        let edited = cores::map(group, |part| {
            let units = &outcome.units;
            let first = units.partition_point(|unit| unit.part.index < part.index);
            let last = units.partition_point(|unit| unit.part.index <= part.index);
            let (edits, how) = outcome
                .changes()
                .edits(&self.source, part, first..last, None);
            let edited = (!edits.is_empty()).then(|| edit::apply(text, part.span, &edits));
            (edited, how.warning(&self.source, part.span))
        });
        let Some((first, last)) = group.first().zip(group.last()) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let mut at = first.span.start;
        for (part, (edited, warning)) in group.iter().zip(edited) {
            if let Some(warning) = warning {
                outcome.tell(warning);
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

//! A text to facts: its documents that can matter are read one by one, and their trees dropped.

use std::sync::Arc;

use crate::audit::collect::Collector;
use crate::audit::comments::Comment;
use crate::audit::facts::{Facts, TextId};
use crate::audit::hide::Visible;
use crate::audit::relevant::can_matter;
use crate::audit::trace::graft;
use crate::cores;
use crate::diag::Report;
use crate::document::{Node, Part, Reading, part, parts};
use crate::manifest::{Identity, Kinds};
use crate::span::{Source, Span};

/// How texts are read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The kinds that have pods.
    pub kinds: &'a Kinds,
    /// The namespace of objects that set none.
    pub namespace: Option<&'a str>,
}

/// What was read of one text.
#[derive(Debug, Default)]
pub struct Read {
    /// The facts.
    pub facts: Facts,
    /// Documents of pullwright: their roots.
    pub own: Vec<Own>,
    /// What could not be read.
    pub report: Report,
    /// Values that no excerpt may show.
    pub hidden: Vec<Span>,
    /// Comments that ignore findings, in what could be read.
    pub comments: Vec<Comment>,
    /// How many documents are objects that can matter.
    pub documents: usize,
}

/// A document of pullwright in a text.
#[derive(Debug)]
pub struct Own {
    /// Its kind: `PullAccess`, `PullAudit`.
    pub kind: String,
    /// The tree.
    pub root: Node,
}

/// Prefix of annotations that ignore a rule; the value is the reason.
pub const IGNORE: &str = "ignore.pullwright.dev/";

/// The file that an object of a build comes from.
#[derive(Debug)]
pub struct Traced {
    /// Number of the text.
    pub text: TextId,
    /// The text.
    pub source: Arc<Source>,
    /// The object there, or whatever else shows where it comes from.
    pub from: Node,
}

/// What was read of a build.
#[derive(Debug, Default)]
pub struct ReadBuild {
    /// The facts, in the places of the files that they come from.
    pub facts: Facts,
    /// Values of those files that no excerpt may show.
    pub hidden: Vec<(TextId, Vec<Span>)>,
    /// How many objects were built.
    pub documents: usize,
    /// What could not be read.
    pub report: Report,
}

/// Documents that one core reads before it takes others.
pub(super) const BATCH: usize = 64;

impl Read {
    /// Whether nothing of the text is needed any more.
    pub fn is_empty(&self) -> bool {
        let Self {
            facts,
            own,
            report,
            hidden: _,
            comments,
            documents: _,
        } = self;
        facts.is_empty() && own.is_empty() && comments.is_empty() && report.sorted().is_empty()
    }

    /// Adds what follows in the text.
    pub(super) fn extend(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.own.extend(other.own);
        self.report.extend(other.report);
        self.hidden.extend(other.hidden);
        self.comments.extend(other.comments);
        self.documents += other.documents;
    }
}

impl Reader<'_> {
    /// Reads a text. `directory` decides what is near its objects.
    pub fn read(self, source: &Arc<Source>, text: TextId, directory: &Arc<str>) -> Read {
        let all = parts(source);
        let relevant: Vec<Part> = all
            .into_iter()
            .filter(|one| can_matter(source.text.get(one.span.range()).unwrap_or_default()))
            .collect();
        let mut read = Read::default();
        for group in relevant.chunks(BATCH * 16) {
            let batches: Vec<&[Part]> = group.chunks(BATCH).collect();
            for one in cores::map(&batches, |batch| self.batch(source, batch, text, directory)) {
                read.extend(one);
            }
        }
        read
    }

    /// Reads a build; `trace` finds the file that an object comes from.
    pub fn read_build(
        self,
        build: &Arc<Source>,
        directory: &Arc<str>,
        trace: &mut dyn FnMut(&Identity, &Node) -> Traced,
    ) -> ReadBuild {
        let mut all = ReadBuild::default();
        for one in parts(build) {
            let Some(mut root) = part(build, &one, Reading::AsKubectl, &mut all.report) else {
                continue;
            };
            let Traced { text, source, from } = trace(&Identity::of(&root, None), &root);
            graft(&mut root, &from);
            let collector = Collector {
                reader: self,
                text,
                directory,
                visible: Visible::new(&source),
                original: Some(&from),
            };
            let mut read = Read::default();
            collector.object_tree(&root, &mut read);
            all.facts.extend(read.facts);
            all.documents += 1;
            if !read.hidden.is_empty() {
                all.hidden.push((text, read.hidden));
            }
        }
        all
    }

    fn batch(
        self,
        source: &Arc<Source>,
        batch: &[Part],
        text: TextId,
        directory: &Arc<str>,
    ) -> Read {
        let mut read = Read::default();
        for part in batch {
            let collector = Collector {
                reader: self,
                text,
                directory,
                visible: Visible::new(source),
                original: None,
            };
            collector.part(source, part, &mut read);
        }
        read
    }
}

//! What an excerpt of a manifest may show: a credential may be on the line of an image.

use crate::document::{Data, Node};
use crate::span::{Source, Span};

/// Keys whose values are names and places, never credentials.
const SHOWN: &[&str] = &[
    "apiVersion",
    "containers",
    "image",
    "imageName",
    "imagePullPolicy",
    "imagePullSecret",
    "imagePullSecrets",
    "initContainers",
    "kind",
    "name",
    "namespace",
    "packagePullSecrets",
    "pullSecret",
    "pullSecrets",
    "reference",
    "refreshInterval",
    "refreshPolicy",
    "repository",
    "secretName",
    "secretRef",
    "secrets",
    "serviceAccount",
    "serviceAccountName",
    "spec",
    "template",
    "type",
    "url",
];

/// A longer line is not shown at all.
const LONGEST_LINE: usize = 400;

/// The lines of a text.
pub(super) struct Visible<'a> {
    source: &'a Source,
}

impl<'a> Visible<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source }
    }

    /// Those of some spans, which are sorted, that are on the lines of an object.
    pub(super) fn on<'s>(&self, object: &Node, spans: &'s [Span]) -> &'s [Span] {
        if spans.is_empty() {
            return spans;
        }
        let first = self.source.line(object.span.start).start;
        let last = self.source.line(object.span.end).end;
        let start = spans.partition_point(|span| span.end < first);
        let end = spans.partition_point(|span| span.start <= last);
        spans.get(start..end).unwrap_or_default()
    }

    /// The values of an object that must not be shown on the lines of `spans`, which are sorted.
    pub(super) fn hidden(&self, object: &Node, spans: &[Span]) -> Vec<Span> {
        let mut hidden = Vec::new();
        let mut lines: Vec<Span> = Vec::new();
        for span in spans {
            let is_known = lines.last().is_some_and(|line| span.start < line.end);
            if !is_known {
                lines.push(self.source.line(span.start));
            }
        }
        lines.retain(|line| {
            let is_long = line.end - line.start > LONGEST_LINE;
            if is_long {
                hidden.push(*line);
            }
            !is_long
        });
        if !lines.is_empty() {
            collect(object, false, &lines, &mut hidden);
        }
        hidden
    }
}

/// Scalars on these lines that are not shown.
fn collect(node: &Node, is_shown: bool, lines: &[Span], hidden: &mut Vec<Span>) {
    let touches = |span: Span| {
        let first = lines.partition_point(|line| line.end < span.start);
        lines.get(first).is_some_and(|line| line.start <= span.end)
    };
    match &node.data {
        Data::Scalar(value) => {
            let may_be_shown = is_shown && !value.as_str().is_some_and(has_user);
            if !may_be_shown && touches(node.span) {
                hidden.push(node.span);
            }
        }
        Data::Sequence(items) => {
            for item in items {
                collect(item, is_shown, lines, hidden);
            }
        }
        Data::Mapping(entries) => {
            for entry in entries {
                let is_shown = SHOWN.contains(&entry.key.as_str());
                collect(&entry.value, is_shown, lines, hidden);
            }
        }
    }
}

/// Whether an address has a user before its host: a password may follow it.
fn has_user(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    authority.contains('@') && (authority.len() < rest.len() || authority.contains(':'))
}

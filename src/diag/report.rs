//! All messages of a run: the first of each file are kept, all are counted.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::diag::{Code, Diagnostic, Severity};
use crate::span::{Source, Span};

/// How many messages about one file are kept; the others are counted.
pub const MOST: usize = 50;
/// How many messages without a place are kept; each of them is about a file of its own.
const MOST_WITHOUT_PLACE: usize = 1_000;
/// The longest sentence of a message, in characters.
const LONGEST: usize = 2_000;

/// The messages of a run, sorted by file, place and code, without duplicates. Of each file the first
/// are kept, errors before warnings; all are counted.
#[derive(Debug, Clone, Default)]
pub struct Report {
    files: BTreeMap<String, Messages>,
    /// How many messages about one file are kept, if not [`MOST`].
    limit: Option<usize>,
}

/// The messages about one file.
#[derive(Debug, Clone, Default)]
struct Messages {
    kept: Vec<Diagnostic>,
    /// Hashes of all messages there were, for a message counts once.
    seen: HashSet<u64>,
    /// How many there are of each severity.
    counts: BySeverity,
    /// Whether the counts are the least that there are.
    at_least: bool,
}

/// A number for each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct BySeverity([usize; Severity::ALL.len()]);

impl BySeverity {
    fn of(&self, severity: Severity) -> usize {
        self.0[severity as usize]
    }

    fn of_mut(&mut self, severity: Severity) -> &mut usize {
        &mut self.0[severity as usize]
    }
}

/// How many messages about a file are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Omitted<'a> {
    /// The file; empty for messages without a place.
    pub file: &'a str,
    /// So many of each severity.
    counts: BySeverity,
    /// Whether there may be more: the rest of the file was not examined.
    pub at_least: bool,
}

impl Omitted<'_> {
    /// The worst severity among them.
    pub fn worst(&self) -> Severity {
        let mut all = Severity::ALL.into_iter();
        all.find(|one| self.counts.of(*one) > 0)
            .unwrap_or(Severity::Info)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.counts.0.iter().sum()
    }

    /// ``and 312 more errors in `file` ``
    pub fn sentence(&self) -> String {
        let noun = |severity: Severity| match (severity, self.counts.of(severity)) {
            (_, 0) => None,
            (Severity::Error, 1) => Some("1 more error".to_owned()),
            (Severity::Error, count) => Some(format!("{count} more errors")),
            (Severity::Warning, 1) => Some("1 more warning".to_owned()),
            (Severity::Warning, count) => Some(format!("{count} more warnings")),
            (Severity::Info, 1) => Some("1 more message".to_owned()),
            (Severity::Info, count) => Some(format!("{count} more messages")),
        };
        let all: Vec<String> = Severity::ALL.into_iter().filter_map(noun).collect();
        let place = match self.file {
            "" => String::new(),
            file => format!(" in `{file}`"),
        };
        let least = if self.at_least { "at least " } else { "" };
        format!("and {least}{}{place}", all.join(" and "))
    }
}

impl Report {
    /// A report that keeps `limit` messages about each file.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit: Some(limit),
            ..Self::default()
        }
    }

    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let name = key(&diagnostic).0;
        let most = most(name, self.limit);
        if !self.files.contains_key(name) {
            self.files.insert(name.to_owned(), Messages::default());
        }
        let Some(of_file) = self.files.get_mut(name) else {
            return;
        };
        let hasher: BuildHasherDefault<DefaultHasher> = BuildHasherDefault::default();
        let hash = hasher.hash_one((key(&diagnostic), &diagnostic.label, &diagnostic.subject));
        if !of_file.seen.insert(hash) {
            return;
        }
        *of_file.count_mut(diagnostic.severity) += 1;
        of_file.kept.push(shortened(diagnostic));
        if of_file.kept.len() >= 2 * most {
            of_file.kept.sort_by(|a, b| rank(a).cmp(&rank(b)));
            of_file.kept.truncate(most);
        }
    }

    /// Counts messages about a file that are not shown: those after the first [`MOST`].
    pub fn omit(&mut self, source: &Source, severity: Severity, count: usize) {
        if count > 0 {
            let of_file = self.files.entry(source.name.clone()).or_default();
            *of_file.count_mut(severity) += count;
        }
    }

    /// Records that the rest of a file was not examined, so that there may be more messages about it.
    pub fn at_least(&mut self, source: &Source) {
        self.files.entry(source.name.clone()).or_default().at_least = true;
    }

    /// Adds all messages of another report.
    pub fn extend(&mut self, other: Report) {
        for (name, theirs) in other.files {
            let counts = Severity::ALL
                .map(|severity| (severity, theirs.omitted(severity, theirs.kept.len())));
            for one in theirs.kept {
                self.push(one);
            }
            let of_file = self.files.entry(name).or_default();
            of_file.at_least |= theirs.at_least;
            for (severity, omitted) in counts {
                *of_file.count_mut(severity) += omitted;
            }
        }
    }

    /// The messages, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.files.values_mut().flat_map(|one| one.kept.iter_mut())
    }

    /// Whether one of the messages is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many messages of that severity there are, those that are not kept included.
    pub fn count(&self, severity: Severity) -> usize {
        self.files.values().map(|one| one.count(severity)).sum()
    }

    /// The messages that are kept, in the order they are shown.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let files = self.files.iter();
        files
            .flat_map(|(name, one)| one.sorted(most(name, self.limit)))
            .collect()
    }

    /// File by file, in the order they are shown: its name, or an empty one; the messages that are kept, and
    /// what is not kept.
    pub fn files(&self) -> impl Iterator<Item = (&str, Vec<&Diagnostic>, Option<Omitted<'_>>)> {
        self.files.iter().map(|(name, one)| {
            let most = most(name, self.limit);
            let omitted = Omitted {
                file: name,
                counts: BySeverity(Severity::ALL.map(|severity| one.omitted(severity, most))),
                at_least: one.at_least,
            };
            let omitted = (omitted.count() > 0).then_some(omitted);
            (name.as_str(), one.sorted(most), omitted)
        })
    }

    /// How many messages are not kept.
    pub fn omitted(&self) -> usize {
        let all = self.files().filter_map(|(_, _, omitted)| omitted);
        all.map(|one| one.count()).sum()
    }
}

impl Messages {
    fn count(&self, severity: Severity) -> usize {
        self.counts.of(severity)
    }

    fn count_mut(&mut self, severity: Severity) -> &mut usize {
        self.counts.of_mut(severity)
    }

    /// The first `most`, errors before warnings.
    fn first(&self, most: usize) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.kept.iter().collect();
        all.sort_by(|a, b| rank(a).cmp(&rank(b)));
        all.truncate(most);
        all
    }

    /// The first `most` by place.
    fn sorted(&self, most: usize) -> Vec<&Diagnostic> {
        let mut all = self.first(most);
        all.sort_by(|a, b| key(a).cmp(&key(b)));
        all
    }

    /// How many of a severity there are beside the first `most`.
    fn omitted(&self, severity: Severity, most: usize) -> usize {
        let kept = self.first(most);
        let kept = kept.iter().filter(|one| one.severity == severity).count();
        self.count(severity).saturating_sub(kept)
    }
}

fn most(file: &str, limit: Option<usize>) -> usize {
    match limit {
        Some(limit) => limit,
        None if file.is_empty() => MOST_WITHOUT_PLACE,
        None => MOST,
    }
}

/// A message whose sentences are short enough to keep: a key of a megabyte may be part of one.
fn shortened(mut one: Diagnostic) -> Diagnostic {
    one.keep_fix_if(|text| text.len() <= LONGEST);
    for sentence in one.texts_mut() {
        // No character is longer than four bytes.
        if sentence.len() > LONGEST
            && let Some((end, _)) = sentence.char_indices().nth(LONGEST)
        {
            sentence.truncate(end);
            sentence.push('…');
        }
    }
    one
}

/// By file, then document and place in it, then code, then words.
type Key<'a> = (&'a str, Option<usize>, Span, Code, &'a str);

fn key(one: &Diagnostic) -> Key<'_> {
    let span = one.place.as_ref().map(|place| place.span);
    let file = one.subject.as_ref().and_then(|one| one.file.as_ref());
    let index = file.and_then(|file| file.index);
    (
        one.file(),
        index,
        span.unwrap_or_default(),
        one.code,
        &one.message,
    )
}

/// Errors first, each severity in the order it is shown.
fn rank(one: &Diagnostic) -> (Severity, Key<'_>) {
    (one.severity, key(one))
}

impl From<Diagnostic> for Report {
    fn from(one: Diagnostic) -> Self {
        Self::from_iter([one])
    }
}

impl FromIterator<Diagnostic> for Report {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        let mut report = Self::default();
        for one in all {
            report.push(one);
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diag::{Code, Diagnostic, MOST, Report, Severity};
    use crate::span::{Source, Span};

    #[test]
    fn the_first_errors_are_kept_and_all_are_counted() {
        let source = Arc::new(Source::new("f", "x".repeat(1_000)));
        let message = |code, at: usize| {
            Diagnostic::new(code, format!("at {at}")).at(&source, Span::new(at..at))
        };
        let mut report = Report::default();
        // Backwards, each twice, with a warning before each error.
        for at in (0..200).rev().flat_map(|at| [at, at]) {
            report.push(message(Code::ImageTag, 2 * at));
            report.push(message(Code::Duplicate, 2 * at + 1));
        }
        let mut both = Report::default();
        both.extend(report);
        both.omit(&source, Severity::Error, 12);
        let sorted = both.sorted();
        let places: Vec<usize> = sorted
            .iter()
            .filter_map(|one| one.place.as_ref())
            .map(|place| place.span.start)
            .collect();
        let want: Vec<usize> = (0..MOST).map(|at| 2 * at + 1).collect();
        assert_eq!(places, want);
        assert_eq!(both.count(Severity::Error), 212);
        assert_eq!(both.count(Severity::Warning), 200);
        assert_eq!(both.omitted(), 362);
        let sentences: Vec<String> = both
            .files()
            .filter_map(|(_, _, omitted)| Some(omitted?.sentence()))
            .collect();
        assert_eq!(
            sentences,
            ["and 162 more errors and 200 more warnings in `f`"]
        );
    }

    #[test]
    fn a_long_sentence_is_cut() {
        let report = Report::from(Diagnostic::new(Code::Syntax, "é".repeat(3_000)));
        let lengths: Vec<usize> = report
            .sorted()
            .iter()
            .map(|one| one.message.chars().count())
            .collect();
        assert_eq!(lengths, [2_001]);
    }
}

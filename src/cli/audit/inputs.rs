//! What an audit reads: files of a tree, builds of its kustomizations, and a stream.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::audit::Texts;
use crate::audit::facts::{Facts, TextId};
use crate::audit::read::{Own, Read, Reader};
use crate::cli::args::Reading;
use crate::cli::audit::build;
use crate::cli::audit::files::{self, File, Skip};
use crate::cli::page::{Page, Stop};
use crate::cores;
use crate::diag::{Code, Diagnostic, Report, Severity};
use crate::disk::git::Git;
use crate::disk::{find, input};
use crate::manifest::Kinds;
use crate::span::Span;

/// How messages name a stream.
const STDIN: &str = "<stdin>";

/// All that was read.
#[derive(Default)]
pub(in crate::cli) struct Inputs {
    pub(in crate::cli) texts: Texts,
    pub(in crate::cli) facts: Facts,
    pub(in crate::cli) own: Vec<(TextId, Own)>,
    /// The directory of each text that is kept.
    pub(in crate::cli) directories: BTreeMap<TextId, Arc<str>>,
    /// How many files there are, and documents in them that can matter.
    pub(in crate::cli) files: usize,
    pub(in crate::cli) documents: usize,
    /// What was not read, and why.
    pub(in crate::cli) skipped: Vec<(String, Skip)>,
    /// The text of stdin.
    pub(in crate::cli) stream: Option<TextId>,
    /// What matters and could not be read.
    pub(in crate::cli) unread: Report,
}

/// The paths of a command.
struct Paths {
    files: Vec<PathBuf>,
    stream: Option<String>,
}

impl Inputs {
    /// Reads the paths of a command, each file once.
    pub(in crate::cli) fn read(
        paths: &[PathBuf],
        reading: &Reading,
        page: &mut Page<'_, '_>,
    ) -> Result<Self, Stop> {
        let mut inputs = Self::default();
        let Paths { files, stream } = inputs.paths(paths, page)?;
        inputs.files = files.len() + usize::from(stream.is_some());
        let kinds = Kinds::with(Vec::new());
        let reader = Reader {
            kinds: &kinds,
            namespace: reading.namespace.as_deref(),
        };
        let folder = page.io.folder.clone();
        let numbered: Vec<(TextId, PathBuf)> = files
            .into_iter()
            .enumerate()
            .map(|(at, path)| (TextId(at), path))
            .collect();
        let stream_number = TextId(numbered.len());
        let read = cores::map(&numbered, |(number, path)| {
            files::read(reader, &folder, *number, path)
        });
        let mut files: Vec<File> = Vec::new();
        for (shown, outcome) in read {
            match outcome {
                Ok(file) => files.push(file),
                Err(skip) => inputs.skipped.push((shown, skip)),
            }
        }
        let built = build::all(reader, &files, reading, page);
        for file in files {
            let is_built = built.covered.contains(&file.number);
            let hidden = built.hidden.get(&file.number).cloned().unwrap_or_default();
            inputs.add(file, is_built, hidden);
        }
        inputs.facts.extend(built.facts);
        inputs.documents += built.documents;
        inputs.unread.extend(built.report);
        if let Some(text) = stream {
            let file = files::of_text(reader, stream_number, STDIN.to_owned(), text, "".into());
            inputs.add(file, false, Vec::new());
            inputs.stream = Some(stream_number);
        }
        Ok(inputs)
    }

    fn paths(&mut self, names: &[PathBuf], page: &mut Page<'_, '_>) -> Result<Paths, Stop> {
        let git = Git::new(&page.io.environment, &page.io.folder);
        let mut files: Vec<PathBuf> = Vec::new();
        let mut stream = None;
        let mut report = Report::default();
        for name in names {
            if name.as_os_str() == "-" {
                stream = Some(input::read_manifests(&mut page.io.stdin, STDIN)?);
                continue;
            }
            match find::tree(&page.io.folder, name, &files::is_wanted, &git) {
                Ok(tree) => {
                    files.extend(tree.files);
                    let links = tree.links.iter();
                    let links = links.map(|link| (files::shown(link), Skip::Link));
                    self.skipped.extend(links);
                }
                Err(errors) => report.extend(errors),
            }
        }
        if report.has_errors() {
            return Err(report.into());
        }
        files.sort();
        files.dedup();
        Ok(Paths { files, stream })
    }

    /// Adds what was read of a file. What a build reads as well counts as it is built.
    fn add(&mut self, file: File, is_built: bool, hidden: Vec<Span>) {
        let File {
            number,
            source,
            directory,
            read,
            ..
        } = file;
        let Read {
            facts,
            own,
            report,
            hidden: more,
            documents,
        } = read;
        let is_needed = is_built || !facts.is_empty() || !own.is_empty();
        if is_needed {
            let source = Arc::unwrap_or_clone(source);
            let source = source.hiding(hidden.into_iter().chain(more));
            self.texts.insert(number, Arc::new(source));
            self.directories.insert(number, directory);
            self.own.extend(own.into_iter().map(|one| (number, one)));
        }
        if !is_built {
            self.documents += documents;
            self.facts.extend(facts);
            for one in report.sorted() {
                self.unread.push(not_checked(one));
            }
        }
    }
}

/// A document that matters and is not valid; a mistake that kubectl ignores stays what it is.
fn not_checked(one: &Diagnostic) -> Diagnostic {
    if one.severity != Severity::Error {
        return one.clone();
    }
    let mut diagnostic = Diagnostic::new(Code::NotChecked, one.message.clone());
    diagnostic.place.clone_from(&one.place);
    diagnostic.related.clone_from(&one.related);
    diagnostic.label("this document was not checked")
}

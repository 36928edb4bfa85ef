//! What an audit reads: files of a tree, builds of its kustomizations, and a stream.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::Texts;
use crate::audit::comments::Comment;
use crate::audit::facts::{Facts, TextId};
use crate::audit::read::{Own, Read, Reader};
use crate::cli::audit::build::Role;
use crate::cli::audit::files::{self, Directories, Edited, File, Keep, Skip};
use crate::cli::audit::settings::Settings;
use crate::cli::audit::{above, build, stream};
use crate::cli::page::{Page, Stop};
use crate::cli::progress::Progress;
use crate::cores;
use crate::diag::{Code, Diagnostic, Report, Severity, Subject};
use crate::disk::git::Git;
use crate::disk::{find, input};
use crate::manifest::Kinds;
use crate::mask;
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
    /// Comments that ignore findings.
    pub(in crate::cli) comments: Vec<(TextId, Comment)>,
    /// What is in files that only builds read which failed.
    pub(in crate::cli) unbuilt: Facts,
    /// Whether a build failed, or a template was skipped.
    pub(in crate::cli) is_partial: bool,
    /// Texts whose objects count as they are built.
    pub(in crate::cli) built: BTreeSet<TextId>,
    /// The files of the tree, as they were found; their texts come first, in this order.
    pub(in crate::cli) names: Vec<PathBuf>,
    /// Those of them whose text is not that of the file.
    pub(in crate::cli) edited: BTreeSet<PathBuf>,
    /// The paths of all files that were read, without links.
    pub(in crate::cli) paths: Vec<(TextId, PathBuf)>,
    /// Configs above the paths.
    pub(in crate::cli) above: HashSet<TextId>,
    /// The texts of the policies, in their order.
    pub(in crate::cli) policies: Vec<TextId>,
    /// What was not read, and why.
    pub(in crate::cli) skipped: Vec<(String, Skip)>,
    /// The text of stdin.
    pub(in crate::cli) stream: Option<TextId>,
    /// What matters and could not be read.
    pub(in crate::cli) unread: Report,
}

/// The files and the stream that the paths of a command mean.
pub(super) struct Found {
    files: Vec<PathBuf>,
    /// Configs above the paths, which are no files of them.
    above: Vec<PathBuf>,
    pub(super) stream: Option<String>,
    /// Files as they count, instead of as they are.
    pub(super) edited: Edited,
    skipped: Vec<(String, Skip)>,
}

impl Found {
    /// Finds the files, each once, without those that a policy excludes, and reads the stream.
    pub(super) fn new(
        paths: &[PathBuf],
        settings: &Settings,
        page: &mut Page<'_, '_>,
    ) -> Result<Self, Stop> {
        let git = Git::new(&page.io.environment, &page.io.folder);
        let mut files: Vec<PathBuf> = Vec::new();
        let mut skipped = Vec::new();
        let mut stream = None;
        let mut edited = Edited::new();
        let mut report = Report::default();
        for name in paths {
            if name.as_os_str() == "-" {
                stream = Some(input::read_manifests(&mut page.io.stdin, STDIN)?);
                continue;
            }
            match find::tree(&page.io.folder, name, &files::is_wanted, &git) {
                Ok(tree) => {
                    if tree.files == [name.clone()] {
                        let text =
                            input::read_unusual(&page.io.folder.join(name), &files::shown(name));
                        edited.extend(text?.map(|text| (name.clone(), text)));
                    }
                    files.extend(tree.files);
                    let links = tree.links.iter();
                    skipped.extend(links.map(|link| (files::shown(link), Skip::Link)));
                }
                Err(errors) => report.extend(errors),
            }
        }
        if report.has_errors() {
            return Err(report.into());
        }
        files.sort();
        files.dedup();
        files.retain(|file| {
            let is_excluded = settings.excludes(file);
            if is_excluded {
                skipped.push((files::shown(file), Skip::Excluded));
            }
            !is_excluded
        });
        let mut above = above::configs(&page.io.folder, paths);
        let whole = |path: &PathBuf| input::real(&page.io.folder.join(path));
        above.retain(|config| {
            let is_config = |file: &&PathBuf| file.file_name() == config.file_name();
            let mut same = files.iter().filter(is_config).map(whole);
            !settings.excludes(config) && !same.any(|file| file == whole(config))
        });
        Ok(Self {
            files,
            above,
            stream,
            edited,
            skipped,
        })
    }
}

impl Inputs {
    /// Reads what was found.
    pub(super) fn read(
        found: &mut Found,
        kinds: &Kinds,
        settings: &Settings,
        page: &Page<'_, '_>,
    ) -> Self {
        let stream = found.stream.take();
        let mut inputs = Self {
            files: found.files.len() + usize::from(stream.is_some()),
            skipped: found.skipped.clone(),
            names: found.files.clone(),
            edited: found.edited.keys().cloned().collect(),
            ..Self::default()
        };
        let reader = Reader {
            kinds,
            namespace: settings.namespace.as_deref(),
        };
        let folder = page.io.folder.as_path();
        let directories = Directories::of(folder, &found.files);
        let numbered: Vec<(TextId, &PathBuf)> = found
            .files
            .iter()
            .enumerate()
            .map(|(at, path)| (TextId(at), path))
            .collect();
        // A build shows lines of any file that it reads.
        let keep = match found.files.iter().any(|file| files::is_kustomization(file)) {
            true => Keep::All,
            false => Keep::Needed,
        };
        let bar = Progress::new(numbered.len(), page);
        let read = cores::map(&numbered, |(number, path)| {
            let read = files::read(reader, &directories, *number, path, &found.edited, keep);
            bar.inc();
            read
        });
        bar.finish();
        let mut files: Vec<File> = Vec::new();
        for (shown, outcome) in read {
            match outcome {
                Ok(file) => files.push(file),
                Err(skip) => inputs.skip(shown, skip),
            }
        }
        let built = build::all(reader, &files, settings.remote, page);
        let is_template = |(_, skip): &(String, Skip)| *skip == Skip::Template;
        inputs.is_partial =
            !built.report.sorted().is_empty() || inputs.skipped.iter().any(is_template);
        for mut file in files {
            if let Some(role) = built.unbuilt.get(&file.number) {
                let facts = std::mem::take(&mut file.read.facts);
                inputs.unbuilt.extend(of_role(facts, *role));
            }
            let is_built = built.covered.contains(&file.number);
            let hidden = built.hidden.get(&file.number).cloned().unwrap_or_default();
            inputs.add(file, is_built, hidden);
        }
        inputs.built = built.covered;
        inputs.facts.extend(built.facts);
        inputs.documents += built.documents;
        inputs.unread.extend(built.report);
        let number = TextId(numbered.len());
        if let Some(text) = stream {
            let file = files::of_text(reader, number, STDIN.to_owned(), text, "".into());
            if let Some(incomplete) = stream::incomplete(&file.source) {
                inputs.unread.push(incomplete);
            }
            inputs.add(file, false, Vec::new());
            inputs.stream = Some(number);
        }
        for (at, path) in found.above.iter().enumerate() {
            let (shown, read) = files::read(
                reader,
                &directories,
                TextId(number.0 + 1 + at),
                path,
                &found.edited,
                keep,
            );
            match read {
                Ok(file) => inputs.add_config(file),
                Err(skip) => inputs.skip(shown, skip),
            }
        }
        inputs
    }

    /// Keeps what was not read; that a file cannot be read is told.
    fn skip(&mut self, name: String, skip: Skip) {
        if let Skip::Unfit(why) = &skip {
            let message = format!("`{name}` was not checked: {why}");
            let diagnostic = Diagnostic::new(Code::NotChecked, message);
            self.unread.push(
                diagnostic
                    .about(Subject::file(&*name))
                    .help("make it readable, or exclude it in the policy"),
            );
        }
        self.skipped.push((name, skip));
    }

    /// The files that were not read although they may hold manifests, and why; those that could not be read are
    /// reported.
    pub(in crate::cli) fn not_read(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.skipped.iter().filter_map(|(name, skip)| match skip {
            Skip::Template => Some((
                name.as_str(),
                "it is a template of a Helm chart: pipe the output of `helm template`",
            )),
            Skip::Link => Some((name.as_str(), "it is a symbolic link")),
            Skip::Excluded | Skip::Unfit(_) => None,
        })
    }

    /// The file that a text is of, if it is one of the tree.
    pub(in crate::cli) fn file(&self, text: TextId) -> Option<&PathBuf> {
        self.names.get(text.0)
    }

    /// Adds the config of a file; other documents in it are not among the paths.
    fn add_config(&mut self, file: File) {
        if file.read.own.is_empty() {
            return;
        }
        let File {
            number,
            source,
            directory,
            read,
            ..
        } = file;
        let source = Arc::unwrap_or_clone(source).hiding(read.hidden);
        self.texts.insert(number, Arc::new(source));
        self.directories.insert(number, directory);
        self.own
            .extend(read.own.into_iter().map(|one| (number, one)));
        let comments = read.comments.into_iter();
        self.comments.extend(comments.map(|one| (number, one)));
        self.above.insert(number);
    }

    /// Adds what was read of a file. What a build reads as well counts as it is built.
    fn add(&mut self, file: File, is_built: bool, hidden: Vec<Span>) {
        let File {
            number,
            source,
            directory,
            path,
            read,
            ..
        } = file;
        let Read {
            facts,
            own,
            report,
            hidden: more,
            comments,
            documents,
        } = read;
        self.paths.push((number, PathBuf::from(format!("/{path}"))));
        let is_needed = is_built || !facts.is_empty() || !own.is_empty() || !comments.is_empty();
        if is_needed {
            let source = Arc::unwrap_or_clone(source);
            let secret = mask::excerpts(&source.text);
            let source = source.hiding(hidden.into_iter().chain(more).chain(secret));
            self.texts.insert(number, Arc::new(source));
            self.directories.insert(number, directory);
            self.own.extend(own.into_iter().map(|one| (number, one)));
            let comments = comments.into_iter();
            self.comments.extend(comments.map(|one| (number, one)));
        }
        if !is_built {
            self.documents += documents;
            self.facts.extend(facts);
            let all = report.sorted().into_iter();
            for one in all.filter(|one| !is_of_azure(one)) {
                self.unread.push(not_checked(one));
            }
        }
    }
}

/// The directory of a file that may not exist yet, as objects have it.
pub(super) fn directory(file: &Path) -> Arc<str> {
    let parent = file.parent().map(input::real).unwrap_or_default();
    files::shown(&parent).trim_start_matches('/').into()
}

/// What counts of a file without the build that reads it.
fn of_role(mut facts: Facts, role: Role) -> Facts {
    match role {
        Role::Objects => {}
        // A patch is no object, but what is wrong in it is wrong.
        Role::Patch => {
            facts.pods.retain(|pod| !pod.wrong.is_empty());
            facts.accounts.clear();
        }
    }
    facts
}

/// Whether a message is about a template of Azure, which may hold comments and is no manifest
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax>).
fn is_of_azure(one: &Diagnostic) -> bool {
    let text = one.place.as_ref().map(|place| place.source.text.as_str());
    text.is_some_and(|text| text.contains("/deploymentTemplate.json#"))
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

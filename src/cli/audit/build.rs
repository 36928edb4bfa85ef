//! Kustomizations of a tree, built with the real program and traced back to its files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::audit::facts::{Facts, TextId};
use crate::audit::kustomization::{Kustomization, Root, roots};
use crate::audit::read::{ReadBuild, Reader, Traced};
use crate::audit::trace::{Origin, origin, source_of};
use crate::cli::audit::files::{File, shown};
use crate::cli::page::Page;
use crate::cli::progress::Progress;
use crate::cores;
use crate::diag::{Code, Diagnostic, Report, Severity, Subject};
use crate::disk::kustomize::{Build, Files, IS_OUTSIDE, Kustomize};
use crate::disk::{find, input};
use crate::document::{Node, Reading, part, parts};
use crate::manifest::{Identity, objects_of};
use crate::mask;
use crate::span::{Source, Span};

/// What all builds found.
#[derive(Default)]
pub(super) struct Built {
    pub(super) facts: Facts,
    pub(super) documents: usize,
    /// Files that builds read, which therefore do not count alone.
    pub(super) covered: BTreeSet<TextId>,
    /// Those of them that only builds read which failed: whether they are objects, or patches.
    pub(super) unbuilt: BTreeMap<TextId, Role>,
    pub(super) hidden: BTreeMap<TextId, Vec<Span>>,
    pub(super) report: Report,
}

/// What a file is to the builds that read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It holds objects.
    Objects,
    /// It holds a patch.
    Patch,
}

/// Builds the kustomizations that no other one uses.
pub(super) fn all(
    reader: Reader<'_>,
    files: &[File],
    with_remote: bool,
    page: &Page<'_, '_>,
) -> Built {
    let mut built = Built::default();
    let read = files.iter().filter_map(|file| {
        let root = file.kustomization.as_ref()?;
        Some(Kustomization::read(&file.directory, root))
    });
    let all: Vec<Kustomization> = read.collect();
    let roots = roots(&all);
    if roots.is_empty() {
        return built;
    }
    let by_path: HashMap<&str, &File> = files
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    let program = Kustomize::find(&page.io.environment, with_remote);
    let folder = page.io.folder.as_path();
    let bar = Progress::new(roots.len(), page);
    let results = cores::map(&roots, |root| {
        let file = kustomization_of(root, files);
        let built = one(
            reader,
            root,
            &by_path,
            file,
            program.as_ref(),
            with_remote,
            folder,
        );
        bar.inc();
        built.map_err(|why| failed(root, file, &why, folder))
    });
    bar.finish();
    let mut done: BTreeSet<TextId> = BTreeSet::new();
    for (root, result) in roots.iter().zip(results) {
        let covered = root.files.iter().filter_map(|path| {
            let role = match root.patches.contains(path) {
                true => Role::Patch,
                false => Role::Objects,
            };
            Some((by_path.get(path.as_str())?.number, role))
        });
        let covered: Vec<(TextId, Role)> = covered.collect();
        built.covered.extend(covered.iter().map(|(text, _)| *text));
        match result {
            Ok(read) => {
                done.extend(covered.into_iter().map(|(text, _)| text));
                built.facts.extend(read.facts);
                built.documents += read.documents;
                built.report.extend(read.report);
                for (text, spans) in read.hidden {
                    built.hidden.entry(text).or_default().extend(spans);
                }
            }
            Err(diagnostic) => {
                built.unbuilt.extend(covered);
                built.report.push(diagnostic);
            }
        }
    }
    built.unbuilt.retain(|text, _| !done.contains(text));
    built
}

fn kustomization_of<'a>(root: &Root, files: &'a [File]) -> Option<&'a File> {
    let mut all = files.iter();
    all.find(|file| file.kustomization.is_some() && *file.directory == *root.directory)
}

/// A kustomization that was not built.
fn failed(root: &Root, file: Option<&File>, why: &str, folder: &Path) -> Diagnostic {
    let name = file.map_or("", |file| file.source.name.as_str());
    let cause = mask::program(&named(why, root, name, folder));
    let message =
        format!("kustomization `{name}` was not built, so its objects were not checked: {cause}");
    Diagnostic::new(Code::NotChecked, message)
        .about(Subject::file(name))
        .help("fix the build, or pipe its output: `kustomize build DIR | pullwright audit -`")
}

/// The words of a program with paths as the user would name them.
fn named(words: &str, root: &Root, name: &str, folder: &Path) -> String {
    let below = name.rsplit_once('/').map_or("", |(above, _)| above);
    let (below, own) = match below {
        "" => (String::new(), "."),
        above => (format!("{above}/"), above),
    };
    let whole = format!("/{}", root.directory);
    let mut words = words.replace(&format!("{whole}/"), &below);
    for end in ["'", ":", " ", "\""] {
        words = words.replace(&format!("{whole}{end}"), &format!("{own}{end}"));
    }
    let folder = input::real(folder);
    let mut up = String::new();
    let named = folder.ancestors().filter(|one| one.parent().is_some());
    for directory in named {
        words = words.replace(&format!("{}/", shown(directory)), &up);
        up.push_str("../");
    }
    words
}

fn one(
    reader: Reader<'_>,
    root: &Root,
    by_path: &HashMap<&str, &File>,
    file: Option<&File>,
    program: Option<&Kustomize>,
    with_remote: bool,
    folder: &Path,
) -> Result<ReadBuild, String> {
    if root.is_remote && !with_remote {
        return Err("it reads remote resources, which are fetched with --remote only".to_owned());
    }
    let Some(program) = program else {
        return Err("neither `kustomize` nor `kubectl` is on the PATH".to_owned());
    };
    let directory = format!("/{}", root.directory);
    let directory = Path::new(&directory);
    let build = match program.build(directory, Files::OfDirectory) {
        Err(why) if why.contains(IS_OUTSIDE) && is_within(root, directory, folder) => {
            program.build(directory, Files::Any)?
        }
        result => result?,
    };
    let mut trace = Tracer {
        reader,
        build: &build,
        by_path,
        fallback: file,
        read: HashMap::new(),
    };
    let name = file.map_or("", |file| file.source.name.as_str());
    let source = Arc::new(Source::new(name, build.text.clone()).hiding_all());
    let near: Arc<str> = root.directory.as_str().into();
    let read = reader.read_build(&source, &near, &mut |identity, object| {
        trace.of(identity, object)
    });
    // Places in what was built are no places in a file.
    let mut errors = read.report.sorted().into_iter();
    match errors.find(|one| one.severity == Severity::Error) {
        Some(error) => Err(format!("what the program printed is {}", error.message)),
        None if read.documents == 0 => Err("the program printed no objects".to_owned()),
        None => Ok(read),
    }
}

/// Whether all files that a build reads are in its repository; outside of one, in the working directory.
fn is_within(root: &Root, directory: &Path, folder: &Path) -> bool {
    let folder = input::real(folder);
    let top = find::repository(directory).unwrap_or(&folder);
    let mut files = root.files.iter().map(|path| Path::new("/").join(path));
    !root.is_open
        && directory.starts_with(top)
        && files.all(|file| {
            let real = input::real(&file);
            find::is_file(&real) && real.starts_with(top)
        })
}

/// Finds the files that objects of a build come from.
struct Tracer<'a> {
    reader: Reader<'a>,
    build: &'a Build,
    by_path: &'a HashMap<&'a str, &'a File>,
    /// The kustomization that was built.
    fallback: Option<&'a File>,
    read: HashMap<TextId, Vec<(Identity, Node)>>,
}

impl Tracer<'_> {
    fn of(&mut self, identity: &Identity, object: &Node) -> Traced {
        let file = |path: &str| {
            let path = shown(&self.build.file(path));
            self.by_path.get(path.trim_start_matches('/')).copied()
        };
        match origin(object) {
            Origin::File(path) => {
                if let Some(file) = file(&path) {
                    let candidates = self
                        .read
                        .entry(file.number)
                        .or_insert_with(|| objects(self.reader, &file.source));
                    if let Some(from) = source_of(identity, candidates) {
                        return Traced {
                            text: file.number,
                            source: Arc::clone(&file.source),
                            from: from.clone(),
                        };
                    }
                }
                self.kustomization(None)
            }
            Origin::Generator(path) => {
                let file = file(&path);
                self.kustomization(file)
            }
            Origin::Elsewhere => self.kustomization(None),
        }
    }

    /// The kustomization itself, for what it generates or downloads.
    fn kustomization(&self, file: Option<&File>) -> Traced {
        let file = file.or(self.fallback);
        let key = file.and_then(|file| {
            let root = file.kustomization.as_ref()?;
            let entries = root.entries();
            let generator = entries.iter().find(|entry| entry.key == "secretGenerator");
            Some(generator.or_else(|| entries.first())?.key_span)
        });
        let mut from = Node::from(serde_json::Value::Null);
        from.span = key.unwrap_or_default();
        match file {
            Some(file) => Traced {
                text: file.number,
                source: Arc::clone(&file.source),
                from,
            },
            None => Traced {
                text: TextId(usize::MAX),
                source: Arc::new(Source::new("", "")),
                from,
            },
        }
    }
}

/// The objects of a file.
fn objects(reader: Reader<'_>, source: &Arc<Source>) -> Vec<(Identity, Node)> {
    let mut report = Report::default();
    let mut all = Vec::new();
    for one in parts(source) {
        let Some(root) = part(source, &one, Reading::AsKubectl, &mut report) else {
            continue;
        };
        for object in objects_of(&root, None, reader.kinds) {
            all.push((object.identity.clone(), object.node.clone()));
        }
    }
    all
}

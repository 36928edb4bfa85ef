//! The files of a tree that an audit reads.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::facts::TextId;
use crate::audit::kustomization;
use crate::audit::read::{Read, Reader};
use crate::diag::Report;
use crate::disk::{find, input};
use crate::document::{Node, Reading, part, parts};
use crate::span::Source;

/// Endings of files with manifests.
const MANIFESTS: &[&str] = &["yaml", "yml", "json"];

/// The texts of files that are edited and not written.
pub(in crate::cli) type Edited = BTreeMap<PathBuf, String>;

/// A file that was read.
pub(super) struct File {
    pub(super) number: TextId,
    pub(super) source: Arc<Source>,
    /// Its directory from the root of the file system, without the first `/`; empty for a stream.
    pub(super) directory: Arc<str>,
    /// The same with its own name.
    pub(super) path: String,
    pub(super) read: Read,
    /// Its tree, if it is a kustomization.
    pub(super) kustomization: Option<Node>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Skip {
    /// A template of a Helm chart.
    Template,
    /// A symbolic link.
    Link,
    /// A policy excludes it.
    Excluded,
    /// The system, or its content, does not allow it; why.
    Unfit(String),
}

/// Which texts are kept after they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Those that messages may be about.
    Needed,
    /// All.
    All,
}

/// Whether a file of a tree is read.
pub(super) fn is_wanted(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| MANIFESTS.contains(&ending)) || is_kustomization(path)
}

pub(super) fn is_kustomization(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| kustomization::NAMES.contains(&name))
}

/// The working directory, and the directories of files without links: the system is asked once for each.
pub(super) struct Directories<'a> {
    folder: &'a Path,
    real: HashMap<PathBuf, PathBuf>,
}

impl<'a> Directories<'a> {
    /// Those of some files.
    pub(super) fn of(folder: &'a Path, files: &[PathBuf]) -> Self {
        let mut real = HashMap::new();
        for directory in files.iter().filter_map(|file| file.parent()) {
            if !real.contains_key(directory) {
                let whole = input::real(&folder.join(directory));
                real.insert(directory.to_owned(), whole);
            }
        }
        Self { folder, real }
    }

    /// The path of a file in a directory without links.
    fn whole(&self, path: &Path) -> PathBuf {
        let directory = path.parent().and_then(|parent| self.real.get(parent));
        match (directory, path.file_name()) {
            (Some(directory), Some(name)) => directory.join(name),
            _ => input::real(&self.folder.join(path)),
        }
    }
}

/// Reads one file; the name is how messages call it.
pub(super) fn read(
    reader: Reader<'_>,
    directories: &Directories<'_>,
    number: TextId,
    path: &Path,
    edited: &Edited,
    keep: Keep,
) -> (String, Result<File, Skip>) {
    let name = shown(path);
    let whole = directories.whole(path);
    let given = directories.folder.join(path);
    // A file that a user names may be a link.
    let is_real_template = || is_template(&input::real(&given));
    if is_template(&whole) && is_real_template() {
        return (name, Err(Skip::Template));
    }
    let text = match edited.get(path) {
        Some(text) => Ok(text.clone()),
        None => input::read_of_tree(&given),
    };
    let text = match text {
        Ok(text) => text,
        Err(_) if is_real_template() => return (name, Err(Skip::Template)),
        Err(why) => return (name, Err(Skip::Unfit(why))),
    };
    let real = shown(&whole);
    let real = real.trim_start_matches('/');
    let directory = real.rsplit_once('/').map_or("", |(above, _)| above);
    let mut file = of_text(reader, number, name.clone(), text, directory.into());
    file.path = real.to_owned();
    if is_kustomization(path) {
        file.kustomization = first_document(&file.source);
    }
    if keep == Keep::Needed && file.read.is_empty() {
        file.source = Arc::new(Source::new(&*file.source.name, ""));
    }
    (name, Ok(file))
}

/// Reads a text.
pub(super) fn of_text(
    reader: Reader<'_>,
    number: TextId,
    name: String,
    text: String,
    directory: Arc<str>,
) -> File {
    // No message about a text that cannot be read may show a line of it.
    let source = Arc::new(Source::new(name, text).hiding_all());
    let read = reader.read(&source, number, &directory);
    let source = match Arc::try_unwrap(source) {
        Ok(source) => Source::new(source.name, source.text),
        // A message about it holds the text as well.
        Err(shared) => Source::new(&*shared.name, &*shared.text),
    };
    File {
        number,
        source: Arc::new(source),
        directory,
        path: String::new(),
        read,
        kustomization: None,
    }
}

fn first_document(source: &Arc<Source>) -> Option<Node> {
    let mut report = Report::default();
    let all = parts(source);
    all.iter()
        .find_map(|one| part(source, one, Reading::AsKubectl, &mut report))
}

/// How messages name a path.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Whether a file is in `templates` of a Helm chart
/// (<https://helm.sh/docs/topics/charts/#the-chart-file-structure>).
fn is_template(path: &Path) -> bool {
    let mut above = path.ancestors().skip(1);
    above.any(|directory| {
        let is_templates = directory
            .file_name()
            .is_some_and(|name| name == "templates");
        let chart = directory.parent().map(|chart| chart.join("Chart.yaml"));
        is_templates && chart.is_some_and(|chart| find::is_file(&chart))
    })
}

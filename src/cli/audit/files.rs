//! The files of a tree that an audit reads.

use std::collections::BTreeMap;
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

/// Whether a file of a tree is read.
pub(super) fn is_wanted(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| MANIFESTS.contains(&ending)) || is_kustomization(path)
}

fn is_kustomization(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| kustomization::NAMES.contains(&name))
}

/// Reads one file; the name is how messages call it.
pub(super) fn read(
    reader: Reader<'_>,
    folder: &Path,
    number: TextId,
    path: &Path,
    edited: &Edited,
) -> (String, Result<File, Skip>) {
    let name = shown(path);
    let whole = input::real(&folder.join(path));
    if is_template(&whole) {
        return (name, Err(Skip::Template));
    }
    let text = match edited.get(path) {
        Some(text) => Ok(text.clone()),
        None => input::read_of_tree(&folder.join(path)),
    };
    let text = match text {
        Ok(text) => text,
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

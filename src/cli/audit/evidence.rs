//! Scripts and templates of the tree that may attach a registry: read only if a verdict depends on them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::facts::TextId;
use crate::audit::fix::is_generated;
use crate::audit::hints::{ENDINGS, Evidence, Roles, grants_something, hints};
use crate::audit::judge::Knowledge;
use crate::audit::resolve::World;
use crate::audit::{self, Judged};
use crate::cli::args::SCHEMA_FILE;
use crate::cli::audit::files::shown;
use crate::cli::audit::inputs::Inputs;
use crate::cli::audit::now;
use crate::cli::audit::settings::Settings;
use crate::cli::page::Page;
use crate::cores;
use crate::diag::Severity;
use crate::disk::git::Git;
use crate::disk::{find, input};
use crate::span::Source;

/// A larger file is no script of a person.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Adds hints for the registries that some pod has no credential for.
pub(super) fn add(
    inputs: &mut Inputs,
    knowledge: &mut Knowledge,
    paths: &[PathBuf],
    settings: &Settings,
    page: &Page<'_, '_>,
) {
    let world = World::new(&inputs.facts, now());
    let judged = audit::verdicts(&inputs.facts, &world, knowledge);
    let failing: HashSet<String> = judged.iter().filter_map(failing).collect();
    // The old role of a registry in ABAC mode is a mistake in any case.
    let wanted: HashSet<String> = failing.union(&knowledge.abac).cloned().collect();
    if wanted.is_empty() {
        return;
    }
    let first = inputs.texts.next();
    let evidence = read(paths, first, settings, page);
    let found = hints(&failing, &evidence, Roles::Any);
    let old_roles = hints(&knowledge.abac, &evidence, Roles::OfRbac);
    for spot in found.values().chain(old_roles.values()) {
        let one = evidence.iter().find(|one| one.text == spot.text);
        if let Some(one) = one {
            let source = Source::new(&*one.path, &*one.content);
            inputs.texts.insert(one.text, Arc::new(source.hiding_all()));
        }
    }
    (knowledge.hints, knowledge.old_roles) = (found, old_roles);
}

/// The host of an image that cannot be pulled.
fn failing(one: &Judged<'_>) -> Option<String> {
    let code = one.judgement.verdict.code()?;
    let is_error = code.severity() == Severity::Error;
    one.judgement.host.clone().filter(|_| is_error)
}

fn read(
    paths: &[PathBuf],
    first: TextId,
    settings: &Settings,
    page: &Page<'_, '_>,
) -> Vec<Evidence> {
    let git = Git::new(&page.io.environment, &page.io.folder);
    let is_wanted = |path: &Path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    };
    let folder = &page.io.folder;
    let trees = paths
        .iter()
        .filter(|name| name.as_os_str() != "-")
        .filter_map(|name| find::tree(folder, name, &is_wanted, &git).ok());
    let files = trees.flat_map(|tree| tree.files);
    // The schema of a config describes what scripts do, and does nothing.
    let is_schema = |file: &PathBuf| file.file_name().is_some_and(|name| name == SCHEMA_FILE);
    let files = files.filter(|file| !settings.excludes(file) && !is_schema(file));
    let files: Vec<PathBuf> = files.collect();
    let texts = cores::map(&files, |path| {
        let text = input::read_of_tree(&folder.join(path)).ok()?;
        // A script of pullwright chooses the role itself, and its config promises what it does.
        (text.len() <= MOST_BYTES && !is_generated(&text)).then_some((shown(path), text))
    });
    let texts: Vec<(String, String)> = texts.into_iter().flatten().collect();
    if !texts.iter().any(|(_, text)| grants_something(text)) {
        return Vec::new();
    }
    texts
        .into_iter()
        .enumerate()
        .map(|(at, (path, content))| Evidence {
            text: TextId(first.0 + at),
            path,
            content,
        })
        .collect()
}

//! What to do after files were written: which scripts to run, and what to apply.

use std::collections::BTreeSet;

use crate::artifact::{CLUSTERS, KUSTOMIZATION, RUNNER, RenderedFile, ScriptKind, below};
use crate::change::Kind;
use crate::clean;
use crate::cli::batch::Outcome;
use crate::cli::page::count;
use crate::cli::session::Look;

/// The end of the name of a script.
const SCRIPT: &str = ".sh";
/// That of a manifest.
const MANIFEST: &str = ".yaml";

/// Orders that can be followed, at most one for scripts that changed, one for Secrets that are created once,
/// and one for manifests that changed.
pub(super) fn steps(outcomes: &[Outcome<Look>]) -> Vec<String> {
    let looks = outcomes.iter().filter_map(|one| one.result.as_ref().ok());
    let looks: Vec<&Look> = looks.filter(|look| look.orphan.is_none()).collect();
    let mut scripts: Vec<String> = looks.iter().flat_map(|look| to_run(look)).collect();
    scripts.sort_by_key(|path| rank(path));
    let applied = looks.iter().filter(|look| has_changed_manifests(look));
    let (single, all): (Vec<String>, Vec<String>) = applied
        .flat_map(|look| kustomizations(look))
        .partition(|path| is_of_cluster(path));
    let mut steps = Vec::new();
    if let Some(first) = scripts.first() {
        steps.push(format!(
            "run `bash {}` to see its plan, then again with `--apply`{}",
            clean::path(first),
            more(scripts.len(), "script")
        ));
    }
    let created: Vec<String> = looks
        .iter()
        .flat_map(|look| new_placeholders(look))
        .collect();
    if let Some(first) = created.first() {
        steps.push(format!(
            "run `kubectl create -f {}` once, and let your other tool fill the Secret{}",
            clean::path(first),
            more(created.len(), "Secret")
        ));
    }
    if let Some(first) = all.first() {
        steps.push(format!(
            "run `kubectl apply -k {}` (kubectl 1.14 or newer contains kustomize){}",
            clean::path(first),
            more(all.len(), "directory")
        ));
    }
    if let Some(first) = single.first() {
        steps.push(format!(
            "run `kubectl apply -k {}` with the context of that cluster{}",
            clean::path(first),
            more(single.len(), "cluster")
        ));
    }
    steps
}

/// The place of a script among others: what it grants comes before what uses it.
fn rank(path: &str) -> usize {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let mut kinds = ScriptKind::ALL.iter();
    let known = kinds.position(|kind| name.starts_with(kind.word()));
    known.unwrap_or(ScriptKind::ALL.len())
}

/// `, and so for 2 more scripts`
fn more(all: usize, noun: &str) -> String {
    match all.saturating_sub(1) {
        0 => String::new(),
        others => format!(", and so for {}", count(others, &format!("more {noun}"))),
    }
}

/// The files of a directory that changed and are still generated.
fn changed(look: &Look) -> impl Iterator<Item = &RenderedFile> {
    let changes = look.comparison.changes.iter();
    let changes = changes.filter(|change| change.kind != Kind::Same);
    changes.filter_map(|change| change.new.as_ref())
}

/// The script that changed, or the one that runs all of a directory if several did.
fn to_run(look: &Look) -> Option<String> {
    let mut scripts = changed(look).filter(|file| is_script(file));
    let first = scripts.next()?;
    let path = match scripts.next() {
        None => &first.path,
        Some(_) => RUNNER,
    };
    Some(below(&look.target.shown, path))
}

/// The Secrets that did not exist before, and that are created once.
fn new_placeholders(look: &Look) -> Vec<String> {
    let once = created_once(look);
    let changes = look.comparison.changes.iter();
    let new = changes.filter(|change| change.kind == Kind::Create && change.new.is_some());
    let paths = new.map(|change| change.path.as_str());
    let paths = paths.filter(|path| once.contains(path));
    paths.map(|path| below(&look.target.shown, path)).collect()
}

/// The planned files that are created once and never applied.
fn created_once(look: &Look) -> BTreeSet<&str> {
    let planned = look.prepared.planned.iter();
    let once = planned.filter(|file| file.is_created_once());
    once.map(|file| file.path.as_str()).collect()
}

/// The directories to apply: one for each cluster, else the one for all.
fn kustomizations(look: &Look) -> Vec<String> {
    let planned = look.comparison.changes.iter();
    let planned = planned.filter(|change| change.new.is_some());
    let folders: Vec<&str> = planned
        .filter_map(|change| change.path.strip_suffix(KUSTOMIZATION))
        .map(|folder| folder.trim_end_matches('/'))
        .collect();
    let of_clusters = folders.iter().copied().filter(|path| is_of_cluster(path));
    let of_clusters: Vec<&str> = of_clusters.collect();
    let folders = match (of_clusters.is_empty(), folders.contains(&"")) {
        (false, _) => of_clusters,
        (true, true) => vec![""],
        (true, false) => Vec::new(),
    };
    let shown = |folder: &str| match folder {
        "" => look.target.shown.clone(),
        folder => below(&look.target.shown, folder),
    };
    folders.into_iter().map(shown).collect()
}

/// Whether a directory has what is for one cluster.
fn is_of_cluster(path: &str) -> bool {
    let parent = path.rsplit_once('/').map(|(parent, _)| parent);
    parent.is_some_and(|parent| parent.rsplit('/').next() == Some(CLUSTERS))
}

fn has_changed_manifests(look: &Look) -> bool {
    let once = created_once(look);
    let mut applied = changed(look).filter(|file| !once.contains(file.path.as_str()));
    applied.any(|file| file.path.ends_with(MANIFEST))
}

/// Whether it is the script of an entry.
fn is_script(file: &RenderedFile) -> bool {
    file.access.is_some() && file.path.ends_with(SCRIPT)
}

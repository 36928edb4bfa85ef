//! Config to plan: which files there are, from which template. No IO, no templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::{Context, Expect, KUSTOMIZATION, PlannedFile, Sharing, Template, is_output};
use crate::config::load::Loaded;
use crate::config::{Access, Declared};
use crate::diag::{Code, Problem, Report};
use crate::model::ScriptForm;
use crate::plan::attributes::Attributes;
use crate::plan::clusters::Shared;
use crate::plan::scripts::Runner;
use crate::pointer::{Pointer, Step};
use crate::span::Source;
use crate::strategy::contract::{self, Contract};
use crate::strategy::secret::params::ManifestCredential;
use crate::strategy::{Entry, Outside};

mod attributes;
mod clusters;
mod limit;
mod scripts;

pub use crate::plan::limit::MAX_FILES;

/// A kustomization that lists what an entry, or the whole config, generates.
#[derive(Serialize, JsonSchema)]
struct Kustomization<'a> {
    /// The config as the first comment names it.
    config: &'a str,
    /// Files and directories, relative to the kustomization.
    resources: &'a [&'a str],
}

impl Template for Kustomization<'_> {
    const NAME: &'static str = "kustomize/kustomization.yaml.j2";
}

/// The variables of all built-in templates, sorted by name.
pub fn contracts() -> Vec<Contract> {
    let mut all = contract::all();
    all.push(Contract::of::<Kustomization<'_>>());
    all.push(Contract::of::<Attributes<'_>>());
    all.push(Contract::of::<Runner<'_>>());
    all.sort_by_key(|one| one.template);
    all
}

/// Files to write, sorted by path; no two share one. `config` is how their first comment names the
/// config. A plan of more than `most` files, or of as much text as so many files of 4 KiB, is refused
/// before anything of it is made.
///
/// # Errors
/// Too many files; credentials that are not there, or cannot be used, with their places in the config.
pub fn plan(
    loaded: &Loaded,
    config: &str,
    outside: &dyn Outside,
    most: usize,
) -> Result<Vec<PlannedFile>, Report> {
    let declared = loaded.config.declared();
    limit::check(loaded, &declared, outside, most)?;
    let mut report = Report::default();
    let mut problems: Vec<Problem> = Vec::new();
    let mut files: BTreeMap<String, PlannedFile> = BTreeMap::new();
    let mut shared = Shared::default();
    let mut applied: Vec<&Access> = Vec::new();
    let mut scripts: Vec<PlannedFile> = Vec::new();
    for (index, access) in loaded.config.spec.access.iter().enumerate() {
        let planned = with_entry(&declared, access, config, outside, |entry| {
            access.strategy.plan(entry)
        });
        let planned = match planned {
            Ok(planned) => planned,
            Err(all) => {
                let entry = Pointer::root().key("spec").key("access").index(index);
                problems.extend(all.into_iter().map(|problem| problem.below(&entry)));
                continue;
            }
        };
        let entry = Pointer::root().key("spec").key("access").index(index);
        let mut own: Vec<PlannedFile> = Vec::with_capacity(planned.len());
        for file in planned {
            match shared.is_written(&file, access, &loaded.config.spec) {
                Ok(true) => own.push(file),
                Ok(false) => {}
                Err(problem) => problems.push(problem.below(&entry)),
            }
        }
        scripts.extend(scripts::order(&own, &cluster_names(&declared, access)));
        let resources = resources(access, &own);
        if !resources.is_empty() {
            applied.push(access);
            let path = format!("{}/{KUSTOMIZATION}", access.name);
            let file = kustomization(path, Some(access.name.to_string()), config, &resources);
            files.insert(file.path.clone(), file);
        }
        for file in own {
            if let Some(twice) = files.insert(file.path.clone(), file) {
                let message = format!("two outputs share the path `{}`", twice.path);
                report.push(loaded.diagnose(Code::OutputPath, &entry, message));
            }
        }
    }
    report.extend(placed(loaded, problems));
    applied.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    for file in clusters::kustomizations(loaded, &applied, config) {
        files.insert(file.path.clone(), file);
    }
    for file in scripts::shared(&scripts, config, declared.form) {
        files.insert(file.path.clone(), file);
    }
    if !files.is_empty() {
        let file = attributes::file(files.keys(), config);
        files.insert(file.path.clone(), file);
    }
    // A path in a lock that is not an output would block every run.
    debug_assert!(files.keys().all(|path| is_output(path)), "{files:?}");
    if report.has_errors() {
        Err(report)
    } else {
        Ok(files.into_values().collect())
    }
}

/// The problems at their places. What is in place of a variable that is not set may be a password,
/// so no excerpt shows it.
fn placed(loaded: &Loaded, problems: Vec<Problem>) -> Report {
    let document = &loaded.document;
    let missing = |problem: &&Problem| {
        let key = problem.pointer.0.last();
        let is_password =
            |step: &Step| *step == Step::Key(ManifestCredential::PASSWORD_FROM.to_owned());
        problem.code == Code::MissingEnvironment && key.is_some_and(is_password)
    };
    let mut hidden = document.source.hidden.clone();
    let private = problems.iter().filter(missing);
    hidden.extend(private.map(|problem| document.value_span(&problem.pointer)));
    let source = if hidden.len() == document.source.hidden.len() {
        Arc::clone(&document.source)
    } else {
        let Source { name, text, .. } = document.source.as_ref();
        Arc::new(Source::new(name.as_str(), text.as_str()).hiding(hidden))
    };
    let all = problems.into_iter();
    all.map(|problem| document.place_in(problem, &source))
        .collect()
}

/// Asks something about an entry with all that it refers to.
fn with_entry<T>(
    declared: &Declared<'_>,
    access: &Access,
    config: &str,
    outside: &dyn Outside,
    ask: impl FnOnce(&Entry<'_>) -> T,
) -> T {
    ask(&Entry {
        name: &access.name,
        registries: &declared.registries_of(access),
        clusters: &declared.clusters_of(access),
        namespaces: &access.namespaces,
        workloads: &access.workloads,
        config,
        owner: [declared.config, declared.maker_of(access)],
        form: declared.form,
        outside,
    })
}

/// Names of the clusters of an entry, in their order.
fn cluster_names<'a>(declared: &Declared<'a>, access: &Access) -> Vec<&'a str> {
    let clusters = declared.clusters_of(access);
    clusters.iter().map(|one| one.name.as_str()).collect()
}

/// The scripts of an entry in their order, each with the runtime in it, whatever form the config sets. They
/// hold no credentials, so nothing can fail.
pub fn standalone_scripts(
    loaded: &Loaded,
    access: &Access,
    config: &str,
    outside: &dyn Outside,
) -> Vec<PlannedFile> {
    let mut declared = loaded.config.declared();
    declared.form = ScriptForm::Standalone;
    let files = with_entry(&declared, access, config, outside, |entry| {
        access.strategy.plan_scripts(entry)
    });
    scripts::order(&files, &cluster_names(&declared, access))
}

/// What an entry's kustomization lists: its objects that are applied, relative to its directory. Components
/// are for kustomizations that are managed elsewhere.
fn resources<'a>(access: &Access, files: &'a [PlannedFile]) -> Vec<&'a str> {
    let folder = format!("{}/", access.name);
    let mut resources: Vec<&str> = files
        .iter()
        .filter(|file| file.is_applied())
        .filter_map(|file| file.path.strip_prefix(&folder))
        .collect();
    resources.sort_unstable();
    resources
}

fn kustomization(
    path: String,
    access: Option<String>,
    config: &str,
    resources: &[&str],
) -> PlannedFile {
    PlannedFile {
        path,
        template: Kustomization::NAME,
        context: Context::of(&Kustomization { config, resources }),
        own: Vec::new(),
        secrets: Vec::new(),
        access,
        expect: Expect::Kustomize {
            kind: "Kustomization",
            resources: resources.iter().map(|one| (*one).to_owned()).collect(),
        },
        sharing: Sharing::Own,
    }
}

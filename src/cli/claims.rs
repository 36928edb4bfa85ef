//! Whose an output directory is: no two configs may write the same files, in one run or in two.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::artifact::below;
use crate::cli::batch::{self, Outcome};
use crate::cli::session::Look;
use crate::config::across::{self, Conflict};
use crate::config::load::Loaded;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{find, input};
use crate::lock::{self, Lock, Owner};

/// A config, as far as an output directory may belong to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Claim {
    /// Where the config is, without links; stdin has no place.
    pub(super) config: Option<PathBuf>,
    /// What the lock will record, if the config itself sets the directory.
    pub(super) own: Option<Owner>,
    /// The output directory.
    pub(super) folder: PathBuf,
}

impl Claim {
    /// Whose the directory will be after a run. What was rendered from stdin, or to a directory that only the
    /// command line sets, belongs to no config: a path to one would differ from machine to machine.
    pub(super) fn next(&self, lock: &Lock) -> Owner {
        let recorded = lock.config.as_ref();
        let kept = recorded.filter(|_| self.config.is_none() || self.is_owner(lock));
        let next = self.own.as_ref().or(kept);
        next.cloned().unwrap_or(Owner::Shared)
    }

    /// The config that the directory belongs to, if it is there.
    fn recorded(&self, lock: &Lock) -> Option<PathBuf> {
        match &lock.config {
            Some(Owner::Config(path)) => {
                let path = input::normal(&self.folder.join(path));
                find::exists(&path).then_some(path)
            }
            Some(Owner::Shared) | None => None,
        }
    }

    fn is_owner(&self, lock: &Lock) -> bool {
        let recorded = self.recorded(lock);
        recorded.is_some_and(|path| Some(input::real(&path)) == self.config)
    }

    /// Another config that the directory belongs to. Of stdin it is not known which config it holds.
    pub(super) fn other(&self, lock: &Lock) -> Option<PathBuf> {
        let recorded = self.recorded(lock)?;
        (self.config.is_some() && !self.is_owner(lock)).then_some(recorded)
    }
}

/// Turns the second and later ones of configs that share an output into errors.
pub(super) fn refuse_shared(outcomes: &mut [Outcome<Look>]) {
    let mut by_folder: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut by_file: BTreeMap<PathBuf, String> = BTreeMap::new();
    for outcome in outcomes {
        let Ok(look) = &outcome.result else {
            continue;
        };
        let folder = &look.target.path;
        let shared = match by_folder.get(folder) {
            Some(other) => Some((format!("output directory `{}`", look.target.shown), other)),
            None => paths(look).find_map(|path| {
                let other = by_file.get(&folder.join(&path))?;
                Some((
                    format!("output `{}`", below(&look.target.shown, &path)),
                    other,
                ))
            }),
        };
        if let Some((what, other)) = shared {
            let message = format!("{what} is also used by `{other}`");
            let diagnostic = Diagnostic::new(Code::OutputPath, message)
                .help("set a separate output directory for each config with `spec.output`");
            outcome.result = Err(diagnostic.into());
            continue;
        }
        let name = &outcome.shown;
        by_file.extend(paths(look).map(|path| (folder.join(path), name.clone())));
        by_folder.insert(folder.clone(), name.clone());
    }
}

/// Turns configs into errors whose output directory belongs to another config, unless that one is of this
/// run and writes elsewhere now. `here` is the working directory.
pub(super) fn refuse_foreign(outcomes: &mut [Outcome<Look>], here: &Path) {
    let looks = outcomes.iter().filter_map(|one| one.result.as_ref().ok());
    let run: Vec<PathBuf> = looks.filter_map(|look| look.claim.config.clone()).collect();
    for outcome in outcomes {
        let Ok(look) = &outcome.result else {
            continue;
        };
        let other = look.claim.other(&look.comparison.lock);
        // `refuse_shared` lets no other config of the run write there.
        let other = other.filter(|other| !run.contains(&input::real(other)));
        if let Some(other) = other {
            let other = other.strip_prefix(here).unwrap_or(&other);
            outcome.result = Err(foreign(look, other, &outcome.shown).into());
        }
    }
}

/// Turns the second and later ones of configs that make one object or token into errors.
pub(super) fn refuse_conflicts<T>(
    outcomes: &mut [Outcome<T>],
    loaded: impl Fn(&T) -> Option<&Loaded>,
) {
    let sound = outcomes.iter().enumerate();
    let sound = sound.filter_map(|(at, one)| Some((at, loaded(one.result.as_ref().ok()?)?)));
    let (numbers, configs): (Vec<usize>, Vec<&Loaded>) = sound.unzip();
    let mut reports: BTreeMap<usize, Report> = BTreeMap::new();
    for Conflict { config, diagnostic } in across::conflicts(&configs) {
        if let Some(number) = numbers.get(config) {
            reports.entry(*number).or_default().push(diagnostic);
        }
    }
    for (number, report) in reports {
        if let Some(outcome) = outcomes.get_mut(number) {
            outcome.result = Err(report);
        }
    }
}

fn foreign(look: &Look, other: &Path, config: &str) -> Diagnostic {
    let (folder, other) = (&look.target.shown, other.display());
    let message =
        format!("output directory `{folder}` belongs to `{other}`, so `{config}` cannot use it");
    let take = format!("pullwright render --force {}", batch::argument(config));
    Diagnostic::new(Code::OutputOwner, message).help(format!(
        "set another `spec.output` in `{config}`, or let it take the directory over with `{take}`"
    ))
}

/// What a config writes, relative to its output directory.
fn paths(look: &Look) -> impl Iterator<Item = String> {
    let files = look.prepared.planned.iter();
    let files = files.map(|file| file.path.clone());
    files.chain(std::iter::once(lock::NAME.to_owned()))
}

//! The writing end of `render`: the output directories of all configs, or none of them.

use std::collections::BTreeMap;

use crate::change;
use crate::cli::args::Render;
use crate::cli::batch::{self, Outcome};
use crate::cli::comparison::Comparison;
use crate::cli::page::Page;
use crate::cli::render;
use crate::cli::session::Look;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::git::Git;
use crate::disk::{self, Locks, Task, Work};
use crate::lock::Lock;

/// What a run has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Nothing.
    None,
    /// Something failed, and not all of it could be undone.
    Some,
    /// Everything that differed.
    All,
}

/// Writes what differs. All directories are held before the first one is changed, in an order that all runs
/// share, so that two runs never wait for each other.
pub(super) fn all(
    mut outcomes: Vec<Outcome<Look>>,
    git: &Git,
    args: &Render,
    page: &Page<'_, '_>,
) -> (Vec<Outcome<Look>>, Written) {
    hold(&mut outcomes, args);
    if is_sound(&outcomes) {
        outcomes = batch::each(outcomes, page, |outcome, _| again(outcome, git, args));
    }
    let written = if is_sound(&outcomes) {
        apply(&mut outcomes, args)
    } else {
        Written::None
    };
    for place in places(&mut outcomes) {
        if written != Written::All {
            place.abandon();
        }
        place.unlock();
    }
    if written == Written::All {
        clear(&mut outcomes, args);
    }
    (outcomes, written)
}

fn is_sound(outcomes: &[Outcome<Look>]) -> bool {
    outcomes.iter().all(|one| one.result.is_ok())
}

fn looks(outcomes: &mut [Outcome<Look>]) -> impl Iterator<Item = &mut Look> {
    outcomes
        .iter_mut()
        .filter_map(|one| one.result.as_mut().ok())
}

fn places(outcomes: &mut [Outcome<Look>]) -> impl Iterator<Item = &mut disk::Place> {
    looks(outcomes).filter_map(|look| look.place.as_mut())
}

/// Whether a directory is to be changed, as far as a first look could tell.
fn has_work(look: &Look, args: &Render) -> bool {
    let next = look.next_lock(args.prune());
    look.comparison.differs() || next.as_ref() != Some(&look.comparison.lock)
}

/// Makes the directories that are not there, and locks all that are to be changed.
fn hold(outcomes: &mut [Outcome<Look>], args: &Render) {
    let mut order = BTreeMap::new();
    for (number, outcome) in outcomes.iter_mut().enumerate() {
        let Ok(look) = &mut outcome.result else {
            continue;
        };
        if !has_work(look, args) {
            // Not held, and not touched.
            look.place = None;
            continue;
        }
        let Some(place) = &mut look.place else {
            continue;
        };
        let made = place.make().map_err(Report::from);
        let made = made.and_then(|()| match order.insert(place.identity(), number) {
            None => Ok(()),
            Some(_) => {
                let shown = &look.target.shown;
                let message = format!("output directory `{shown}` is also used by another config");
                let diagnostic = Diagnostic::new(Code::OutputPath, message);
                Err(diagnostic
                    .help("set a separate output directory for each config with `spec.output`")
                    .into())
            }
        });
        if let Err(report) = made {
            fail(outcome, report);
        }
    }
    if !is_sound(outcomes) {
        return;
    }
    for number in order.into_values() {
        let outcome = &mut outcomes[number];
        let place = outcome
            .result
            .as_ref()
            .ok()
            .and_then(|look| look.place.as_ref());
        if let Some(Err(diagnostic)) = place.map(disk::Place::lock) {
            fail(outcome, diagnostic.into());
            return;
        }
    }
}

/// Turns a config into a failed one.
fn fail(outcome: &mut Outcome<Look>, report: Report) {
    if let Ok(look) = &mut outcome.result
        && let Some(place) = &mut look.place
    {
        place.abandon();
    }
    outcome.result = Err(report);
}

/// Another run may have been faster, so the directory is compared once more.
fn again(mut outcome: Outcome<Look>, git: &Git, args: &Render) -> Outcome<Look> {
    let refused = match &mut outcome.result {
        Ok(look) => look_again(look, git, args),
        Err(_) => Ok(()),
    };
    if let Err(report) = refused {
        fail(&mut outcome, report);
    }
    outcome
}

fn look_again(look: &mut Look, git: &Git, args: &Render) -> Result<(), Report> {
    if let Some(place) = &look.place {
        let seen = look.prepared.look(place.folder())?;
        let was_free = look.claim.other(&look.comparison.lock).is_none();
        if !args.force && was_free && look.claim.other(&seen.lock).is_some() {
            let message = format!("another config was rendered to `{}`", look.target.shown);
            let diagnostic = Diagnostic::new(Code::OutputOwner, message);
            return Err(diagnostic
                .help("set another `spec.output` in one of the two")
                .into());
        }
        if look.orphan.is_some() && seen.lock.config != look.comparison.lock.config {
            let message = format!("a config was rendered to `{}` meanwhile", look.target.shown);
            let diagnostic = Diagnostic::new(Code::OutputOwner, message);
            return Err(diagnostic.help("run it again").into());
        }
        look.comparison = std::mem::take(&mut look.comparison).again(seen, &look.claim);
        render::refuse(look, git, args)?;
    }
    Ok(())
}

fn apply(outcomes: &mut [Outcome<Look>], args: &Render) -> Written {
    let mut numbers = Vec::new();
    let mut tasks = Vec::new();
    for (number, outcome) in outcomes.iter().enumerate() {
        if let Ok(look) = &outcome.result
            && let Some(place) = &look.place
        {
            let work = work(look, args);
            tasks.push(Task { place, work });
            numbers.push(number);
        }
    }
    let Err(failure) = disk::apply(&tasks) else {
        return Written::All;
    };
    drop(tasks);
    for (number, report) in numbers.into_iter().zip(failure.reports) {
        if report.has_errors() {
            fail(&mut outcomes[number], report);
        }
    }
    if failure.is_undone {
        Written::None
    } else {
        Written::Some
    }
}

fn work<'a>(look: &'a Look, args: &Render) -> Work<'a> {
    let Comparison { changes, lock, .. } = &look.comparison;
    let next = look.next_lock(args.prune());
    let is_new = next.as_ref() != Some(lock) || look.comparison.lock_drift.is_some();
    Work {
        changes,
        force: args.force,
        prune: look.prune(args.prune()),
        locks: is_new.then(|| {
            let between = match &next {
                Some(next) => change::lock_between(changes, lock, next, args.force),
                None => lock.clone(),
            };
            Locks {
                between: between.to_text(),
                after: next.as_ref().map(Lock::to_text),
            }
        }),
    }
}

/// Removes the directories whose outputs are gone.
fn clear(outcomes: &mut [Outcome<Look>], args: &Render) {
    for look in looks(outcomes) {
        if let (None, Some(orphan), Some(place)) =
            (look.next_lock(args.prune()), &look.orphan, &look.place)
        {
            place.remove_empty(orphan.levels);
        }
    }
}

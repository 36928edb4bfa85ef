//! `diff`: what `render` would do, as a unified diff.

use serde_json::json;

use crate::artifact::below;
use crate::change::{self, Kind};
use crate::cli::args::{Diff, DiffForm};
use crate::cli::batch::{self, Empty, Outcome};
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::cli::session::{Look, Turn};
use crate::cli::stat::Stat;
use crate::cli::{check, claims, drift};
use crate::lock;

pub(super) fn run(args: &Diff, page: &mut Page<'_, '_>) -> Ending {
    let ending = diff(args, page);
    batch::ended(ending, args.format, page)
}

fn diff(args: &Diff, page: &mut Page<'_, '_>) -> Ending {
    let mut outcomes = check::look(&args.source, Turn::Any, Empty::Locked, page)?;
    claims::refuse_foreign(&mut outcomes, &page.io.folder);
    let exit = batch::worst(&outcomes, check::exit);
    if args.format.has_text() {
        show_all(&outcomes, args, page)?;
    }
    check::verdicts(
        exit,
        &outcomes,
        args.format,
        page,
        |look| json!({"out": look.target.shown, "differs": look.differs(), "files": look.comparison.to_json(&look.target.shown, true)}),
    )?;
    Ok(exit)
}

fn show_all(outcomes: &[Outcome<Look>], args: &Diff, page: &mut Page<'_, '_>) -> Result<(), Stop> {
    let mut stat = Stat::default();
    for Outcome { result, .. } in outcomes {
        match result {
            Err(report) => page.report(report)?,
            Ok(look) => match args.form() {
                DiffForm::Whole => show(look, args, page)?,
                DiffForm::Stat | DiffForm::Names => stat.directory(look, args, page)?,
            },
        }
    }
    stat.sum(args, page)?;
    let differ = outcomes.iter().flat_map(|one| &one.result);
    let differ = differ.filter(|look| look.differs()).count();
    if outcomes.len() > 1 && differ > 0 {
        let rest = format!("{differ} of {} configs differ", outcomes.len());
        page.done(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(())
}

fn show(look: &Look, args: &Diff, page: &mut Page<'_, '_>) -> Result<(), Stop> {
    let (comparison, folder) = (&look.comparison, &look.target.shown);
    page.report(&look.prepared.warnings)?;
    let prune = look.prune(args.prune());
    if let Some(orphan) = &look.orphan {
        page.report(&orphan.diagnostic.clone().into())?;
    }
    for change in &comparison.changes {
        let path = below(folder, &change.path);
        match change.kind {
            Kind::Same => page.each("unchanged:", &path)?,
            Kind::Permissions => page.line(Paint::Yellow, "permissions:", &path)?,
            Kind::LineEnds => page.line(Paint::Yellow, "only line ends differ:", &path)?,
            Kind::Create | Kind::Update => page.diff(&change::unified(change, folder))?,
            Kind::Conflicted => {
                page.line(Paint::Yellow, "merge conflict:", &path)?;
                page.diff(&change::unified(change, folder))?;
            }
            Kind::Edited => {
                page.line(Paint::Yellow, "edited by hand:", &path)?;
                page.diff(&change::unified(change, folder))?;
            }
            Kind::Stale if prune.removes(change) => page.diff(&change::unified(change, folder))?,
            Kind::Stale => {
                let flag = drift::prune_flag(change);
                let rest = format!("{path} (`render {flag}` removes it)");
                page.line(Paint::Yellow, "stale:", &rest)?;
            }
            Kind::StaleEdited => page.line(
                Paint::Yellow,
                "stale:",
                &format!("{path} stays: {}", comparison.why_edited(change)),
            )?,
        }
    }
    if let Some(drift) = &comparison.lock_drift {
        let message = drift.message(&below(folder, lock::NAME));
        page.line(Paint::Yellow, "lock:", &message)?;
    }
    if comparison.differs() {
        let rest = format!("{folder} differs: {}", comparison.summary());
        page.done(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(())
}

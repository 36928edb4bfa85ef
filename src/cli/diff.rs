//! `diff`: what `render` would do, as a unified diff.

use serde_json::json;

use crate::change::{self, Kind};
use crate::cli::Exit;
use crate::cli::args::{Diff, Format};
use crate::cli::page::{Ending, Page, Paint};
use crate::cli::session::{Session, json_of};
use crate::cli::validate::stopped;
use crate::disk::Folder;

pub(super) fn run(args: &Diff, page: &mut Page<'_, '_>) -> Ending {
    let shown = args.source.config.display().to_string();
    match diff(args, page) {
        Ok(exit) => Ok(exit),
        Err(stop) => stopped(stop, &shown, args.format, page),
    }
}

fn diff(args: &Diff, page: &mut Page<'_, '_>) -> Ending {
    let session = Session::open(&args.source.config, page)?;
    let prepared = session.prepare(page)?;
    let target = session.target(&args.source, page)?;
    let folder = Folder::open(&target.path, &target.shown)?;
    let comparison = prepared.compare(prepared.look(folder.as_ref())?)?;
    let exit = if comparison.differs() {
        Exit::Differs
    } else {
        Exit::Ok
    };
    if args.format == Format::Json {
        let mut value = json_of(&session.shown, &prepared.warnings);
        value["out"] = json!(target.shown);
        value["differs"] = json!(comparison.differs());
        value["files"] = comparison.to_json(&target.shown, true);
        page.json(&value)?;
        return Ok(exit);
    }
    page.report(&prepared.warnings)?;
    for change in &comparison.changes {
        let path = format!("{}/{}", target.shown, change.path);
        match change.kind {
            Kind::Same => {}
            Kind::Permissions => page.line(Paint::Yellow, "permissions:", &path)?,
            Kind::Create | Kind::Update => page.diff(&change::unified(change, &target.shown))?,
            Kind::Edited => {
                page.line(Paint::Yellow, "edited by hand:", &path)?;
                page.diff(&change::unified(change, &target.shown))?;
            }
            Kind::Stale if args.prune => page.diff(&change::unified(change, &target.shown))?,
            Kind::Stale => page.line(
                Paint::Yellow,
                "stale:",
                &format!("{path} (`render --prune` removes it)"),
            )?,
            Kind::StaleEdited => page.line(
                Paint::Yellow,
                "stale:",
                &format!("{path} was edited by hand, so it stays"),
            )?,
        }
    }
    if comparison.differs() {
        page.note(
            Paint::Bold,
            "pullwright:",
            &format!("{} differs: {}", target.shown, comparison.summary()),
        )?;
    }
    Ok(exit)
}

//! `render`: writes what differs, all or nothing, and says what it did.

use serde_json::json;

use crate::artifact::{Expect, PlannedFile};
use crate::change::{self, Change, Kind};
use crate::cli::Exit;
use crate::cli::args::{Format, Render};
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::cli::session::{Comparison, Prepared, Session, Target, json_of};
use crate::cli::validate::stopped;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{Folder, Work, git};

pub(super) fn run(args: &Render, page: &mut Page<'_, '_>) -> Ending {
    let shown = args.source.config.display().to_string();
    match render(args, page) {
        Ok(exit) => Ok(exit),
        Err(stop) => stopped(stop, &shown, args.format, page),
    }
}

fn render(args: &Render, page: &mut Page<'_, '_>) -> Ending {
    let session = Session::open(&args.source.config, page)?;
    let prepared = session.prepare(page)?;
    let warnings = &prepared.warnings;
    if args.format == Format::Text {
        page.report(warnings)?;
    }
    if args.stdout {
        return to_stdout(&prepared, args, page);
    }
    let target = session.target(&args.source, page)?;
    refuse_plaintext(&prepared, &target, args)?;
    let mut folder = if args.dry_run {
        Folder::open(&target.path, &target.shown)?
    } else {
        Folder::claim(&target.path, &target.shown)?
    };
    let mut comparison = prepared.compare(prepared.look(folder.as_ref())?)?;
    if folder.is_none() && !args.dry_run {
        // Only now is it certain that something can be written. Another run may have been faster.
        let made = Folder::make(&target.path, &target.shown)?;
        comparison = comparison.again(prepared.look(Some(&made))?);
        folder = Some(made);
    }
    if !args.force && comparison.count(Kind::Edited) > 0 {
        return refuse_edited(&comparison, &target, args, page);
    }
    if let (Some(folder), false) = (&folder, args.dry_run) {
        let next = change::next_lock(&comparison.changes, &comparison.lock, args.prune);
        folder.apply(&Work {
            changes: &comparison.changes,
            force: args.force,
            prune: args.prune,
            locks: (next != comparison.lock).then(|| {
                let (changes, lock) = (&comparison.changes, &comparison.lock);
                let between = change::lock_between(changes, lock, &next, args.force);
                [between.to_text(), next.to_text()]
            }),
        })?;
    }
    match args.format {
        Format::Text => say(&comparison, &target, args, page)?,
        Format::Json => {
            let mut value = json_of(&session.shown, warnings);
            value["out"] = json!(target.shown);
            value["dryRun"] = json!(args.dry_run);
            value["files"] = comparison
                .changes
                .iter()
                .map(|change| json!({"path": change.path, "change": change.kind.word(), "done": !args.dry_run && done(change, args).is_some()}))
                .collect();
            page.json(&value)?;
        }
    }
    Ok(Exit::Ok)
}

/// Objects as one stream; kustomizations and scripts make no sense there.
fn to_stdout(prepared: &Prepared, args: &Render, page: &mut Page<'_, '_>) -> Ending {
    let secret = prepared.planned.iter().any(|file| !file.secrets.is_empty());
    if secret && page.io.terminals[1] && !args.allow_plaintext {
        let message = "a Secret in clear text would be printed on the terminal";
        return Err(Diagnostic::new(Code::PlaintextTracked, message)
            .help("pipe it: `pullwright render --stdout | kubectl apply --server-side -f -`; or give --allow-plaintext")
            .into());
    }
    for file in prepared.render_objects()? {
        page.data(file.text.expose())?;
    }
    let is_script = |file: &&PlannedFile| file.expect == Expect::Script;
    let scripts = prepared.planned.iter().filter(is_script).count();
    if scripts > 0 {
        let rest =
            format!("{scripts} script(s) are not printed; without --stdout they are written");
        page.note(Paint::Yellow, "note:", &rest)?;
    }
    Ok(Exit::Ok)
}

/// A secret that git would track is a leak.
fn refuse_plaintext(prepared: &Prepared, target: &Target, args: &Render) -> Result<(), Report> {
    let private: Vec<&str> = prepared
        .planned
        .iter()
        .filter(|file| !file.secrets.is_empty())
        .map(|file| file.path.as_str())
        .collect();
    if private.is_empty() || args.allow_plaintext {
        return Ok(());
    }
    let tracked = git::tracked(&target.path, &private);
    let refuse = |path: &String| {
        let message = format!(
            "`{}/{path}` holds a Secret in clear text, and git would track it",
            target.shown
        );
        Diagnostic::new(Code::PlaintextTracked, message)
            .help("add it to .gitignore, use `delivery: script`, or give --allow-plaintext if you mean it")
    };
    let report: Report = tracked.iter().map(refuse).collect();
    if report.has_errors() {
        Err(report)
    } else {
        Ok(())
    }
}

/// Shows what would be lost, and the way out.
fn refuse_edited(
    comparison: &Comparison,
    target: &Target,
    args: &Render,
    page: &mut Page<'_, '_>,
) -> Ending {
    let edited = |change: &&Change| change.kind == Kind::Edited;
    if args.format == Format::Text {
        for change in comparison.changes.iter().filter(edited) {
            page.diff_note(&change::unified(change, &target.shown))?;
        }
    }
    let refuse = |change: &Change| {
        let message = format!(
            "`{}/{}` is not as pullwright wrote it: somebody edited it, or it was there before",
            target.shown, change.path
        );
        Diagnostic::new(Code::HandEdited, message)
            .help("move the edit into the config or a template, or overwrite it with --force")
    };
    let report: Report = comparison
        .changes
        .iter()
        .filter(edited)
        .map(refuse)
        .collect();
    Err(Stop::Report(report))
}

/// The word for what was done with a change, if something was.
fn done(change: &Change, args: &Render) -> Option<(&'static str, Paint)> {
    match change.kind {
        Kind::Create => Some(("created", Paint::Green)),
        Kind::Update => Some(("updated", Paint::Yellow)),
        Kind::Edited => Some(("overwritten", Paint::Yellow)),
        Kind::Permissions => Some(("permissions mended", Paint::Yellow)),
        Kind::Stale if args.prune => Some(("removed", Paint::Red)),
        Kind::Stale | Kind::StaleEdited | Kind::Same => None,
    }
}

fn say(
    comparison: &Comparison,
    target: &Target,
    args: &Render,
    page: &mut Page<'_, '_>,
) -> Result<(), Stop> {
    let would = if args.dry_run { "would be " } else { "" };
    let mut count = 0;
    for change in &comparison.changes {
        let path = format!("{}/{}", target.shown, change.path);
        if let Some((word, paint)) = done(change, args) {
            count += 1;
            page.note(paint, &format!("{would}{word}"), &path)?;
        } else if change.kind == Kind::Stale {
            page.note(
                Paint::Yellow,
                "stale:",
                &format!("{path} (`--prune` removes it)"),
            )?;
        } else if change.kind == Kind::StaleEdited {
            page.note(
                Paint::Yellow,
                "stale:",
                &format!("{path} was edited by hand, so it stays"),
            )?;
        }
    }
    let same = comparison.count(Kind::Same);
    let rest = match (count, args.dry_run) {
        (0, _) => format!(
            "nothing to do: {same} file(s) in {} are as they should be",
            target.shown
        ),
        (_, true) => format!(
            "{count} change(s) would be made in {}, {same} file(s) stay as they are",
            target.shown
        ),
        (_, false) => format!(
            "{count} change(s) made in {}, {same} file(s) were as they should be",
            target.shown
        ),
    };
    page.note(Paint::Bold, "pullwright:", &rest)?;
    Ok(())
}

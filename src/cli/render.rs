//! `render`: writes what differs, all or nothing, and reports what it did.

use serde_json::{Value, json};

use crate::artifact::{Expect, PlannedFile, below};
use crate::change::{self, Change, Kind, Prune};
use crate::cli::args::Render;
use crate::cli::batch::{self, Empty, Outcome};
use crate::cli::commit::{self, Written};
use crate::cli::comparison::{Comparison, LockDrift};
use crate::cli::page::{self, Ending, Page, Paint, Stop};
use crate::cli::session::{Look, Session, Target, Turn};
use crate::cli::{Exit, check, claims, drift, next};
use crate::diag::format::ConfigResult;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::git::Git;
use crate::lock;

pub(super) fn run(args: &Render, page: &mut Page<'_, '_>) -> Ending {
    let ending = if args.stdout {
        to_stdout(args, page)
    } else {
        render(args, page)
    };
    batch::ended(ending, args.format, page)
}

fn render(args: &Render, page: &mut Page<'_, '_>) -> Ending {
    let turn = if args.dry_run { Turn::Any } else { Turn::Own };
    let mut outcomes = check::look(
        &args.source,
        turn,
        Empty::or_allowed(args.allow_empty),
        page,
    )?;
    if !args.force {
        claims::refuse_foreign(&mut outcomes, &page.io.folder);
    }
    let git = Git::new(&page.io.environment, &page.io.folder);
    for outcome in &mut outcomes {
        if let Ok(look) = &outcome.result
            && let Err(report) = refuse(look, &git, args)
        {
            if args.format.has_text() {
                show_edited(look, args, page)?;
            }
            outcome.result = Err(report);
        }
    }
    // All configs, or none: nothing is written while one of them cannot be.
    let mut written = Written::None;
    let is_sound = |outcomes: &[Outcome<Look>]| outcomes.iter().all(|one| one.result.is_ok());
    let sound = is_sound(&outcomes);
    if sound && !args.dry_run {
        (outcomes, written) = commit::all(outcomes, &git, args, page);
    }
    let exit = batch::worst(&outcomes, |look| {
        let is_done = |change: &Change| done(look, change, args).is_some();
        let is_removed = look.next_lock(args.prune()).is_none();
        if args.exit_code && (is_removed || look.comparison.is_changed_by(is_done)) {
            Exit::Differs
        } else {
            Exit::Ok
        }
    });
    if args.format.has_text() {
        let verb = if sound { "written" } else { "rendered" };
        say_all(&outcomes, written, verb, args, page)?;
    }
    let reports: Vec<Report> = outcomes.iter().map(|one| messages(one, args)).collect();
    let all = outcomes.iter().zip(&reports);
    let configs = all.map(|(one, report)| ConfigResult {
        config: &one.shown,
        report,
        fields: one.result.as_ref().map_or(Value::Null, |look| {
            to_json(look, written == Written::All, args)
        }),
    });
    batch::output(exit, configs.collect(), args.format, page)?;
    Ok(exit)
}

/// What there is to tell about a config, or about outputs without one, beside what is done.
fn messages(outcome: &Outcome<Look>, args: &Render) -> Report {
    match &outcome.result {
        Err(report) => report.clone(),
        Ok(look) => {
            let mut report = look.prepared.warnings.clone();
            if let Some(orphan) = &look.orphan
                && look.next_lock(args.prune()).is_some()
            {
                report.push(orphan.diagnostic.clone().as_warning());
            }
            let prune = look.prune(args.prune());
            let kept = look.stale_scripts().filter(|change| !prune.removes(change));
            // Outputs without a config tell it for all of them.
            if prune != Prune::Nothing && look.orphan.is_none() {
                let argument = &look.argument;
                report.extend(
                    kept.map(|script| drift::kept(look, script, argument))
                        .collect(),
                );
            }
            report
        }
    }
}

/// Objects as one stream; kustomizations and scripts make no sense there.
fn to_stdout(args: &Render, page: &mut Page<'_, '_>) -> Ending {
    let jobs = batch::jobs(&args.source.configs, page)?;
    page.max_files = args.source.max_files;
    let results = batch::each(jobs, page, |job, world| {
        let prepared = Session::open(&job, world.folder)?.prepare(world)?;
        let objects = prepared.render_objects()?;
        Ok::<_, Report>((prepared, objects))
    });
    let mut report = Report::default();
    let mut all = Vec::new();
    for result in results {
        match result {
            Ok(one) => all.push(one),
            Err(errors) => report.extend(errors),
        }
    }
    if report.has_errors() {
        return Err(report.into());
    }
    let mut planned = all.iter().flat_map(|(prepared, _)| &prepared.planned);
    let secret = planned.any(|file| !file.secrets.is_empty());
    if secret && page.io.terminals[1] && !args.allow_plaintext {
        let message = "a Secret in clear text would be printed on the terminal";
        return Err(Diagnostic::new(Code::PlaintextTracked, message)
            .help("pipe it: `pullwright render --stdout | kubectl apply --server-side -f -`; or give --allow-plaintext")
            .into());
    }
    let texts = all.iter().flat_map(|(_, objects)| objects);
    page.refuse_commands(texts.map(|file| file.text.expose()))?;
    let mut scripts = 0;
    for (prepared, objects) in all {
        page.report(&prepared.warnings)?;
        for file in objects {
            page.data(file.text.expose())?;
        }
        let is_script = |file: &&PlannedFile| {
            matches!(file.expect, Expect::Script { .. } | Expect::Runner { .. })
        };
        scripts += prepared.planned.iter().filter(is_script).count();
    }
    if scripts > 0 {
        let scripts = page::count(scripts, "script");
        let rest = format!("not printed: {scripts}; run without --stdout to write them");
        page.note(Paint::Yellow, "note:", &rest)?;
    }
    Ok(Exit::Ok)
}

/// What must not be written, or overwritten.
pub(super) fn refuse(look: &Look, git: &Git, args: &Render) -> Result<(), Report> {
    refuse_plaintext(&look.comparison, &look.target, git, args)?;
    refuse_edited(look, args)
}

/// A secret that git would track is a leak.
fn refuse_plaintext(
    comparison: &Comparison,
    target: &Target,
    git: &Git,
    args: &Render,
) -> Result<(), Report> {
    let private: Vec<&str> = comparison.plaintext().collect();
    if private.is_empty() || args.allow_plaintext {
        return Ok(());
    }
    let tracked = git.would_track(&target.path, &private).map_err(|error| {
        let shown = &target.shown;
        let question = format!("whether git would track the Secrets in clear text in `{shown}`");
        error
            .diagnostic(&question)
            .help("or give --allow-plaintext, if you are sure that no repository tracks them")
    })?;
    let refuse = |path: &String| {
        let message = format!(
            "`{}` contains a Secret in clear text, and git would track it",
            below(&target.shown, path)
        );
        Diagnostic::new(Code::PlaintextTracked, message)
            .help("add it to .gitignore, use `delivery: script`, or give --allow-plaintext if this is intended")
    };
    let report: Report = tracked.iter().map(refuse).collect();
    if report.has_errors() {
        Err(report)
    } else {
        Ok(())
    }
}

/// Shows what would be lost.
fn show_edited(look: &Look, args: &Render, page: &mut Page<'_, '_>) -> std::io::Result<()> {
    let edited = |change: &&Change| change.kind == Kind::Edited && !args.force;
    for change in look.comparison.changes.iter().filter(edited) {
        page.diff_note(&change::unified(change, &look.target.shown))?;
    }
    Ok(())
}

/// An edit by hand would be lost.
fn refuse_edited(look: &Look, args: &Render) -> Result<(), Report> {
    let edited = |change: &&Change| change.kind == Kind::Edited && !args.force;
    let edited = look.comparison.changes.iter().filter(edited);
    let report: Report = edited.map(|change| drift::edited(look, change)).collect();
    if report.has_errors() {
        Err(report)
    } else {
        Ok(())
    }
}

/// The word for what was done with a change, if something was.
fn done(look: &Look, change: &Change, args: &Render) -> Option<(&'static str, Paint)> {
    match change.kind {
        Kind::Create => Some(("created", Paint::Green)),
        Kind::Update => Some(("updated", Paint::Yellow)),
        Kind::Edited => Some(("overwritten", Paint::Yellow)),
        Kind::Conflicted => Some(("conflict resolved", Paint::Yellow)),
        Kind::LineEnds => Some(("line ends fixed", Paint::Yellow)),
        Kind::Permissions => Some(("permissions fixed", Paint::Yellow)),
        Kind::Stale if look.prune(args.prune()).removes(change) => Some(("removed", Paint::Red)),
        Kind::Stale | Kind::StaleEdited | Kind::Same => None,
    }
}

fn to_json(look: &Look, written: bool, args: &Render) -> Value {
    let files = look.comparison.changes.iter().map(|change| {
        let done = written && done(look, change, args).is_some();
        json!({"path": change.path, "change": change.kind.word(), "done": done})
    });
    let lock =
        look.comparison.lock_drift.iter().map(
            |drift| json!({"path": lock::NAME, "change": drift.kind().word(), "done": written}),
        );
    let files: Vec<Value> = files.chain(lock).collect();
    json!({"out": look.target.shown, "dryRun": args.dry_run, "files": files})
}

/// What was done for each config, and a summary.
fn say_all(
    outcomes: &[Outcome<Look>],
    written: Written,
    verb: &str,
    args: &Render,
    page: &mut Page<'_, '_>,
) -> Result<(), Stop> {
    for outcome in outcomes {
        page.report(&messages(outcome, args))?;
    }
    let failed = outcomes.iter().filter(|one| one.result.is_err()).count();
    if failed > 0 {
        let count = outcomes.len();
        if written == Written::Some {
            let rest = "failed to restore some files, see the messages";
            page.note(Paint::Red, "pullwright:", rest)?;
        } else if count > 1 {
            let rest = format!("nothing was written: {failed} of {count} configs cannot be {verb}");
            page.note(Paint::Red, "pullwright:", &rest)?;
        }
        return Ok(());
    }
    let (mut changes, mut folders, mut same) = (0, 0, 0);
    for look in outcomes.iter().filter_map(|one| one.result.as_ref().ok()) {
        let count = report_changes(look, args, page)?;
        changes += count;
        folders += usize::from(count > 0);
        same += look.comparison.count(Kind::Same);
    }
    let place = match outcomes {
        [
            Outcome {
                result: Ok(one), ..
            },
        ] => one.target.shown.clone(),
        all if changes == 0 => page::count(all.len(), "output directory"),
        all => format!(
            "{folders} of {}",
            page::count(all.len(), "output directory")
        ),
    };
    let (changed, files) = (page::count(changes, "change"), page::count(same, "file"));
    let rest = match (changes, args.dry_run) {
        (0, _) => format!("nothing to do: {files} in {place} already up to date"),
        (_, true) => format!("{changed} would be made in {place}; {files} already up to date"),
        (_, false) => format!("{changed} made in {place}; {files} already up to date"),
    };
    page.done(Paint::Bold, "pullwright:", &rest)?;
    let mut looks = outcomes.iter().filter_map(|one| one.result.as_ref().ok());
    if looks.any(|look| look.comparison.is_older()) {
        let rest = "outputs of this version differ from those of the older version that wrote them";
        page.done(Paint::Bold, "pullwright:", rest)?;
    }
    if changes > 0 && written == Written::All {
        for step in next::steps(outcomes) {
            page.done(Paint::Bold, "next:", &step)?;
        }
    }
    Ok(())
}

/// What was done in one directory; how many changes that were.
fn report_changes(look: &Look, args: &Render, page: &mut Page<'_, '_>) -> std::io::Result<usize> {
    let would = if args.dry_run { "would be " } else { "" };
    let mut count = 0;
    if look.next_lock(args.prune()).is_none() {
        count += 1;
        let path = below(&look.target.shown, lock::NAME);
        page.done(Paint::Red, &format!("{would}removed"), &path)?;
    }
    if let Some(drift) = &look.comparison.lock_drift {
        count += 1;
        let path = below(&look.target.shown, lock::NAME);
        let (word, paint) = match drift {
            LockDrift::Missing => ("created", Paint::Green),
            LockDrift::Conflicted => ("conflict resolved", Paint::Yellow),
            LockDrift::Incomplete(..) | LockDrift::Owner(_) => ("updated", Paint::Yellow),
        };
        page.done(paint, &format!("{would}{word}"), &path)?;
    }
    for change in &look.comparison.changes {
        let path = below(&look.target.shown, &change.path);
        if let Some((word, paint)) = done(look, change, args) {
            count += 1;
            page.done(paint, &format!("{would}{word}"), &path)?;
        } else if change.kind == Kind::Stale && look.orphan.is_none() {
            if look.prune(args.prune()) != Prune::Nothing {
                // The warning about it tells more.
                continue;
            }
            let flag = drift::prune_flag(change);
            let rest = format!("{path} (`{flag}` removes it)");
            page.note(Paint::Yellow, "stale:", &rest)?;
        } else if change.kind == Kind::StaleEdited {
            let why = look.comparison.why_edited(change);
            let rest = format!("{path} stays: {why}");
            page.note(Paint::Yellow, "stale:", &rest)?;
        } else if change.kind == Kind::Same {
            page.each("unchanged:", &path)?;
        }
    }
    Ok(count)
}

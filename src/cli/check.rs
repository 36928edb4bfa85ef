//! `check`: checks that files match their configs, one line per config, for hooks and CI.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::artifact::below;
use crate::change::Kind;
use crate::clean;
use crate::cli::args::{Check, DEFAULT_CONFIG, Source};
use crate::cli::batch::{self, Empty, Outcome};
use crate::cli::page::{self, Ending, Page, Paint, Stop};
use crate::cli::session::{Look, Target, Turn};
use crate::cli::{Exit, claims, drift, orphans};
use crate::diag::format::ConfigResult;
use crate::diag::{Code, Diagnostic, Format, Report, Severity, Subject};
use crate::disk;
use crate::disk::git::{Git, LeftOut, Reason};
use crate::lock::{self, State};

pub(super) fn run(args: &Check, page: &mut Page<'_, '_>) -> Ending {
    page.save_to(args.result.output.as_deref(), args.result.format)?;
    let ending = check(args, page);
    batch::ended(ending, args.result.format, page)
}

fn check(args: &Check, page: &mut Page<'_, '_>) -> Ending {
    let empty = Empty::or_allowed(args.allow_empty);
    let mut outcomes = look(&args.source, Turn::Any, empty, page)?;
    claims::refuse_foreign(&mut outcomes, &page.io.folder);
    if args.tracked {
        let git = Git::new(&page.io.environment, &page.io.folder);
        if outcomes.is_empty() {
            // A config that git tracks, though a pattern ignores it, may not have been found.
            let asked = git.left_out(&page.io.folder, &[DEFAULT_CONFIG]);
            asked.map_err(|error| error.diagnostic("which configs git tracks"))?;
        }
        outcomes = batch::each(outcomes, page, |outcome, _| Outcome {
            result: outcome.result.and_then(|look| match look.orphan {
                None => Ok(ask(&git, look)?),
                Some(_) => Ok(look),
            }),
            shown: outcome.shown,
        });
    }
    let exit = batch::worst(&outcomes, exit);
    if page.has_text(args.result.format) {
        show(&outcomes, page)?;
    }
    verdicts(
        exit,
        &outcomes,
        args.result.format,
        page,
        |look| json!({"out": look.target.shown, "differs": look.differs(), "files": look.comparison.to_json(&look.target.shown, false)}),
    )?;
    Ok(exit)
}

/// Prints what a format makes of the messages, drift among them; `diff` ends so as well.
pub(super) fn verdicts(
    exit: Exit,
    outcomes: &[Outcome<Look>],
    format: Format,
    page: &mut Page<'_, '_>,
    fields: impl Fn(&Look) -> Value,
) -> Result<(), Stop> {
    let reports: Vec<Report> = outcomes.iter().map(messages).collect();
    let all = outcomes.iter().zip(&reports);
    let configs = all.map(|(one, report)| ConfigResult {
        config: &one.shown,
        report,
        fields: one.result.as_ref().map_or(Value::Null, &fields),
    });
    batch::output(exit, configs.collect(), format, page)
}

/// All messages about a config and its output directory.
fn messages(outcome: &Outcome<Look>) -> Report {
    match &outcome.result {
        Err(report) => report.clone(),
        Ok(look) => {
            let mut report = look.prepared.warnings.clone();
            report.extend(look.untracked.clone());
            report.extend(match &look.orphan {
                Some(orphan) => orphan.diagnostic.clone().into(),
                None => drift::report(look, &outcome.shown),
            });
            report
        }
    }
}

/// A line for each config, and their messages.
fn show(outcomes: &[Outcome<Look>], page: &mut Page<'_, '_>) -> std::io::Result<()> {
    for outcome in outcomes {
        report_outcome(outcome, page)?;
    }
    if outcomes.len() > 1 {
        let kinds = [Exit::Ok, Exit::Differs, Exit::Failed];
        let [ok, differ, invalid] = kinds.map(|kind| {
            let is = |one: &&Outcome<Look>| exit_of(one) == kind;
            outcomes.iter().filter(is).count()
        });
        let orphaned = looks(outcomes).filter(|look| look.orphan.is_some()).count();
        let mut rest = format!("{ok} ok, {} differ, {invalid} invalid", differ - orphaned);
        if orphaned > 0 {
            rest = format!("{rest}, {orphaned} orphaned");
        }
        page.done(Paint::Bold, "pullwright:", &rest)?;
    }
    Ok(())
}

/// Reads the configs and looks at their output directories; `diff` and `render` begin so as well.
pub(super) fn look(
    source: &Source,
    turn: Turn,
    empty: Empty,
    page: &mut Page<'_, '_>,
) -> Result<Vec<Outcome<Look>>, Stop> {
    let mut inputs = batch::inputs(&source.configs, empty, page)?;
    let jobs = std::mem::take(&mut inputs.jobs);
    if source.out.is_some() && jobs.len() > 1 {
        let message = "--out sets one directory, but several configs are given";
        let diagnostic = Diagnostic::new(Code::Usage, message);
        return Err(diagnostic
            .help("run pullwright once for each config, or set `spec.output` in each config")
            .into());
    }
    if turn == Turn::Own {
        // Each keeps its directory open until the write: that one, the one above, and the stage.
        disk::reserve(jobs.len().saturating_mul(4));
    }
    page.max_files = source.max_files;
    let out = source.out.as_deref();
    let mut outcomes = batch::each(jobs, page, |job, world| Outcome {
        result: Look::at(&job, out, turn, world),
        shown: job.shown,
    });
    claims::refuse_shared(&mut outcomes);
    claims::refuse_conflicts(&mut outcomes, |look: &Look| look.loaded.as_ref());
    if out.is_none() {
        let world = page.world();
        let orphans = orphans::find(&inputs, &source.configs, &outcomes, turn, world);
        outcomes.extend(orphans);
    }
    match (outcomes.is_empty(), empty) {
        (true, Empty::Refused | Empty::Locked) => Err(inputs.empty.into()),
        (true, Empty::Allowed) => {
            page.note(Paint::Bold, "pullwright:", "no config was found")?;
            Ok(outcomes)
        }
        (false, _) => Ok(outcomes),
    }
}

/// The directories that could be compared.
fn looks(outcomes: &[Outcome<Look>]) -> impl Iterator<Item = &Look> {
    outcomes.iter().filter_map(|one| one.result.as_ref().ok())
}

/// The exit code of a config that could be compared.
pub(super) fn exit(look: &Look) -> Exit {
    if look.differs() || look.untracked.has_errors() {
        Exit::Differs
    } else {
        Exit::Ok
    }
}

fn exit_of(outcome: &Outcome<Look>) -> Exit {
    outcome.result.as_ref().map_or(Exit::Failed, exit)
}

/// Finds the outputs that the next commit would leave out. A Secret in clear text had better not be
/// in it, so that it does not count as one.
fn ask(git: &Git, mut look: Look) -> Result<Look, Diagnostic> {
    let Target { path, shown } = &look.target;
    let there = look.comparison.changes.iter();
    let there = there.filter(|change| change.old.is_some() && change.new.is_some());
    let mut paths: Vec<&str> = there.map(|change| change.path.as_str()).collect();
    if look.comparison.state != State::Missing {
        paths.push(lock::NAME);
    }
    let left_out = git
        .left_out(path, &paths)
        .map_err(|error| error.diagnostic(&format!("which files git tracks in `{shown}`")))?;
    let plaintext: BTreeSet<&str> = look.comparison.plaintext().collect();
    let (exempt, untracked): (Vec<_>, Vec<_>) = left_out
        .into_iter()
        .partition(|one| plaintext.contains(one.path.as_str()));
    let message = |one: &LeftOut| {
        let file = below(shown, &one.path);
        let word = clean::path(&file);
        let (verb, help) = match one.reason {
            Reason::New => ("does not track", format!("run `git add {word}`")),
            Reason::Ignored => (
                "ignores",
                format!("remove the pattern from .gitignore, or run `git add --force {word}`"),
            ),
        };
        let message = format!("git {verb} `{file}`, so a commit would leave it out");
        Diagnostic::new(Code::Untracked, message)
            .about(Subject::file(file))
            .help(help)
    };
    let untracked = untracked.iter().map(message).collect();
    let exempt = exempt.iter().map(|one| below(shown, &one.path));
    (look.exempt, look.untracked) = (exempt.collect(), untracked);
    Ok(look)
}

/// Each file and how it compares.
pub(super) fn each_file(look: &Look, page: &mut Page<'_, '_>) -> std::io::Result<()> {
    for change in &look.comparison.changes {
        let path = below(&look.target.shown, &change.path);
        match change.kind {
            Kind::Same => page.each("unchanged:", &path)?,
            kind => page.each(&format!("{}:", kind.word()), &path)?,
        }
    }
    Ok(())
}

fn report_outcome(outcome: &Outcome<Look>, page: &mut Page<'_, '_>) -> std::io::Result<()> {
    let shown = &outcome.shown;
    match &outcome.result {
        Err(report) => {
            page.report(report)?;
            let count = page::count(report.count(Severity::Error), "error");
            let is_unanswered = |one: &&Diagnostic| one.code == Code::GitUnanswered;
            let word = match report.sorted().iter().any(is_unanswered) {
                true => "failed",
                false => "invalid",
            };
            page.line(Paint::Red, word, &format!("{shown}: {count}"))
        }
        Ok(look) => {
            page.report(&look.prepared.warnings)?;
            page.report(&look.untracked)?;
            for file in &look.exempt {
                let rest =
                    format!("git does not track `{file}`: it contains a Secret in clear text");
                page.note(Paint::Bold, "note:", &rest)?;
            }
            each_file(look, page)?;
            let missed = look.untracked.count(Severity::Error);
            if let Some(orphan) = &look.orphan {
                page.report(&orphan.diagnostic.clone().into())?;
                let rest = format!("{}: {}", look.target.shown, look.comparison.summary());
                return page.line(Paint::Yellow, "orphaned", rest.trim_end_matches(": "));
            }
            let (paint, word, rest) = if look.comparison.differs() {
                (Paint::Yellow, "differs", look.comparison.summary())
            } else if missed > 0 {
                let rest = format!("{} not tracked by git", page::count(missed, "file"));
                (Paint::Yellow, "differs", rest)
            } else {
                let count = page::count(look.comparison.changes.len(), "file");
                (Paint::Green, "ok", count)
            };
            let rest = format!("{shown}: {}: {rest}", look.target.shown);
            match exit(look) {
                Exit::Ok => page.fine(paint, word, &rest),
                Exit::Differs | Exit::Failed => page.line(paint, word, &rest),
            }
        }
    }
}

//! Changes output directories, all of them or none: what was moved is moved back when a later move fails.

use crate::artifact::below;
use crate::cores;
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::place::Place;
use crate::disk::rehearse;
use crate::disk::rename::{self, Moved};
use crate::disk::stage::{Act, Stage, Step, Work};
use crate::disk::sync;
use crate::disk::{unwritable, why};
use crate::lock;
use cap_std::fs::Dir;

/// What is to be done in a directory that this run holds.
pub struct Task<'a> {
    /// The directory.
    pub place: &'a Place,
    /// What.
    pub work: Work<'a>,
}

/// Why nothing, or not everything, was done.
#[derive(Debug)]
pub struct Failure {
    /// The messages of each task, in their order.
    pub reports: Vec<Report>,
    /// Whether each directory is as it was before; if not, the messages name each file that is not.
    pub is_undone: bool,
}

/// Does all tasks. Before the first file is moved, all new ones are on the disk and whatever can fail
/// was tried; each move is atomic, so whatever happens each file is the old one or the new one.
///
/// # Errors
/// What failed. What was moved before that is restored.
pub fn apply(tasks: &[Task<'_>]) -> Result<(), Failure> {
    apply_with(tasks, || {})
}

/// As [`apply`]; `between` happens when everything was tried, and nothing is moved yet.
pub(super) fn apply_with(tasks: &[Task<'_>], between: impl FnOnce()) -> Result<(), Failure> {
    let mut reports = Vec::with_capacity(tasks.len());
    let mut runs = Vec::with_capacity(tasks.len());
    let prepared = cores::map_into(tasks.iter().collect(), prepare);
    for one in prepared {
        let (run, report) = match one {
            Ok(run) => (run, Report::default()),
            Err(report) => (None, report),
        };
        runs.push(run);
        reports.push(report);
    }
    collect(&mut reports, sync::files(&stages(&runs)));
    if reports.iter().any(Report::has_errors) {
        runs.iter().flatten().for_each(|run| run.stage.give_up());
        let is_undone = true;
        return Err(Failure { reports, is_undone });
    }
    between();
    // The final locks come when all files of all directories are in place, and on the disk.
    each(&mut runs, &mut reports, Run::go_to_lock);
    if !reports.iter().any(Report::has_errors) {
        collect(&mut reports, sync::folders(&stages(&runs)));
    }
    if !reports.iter().any(Report::has_errors) {
        each(&mut runs, &mut reports, Run::go_to_end);
    }
    if reports.iter().any(Report::has_errors) {
        let before: Vec<usize> = reports.iter().map(errors).collect();
        each(&mut runs, &mut reports, Run::undo);
        let is_undone = reports.iter().map(errors).eq(before);
        return Err(Failure { reports, is_undone });
    }
    sync::roots(&stages(&runs));
    let runs: Vec<&Run<'_>> = runs.iter().flatten().collect();
    cores::map(&runs, |run| run.stage.finish());
    Ok(())
}

fn prepare<'a>(task: &'a Task<'_>) -> Result<Option<Run<'a>>, Report> {
    match task.place.folder() {
        Some(folder) => Stage::prepare(folder, &task.work).map(|stage| stage.map(Run::new)),
        None => Ok(None),
    }
}

fn errors(report: &Report) -> usize {
    report.count(crate::diag::Severity::Error)
}

fn stages<'r, 'a>(runs: &'r [Option<Run<'a>>]) -> Vec<Option<&'r Stage<'a>>> {
    runs.iter()
        .map(|run| run.as_ref().map(|run| &run.stage))
        .collect()
}

/// Adds what one more look at all directories found.
fn collect(reports: &mut [Report], found: Vec<Report>) {
    for (report, found) in reports.iter_mut().zip(found) {
        report.extend(found);
    }
}

/// Does one thing in all directories at once.
fn each<'a>(
    runs: &mut [Option<Run<'a>>],
    reports: &mut [Report],
    act: impl Fn(&mut Run<'a>) -> Report + Sync,
) {
    let all = runs.iter_mut().zip(reports);
    let all = all.filter_map(|(run, report)| Some((run.as_mut()?, report)));
    cores::map_into(all.collect(), |(run, report)| report.extend(act(run)));
}

/// What was done with the file of a step.
enum Done {
    Moved(Moved),
    /// It had these permissions.
    Permitted(u32),
}

/// The moves in one directory.
pub(super) struct Run<'a> {
    stage: Stage<'a>,
    /// What the first steps did.
    done: Vec<Done>,
    /// The directory of the last step, which is most often that of the next one.
    entered: Option<(String, Dir)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(stage: Stage<'a>) -> Self {
        Self {
            stage,
            done: Vec::new(),
            entered: None,
        }
    }

    /// All steps before the final lock.
    pub(super) fn go_to_lock(&mut self) -> Report {
        let steps = &self.stage.steps;
        let ends_with_lock = steps.last().is_some_and(|step| step.path == lock::NAME);
        self.go(steps.len() - usize::from(ends_with_lock))
    }

    fn go_to_end(&mut self) -> Report {
        self.go(self.stage.steps.len())
    }

    /// Does the steps up to `end`; the first one that fails ends it.
    fn go(&mut self, end: usize) -> Report {
        while self.done.len() < end {
            let number = self.done.len();
            let step = self.stage.steps[number];
            match self.step(number, step) {
                Ok(done) => self.done.push(done),
                Err(diagnostic) => return diagnostic.into(),
            }
        }
        Report::default()
    }

    fn step(&mut self, number: usize, step: Step<'_>) -> Result<Done, Diagnostic> {
        let shown = self.stage.shown(&step);
        let (folder, name) = split(step.path);
        let dir = self.enter(step.path)?;
        let (stage, staged) = (&self.stage.dir, number.to_string());
        let done = match step.act {
            Act::Create(..) => rename::create(stage, &staged, &dir, name).map(Done::Moved),
            Act::Replace(..) => rename::replace(stage, &staged, &dir, name).map(Done::Moved),
            Act::Remove => rename::remove(stage, &staged, &dir, name).map(Done::Moved),
            Act::Permit(bits) => rehearse::permit(&dir, name, Some(bits)).map(Done::Permitted),
        };
        self.entered = Some((folder.to_owned(), dir));
        done.map_err(|error| unwritable(&shown, &error))
    }

    /// The directory of a file, never through a link.
    fn enter(&mut self, path: &str) -> Result<Dir, Diagnostic> {
        let (folder, _) = split(path);
        match self.entered.take() {
            Some((entered, dir)) if entered == folder => Ok(dir),
            _ => {
                let own = self.stage.folder;
                let there = own.enter(own.dir, "", folder)?;
                there.ok_or_else(|| {
                    let shown = below(own.shown, path);
                    unwritable(&shown, &std::io::ErrorKind::NotFound.into())
                })
            }
        }
    }

    /// Takes back all steps, the last one first, and removes the stage. Reports which files are not as they
    /// were; the lock of the time between then stays, so that the next run knows them.
    pub(super) fn undo(&mut self) -> Report {
        let mut report = Report::default();
        while let Some(done) = self.done.pop() {
            let number = self.done.len();
            let step = self.stage.steps[number];
            if number == 0 && step.path == lock::NAME && report.has_errors() {
                break;
            }
            if let Err(reason) = self.undo_step(number, step, &done) {
                let state = match (&done, self.is_there(step)) {
                    (_, false) => "is missing",
                    (Done::Permitted(_), true) => "has new permissions",
                    (Done::Moved(_), true) => "contains the new text",
                };
                let message = format!(
                    "`{}` {state} and cannot be restored: {reason}",
                    self.stage.shown(&step)
                );
                let diagnostic = Diagnostic::new(Code::WriteFailed, message);
                report.push(diagnostic.help("run it again once the disk is writable"));
            }
        }
        self.stage.give_up();
        report
    }

    /// Whether something is in the place of a step's file.
    fn is_there(&mut self, step: Step<'_>) -> bool {
        let (_, name) = split(step.path);
        let dir = self.enter(step.path);
        dir.is_ok_and(|dir| dir.symlink_metadata(name).is_ok())
    }

    fn undo_step(&mut self, number: usize, step: Step<'_>, done: &Done) -> Result<(), String> {
        let (folder, name) = split(step.path);
        let dir = self
            .enter(step.path)
            .map_err(|_| "its directory was removed or replaced".to_owned())?;
        let undone = match done {
            Done::Moved(moved) => {
                rename::undo(moved, &self.stage.dir, &number.to_string(), &dir, name)
            }
            Done::Permitted(had) => rehearse::permit(&dir, name, Some(*had)).map(drop),
        };
        self.entered = Some((folder.to_owned(), dir));
        undone.map_err(|error| why(&error))
    }
}

/// Directory and name of a file.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

//! Several configs at once: found, worked on by all cores, reported in their order.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread::Builder;

use crate::clean;
use crate::cli::args::DEFAULT_CONFIG;
use crate::cli::page::{Ending, Page, Stop};
use crate::cli::progress::Progress;
use crate::cli::world::World;
use crate::cli::{Exit, misnamed};
use crate::diag::format::{ConfigResult, RunResult};
use crate::diag::{Diagnostic, Format, Report};
use crate::disk::git::Git;
use crate::disk::{find, input};

/// A config to work on.
pub(super) struct Job {
    /// How messages name it.
    pub(super) shown: String,
    /// Where it is; of stdin, where its own paths begin.
    pub(super) path: PathBuf,
    /// Its text, if it came in by stdin.
    pub(super) text: Option<String>,
}

/// What became of a job.
pub(super) struct Outcome<T> {
    pub(super) shown: String,
    pub(super) result: Result<T, Report>,
}

/// How messages name a config from stdin.
const STDIN: &str = "<stdin>";

/// A config as an argument of a command that people copy, by how messages name it.
pub(super) fn argument(shown: &str) -> String {
    match shown {
        STDIN => "-".to_owned(),
        path => clean::path(path),
    }
}

/// What the arguments mean.
#[derive(Default)]
pub(super) struct Inputs {
    /// The configs, each once.
    pub(super) jobs: Vec<Job>,
    /// The same, without links.
    pub(super) configs: BTreeSet<PathBuf>,
    /// The locks below directories, as messages name them.
    pub(super) locks: Vec<PathBuf>,
    /// The errors of directories that contain no config.
    pub(super) empty: Report,
}

/// What may be in a directory that contains no config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// Nothing that is of use: it is an error.
    Refused,
    /// A lock, which tells that there was one.
    Locked,
    /// Anything.
    Allowed,
}

impl Empty {
    /// A lock is of use, and anything if the flag is set.
    pub(super) fn or_allowed(flag: bool) -> Self {
        if flag { Self::Allowed } else { Self::Locked }
    }
}

/// The configs that the arguments mean, each once.
pub(super) fn jobs(names: &[PathBuf], page: &mut Page<'_, '_>) -> Result<Vec<Job>, Stop> {
    Ok(inputs(names, Empty::Refused, page)?.jobs)
}

/// The configs that the arguments mean, and the locks below those that are directories.
pub(super) fn inputs(
    names: &[PathBuf],
    empty: Empty,
    page: &mut Page<'_, '_>,
) -> Result<Inputs, Stop> {
    let git = Git::new(&page.io.environment, &page.io.folder);
    let mut inputs = Inputs::default();
    let mut misnamed = Vec::new();
    let mut seen = BTreeSet::new();
    let mut report = Report::default();
    for name in names {
        if name.as_os_str() == "-" {
            let shown = STDIN.to_owned();
            if seen.insert(PathBuf::from("-")) {
                inputs.jobs.push(Job {
                    text: Some(input::read_all(&mut page.io.stdin, &shown)?),
                    path: page.io.folder.join(DEFAULT_CONFIG),
                    shown,
                });
            }
            continue;
        }
        let found = match find::configs(&page.io.folder, name, DEFAULT_CONFIG, &git) {
            Ok(found) => found,
            Err(errors) => {
                report.extend(errors);
                continue;
            }
        };
        report.extend(found.warnings);
        let is_locked = !found.locks.is_empty();
        if let Some(none) = found.none {
            let others = misnamed::below(&page.io.folder, name, &found.misnamed);
            let none = others.iter().fold(none, Diagnostic::help);
            match empty {
                Empty::Refused => report.push(none),
                Empty::Locked if !is_locked => report.push(none),
                Empty::Locked | Empty::Allowed => inputs.empty.push(none),
            }
        }
        misnamed.extend(found.misnamed);
        inputs.locks.extend(found.locks);
        inputs
            .jobs
            .extend(found.configs.into_iter().filter_map(|config| {
                let path = page.io.folder.join(&config);
                seen.insert(input::real(&path)).then(|| Job {
                    shown: config.display().to_string(),
                    path,
                    text: None,
                })
            }));
    }
    if report.has_errors() {
        return Err(report.into());
    }
    misnamed.retain(|path| !seen.contains(&input::real(&page.io.folder.join(path))));
    report.extend(
        misnamed
            .iter()
            .map(|path| misnamed::warning(path))
            .collect(),
    );
    page.report(&report)?;
    inputs.configs = seen;
    Ok(inputs)
}

/// Works on all jobs at once, in an order of its own; the results are in the order of the jobs. Shows a
/// progress bar if that is of use.
///
/// The threads are our own, because a job may hold the lock of its directory: a thread of rayon's pool
/// would take up another job while it waits for a part of the first one, and so wait for two locks.
pub(super) fn each<J: Send, T: Send>(
    jobs: Vec<J>,
    page: &Page<'_, '_>,
    work: impl Fn(J, World<'_>) -> T + Sync,
) -> Vec<T> {
    let bar = Progress::new(jobs.len(), page);
    let world = page.world();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = threads.min(jobs.len());
    let results: Mutex<Vec<Option<T>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let waiting = Mutex::new(jobs.into_iter().enumerate());
    let take = || {
        let next = || waiting.lock().ok()?.next();
        while let Some((at, job)) = next() {
            let result = work(job, world);
            if let Ok(mut results) = results.lock() {
                results[at] = Some(result);
            }
            bar.inc();
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // This thread works as well: where the system gives no other, all is done here.
            if Builder::new().spawn_scoped(scope, take).is_err() {
                break;
            }
        }
        take();
    });
    bar.finish();
    let results = results.into_inner().unwrap_or_default();
    results.into_iter().flatten().collect()
}

/// The worst of the outcomes; what went well is judged by `judge`.
pub(super) fn worst<T>(outcomes: &[Outcome<T>], judge: impl Fn(&T) -> Exit) -> Exit {
    let each = outcomes.iter().map(|one| match &one.result {
        Ok(result) => judge(result),
        Err(_) => Exit::Failed,
    });
    each.max().unwrap_or(Exit::Ok)
}

/// The root of the repository that the working directory is in; empty outside of one.
pub(super) fn root(page: &Page<'_, '_>) -> String {
    let root = find::repository(&page.io.folder);
    root.map_or_else(String::new, |root| root.display().to_string())
}

/// Prints what a format makes of a run.
pub(super) fn output(
    exit: Exit,
    configs: Vec<ConfigResult<'_>>,
    format: Format,
    page: &mut Page<'_, '_>,
) -> Result<(), Stop> {
    let folder = page.io.folder.display().to_string();
    let root = root(page);
    for config in &configs {
        page.count_warnings(config.report);
    }
    let run = RunResult {
        ok: page.denied(exit) == Exit::Ok,
        configs,
        stopped: None,
        folder: &folder,
        root: &root,
    };
    Ok(page.output(&format.write(&run))?)
}

/// Ends a command: errors that stop it before any config is read are reported in its format as well, and the
/// output file is written.
pub(super) fn ended(ending: Ending, format: Format, page: &mut Page<'_, '_>) -> Ending {
    let ending = match ending {
        Err(Stop::Report(report)) => {
            let folder = page.io.folder.display().to_string();
            let run = RunResult {
                stopped: Some(&report),
                folder: &folder,
                root: &root(page),
                ..RunResult::default()
            };
            page.output(&format.write(&run))?;
            if page.has_text(format) {
                page.report(&report)?;
            }
            Ok(Exit::Failed)
        }
        ending => ending,
    };
    page.save()?;
    ending
}

//! Several configs at once: found, worked on by all cores, reported in their order.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread::Builder;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clean;
use crate::cli::Exit;
use crate::cli::args::DEFAULT_CONFIG;
use crate::cli::page::{Ending, Page, Stop};
use crate::cli::world::World;
use crate::diag::format::{ConfigResult, RunResult};
use crate::diag::{Format, Report};
use crate::disk::find::Found;
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

/// The configs that the arguments mean, each once.
pub(super) fn jobs(names: &[PathBuf], page: &mut Page<'_, '_>) -> Result<Vec<Job>, Stop> {
    let git = Git::new(&page.io.environment, &page.io.folder);
    let mut jobs = Vec::new();
    let mut seen = BTreeSet::new();
    let mut report = Report::default();
    for name in names {
        if name.as_os_str() == "-" {
            let shown = STDIN.to_owned();
            if seen.insert(PathBuf::from("-")) {
                jobs.push(Job {
                    text: Some(input::read_all(&mut page.io.stdin, &shown)?),
                    path: page.io.folder.join(DEFAULT_CONFIG),
                    shown,
                });
            }
            continue;
        }
        match find::configs(&page.io.folder, name, DEFAULT_CONFIG, &git) {
            Ok(Found { configs, warnings }) => {
                report.extend(warnings);
                jobs.extend(configs.into_iter().filter_map(|config| {
                    let path = page.io.folder.join(&config);
                    seen.insert(input::real(&path)).then(|| Job {
                        shown: config.display().to_string(),
                        path,
                        text: None,
                    })
                }));
            }
            Err(errors) => report.extend(errors),
        }
    }
    if report.has_errors() {
        return Err(report.into());
    }
    page.report(&report)?;
    Ok(jobs)
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
    let bar = progress(jobs.len(), page);
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
            bar.inc(1);
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
    bar.finish_and_clear();
    let results = results.into_inner().unwrap_or_default();
    results.into_iter().flatten().collect()
}

/// A bar for several jobs, on a terminal.
pub(super) fn progress(jobs: usize, page: &Page<'_, '_>) -> ProgressBar {
    if jobs < 2 || !page.io.terminals[2] {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}");
    ProgressBar::with_draw_target(Some(jobs as u64), ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
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
    let run = RunResult {
        ok: exit == Exit::Ok,
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

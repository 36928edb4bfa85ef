//! Runs generated scripts by the real azure-cli, kubectl, jq and curl against a fake Azure, real kube-apiservers and a
//! real registry: `cargo test --test lab [-- NAME...]`, `-- --list`. Needs root on Linux, and what `.ci/install` installs.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a runner starts programs, makes folders and prints its results"
)]

mod lane;
mod tools;

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use lane::{Lane, Outcome};

/// How many worlds run side by side.
const LANES: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let tools = match tools::find() {
        Ok(tools) => tools,
        Err(missing) => {
            eprintln!("{missing}");
            return ExitCode::FAILURE;
        }
    };
    let all = match lane::scenarios(&tools) {
        Ok(all) => all,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    if arguments.iter().any(|one| one == "--list") {
        for name in &all {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    let filters: Vec<&String> = arguments
        .iter()
        .filter(|one| !one.starts_with('-'))
        .collect();
    let chosen: VecDeque<String> = all
        .into_iter()
        .filter(|name| {
            filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()))
        })
        .collect();
    if chosen.is_empty() {
        eprintln!("no scenario has such a name; `-- --list` lists them");
        return ExitCode::FAILURE;
    }
    run(&tools, chosen)
}

/// How many scenarios ended in which way.
#[derive(Default)]
struct Counts {
    passed: AtomicUsize,
    failed: AtomicUsize,
    skipped: AtomicUsize,
}

/// Runs the scenarios in lanes side by side and prints a line for each.
fn run(tools: &tools::Tools, chosen: VecDeque<String>) -> ExitCode {
    let begin = Instant::now();
    let lanes = LANES.min(chosen.len());
    println!("running {} scenarios in {lanes} lanes", chosen.len());
    let waiting = Mutex::new(chosen);
    let counts = Counts::default();
    std::thread::scope(|scope| {
        for number in 1..=lanes {
            let (waiting, counts) = (&waiting, &counts);
            scope.spawn(move || {
                if let Err(why) = work(tools, number, waiting, counts) {
                    println!("lane {number} ... FAILED\n{why}");
                    counts.failed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let [passed, failed, skipped] =
        [counts.passed, counts.failed, counts.skipped].map(AtomicUsize::into_inner);
    println!("\nall of it took {} s\n", begin.elapsed().as_secs());
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    let left = waiting.into_inner().map_or(0, |waiting| waiting.len());
    if failed > 0 || left > 0 {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// One lane: takes scenarios until none is left.
fn work(
    tools: &tools::Tools,
    number: usize,
    waiting: &Mutex<VecDeque<String>>,
    counts: &Counts,
) -> Result<(), String> {
    let next = || {
        waiting
            .lock()
            .ok()
            .and_then(|mut waiting| waiting.pop_front())
    };
    let mut lane = Lane::start(tools, number)?;
    println!("lane {number} is up ({:.1} s)", lane.startup);
    while let Some(name) = next() {
        match lane.run(&name)? {
            Outcome::Passed { seconds, checks } => {
                println!("test {name} ... ok ({seconds:.1} s, {checks} checks)");
                counts.passed.fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Skipped { why } => {
                println!("test {name} ... skipped: {why}");
                counts.skipped.fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Failed { seconds, text } => {
                println!("test {name} ... FAILED ({seconds:.1} s)\n{text}");
                counts.failed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(())
}

//! Whole processes against baselines in the same run: start-up, render, check, fn, audit, growth.
//!
//! `cargo bench` prints tables of medians and ratios; `-- --smoke` runs everything once and small,
//! `-- --audit` what measures `audit` alone. The baselines are modes of this very program: a clap program that
//! does nothing, a template render without checks, a bare read of the same files, and their trees alone.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a runner makes folders, starts programs and prints its table"
)]

mod audit;
mod baseline;
mod manifests;
mod streams;
mod workload;

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A process to measure: what it is called with, and where its output goes.
struct Contest<'a> {
    what: &'a str,
    ours: Vec<String>,
    /// The program to compare with.
    rival: String,
    baseline: Vec<String>,
    /// How many times more work we have than the baseline.
    scale: f64,
    /// How many times slower than the baseline we may be.
    target: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--as", mode, rest @ ..] => baseline::run(mode, rest),
        _ => {
            let smoke = words.contains(&"--smoke");
            let folder = tempfile::tempdir().expect("there is a place for scratch folders");
            if !words.contains(&"--audit") {
                measure(folder.path(), smoke);
                streams::measure(folder.path(), smoke);
            }
            audit::measure(folder.path(), smoke);
        }
    }
}

fn measure(folder: &Path, smoke: bool) {
    let (namespaces, rounds) = if smoke { (20, 1) } else { (1_000, 31) };
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (config, large, out) = (path("small.yaml"), path("large.yaml"), path("out"));
    workload::write(Path::new(&config), namespaces);
    workload::write(Path::new(&large), namespaces * 10);
    once(ours(), &["render", &config, "--out", &out]);
    // The same objects, by a hundred configs.
    let many = path("many");
    for number in 0..namespaces / 10 {
        let team = format!("{many}/{number}");
        std::fs::create_dir_all(&team).expect("the folder is ours");
        workload::write(Path::new(&format!("{team}/pullwright.yaml")), 10);
    }
    once(ours(), &["render", &many]);
    let count = namespaces.to_string();
    let mut contests = vec![
        Contest {
            what: "start-up: --version / an empty clap program",
            ours: words(&["--version"]),
            rival: own(),
            scale: 1.0,
            baseline: words(&["--as", "clap", "--version"]),
            target: 2.0,
        },
        Contest {
            what: "render --stdout / the same templates without checks",
            ours: words(&["render", &config, "--stdout"]),
            rival: own(),
            scale: 1.0,
            baseline: words(&["--as", "render", &count]),
            target: 6.0,
        },
        Contest {
            what: "check, unchanged / reading and comparing the files",
            ours: words(&["check", &config, "--out", &out]),
            rival: own(),
            scale: 1.0,
            baseline: words(&["--as", "read", &out]),
            target: 2.0,
        },
        Contest {
            what: "check, a tenth as many configs / reading and comparing the files",
            ours: words(&["check", &many]),
            rival: own(),
            scale: 1.0,
            baseline: words(&["--as", "read", &many]),
            target: 4.0,
        },
        Contest {
            what: "ten times the namespaces, divided by ten",
            ours: words(&["render", &large, "--stdout"]),
            rival: ours(),
            scale: 10.0,
            baseline: words(&["render", &config, "--stdout"]),
            target: 1.2,
        },
    ];
    let (template, context) = (path("template.j2"), path("context.json"));
    workload::write_template(Path::new(&template), Path::new(&context), namespaces);
    match on_path("minijinja-cli") {
        Some(rival) => contests.push(Contest {
            what: "render --stdout / minijinja-cli with one template",
            ours: words(&["render", &config, "--stdout"]),
            rival,
            scale: 1.0,
            baseline: words(&[&template, &context]),
            target: 6.0,
        }),
        None => println!("minijinja-cli is not on PATH: its row is left out"),
    }
    println!(
        "| {} objects, median of {rounds} | ours ms | baseline ms | ratio | target |",
        namespaces * 3
    );
    println!("|---|---|---|---|---|");
    for contest in &contests {
        let mut times = (Vec::new(), Vec::new());
        // One after the other, so that noise meets both.
        for _ in 0..rounds {
            times.0.push(once(ours(), &contest.ours));
            times.1.push(once(contest.rival.clone(), &contest.baseline));
        }
        let (mine, theirs) = (median(times.0) / contest.scale, median(times.1));
        println!(
            "| {} | {mine:.2} | {theirs:.2} | {:.2} | {:.1} |",
            contest.what,
            mine / theirs,
            contest.target
        );
    }
    let render = |config: &str| peak(&words(&["render", config, "--stdout"]), None);
    let (small, big) = (render(&config), render(&large));
    println!(
        "| peak memory, MiB: ten times the namespaces | {big:.1} | {small:.1} | {:.2} | 10.0 |",
        big / small
    );
}

fn words(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

/// A program of the machine, if it has it.
fn on_path(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|one| one.is_file())?;
    Some(found.to_string_lossy().into_owned())
}

/// The binary under test.
fn ours() -> String {
    env!("CARGO_BIN_EXE_pullwright").to_owned()
}

/// This program, for its baseline modes.
fn own() -> String {
    let path = std::env::current_exe().expect("a program knows where it is");
    path.to_string_lossy().into_owned()
}

/// Milliseconds from start to end.
fn once(program: String, arguments: &[impl AsRef<std::ffi::OsStr>]) -> f64 {
    with_input(program, arguments, None)
}

/// The same with a file on stdin.
fn with_input(
    program: String,
    arguments: &[impl AsRef<std::ffi::OsStr>],
    input: Option<&Path>,
) -> f64 {
    on_cores(Core::All, program, arguments, input)
}

/// How many cores a program works on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Core {
    One,
    All,
}

/// The same on so many cores.
fn on_cores(
    cores: Core,
    program: String,
    arguments: &[impl AsRef<std::ffi::OsStr>],
    input: Option<&Path>,
) -> f64 {
    let mut command = Command::new(program);
    if cores == Core::One {
        command.env("RAYON_NUM_THREADS", "1");
    }
    command
        .args(arguments)
        .stdin(stdin(input))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the program starts");
    let time = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    time.as_secs_f64() * 1_000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A file, or nothing.
fn stdin(input: Option<&Path>) -> Stdio {
    input.map_or_else(Stdio::null, |path| {
        File::open(path).expect("it was written").into()
    })
}

/// Peak resident memory in MiB of a run, as the system last told it; 0 where it does not tell.
fn peak(arguments: &[String], input: Option<&Path>) -> f64 {
    let mut child = Command::new(ours())
        .args(arguments)
        .stdin(stdin(input))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    while child.try_wait().is_ok_and(|ended| ended.is_none()) {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line
            .and_then(|line| line.split_whitespace().nth(1))
            .and_then(|kib| kib.parse::<f64>().ok());
        peak = kib.map_or(peak, |kib| kib / 1024.0);
        std::thread::sleep(Duration::from_micros(200));
    }
    peak
}

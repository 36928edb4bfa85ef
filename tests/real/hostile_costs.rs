//! Every hostile input of at most 1 MiB ends within a second of CPU time and 256 MiB of memory.
//!
//! The bounds are those of the release build:
//! `cargo build --release && PULLWRIGHT_BINARY=target/release/pullwright cargo test --test real -- hostile_costs --nocapture`
//! prints the slowest and the largest; without the variable, the debug build gets more time.
//! `PULLWRIGHT_INPUT` names one input by a part of its name.

use std::path::{Path, PathBuf};

use crate::hostile_inputs::{HEAD, Input, Way, inputs};
use crate::tools::{program, root, run};

/// CPU seconds of the release build, of all threads together.
const SECONDS: f64 = 1.0;
/// How much longer a run may take that renders and compares up to `--max-files` files.
const FILES: f64 = 1.5;
/// CPU seconds beside them for each MB that is printed: a diff of files by the ten thousand is long.
const PRINTED: f64 = 0.25;
/// How many times slower code is that was built without optimization.
const DEBUG: f64 = 30.0;
/// Peak MiB.
const MEMORY: f64 = 256.0;

/// What a run took.
struct Cost {
    what: String,
    seconds: f64,
    memory: f64,
    exit: i32,
    /// How much longer than others it may take.
    files: f64,
    /// Bytes on stdout and stderr.
    written: u64,
}

/// A folder with the files of one input.
struct Place {
    folder: tempfile::TempDir,
    binary: PathBuf,
}

impl Place {
    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
        std::fs::write(path, text).expect("it is ours");
    }

    fn run(&self, name: &str, arguments: &[&str]) -> Cost {
        let streams = ["in", "out", "err"].map(|one| self.folder.path().join(one));
        let output = run(program("python3")
            .arg(root().join("tests/real/measure.py"))
            .args(&streams)
            .arg(&self.binary)
            .args(arguments)
            .current_dir(self.folder.path()));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<f64> = text
            .split_whitespace()
            .map(|number| number.parse().expect("it is a number"))
            .collect();
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |one| one.len());
        Cost {
            what: format!("{name}: {}", arguments.join(" ")),
            seconds: numbers[0],
            memory: numbers[1],
            exit: numbers[2] as i32,
            files: match arguments[0] {
                "render" | "check" | "diff" => FILES,
                _ => 1.0,
            },
            written: size(&streams[1]) + size(&streams[2]),
        }
    }
}

/// All runs of one input.
fn costs(input: &Input, binary: &Path) -> Vec<Cost> {
    let place = Place {
        folder: tempfile::tempdir().expect("there is a place for scratch folders"),
        binary: binary.to_owned(),
    };
    let small = format!(
        "{HEAD}  access: [{{name: sample, strategy: secret, registries: [youruniquename], namespaces: [default], secret: {{name: acr-secret, delivery: placeholder}}}}]\n"
    );
    place.write("in", "");
    place.write("small.yaml", &small);
    let run = |arguments: &[&str]| place.run(input.name, arguments);
    match input.way {
        Way::Config => {
            place.write("config.yaml", &input.text);
            let first = run(&["validate", "config.yaml"]);
            let json = run(&["validate", "--format", "json", "config.yaml"]);
            if first.exit != 0 {
                return vec![first, json];
            }
            vec![
                first,
                json,
                run(&["render", "--stdout", "config.yaml"]),
                run(&["check", "config.yaml"]),
                run(&["diff", "config.yaml"]),
            ]
        }
        Way::List => {
            place.write("in", &input.text);
            vec![run(&["fn"])]
        }
        Way::Stream => {
            place.write("in", &input.text);
            vec![run(&["fn", "small.yaml"])]
        }
        Way::Lock => {
            place.write("k8s/pullwright.lock", &input.text);
            vec![run(&["check", "small.yaml"]), run(&["diff", "small.yaml"])]
        }
        Way::Output => {
            let _ = run(&["render", "small.yaml"]);
            place.write("k8s/sample/default/secret.yaml", &input.text);
            vec![run(&["check", "small.yaml"]), run(&["diff", "small.yaml"])]
        }
    }
}

#[test]
fn each_input_ends_soon_and_in_little_memory() {
    let named = std::env::var_os("PULLWRIGHT_BINARY");
    let (binary, seconds) = match named {
        Some(path) => (root().join(path), SECONDS),
        None if cfg!(debug_assertions) => {
            (env!("CARGO_BIN_EXE_pullwright").into(), SECONDS * DEBUG)
        }
        None => (env!("CARGO_BIN_EXE_pullwright").into(), SECONDS),
    };
    let is_bad = |cost: &Cost| {
        let printed = PRINTED * cost.written as f64 / 1e6;
        cost.seconds > seconds * (cost.files + printed)
            || cost.memory > MEMORY
            || !(0..=2).contains(&cost.exit)
    };
    let line = |cost: &Cost| {
        let Cost {
            what,
            seconds,
            memory,
            exit,
            written,
            ..
        } = cost;
        format!("{seconds:6.2} s {memory:5.0} MiB {written:9} bytes, exit {exit}: {what}")
    };
    let only = std::env::var("PULLWRIGHT_INPUT").unwrap_or_default();
    let inputs = inputs();
    let chosen = inputs.iter().filter(|input| input.name.contains(&only));
    let mut all: Vec<Cost> = Vec::new();
    for input in chosen {
        let costs = costs(input, &binary);
        // Whoever waits for a slow one sees which it is.
        costs
            .iter()
            .filter(|cost| is_bad(cost))
            .for_each(|cost| println!("{}", line(cost)));
        all.extend(costs);
    }
    all.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let largest = all.iter().map(|cost| cost.memory).fold(0.0, f64::max);
    println!(
        "{} inputs, {} runs, {largest:.0} MiB at most",
        inputs.len(),
        all.len()
    );
    for (at, cost) in all.iter().enumerate() {
        if at < 10 || cost.memory >= largest {
            println!("{}", line(cost));
        }
    }
    let bad: Vec<String> = all.iter().filter(|cost| is_bad(cost)).map(line).collect();
    assert!(
        bad.is_empty(),
        "{} runs are too slow or too large",
        bad.len()
    );
}

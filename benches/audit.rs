//! `audit` on a tree, on files of which every document matters, and on what a cluster holds: time, growth and
//! memory.

use std::fs;
use std::path::{Path, PathBuf};

use crate::manifests::{self, Form};
use crate::{Core, median, on_cores, ours, own, peak, words};

/// What `audit` is measured on.
struct Race {
    what: String,
    ours: (Vec<String>, Option<PathBuf>),
    /// The program to compare with.
    rival: String,
    baseline: (Vec<String>, Option<PathBuf>),
    cores: Core,
    /// How many times more work we have than the baseline.
    scale: f64,
    bytes: u64,
    target: f64,
}

/// Prints tables of its own.
pub(crate) fn measure(folder: &Path, smoke: bool) {
    let (apps, documents, objects, rounds) = if smoke {
        (2, 60, 300, 1)
    } else {
        (90, 20_000, 100_000, 5)
    };
    let tree = folder.join("tree");
    manifests::write_tree(&tree, apps);
    let one = folder.join("one");
    manifests::write_relevant(&one, 1, documents);
    let several = folder.join("several");
    manifests::write_relevant(&several, 8, documents / 8);
    let stream = |name: &str, objects: usize, form: Form| {
        let path = folder.join(name);
        fs::write(&path, manifests::list(objects, form)).expect("the folder is ours");
        path
    };
    let json = stream("list.json", objects, Form::Json);
    let tenth_json = stream("tenth.json", objects / 10, Form::Json);
    let yaml = stream("list.yaml", objects, Form::Yaml);
    let tenth_yaml = stream("tenth.yaml", objects / 10, Form::Yaml);
    let races = [
        below(
            &tree,
            "audit of a tree / reading the same files",
            "walk",
            Core::All,
            2.0,
        ),
        below(
            &one,
            "one file that matters / its trees alone, one core",
            "trees",
            Core::One,
            1.0,
        ),
        below(&one, "the same, all cores", "trees", Core::All, 1.0),
        below(
            &several,
            "eight files that matter / their trees alone, all cores",
            "trees",
            Core::All,
            1.0,
        ),
        stdin(
            "a List of JSON on stdin / a tenth of it, times ten",
            &json,
            &tenth_json,
        ),
        stdin(
            "a List of YAML on stdin / a tenth of it, times ten",
            &yaml,
            &tenth_yaml,
        ),
    ];
    println!();
    println!("| audit, median of {rounds} | MB | ours ms | MB/s | baseline ms | ratio | target |");
    println!("|---|---|---|---|---|---|---|");
    for race in &races {
        let mut times = (Vec::new(), Vec::new());
        // One after the other, so that noise meets both.
        for _ in 0..rounds {
            let (arguments, input) = &race.ours;
            times
                .0
                .push(on_cores(race.cores, ours(), arguments, input.as_deref()));
            let (arguments, input) = &race.baseline;
            times.1.push(on_cores(
                race.cores,
                race.rival.clone(),
                arguments,
                input.as_deref(),
            ));
        }
        let (mine, theirs) = (median(times.0), median(times.1));
        let megabytes = race.bytes as f64 / 1e6;
        println!(
            "| {} | {megabytes:.1} | {mine:.1} | {:.0} | {theirs:.1} | {:.2} | {:.1} |",
            race.what,
            megabytes / mine * 1e3,
            mine / race.scale / theirs,
            race.target
        );
    }
    println!();
    println!("| peak memory of audit | MiB | largest file, MiB | ratio | target |");
    println!("|---|---|---|---|---|");
    let on = |path: &Path| words(&["audit", &path.to_string_lossy()]);
    for (what, arguments, input, size) in [
        ("a tree", on(&tree), None, largest(&tree)),
        ("one file that matters", on(&one), None, largest(&one)),
        (
            "a List of JSON on stdin",
            words(&["audit", "-"]),
            Some(&json),
            largest(&json),
        ),
        (
            "a List of YAML on stdin",
            words(&["audit", "-"]),
            Some(&yaml),
            largest(&yaml),
        ),
    ] {
        let peak = peak(&arguments, input.map(PathBuf::as_path));
        let size = size as f64 / 1_048_576.0;
        println!(
            "| {what} | {peak:.0} | {size:.1} | {:.1} | 3.0 |",
            peak / size
        );
    }
}

fn below(folder: &Path, what: &str, mode: &str, cores: Core, target: f64) -> Race {
    let path = folder.to_string_lossy();
    Race {
        what: what.to_owned(),
        ours: (words(&["audit", &path]), None),
        rival: own(),
        baseline: (words(&["--as", mode, &path]), None),
        cores,
        scale: 1.0,
        bytes: files(folder).iter().sum(),
        target,
    }
}

fn stdin(what: &str, input: &Path, tenth: &Path) -> Race {
    let audit = |input: &Path| (words(&["audit", "-"]), Some(input.to_owned()));
    Race {
        what: what.to_owned(),
        ours: audit(input),
        rival: ours(),
        baseline: audit(tenth),
        cores: Core::All,
        scale: 10.0,
        bytes: largest(input),
        target: 1.2,
    }
}

fn largest(path: &Path) -> u64 {
    files(path).into_iter().max().unwrap_or_default()
}

/// The sizes of all files below a path, or of the file that it is.
fn files(path: &Path) -> Vec<u64> {
    if path.is_file() {
        return vec![fs::metadata(path).expect("it was written").len()];
    }
    let entries = fs::read_dir(path).expect("the folder is there").flatten();
    entries.flat_map(|entry| files(&entry.path())).collect()
}

//! Computing time and memory of templates without end, in manifests and in scripts.
//!
//! `cargo test --release --test real -- runaway --nocapture` prints the figures; those of a build that
//! is not optimized are not judged.

use std::path::Path;
use std::process::Output;

use crate::runaways::all;
use crate::tools::{program, pullwright, root};

/// Megabytes that a run may have.
const MEMORY: f64 = 256.0;
/// Seconds of computing: one for the templates, and what the rest of a run takes.
const SECONDS: f64 = 1.1;

/// Runs a program and says what it and all that it started took: its last line on stdout.
const WATCH: &str = "import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(code if code >= 0 else 128 - code)
";

/// A run in a folder, its seconds of computing and its megabytes.
fn watched(folder: &Path) -> (Output, f64, f64) {
    let output = program("python3")
        .args(["-c", WATCH])
        .arg(pullwright().get_program())
        .arg("render")
        .current_dir(folder)
        .output()
        .expect("python3 starts");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let (seconds, megabytes) = stdout
        .lines()
        .last()
        .and_then(|line| line.split_once(' '))
        .expect("the last line has two figures");
    let number = |text: &str| text.parse::<f64>().expect("it is a figure");
    (output, number(seconds), number(megabytes))
}

#[test]
fn no_runaway_template_takes_more_than_a_second_and_256_mb() {
    let config = std::fs::read_to_string(root().join("examples/secret/pullwright.yaml"));
    let config = config.expect("it is there");
    let config = config.replace("spec:\n", "spec:\n  templates: mine\n");
    let (mut slowest, mut largest) = ((0.0, String::new()), (0.0, String::new()));
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, lead) in [
        ("kustomize/kustomization.yaml.j2", ""),
        ("secret/pull-secret.sh.j2", "#!/usr/bin/env bash\n"),
    ] {
        for runaway in all(name) {
            let folder = tempfile::tempdir().expect("there is a place for scratch folders");
            let path = folder.path().join("mine").join(name);
            let parent = path.parent().expect("it has a folder");
            std::fs::create_dir_all(parent).expect("it is ours");
            std::fs::write(folder.path().join("pullwright.yaml"), &config).expect("it is ours");
            std::fs::write(path, format!("{lead}{}", runaway.text)).expect("it is ours");
            let (output, seconds, megabytes) = watched(folder.path());
            let what = format!("{} in {name}", runaway.name);
            println!("{seconds:6.2} s {megabytes:7.1} MB {what}");
            count += 1;
            if let Some(why) = runaway.is_wrong(&output) {
                wrong.push(format!("{what}: {why}"));
            }
            if megabytes > MEMORY || (seconds > SECONDS && !cfg!(debug_assertions)) {
                wrong.push(format!("{what}: {seconds} s, {megabytes} MB"));
            }
            if seconds > slowest.0 {
                slowest = (seconds, what.clone());
            }
            if megabytes > largest.0 {
                largest = (megabytes, what);
            }
        }
    }
    println!("{count} templates; slowest {slowest:?}, largest {largest:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

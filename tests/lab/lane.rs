//! One lane: a process in namespaces of its own that runs scenarios one after the other; all of it ends with this value.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;

use crate::tools::{Tools, root};

/// How a scenario ended.
pub(crate) enum Outcome {
    Passed { seconds: f64, checks: usize },
    Skipped { why: String },
    Failed { seconds: f64, text: String },
}

#[derive(Deserialize)]
struct Ready {
    ready: f64,
}

#[derive(Deserialize)]
struct Report {
    scenario: String,
    seconds: f64,
    checks: usize,
    failures: Vec<Failure>,
    skipped: String,
}

#[derive(Deserialize)]
struct Failure {
    check: String,
    detail: String,
}

pub(crate) struct Lane {
    child: Child,
    names: ChildStdin,
    reports: BufReader<ChildStdout>,
    /// Seconds until it was up.
    pub(crate) startup: f64,
}

/// The names of all scenarios, in their order.
pub(crate) fn scenarios(tools: &Tools) -> Result<Vec<String>, String> {
    let output = python(tools, Command::new(&tools.python))
        .arg("--list")
        .output()
        .map_err(|why| format!("{}: {why}", tools.python.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().map(str::to_owned).collect())
}

/// The lane's program, without traces in the source tree.
fn python(tools: &Tools, mut command: Command) -> Command {
    if command.get_program() != tools.python.as_os_str() {
        command.arg(&tools.python);
    }
    command.arg("-B").arg(root().join("tests/lab/lane.py"));
    command
}

impl Lane {
    pub(crate) fn start(tools: &Tools, number: usize) -> Result<Self, String> {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lab-{number}"));
        std::fs::create_dir_all(&scratch).map_err(|why| format!("{}: {why}", scratch.display()))?;
        let mut namespaces = Command::new("unshare");
        namespaces.args([
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--",
        ]);
        let mut child = python(tools, namespaces)
            .arg(env!("CARGO_BIN_EXE_pullwright"))
            .arg(&tools.folder)
            .arg(&scratch)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|why| format!("unshare: {why}"))?;
        let (Some(names), Some(reports)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the lane has no streams".to_owned());
        };
        let reports = BufReader::new(reports);
        let mut lane = Self {
            child,
            names,
            reports,
            startup: 0.0,
        };
        lane.startup = lane.read::<Ready>()?.ready;
        Ok(lane)
    }

    pub(crate) fn run(&mut self, name: &str) -> Result<Outcome, String> {
        writeln!(self.names, "{name}").map_err(|why| format!("the lane is gone: {why}"))?;
        let report: Report = self.read()?;
        debug_assert_eq!(report.scenario, name);
        if !report.skipped.is_empty() {
            return Ok(Outcome::Skipped {
                why: report.skipped,
            });
        }
        let seconds = report.seconds;
        if report.failures.is_empty() {
            return Ok(Outcome::Passed {
                seconds,
                checks: report.checks,
            });
        }
        let mut text = String::new();
        for failure in &report.failures {
            text.push_str(&format!("    FAIL {}\n", failure.check));
            for line in failure.detail.lines() {
                text.push_str(&format!("        {line}\n"));
            }
        }
        Ok(Outcome::Failed { seconds, text })
    }

    fn read<T: for<'a> Deserialize<'a>>(&mut self) -> Result<T, String> {
        let mut line = String::new();
        self.reports
            .read_line(&mut line)
            .map_err(|why| format!("the lane is gone: {why}"))?;
        if line.is_empty() {
            return Err("the lane ended early".to_owned());
        }
        serde_json::from_str(&line).map_err(|why| format!("the lane said {line:?}: {why}"))
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        // `--kill-child` ends every process of the namespaces; their file system is in memory.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

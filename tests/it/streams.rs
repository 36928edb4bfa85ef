//! What streams do to a run: readers that go away, disks that are full, terminals, and logs of CI
//! services that data ends up in.

use std::io::Read;
use std::process::{Child, Command, Stdio};

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch};

/// The real program in a folder, with both streams in pipes.
fn program(scratch: &Scratch, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pullwright"));
    command
        .args(arguments)
        .current_dir(scratch.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Ends without anybody reading what it prints on one stream or on both.
fn unread(mut child: Child, streams: &str) -> Option<i32> {
    if streams.contains("out") {
        drop(child.stdout.take());
    }
    if streams.contains("err") {
        drop(child.stderr.take());
    }
    let mut rest = Vec::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_end(&mut rest).expect("it can be read");
    }
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_end(&mut rest).expect("it can be read");
    }
    child.wait().expect("it ends").code()
}

/// Folders with a drift, a mistake, nothing to say, and more output than a pipe takes.
fn folder() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("differs/pullwright.yaml", SMALL);
    scratch.write("same/pullwright.yaml", SMALL);
    scratch.run(&["render", "same"]);
    scratch.write(
        "broken/pullwright.yaml",
        SMALL.replace("strategy: secret", "strategy: x"),
    );
    let entries: String = (0..100)
        .map(|number| {
            let entry = SMALL.split("access:\n").nth(1).expect("it has entries");
            entry.replace("sample", &format!("sample{number}"))
        })
        .collect();
    let head = SMALL.split("access:\n").next().expect("it has a head");
    scratch.write("large/pullwright.yaml", format!("{head}access:\n{entries}"));
    scratch
}

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let scratch = folder();
    for (arguments, exit) in [
        (&["check", "differs"][..], 1),
        (&["check", "same"], 0),
        (&["check", "broken"], 2),
        (&["check", "broken", "--format", "json"], 2),
        (&["check", "differs", "--format", "github"], 1),
        (&["validate", "broken"], 2),
        (&["validate", "same"], 0),
        (&["diff", "differs"], 1),
        (&["diff", "large"], 1),
        (&["diff", "large", "--format", "json"], 1),
        (&["diff", "large", "--color", "always"], 1),
        (&["render", "broken"], 2),
        (&["render", "large", "--stdout"], 0),
        (&["render", "differs", "--dry-run", "--exit-code"], 1),
        (&["fn", "broken/pullwright.yaml"], 1),
        (&["rendr"], 2),
        (&["render", "--nothing"], 2),
        (&[], 2),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["schema"], 0),
        (&["man", "rendr"], 2),
    ] {
        for streams in ["out", "err", "out and err"] {
            let child = program(&scratch, arguments).spawn().expect("it starts");
            assert_eq!(
                unread(child, streams),
                Some(exit),
                "{arguments:?}, {streams} closed"
            );
        }
    }
}

/// What was begun is done, though nobody reads what is said of it.
#[test]
fn render_writes_all_though_nobody_reads() {
    let scratch = folder();
    let child = program(&scratch, &["render", "large"])
        .spawn()
        .expect("it starts");
    assert_eq!(unread(child, "out and err"), Some(0));
    assert!(scratch.has("large/k8s/pullwright.lock") && scratch.has("large/k8s/sample99"));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_a_failure() {
    let scratch = folder();
    for arguments in [
        &["check", "same"][..],
        &["check", "differs", "--format", "json"],
        &["diff", "large"],
        &["render", "same", "--stdout"],
        &["schema"],
        &["--help"],
        &["--version"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = program(&scratch, arguments)
            .stdout(full.expect("Linux has it"))
            .output()
            .expect("it starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains("error: cannot write the output: "),
            "{arguments:?}: {stderr}"
        );
    }
}

/// Data for other programs stays as it is; where a service may read it, that is said or refused.
#[test]
fn data_is_exact_unless_a_terminal_shows_it() {
    let config = SMALL.replacen("spec:\n", "spec:\n  templates: own\n", 1);
    let name = "workload/manifest.yaml.j2";
    let scratch = Scratch::new();
    let all = scratch.expect(&["templates", "list"], Exit::Ok).stdout;
    let name = all
        .lines()
        .find(|one| one.contains("workload"))
        .unwrap_or(name);
    scratch.expect(&["templates", "eject", name], Exit::Ok);
    let text = scratch.read(&format!("templates/{name}"));
    for hostile in [
        "##vso[task.complete]x",
        "##[group]x",
        "\u{1b}[8m",
        "\u{202e}",
    ] {
        let make = || {
            let scratch = Scratch::with_config(&config);
            scratch.write(&format!("own/{name}"), format!("# {hostile}\n{text}"));
            scratch
        };
        let exact = make().run(&["render", "--stdout"]);
        let is_valid = exact.exit == Exit::Ok;
        if is_valid {
            assert!(
                exact.stdout.contains(hostile),
                "{hostile:?}: {}",
                exact.stdout
            );
        }
        let shown = make()
            .on_a_terminal()
            .run(&["render", "--stdout", "--color", "never"]);
        assert_eq!(shown.exit, exact.exit);
        assert!(!shown.stdout.contains(hostile), "{hostile:?}");
        if !hostile.starts_with('#') {
            continue;
        }
        assert!(is_valid, "{hostile:?}: {}", exact.stderr);
        for (service, value) in [("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True")] {
            let refused = make()
                .variable(service, value)
                .expect(&["render", "--stdout"], Exit::Failed);
            assert_eq!(refused.stdout, "");
            let message = "error[ci-command]: the manifests contain a line that";
            assert!(refused.stderr.contains(message), "{}", refused.stderr);
            let fine = Scratch::with_config(SMALL).variable(service, value);
            fine.expect(&["render", "--stdout"], Exit::Ok);
        }
    }
}

/// A function may not drop or break a line of an object: it warns, once, where a log could run it.
#[test]
fn objects_with_a_ci_command_are_handed_on_with_one_warning() {
    let object = |name: &str, line: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  run.sh: |\n    set -e\n    {line}\n"
        )
    };
    let warning = "warning: the objects contain a line that the CI service would run as a command";
    for line in ["##vso[task.complete]x", "::error::x"] {
        let input = format!("{}---\n{}", object("a", line), object("b", line));
        let run = |service: Option<&str>| {
            let scratch = Scratch::with_config(SMALL).stdin(&input);
            let scratch = match service {
                Some(name) => scratch.variable(name, "true"),
                None => scratch,
            };
            scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok)
        };
        let plain = run(None);
        assert_eq!(plain.stdout.matches(line).count(), 2, "{}", plain.stdout);
        assert!(!plain.stderr.contains(warning), "{}", plain.stderr);
        for service in ["GITHUB_ACTIONS", "TF_BUILD"] {
            let in_ci = run(Some(service));
            assert_eq!(in_ci.stdout, plain.stdout, "{service}");
            assert_eq!(in_ci.stderr.matches(warning).count(), 1, "{}", in_ci.stderr);
        }
    }
}

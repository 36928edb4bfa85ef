//! Findings that comments, annotations and the policy ignore.

use std::fmt::Write;
use std::time::{Duration, Instant};

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{Outcome, SMALL, Scratch};

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: sample-pod
  namespace: web
spec:
  containers:
    - image: youruniquename.azurecr.io/sample:1
";

const COMMENT: &str = " # pullwright: ignore[no-credential] attached by hand";
const ANNOTATION: &str =
    "  annotations: {ignore.pullwright.dev/no-credential: attached by hand}\nspec:";
const POLICY: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullAudit
ignore: [{rule: no-credential, object: '*/sample-*', reason: attached by hand}]
";

fn audited(files: &[(&str, String)], arguments: &[&str]) -> Outcome {
    let scratch = Scratch::new();
    for (name, text) in files {
        scratch.write(name, text);
    }
    scratch.run(&[&["audit"], arguments].concat())
}

/// A pod with each of the three, and a policy if it is the third.
fn each() -> [Vec<(&'static str, String)>; 3] {
    let pod = POD.trim_end().to_owned();
    [
        vec![("pod.yaml", format!("{pod}{COMMENT}\n"))],
        vec![("pod.yaml", pod.replace("spec:", ANNOTATION))],
        vec![
            ("pod.yaml", pod),
            ("pullwright-audit.yaml", POLICY.to_owned()),
        ],
    ]
}

#[test]
fn an_ignored_finding_is_counted_and_nothing_else() {
    for files in each() {
        let outcome = audited(&files, &["--strict"]);
        assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Ok));
        assert!(
            outcome.stdout.ends_with("; 1 finding ignored\n"),
            "{}",
            outcome.stdout
        );
        let json = audited(&files, &["--strict", "--format", "json"]);
        let json: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
        let config = &json["configs"][0];
        assert_eq!(config["ignored"], 1);
        assert_eq!(config["images"][0]["ignored"], true);
        assert_eq!(config["summary"]["no-credential"], 1);
        assert_eq!(config["diagnostics"], Value::Array(Vec::new()));
    }
}

#[test]
fn line_ends_do_not_matter() {
    for mut files in each() {
        for end in ["\r\n", "\r"] {
            files[0].1 = files[0].1.replace("\r\n", "\n").replace('\n', end);
            let outcome = audited(&files, &["--strict"]);
            assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Ok));
        }
    }
    let above = POD.replace("    - image", &format!("   {COMMENT}\n    - image"));
    let outcome = audited(&[("pod.yaml", above.replace('\n', "\r\n"))], &["--strict"]);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Ok));
}

#[test]
fn an_ignore_of_a_fixed_finding_is_reported() {
    for files in each() {
        let fixed: Vec<(&str, String)> = files
            .into_iter()
            .map(|(name, text)| (name, text.replace("youruniquename.azurecr.io", "ghcr.io")))
            .collect();
        let outcome = audited(&fixed, &[]);
        assert_eq!(outcome.exit, Exit::Ok);
        let message = "warning[ignore-unused]: the ignore of `no-credential` matches no finding\n";
        assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.matches("warning[").count(), 1);
        assert_eq!(audited(&fixed, &["--strict"]).exit, Exit::Differs);
    }
}

#[test]
fn without_a_reason_it_does_not_count() {
    for files in each().into_iter().take(2) {
        let without: Vec<(&str, String)> = files
            .into_iter()
            .map(|(name, text)| {
                (
                    name,
                    text.replace("attached by hand", "\"\"")
                        .replace("] \"\"", "]"),
                )
            })
            .collect();
        let outcome = audited(&without, &[]);
        assert_eq!(outcome.exit, Exit::Differs);
        assert!(
            outcome.stderr.contains("error[no-credential]"),
            "{}",
            outcome.stderr
        );
        assert!(
            outcome.stderr.contains("warning[ignore-reason]"),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.stderr.matches("warning[").count(), 1);
    }
}

#[test]
fn a_comment_in_a_config_above_counts_in_silence() {
    let workloads = SMALL.find("      workloads").expect("it has workloads");
    let config = SMALL[..workloads].replace(
        "    - name: sample\n      strategy: secret\n",
        "    # pullwright: ignore[placeholder] filled by the pipeline\n    - name: sample\n      \
         strategy: serviceAccount\n      serviceAccount: {name: sample, mode: merge}\n",
    );
    let pod = POD.replace("spec:\n", "spec:\n  serviceAccountName: sample\n");
    let pod = pod.replace("namespace: web", "namespace: default");
    let files = [
        ("pullwright.yaml", config),
        ("below/pod.yaml", pod),
        (
            "empty/pod.yaml",
            POD.replace("youruniquename.azurecr.io", "ghcr.io"),
        ),
    ];
    let outcome = audited(&files, &["below", "--strict"]);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Ok));
    assert!(
        outcome.stdout.contains("1 finding ignored"),
        "{}",
        outcome.stdout
    );
    let outcome = audited(&files, &["empty", "--strict"]);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Ok));
}

#[test]
fn hostile_comments_are_shown_clean_and_read_in_linear_time() {
    let rule = format!("\u{1b}[2J\u{202e}{}", "x".repeat(10_000));
    let outcome = audited(
        &[(
            "pod.yaml",
            format!("{}# pullwright: ignore[{rule}] why\n", POD),
        )],
        &[],
    );
    assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']));
    let mut text = POD.to_owned();
    for _ in 0..20_000 {
        writeln!(text, "    # pullwright: ignore[no-credential] why").expect("it is memory");
    }
    let start = Instant::now();
    audited(&[("pod.yaml", text)], &[]);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

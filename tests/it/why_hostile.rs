//! `why` on texts that are large, broken, or made to mislead: they are untrusted.

use std::time::{Duration, Instant};

use pullwright::cli::Exit;
use pullwright::why;

use crate::support::Scratch;

const REFUSED: &str =
    "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized";

/// Nothing secret is printed, in either format, wherever it is.
#[test]
fn secrets_in_messages_are_masked() {
    for secret in [
        "password=hunter2hunter2",
        "\"password\":\"hunter2hunter2\"",
        "https://user:hunter2hunter2@youruniquename.azurecr.io/v2/",
        "Authorization: Bearer hunter2hunter2",
        "Authorization: Basic aHVudGVyMmh1bnRlcjI=hunter2",
        "eyJhbGciOiJSUzI1NiJ9.eyJodW50ZXIyIjoxfQ.hunter2",
        "{\"auths\":{\"h\":{\"auth\":\"hunter2hunter2\"}}}",
        "https://weurmanaged1.blob.core.windows.net/x?sv=1&sig=hunter2%2Fhunter2&sp=r",
        "{\\\"access_token\\\":\\\"hunter2\\\"}",
        "refresh_token=hunter2",
        "AccountKey=hunter2hunter2;x",
        "https://youruniquename.azurecr.io/oauth2/token?access_token=hunter2",
    ] {
        for text in [
            format!("Failed to pull image \"h.io/a:1\": {secret} {REFUSED}"),
            format!("Failed to pull image \"h.io/a:1\": {REFUSED}: {secret}"),
            format!("Failed to pull image \"{secret}\": {REFUSED}"),
            format!(
                "Failed to pull image \"h.io/a:1\": [rpc error: code = Unknown desc = {REFUSED} {secret}, rpc error: code = x]"
            ),
            format!(
                "{{\"kind\":\"Event\",\"message\":{},\"involvedObject\":{{\"kind\":\"Pod\",\"name\":\"a\"}}}}",
                serde_json::json!(format!("{REFUSED} {secret}"))
            ),
        ] {
            for arguments in [&["why"][..], &["why", "--format", "json"]] {
                let outcome = Scratch::new().stdin(&text).expect(arguments, Exit::Ok);
                let all = outcome.stdout + &outcome.stderr;
                assert!(!all.contains("hunter2"), "{text}\n{all}");
            }
        }
    }
}

/// Names in commands that people copy are words, and what a terminal or a CI service obeys is cleaned.
#[test]
fn what_misleads_is_cleaned() {
    let text = "Name:  web$(id)\u{1b}]0;x\u{7}\nNamespace: a;b\nEvents:\n  Failed to pull image \"a.azurecr.io/$(id):1\u{202e}\": failed to fetch oauth token: 401 Unauthorized ##vso[task.x]y\u{0}\rz\n";
    let outcome = Scratch::new().stdin(text).expect(&["why"], Exit::Ok);
    let bad = |c: char| c.is_control() && c != '\n';
    assert!(!outcome.stdout.contains(bad), "{:?}", outcome.stdout);
    assert!(!outcome.stdout.contains("##vso"));
    for line in outcome
        .stdout
        .lines()
        .filter(|line| line.trim_start().starts_with("$ "))
    {
        assert!(!line.contains("$(id)") && !line.contains("a;b"), "{line}");
    }
    let outcome = Scratch::new()
        .stdin(text)
        .expect(&["why", "--format", "json"], Exit::Ok);
    assert!(!outcome.stdout.contains(bad) && !outcome.stdout.contains("##vso"));
}

#[test]
fn a_large_input_is_cut_and_says_so() {
    let mut text = format!("{REFUSED}\n");
    text.push_str(&"x".repeat(why::MAX_BYTES));
    let outcome = Scratch::new().stdin(&text).expect(&["why"], Exit::Ok);
    assert!(
        outcome.stderr.contains("only the first 16 MiB were read"),
        "{}",
        outcome.stderr
    );
}

/// How long the fastest of a few readings takes.
fn duration(text: &str) -> Duration {
    let mut all: Vec<Duration> = (0..3)
        .map(|_| {
            let start = Instant::now();
            let _ = why::read(text);
            start.elapsed()
        })
        .collect();
    all.sort();
    all[0]
}

/// Eight times the text takes at most about eight times as long, and never 64 times.
#[test]
fn time_grows_with_the_size_alone() {
    let pod = |at: usize| {
        format!(
            "shop 1s Warning Failed pod/web-{at} Failed to pull image \"h.io/a:{at}\": {REFUSED}\n"
        )
    };
    let shapes: [&dyn Fn(usize) -> String; 8] = [
        &|size| (0..size / 100).map(pod).collect(),
        &|size| format!("{REFUSED} {}", "x".repeat(size)),
        &|size| format!("{REFUSED} {}", "[failed to pull image, ".repeat(size / 23)),
        &|size| format!("{REFUSED} {}", "a/b: not found ".repeat(size / 15)),
        &|size| format!("{REFUSED} {}", "\\".repeat(size)),
        &|size| format!("{REFUSED} {}", "\u{1b}[".repeat(size / 2)),
        &|size| {
            format!(
                "kind: List\nitems:\n{}",
                "- {kind: Event, message: a}\n".repeat(size / 28)
            )
        },
        &|size| format!("{REFUSED} password{}", "://lookup ".repeat(size / 10)),
    ];
    for (at, shape) in shapes.iter().enumerate() {
        let (small, large) = (shape(20_000), shape(160_000));
        let (fast, slow) = (duration(&small), duration(&large));
        assert!(
            slow < fast * 30 + Duration::from_millis(20),
            "shape {at}: {fast:?}, {slow:?}"
        );
    }
}

/// Deep, cut and mixed objects are read as far as they can be, and as lines otherwise.
#[test]
fn broken_objects_are_read_as_lines() {
    let deep = format!("{}\n\"{REFUSED}\"", "{\"items\":[".repeat(100_000));
    let cut = format!(
        "{{\"kind\": \"List\", \"items\": [{{\"kind\": \"Event\", \"message\": \"{REFUSED}\",\n"
    );
    let mixed = format!("$ kubectl get events -o yaml\nkind: Event\nmessage: {REFUSED}\n");
    let log = format!("{{\"log\":\"{REFUSED}\",\"stream\":\"stderr\"}}\n{{\"log\":\"x\"}}\n");
    for text in [deep, cut, mixed, log] {
        let found = why::read(&text);
        assert_eq!(
            found.len(),
            1,
            "{}",
            text.chars().take(200).collect::<String>()
        );
    }
    // What comes before the end of a list that was cut still has its pod.
    let event = |pod: &str| {
        format!(
            "- involvedObject: {{kind: Pod, name: {pod}}}\n  kind: Event\n  message: '{REFUSED}'\n"
        )
    };
    let cut = format!(
        "apiVersion: v1\nitems:\n{}{}- kind: Event\n  message: 'Failed",
        event("a"),
        event("b")
    );
    let found = why::read(&cut);
    let pods: Vec<&str> = found
        .iter()
        .flat_map(|one| &one.pods)
        .map(|pod| pod.name.as_str())
        .collect();
    assert_eq!((found.len(), pods), (1, vec!["a", "b"]));
    for text in [
        "kind: Event",
        "kind: Pod\nstatus: []",
        "{",
        "kind: List\nitems: {a: b}",
        "\0",
        "\u{feff}",
    ] {
        assert_eq!(why::read(text), []);
    }
}

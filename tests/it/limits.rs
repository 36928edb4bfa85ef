//! What a hostile text may cost, by counting: messages, bytes of output, files.

use proptest::prelude::*;
use pullwright::cli::Exit;
use pullwright::diag::{MOST, Report, Severity};
use pullwright::document::Document;
use pullwright::span::Source;

use crate::hostile_inputs::{HEAD, Way, inputs};
use crate::support::{Scratch, files, root};

/// The largest output about a config that is refused: messages of two lines of 2,000 characters.
const WORDS: usize = 1024 * 1024;

fn access(body: &str) -> String {
    format!("{HEAD}  access:\n{body}")
}

fn entry(namespaces: &str, workloads: &str) -> String {
    access(&format!(
        "    - name: sample\n      strategy: secret\n      registries: [youruniquename]\n      secret: {{name: acr-secret, delivery: placeholder}}\n      namespaces: [{namespaces}]\n      workloads: [{workloads}]\n"
    ))
}

fn numbers(prefix: &str, count: usize) -> String {
    (0..count).map(|n| format!("{prefix}{n},")).collect()
}

fn workloads(count: usize) -> String {
    (0..count)
        .map(|n| format!("{{kind: Pod, name: w{n}, containers: [{{name: c, image: 'youruniquename.azurecr.io/c:1'}}]}},"))
        .collect()
}

fn messages(stderr: &str) -> usize {
    stderr
        .lines()
        .filter(|line| line.starts_with("error["))
        .count()
}

#[test]
fn a_file_has_fifty_messages_and_the_others_are_counted() {
    let config = format!("{HEAD}  access: [{}]\n", "{}, ".repeat(150));
    let scratch = Scratch::with_config(&config);
    let outcome = scratch.expect(&["validate"], Exit::Failed);
    assert_eq!(messages(&outcome.stderr), MOST);
    // Each entry lacks its name, its registries and its strategy.
    let more = 3 * 150 - MOST;
    let note = format!("note: and {more} more errors in `pullwright.yaml`\n");
    assert!(outcome.stderr.contains(&note), "{}", outcome.stderr);
    let summary = format!("invalid pullwright.yaml: {} errors\n", 3 * 150);
    assert_eq!(outcome.stdout, summary);

    let json = scratch.expect(&["validate", "--format", "json"], Exit::Failed);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let config = &json["configs"][0];
    assert_eq!(config["diagnostics"].as_array().map(Vec::len), Some(MOST));
    assert_eq!(config["omitted"], more);

    let github = scratch.expect(&["validate", "--format", "github"], Exit::Failed);
    assert_eq!(github.stdout.lines().count(), MOST + 1);
    let last = format!(
        "::error file=pullwright.yaml,title=pullwright[omitted]::and {more} more errors in `pullwright.yaml`\n"
    );
    assert!(github.stdout.ends_with(&last), "{}", github.stdout);
}

#[test]
fn values_of_mistakes_that_are_not_looked_at_stay_hidden() {
    // All in one line, so that each excerpt would show the next value.
    let keys: String = (0..400).map(|n| format!("k{n}: hunter2, ")).collect();
    let config = format!("{HEAD}  access: [{{{keys}}}]\n");
    let outcome = Scratch::with_config(&config).expect(&["validate"], Exit::Failed);
    assert!(outcome.stderr.contains("k0: *******"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
}

#[test]
fn a_secret_stays_hidden_however_far_to_the_left_its_key_stands() {
    let values = "hunter2, ".repeat(1_000);
    for line_end in ["\n", "\r"] {
        let config = format!("{HEAD}  access: [{{password: [{values}], a: 1, a: hunter2}}]\n");
        let config = config.replace('\n', line_end);
        let outcome = Scratch::with_config(&config).expect(&["validate"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[duplicate-key]"),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("*****"), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
        assert!(outcome.stderr.len() < 2_000, "{}", outcome.stderr);
    }
}

#[test]
fn files_are_counted_before_any_is_planned() {
    let config = entry(&numbers("n", 1_000), &workloads(1_000));
    let scratch = Scratch::with_config(&config);
    for command in [
        &["render"][..],
        &["render", "--stdout"],
        &["check"],
        &["diff"],
    ] {
        let outcome = scratch.expect(command, Exit::Failed);
        let message = "error[too-many-files]: the config generates 1001005 files, but at most 50000 files of 2 KiB are allowed";
        assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
        let label =
            "this entry generates 1001003 files: 1000 namespaces × 1000 workloads, 0 clusters";
        assert!(outcome.stderr.contains(label), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("`--max-files 1001005`"),
            "{}",
            outcome.stderr
        );
    }
    scratch.expect(&["validate"], Exit::Ok);
}

#[test]
fn the_help_of_the_cap_works_as_it_is_written() {
    let scratch = Scratch::with_config(&entry(&numbers("n", 20), &workloads(2)));
    let refused = scratch.expect(&["render", "--max-files", "10"], Exit::Failed);
    let (_, flag) = refused
        .stderr
        .split_once("allow it with `")
        .expect("it says so");
    let (flag, _) = flag.split_once('`').expect("the flag ends");
    let words: Vec<&str> = ["render"].into_iter().chain(flag.split(' ')).collect();
    scratch.expect(&words, Exit::Ok);
    scratch.expect(&["check", "--max-files", "65"], Exit::Ok);
    scratch.expect(&["check", "--max-files", "64"], Exit::Failed);
}

#[test]
fn no_example_has_more_files_than_were_counted() {
    let examples = root().join("examples");
    for config in files(&examples)
        .iter()
        .filter(|file| file.ends_with("pullwright.yaml"))
    {
        let text = std::fs::read_to_string(examples.join(config)).expect("it is there");
        let scratch = Scratch::with_config(&text);
        let fleet = examples.join(config).with_file_name("fleet.yaml");
        if let Ok(inventory) = std::fs::read_to_string(fleet) {
            scratch.write("fleet.yaml", inventory);
        }
        let scratch = scratch
            .variable("ACR_USERNAME", "u")
            .variable("ACR_PASSWORD", "p");
        let outcome = scratch.expect(&["render", "--dry-run", "--format", "json"], Exit::Ok);
        let value: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
        let count = value["files"]
            .as_array()
            .or(value["configs"][0]["files"].as_array());
        let count = count.map_or(0, Vec::len);
        assert!(count > 0);
        let less = (count - 1).to_string();
        let refused = scratch.expect(&["render", "--dry-run", "--max-files", &less], Exit::Failed);
        assert!(
            refused.stderr.contains("error[too-many-files]"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn a_few_large_files_are_refused_as_many_small_ones_are() {
    let long = "a".repeat(100_000);
    let workload = format!(
        "{{kind: Pod, name: w, containers: [{{name: c, image: 'youruniquename.azurecr.io/c:1', args: [{long}]}}]}}"
    );
    let scratch = Scratch::with_config(&entry(&numbers("n", 2_000), &workload));
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains("files of about 19"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn hostile_texts_end_in_few_words() {
    for input in inputs() {
        if input.way != Way::Config {
            continue;
        }
        // A part of a text is as hostile, and soon read without optimization.
        let mut end = input.text.len().min(6_000);
        while !input.text.is_char_boundary(end) {
            end -= 1;
        }
        let scratch = Scratch::with_config(&input.text[..end]);
        for command in [
            &["validate"][..],
            &["validate", "--format", "json"],
            &["validate", "--format", "azure"],
        ] {
            let outcome = scratch.run(command);
            let size = outcome.stdout.len() + outcome.stderr.len();
            assert!(size < WORDS, "{}: {size} bytes", input.name);
            let count = messages(&outcome.stderr);
            assert!(count <= MOST, "{}: {count} messages", input.name);
        }
    }
}

fn parse(text: &str) -> Result<Document, Report> {
    Document::parse(std::sync::Arc::new(Source::new("test", text)))
}

#[test]
fn a_key_of_a_large_mapping_stands_three_times() {
    for size in 0..40 {
        let keys: String = (0..size).map(|n| format!("k{n}: 1\n")).collect();
        for again in ["a: 1\na: 1\na: 1\n", "k0: 1\nk0: 1\n"] {
            let text = format!("{keys}{again}");
            if size == 0 && again.starts_with('k') {
                continue;
            }
            let report = parse(&text).expect_err("it has duplicates");
            assert_eq!(report.count(Severity::Error), 2, "{text}");
        }
    }
}

proptest! {
    #[test]
    fn each_duplicate_is_named_once_in_mappings_of_all_sizes(
        keys in proptest::collection::vec(0..40_u8, 0..80),
        merged in proptest::collection::vec(0..40_u8, 0..30),
        flow in any::<bool>(),
    ) {
        let mut text = String::new();
        let merge: String = merged.iter().map(|key| format!("m{key}: 1, ")).collect();
        // Merges of equal keys are no mistake; a mapping that repeats one is.
        let repeated = |keys: &[u8]| keys.len() - keys.iter().collect::<std::collections::BTreeSet<_>>().len();
        let expected = repeated(&keys) + repeated(&merged);
        if flow {
            let keys: String = keys.iter().map(|key| format!("k{key}: 1, ")).collect();
            text.push_str(&format!("{{{keys}<<: {{{merge}}}}}\n"));
        } else {
            text.extend(keys.iter().map(|key| format!("k{key}: 1\n")));
            text.push_str(&format!("<<: {{{merge}}}\n"));
        }
        match parse(&text) {
            Ok(document) => {
                prop_assert_eq!(expected, 0);
                prop_assert_eq!(document.root.entries().len(), keys.len() + merged.len());
            }
            Err(report) => {
                prop_assert_eq!(report.count(Severity::Error), expected);
                let shown = report.sorted();
                prop_assert_eq!(shown.len(), expected.min(MOST));
                prop_assert!(shown.iter().all(|one| one.code.id() == "duplicate-key"));
            }
        }
    }
}

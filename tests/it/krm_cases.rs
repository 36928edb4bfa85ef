//! Realistic streams of objects: the output of `fn` for each, byte for byte, and its messages.

use pullwright::cli::Exit;

use crate::support::{Scratch, files, fresh, root, source};

/// Removes the objects of the config, which follow each stream.
fn without_own(text: &str, own: &str) -> String {
    let rest = text.strip_suffix(own);
    rest.unwrap_or_else(|| panic!("the objects of the config are not at the end:\n{text}"))
        .to_owned()
}

/// The output for each `NAME.yaml` in `tests/cases/fn` is `NAME.out`, with the messages of `NAME.err`.
/// Carriage returns are made visible, because the comparison of texts ignores differences of line ends.
#[test]
fn every_stream_has_the_expected_output() {
    let directory = root().join("tests/cases/fn");
    let config = std::fs::read_to_string(directory.join("pullwright.yaml")).expect("it is there");
    let run = |input: &str| {
        let scratch = Scratch::with_config(&config).stdin(input);
        scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok)
    };
    let own = run("").stdout;
    let mut count = 0;
    for file in files(&directory) {
        let name = file.to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".yaml") else {
            continue;
        };
        if stem == "pullwright" {
            continue;
        }
        let input = std::fs::read_to_string(directory.join(&file)).expect("it is text");
        let outcome = run(&input);
        let out = without_own(&outcome.stdout, &own);
        fresh(
            &format!("tests/cases/fn/{stem}.out"),
            &out.replace('\r', "␍"),
        );
        fresh(&format!("tests/cases/fn/{stem}.err"), &outcome.stderr);
        let again = run(&out);
        assert_eq!(
            without_own(&again.stdout, &own),
            out,
            "{name}: a second pass adds nothing"
        );
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

/// Objects of all supported kinds, with the host of a declared registry: each gets pull access at its own
/// paths, or is reported.
#[test]
fn every_supported_kind_gets_pull_access_or_a_warning() {
    const HOST: &str = "youruniquename.azurecr.io/";
    let config = source("tests/cases/fn/pullwright.yaml");
    let run = |input: &str| {
        let scratch = Scratch::with_config(&config).stdin(input);
        scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok)
    };
    let own = run("").stdout;
    let mut report = String::new();
    let all = source("tests/cases/kinds/objects.yaml").replace("r.io/", HOST);
    for object in all.split_inclusive("\n---\n") {
        let object = object.trim_end_matches("---\n");
        let outcome = run(object);
        let out = without_own(&outcome.stdout, &own);
        let is_named = object.contains(HOST);
        let is_answered = out != object || !outcome.stderr.is_empty();
        report.push_str(&format!("---\n{out}"));
        for line in outcome.stderr.lines().filter(|line| line.contains("]: ")) {
            report.push_str(&format!("# {line}\n"));
        }
        if is_named && !is_answered {
            report.push_str("# nothing\n");
        }
    }
    fresh("tests/cases/kinds/served.txt", &report);
}

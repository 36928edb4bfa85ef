//! Streams of objects as people write them: what `fn` makes of each, byte for byte, and what it says.

use pullwright::cli::Exit;

use crate::support::{Scratch, files, fresh, root, source};

/// The objects of the config, which follow each stream.
fn without_own(text: &str, own: &str) -> String {
    let rest = text.strip_suffix(own);
    rest.unwrap_or_else(|| panic!("the objects of the config are not at the end:\n{text}"))
        .to_owned()
}

/// Each `NAME.yaml` in `tests/cases/fn` comes out as `NAME.out`, with the words of `NAME.err`. Carriage
/// returns are shown: a comparison of texts takes all line ends for the same.
#[test]
fn every_stream_comes_out_as_its_file_expects() {
    let folder = root().join("tests/cases/fn");
    let config = std::fs::read_to_string(folder.join("pullwright.yaml")).expect("it is there");
    let run = |input: &str| {
        let scratch = Scratch::with_config(&config).stdin(input);
        scratch.expect(&["fn", "pullwright.yaml"], Exit::Ok)
    };
    let own = run("").stdout;
    let mut count = 0;
    for file in files(&folder) {
        let name = file.to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".yaml") else {
            continue;
        };
        if stem == "pullwright" {
            continue;
        }
        let input = std::fs::read_to_string(folder.join(&file)).expect("it is text");
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

/// Objects of all kinds of the model, with the host of a declared registry: each gets what it lacks in its
/// own place, or is named.
#[test]
fn every_kind_of_the_model_is_served_or_named() {
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

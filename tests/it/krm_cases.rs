//! Streams of objects as people write them: what `fn` makes of each, byte for byte, and what it says.

use pullwright::cli::Exit;

use crate::support::{Scratch, files, fresh, root};

/// The objects of the config, which follow each stream.
fn without_own(text: &str, own: &str) -> String {
    let rest = text.strip_suffix(own);
    rest.unwrap_or_else(|| panic!("the objects of the config are not at the end:\n{text}"))
        .to_owned()
}

/// Each `NAME.yaml` in `tests/cases/fn` comes out as `NAME.out`, with the words of `NAME.err`.
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
        fresh(&format!("tests/cases/fn/{stem}.out"), &out);
        fresh(&format!("tests/cases/fn/{stem}.err"), &outcome.stderr);
        let again = run(&out);
        assert_eq!(
            without_own(&again.stdout, &own),
            out,
            "{name}: a second pass adds nothing"
        );
        count += 1;
    }
    assert!(count >= 7, "{count}");
}

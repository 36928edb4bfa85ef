//! The seeds of the fuzz targets hold what the targets ask for, so that each crash that was found
//! stays mended.

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use crate::support::{files, root};

fn on_all_seeds(target: &str, body: fn(&str)) {
    on_all(&format!("fuzz/seeds/{target}"), body);
}

fn on_all(folder: &str, body: fn(&str)) {
    let folder = root().join(folder);
    let seeds = files(&folder);
    assert!(!seeds.is_empty());
    for seed in seeds {
        let bytes = std::fs::read(folder.join(&seed)).expect("it is there");
        // libFuzzer hands on texts alone.
        if let Ok(text) = String::from_utf8(bytes) {
            body(&text);
        }
    }
}

#[test]
fn configs() {
    on_all_seeds("config", bodies::config);
}

#[test]
fn locks() {
    on_all_seeds("lock", bodies::lock);
}

#[test]
fn resource_lists() {
    on_all_seeds("resource_list", bodies::resource_list);
}

#[test]
fn templates() {
    on_all_seeds("template", bodies::template);
}

/// The streams of the tests are the seeds of their target.
#[test]
fn streams() {
    on_all("tests/cases/fn", bodies::stream);
    on_all("fuzz/seeds/resource_list", bodies::stream);
}

/// The cases of `why` are the seeds of its target, whole and cut anywhere.
#[test]
fn error_texts() {
    on_all("tests/cases/why", bodies::why);
    on_all("tests/cases/why", |text| {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for end in ends.iter().step_by(1 + ends.len() / 16) {
            let (before, after) = text.split_at(*end);
            bodies::why(before);
            bodies::why(after);
        }
    });
}

/// The cases of `audit` are the seeds of its targets.
#[test]
fn manifests() {
    on_all("tests/cases/audit", bodies::audit);
    on_all("tests/cases/audit", bodies::repair);
    on_all("tests/cases/fn", bodies::repair);
}

#[test]
fn keys() {
    on_all_seeds("keyring", bodies::keyring);
}

#[test]
fn broken_streams() {
    with_mistakes("tests/cases/fn", 30, bodies::stream);
}

#[test]
fn broken_manifests() {
    with_mistakes("tests/cases/audit", 3, |text| {
        bodies::audit(text);
        bodies::repair(text);
    });
}

#[test]
fn broken_keys() {
    with_mistakes("fuzz/seeds/keyring", 300, bodies::keyring);
}

/// All files of a folder with random mistakes in them: pieces cut out, doubled, moved, and signs of YAML put in.
fn with_mistakes(folder: &str, rounds: usize, body: fn(&str)) {
    const SIGNS: &[&str] = &[
        "\n",
        "\r\n",
        "---\n",
        "...\n",
        " ",
        "  ",
        "\t",
        ":",
        "- ",
        "? ",
        "#",
        " # c\n",
        "&a ",
        "*a",
        "<<: *a\n",
        "!x ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        "\"",
        "|\n",
        ">+\n",
        "\u{feff}",
        "é",
        "null",
        "~",
        "imagePullSecrets:\n",
        "image: youruniquename.azurecr.io/x\n",
    ];
    let rounds: usize = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(rounds);
    let folder = root().join(folder);
    let mut state = 7_u64;
    // xorshift: the same on every machine.
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).expect("it is below a usize")
    };
    for file in files(&folder) {
        let is_text =
            |ending: &std::ffi::OsStr| ending == "yaml" || ending == "json" || ending == "txt";
        if !file.extension().is_some_and(is_text) {
            continue;
        }
        let text = std::fs::read_to_string(folder.join(&file)).expect("it is text");
        let chars: Vec<char> = text.chars().collect();
        for _ in 0..rounds {
            let mut broken = chars.clone();
            for _ in 0..=next(3) {
                let at = next(broken.len());
                let length = next(12).min(broken.len() - at);
                match next(4) {
                    0 => drop(broken.drain(at..at + length)),
                    1 => {
                        let piece: Vec<char> = broken[at..at + length].to_vec();
                        let to = next(broken.len());
                        broken.splice(to..to, piece);
                    }
                    _ => {
                        let sign = SIGNS[next(SIGNS.len())];
                        broken.splice(at..at, sign.chars());
                    }
                }
            }
            body(&broken.into_iter().collect::<String>());
        }
    }
}

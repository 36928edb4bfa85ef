//! Wrong configs: all mistakes in one run, each with its place and suggestions.

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch, files, fresh, root};

/// Each `NAME.yaml` in `tests/cases/errors` has what `validate` says of it in `NAME.out`.
#[test]
fn every_case_says_what_its_file_expects() {
    let folder = root().join("tests/cases/errors");
    let mut count = 0;
    for file in files(&folder) {
        if file.extension().is_none_or(|one| one != "yaml") {
            continue;
        }
        let name = file.to_string_lossy().into_owned();
        let scratch = Scratch::new();
        scratch.write(
            &name,
            std::fs::read(folder.join(&file)).expect("it is there"),
        );
        let outcome = scratch.run(&["validate", &name]);
        let is_warning = name.starts_with("warn-");
        let exit = if is_warning { Exit::Ok } else { Exit::Failed };
        assert_eq!(outcome.exit, exit, "{name}: {}", outcome.stderr);
        fresh(
            &format!("tests/cases/errors/{}.out", name.trim_end_matches(".yaml")),
            &format!("{}{}", outcome.stderr, outcome.stdout),
        );
        let rendered = scratch.run(&["render", &name, "--dry-run"]);
        assert_eq!(rendered.exit, exit, "{name}");
        assert!(!scratch.has("k8s"), "{name}");
        count += 1;
    }
    assert!(count > 20, "{count}");
}

fn refused(bytes: &[u8], why: &str) {
    let scratch = Scratch::new();
    scratch.write("pullwright.yaml", bytes);
    for command in [&["validate"][..], &["render"], &["diff"]] {
        let outcome = scratch.expect(command, Exit::Failed);
        assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
        assert!(
            outcome.stderr.len() < 10_000,
            "{why}: {} bytes",
            outcome.stderr.len()
        );
    }
    assert!(!scratch.has("k8s"), "{why}");
}

#[test]
fn hostile_texts_end_in_a_message() {
    refused(b"a: \xff", "error[not-utf8]");
    refused(&b"[".repeat(10_000_000), "error[too-deep]");
    refused("- ".repeat(5_000_000).as_bytes(), "error[too-deep]");
    refused("? ".repeat(1_000_000).as_bytes(), "error[syntax]");
    refused(&b"a".repeat(20_000_000), "error[too-large]");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let all = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{all}]\n"));
    }
    refused(bomb.as_bytes(), "error[too-deep]");
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(100_000),
        ["*a"; 20_000].join(", ")
    );
    refused(long.as_bytes(), "error[too-deep]");
    refused("é".repeat(500_000).as_bytes(), "error[wrong-type]");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let text = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    let windows = Scratch::with_config(&text);
    let unix = Scratch::with_config(SMALL);
    windows.expect(&["render"], Exit::Ok);
    unix.expect(&["render"], Exit::Ok);
    assert_eq!(
        windows.read("k8s/pullwright.lock"),
        unix.read("k8s/pullwright.lock")
    );
}

#[test]
fn every_name_refuses_every_hostile_text_with_its_place() {
    let hostile = [
        "a'b", "a\\\"b", "a#b", "$(id)", "`id`", "a\\nb", "-x", "a b", "é", "a/../b", "{{ x }}",
        "\\u0000",
    ];
    for key in [
        "name: acr-secret",
        "[default]",
        "name: sample-pod\n",
        "name: sample-pod-container",
        "name: youruniquename\n",
        "image: youruniquename.azurecr.io/sample-container:0.0.1",
    ] {
        for text in hostile {
            let (lead, tail) = match key.split_once(": ") {
                Some((lead, tail)) => (
                    format!("{lead}: "),
                    if tail.ends_with('\n') { "\n" } else { "" },
                ),
                None => ("[".to_owned(), "]"),
            };
            let config = SMALL.replacen(key, &format!("{lead}\"{text}\"{tail}"), 1);
            assert_ne!(config, SMALL, "{key}");
            let outcome = Scratch::with_config(&config).expect(&["validate"], Exit::Failed);
            assert!(
                outcome.stderr.contains("error[invalid-name]")
                    && outcome.stderr.contains(" --> pullwright.yaml:"),
                "{key} {text}: {}",
                outcome.stderr
            );
        }
    }
}

#[test]
fn a_config_that_is_not_a_file_is_explained() {
    let scratch = Scratch::new();
    let outcome = scratch.expect(&["validate"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[unreadable]") && outcome.stderr.contains("pullwright init"),
        "{}",
        outcome.stderr
    );
    scratch.write("folder/other.yaml", SMALL);
    let outcome = scratch.expect(&["validate", "folder"], Exit::Failed);
    let message = "error[no-config]: `folder` contains no `pullwright.yaml`";
    assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
}

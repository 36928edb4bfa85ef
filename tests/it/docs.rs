//! What the documentation says is run, read and compared: commands, snippets, configs, paths and flags.

use clap::CommandFactory;
use pullwright::cli::Exit;
use pullwright::cli::args::Args;
use pullwright::render::BUILT_IN;
use serde::Deserialize;
use serde_json::Value;

use crate::pages::{blocks, spans};
use crate::support::{Scratch, block, pages, root, source};

/// Whether words call pullwright as it can be called: its commands, and their flags.
fn fault(words: &[&str]) -> Option<String> {
    let mut command = Args::command();
    command.build();
    let mut at = &command;
    let mut is_open = true;
    for word in words {
        let flag = word.split('=').next().unwrap_or(word);
        if let Some(name) = flag.strip_prefix("--") {
            let known = at.get_arguments().any(|one| one.get_long() == Some(name));
            if !known && !name.is_empty() {
                return Some(format!("`{}` has no `{flag}`", at.get_name()));
            }
            continue;
        }
        let Some(below) = at.find_subcommand(word).filter(|_| is_open) else {
            if at.is_subcommand_required_set() {
                return Some(format!("`{}` has no command `{word}`", at.get_name()));
            }
            is_open = false;
            continue;
        };
        at = below;
    }
    None
}

/// The calls of pullwright in a line of a shell, a list of YAML or a code span.
fn calls(line: &str) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut is_call = false;
    for word in line.split_whitespace() {
        let bare = word.trim_matches(|one| "[],\"'()".contains(one));
        let ends = ["|", "\\|", ">", "&&", "||", ";", "#"].contains(&word);
        if bare == "pullwright" {
            found.push(Vec::new());
            is_call = true;
        } else if ends {
            is_call = false;
        } else if is_call && !bare.is_empty() {
            found.last_mut().expect("a call has begun").push(bare);
        }
        is_call = is_call && !word.ends_with(['"', ']', ';']);
    }
    found.retain(|words| !words.is_empty());
    found
}

/// Other programs read these; each is YAML, and calls pullwright as it can be called.
#[test]
fn every_snippet_is_yaml_and_calls_commands_that_exist() {
    let (mut snippets, mut seen) = (0, 0);
    for page in pages() {
        for block in blocks(&source(&page)) {
            let place = format!("{page}:{}", block.start + 1);
            if block.language == "yaml" {
                for document in serde_yaml::Deserializer::from_str(&block.text) {
                    let read = Value::deserialize(document);
                    read.unwrap_or_else(|error| panic!("{place}: {error}"));
                }
                snippets += 1;
            }
            // Of these, each line is read as it would be run.
            if ["yaml", "sh", "bash", "console"].contains(&block.language.as_str()) {
                for line in block.text.lines().filter(|line| !is_remark(line)) {
                    for words in calls(line) {
                        let why = fault(&words);
                        assert!(
                            why.is_none(),
                            "{place}: {line}: {}",
                            why.unwrap_or_default()
                        );
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(snippets > 40 && seen > 40, "{snippets} {seen}");
}

/// A comment, or what a command printed.
fn is_remark(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("name: ") || line.starts_with("pullwright: ")
}

#[test]
fn wrong_calls_are_found() {
    for line in [
        "- run: pullwright chek .",
        "- pullwright check . --trackd",
        "command: [pullwright, render, --stdot, pullwright.yaml]",
        "kustomize build . | pullwright fnn",
        "$ pullwright templates lst",
        "run: \"pullwright audit . --fromat=sarif\"",
    ] {
        let words = calls(line);
        assert!(words.iter().any(|words| fault(words).is_some()), "{line}");
    }
    let line = "image: pullwright | pullwright audit - > out --no-flag-of-ours";
    assert_eq!(calls(line), [["audit", "-"]]);
}

/// A block of YAML that is a whole config is one that the program accepts.
#[test]
fn every_config_of_the_docs_is_valid() {
    let mut count = 0;
    for page in pages() {
        let all = blocks(&source(&page));
        let yaml = || all.iter().filter(|block| block.language == "yaml");
        for config in yaml().filter(|block| is_config(&block.text)) {
            let scratch = Scratch::with_config(&config.text);
            let value: Value = serde_yaml::from_str(&config.text).expect("it is YAML");
            let included = value["spec"]["include"].as_array().into_iter().flatten();
            let inventories = yaml().filter(|block| block.text.contains("kind: PullInventory"));
            for (name, inventory) in included.zip(inventories) {
                let name = name.as_str().expect("it is a path");
                scratch.write(name, &inventory.text);
            }
            let outcome = scratch.run(&["validate"]);
            let place = format!("{page}:{}", config.start + 1);
            assert_eq!(outcome.exit, Exit::Ok, "{place}\n{}", outcome.stderr);
            count += 1;
        }
    }
    assert!(count >= 12, "{count}");
}

fn is_config(text: &str) -> bool {
    text.contains("\nkind: PullAccess") && text.contains("\nspec:")
}

#[test]
fn the_test_command_is_there_for_people_and_for_ci() {
    let readme = source("README.md");
    let (_, rest) = readme
        .split_once("<!-- test -->\n")
        .expect("the README marks its test command");
    assert_eq!(blocks(rest)[0].text, "cargo test\n");
}

#[test]
fn the_message_of_the_docs_is_the_real_one() {
    let config = block("docs/config.md", "yaml", "kind: PullAccess")
        .replace("strategy: secret", "stratgy: secret");
    let message = Scratch::with_config(&config)
        .expect(&["validate"], Exit::Failed)
        .stderr;
    let shown = block("docs/config.md", "text", "unknown-key");
    assert!(message.starts_with(&shown), "{message}");
}

/// The trials of SECURITY.md name the harness that made them.
#[test]
fn every_harness_of_the_security_page_is_there() {
    let text = source("SECURITY.md");
    let (_, rest) = text.split_once("## What was tested").expect("it tells");
    let rows = rest.lines().filter(|line| line.starts_with("| "));
    let trials = rows.filter_map(|row| row.split('|').nth(1));
    let mut seen = 0;
    for trial in trials {
        let named = trial
            .trim()
            .strip_suffix(')')
            .and_then(|trial| trial.rsplit_once('('));
        let Some((_, harnesses)) = named else {
            continue;
        };
        for harness in harnesses.split('`').skip(1).step_by(2) {
            let is_there = ["tests/it", "tests/real"].iter().any(|folder| {
                let path = root().join(folder).join(harness);
                path.is_dir() || path.with_extension("rs").is_file()
            });
            assert!(is_there, "{harness}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

/// The flags of a command and of those below it.
fn gather(command: &clap::Command, flags: &mut Vec<String>) {
    let longs = command.get_arguments().filter_map(clap::Arg::get_long);
    flags.extend(longs.map(|long| format!("--{long}")));
    for below in command.get_subcommands() {
        gather(below, flags);
    }
}

/// Flags of az and kustomize.
const FLAGS_OF_OTHERS: &[&str] = &[
    "--attach-acr",
    "--enable-exec",
    "--omit",
    "--target",
    "--user",
    "--userns",
];

/// The code spans of all pages, as the program, the scripts and the repository are now.
#[test]
fn every_path_command_and_flag_of_the_docs_exists() {
    let mut program = Args::command();
    program.build();
    let mut flags = Vec::new();
    gather(&program, &mut flags);
    let scripts = source("templates/script/runtime/options.sh");
    // History, and pages that name what is wrong.
    let current = pages();
    let current = current
        .iter()
        .filter(|page| !["CHANGELOG.md", "docs/rules.md"].contains(&page.as_str()));
    for name in current {
        for code in spans(&source(name)) {
            let first = code.split(['/', ' ']).next().unwrap_or_default();
            let is_path = [
                "src",
                "tests",
                "schemas",
                "templates",
                "examples",
                "benches",
            ]
            .contains(&first);
            if is_path && code.contains('/') && !code.contains(['<', ' ']) {
                assert!(root().join(&code).exists(), "{name}: {code}");
            }
            if code.ends_with(".j2") && !code.contains(['*', ' ']) {
                assert!(
                    BUILT_IN.iter().any(|(known, _)| *known == code),
                    "{name}: {code}"
                );
            }
            let flag = code.split([' ', '=']).next().unwrap_or_default();
            if flag.starts_with("--") && !FLAGS_OF_OTHERS.contains(&flag) {
                let is_own = flags.iter().any(|one| *one == flag);
                let is_known = is_own || scripts.contains(flag);
                assert!(is_known, "{name}: {code}");
            }
            if code.starts_with("pullwright ") {
                for words in calls(&code) {
                    let why = fault(&words);
                    assert!(why.is_none(), "{name}: {code}: {}", why.unwrap_or_default());
                }
            }
        }
    }
    let lines = source("ARCHITECTURE.md").lines().count();
    assert!(lines <= 80, "ARCHITECTURE.md has {lines} lines");
}

/// Pages about packages name the version that they are released with, and a release changes them all.
#[test]
fn the_versions_of_packages_in_the_docs_are_that_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    let mut count = 0;
    for name in pages() {
        if !name.starts_with("docs/how-to/") {
            continue;
        }
        let text = source(&name);
        for start in [
            "pullwright==",
            "pullwright@v",
            "pullwright/v",
            "pullwright:",
            "pullwright_",
            "pullwright-",
            "refs/tags/v",
            "rev: v",
        ] {
            for rest in text.split(start).skip(1) {
                let is_part = |c: char| c.is_ascii_digit() || c == '.';
                let found = rest.split(|c| !is_part(c)).next().unwrap_or_default();
                let found = found.trim_end_matches('.');
                if found.contains('.') {
                    assert_eq!(found, version, "{name}: {start}{found}");
                    count += 1;
                }
            }
        }
    }
    assert!(count >= 8, "{count}");
}

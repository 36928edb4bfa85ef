//! What README, INTEGRATIONS.md, ARCHITECTURE.md and SECURITY.md say is run, read and compared.

use pullwright::cli::Exit;
use pullwright::config::include::Nowhere;
use pullwright::config::load;
use pullwright::render::BUILT_IN;
use pullwright::span::Source;
use serde_json::Value;

use crate::support::{Scratch, files, root, source};

/// The blocks of a language in a text of Markdown.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

/// Programs that the docs call and a hermetic test cannot.
const OTHERS: &[&str] = &[
    "cargo install --locked --path .",
    "bash OUT/",
    "kubectl ",
    "helm ",
    "kustomize build ",
    "podman ",
];

/// Runs every command of the console blocks in one folder; each must end well.
fn run_commands(text: &str, scratch: &Scratch) -> usize {
    let mut count = 0;
    for block in blocks(text, "console") {
        for line in block.lines() {
            let Some(command) = line.strip_prefix("$ ") else {
                continue;
            };
            let command = command.split(" #").next().unwrap_or_default().trim();
            let arguments = command
                .strip_prefix("pullwright ")
                .or_else(|| command.strip_prefix("cargo run -- "));
            let Some(arguments) = arguments else {
                assert!(
                    OTHERS.iter().any(|other| command.starts_with(other)),
                    "nobody runs `{command}`"
                );
                continue;
            };
            let (arguments, file) = arguments.split_once(" > ").unwrap_or((arguments, ""));
            let words: Vec<&str> = arguments
                .split_whitespace()
                .map(|word| word.trim_matches('"'))
                .collect();
            let outcome = scratch.expect(&words, Exit::Ok);
            if !file.is_empty() {
                scratch.write(file, outcome.stdout);
            }
            count += 1;
        }
    }
    count
}

/// A scratch folder with a copy of the examples.
fn clone() -> Scratch {
    let scratch = Scratch::new();
    for file in files(&root().join("examples")) {
        let bytes = std::fs::read(root().join("examples").join(&file)).expect("it is there");
        scratch.write(&format!("examples/{}", file.display()), bytes);
    }
    scratch
}

#[test]
fn every_command_of_the_readmes_runs() {
    assert!(run_commands(&source("README.md"), &clone()) >= 6);
    let scratch = clone().variable("HOME", "home");
    assert!(run_commands(&source("INTEGRATIONS.md"), &scratch) >= 4);
    assert!(run_commands(&source("docs/audit.md"), &clone()) >= 3);
    for file in files(&root().join("examples"))
        .iter()
        .filter(|file| file.ends_with("README.md"))
    {
        let text = source(&format!("examples/{}", file.display()));
        assert!(run_commands(&text, &clone()) >= 1, "{}", file.display());
    }
}

/// Other programs read these; each is YAML, and calls pullwright as it can be called.
#[test]
fn every_snippet_for_other_programs_is_yaml_and_calls_commands_that_exist() {
    let text = source("INTEGRATIONS.md");
    let help = source("tests/cases/help.txt");
    let snippets = blocks(&text, "yaml");
    assert!(snippets.len() >= 10, "{}", snippets.len());
    for snippet in snippets {
        let _: Value =
            serde_yaml::from_str(&snippet).unwrap_or_else(|error| panic!("{error}\n{snippet}"));
        for line in snippet
            .lines()
            .filter(|line| line.contains("pullwright check") || line.contains("pullwright audit"))
        {
            for flag in line
                .split_whitespace()
                .filter(|word| word.starts_with("--"))
            {
                assert!(help.contains(flag), "{line}");
            }
        }
    }
}

#[test]
fn the_test_command_is_there_for_people_and_for_ci() {
    let readme = source("README.md");
    let (_, rest) = readme
        .split_once("<!-- test -->\n")
        .expect("the README marks its test command");
    assert_eq!(blocks(rest, "console")[0], "cargo test\n");
}

#[test]
fn every_config_of_the_readme_is_valid() {
    let docs = source("README.md") + &source("INTEGRATIONS.md");
    let configs: Vec<String> = blocks(&docs, "yaml")
        .into_iter()
        .filter(|one| one.contains("kind: PullAccess"))
        .collect();
    assert_eq!(configs.len(), 2);
    for text in configs {
        assert!(load::load(Source::new("README.md", text), &Nowhere).is_ok());
    }
}

#[test]
fn the_message_of_the_readme_is_the_real_one() {
    let readme = source("README.md");
    let config = blocks(&readme, "yaml")[0].replace("strategy: secret", "stratgy: secret");
    let message = Scratch::with_config(&config)
        .expect(&["validate"], Exit::Failed)
        .stderr;
    assert!(
        message.starts_with(&blocks(&readme, "text")[0]),
        "{message}"
    );
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

#[test]
fn every_path_and_flag_of_the_docs_exists() {
    let help = source("tests/cases/help.txt");
    let scripts = source("templates/script/runtime/options.sh");
    for name in [
        "README.md",
        "INTEGRATIONS.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "docs/scripts.md",
    ] {
        let text = source(name);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            assert!(
                target.starts_with("http")
                    || root()
                        .join(target.split('#').next().unwrap_or(target))
                        .exists(),
                "{name}: {target}"
            );
        }
        for code in text.split('`').skip(1).step_by(2) {
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
                assert!(root().join(code).exists(), "{name}: {code}");
            }
            if code.ends_with(".j2") && !code.contains('*') {
                assert!(
                    BUILT_IN.iter().any(|(known, _)| *known == code),
                    "{name}: {code}"
                );
            }
            // Of az, and of kustomize.
            let of_others = ["--attach-acr", "--enable-exec"];
            let flag = code.split(' ').next().unwrap_or_default();
            if flag.starts_with("--") && !of_others.contains(&flag) {
                let is_known = help.contains(flag) || scripts.contains(flag);
                assert!(is_known, "{name}: {code}");
            }
        }
    }
    let lines = source("ARCHITECTURE.md").lines().count();
    assert!(lines <= 80, "ARCHITECTURE.md has {lines} lines");
}

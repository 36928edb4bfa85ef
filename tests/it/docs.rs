//! What README, INTEGRATIONS.md, ARCHITECTURE.md and SECURITY.md say is run, read and compared.

use std::fmt::Write;

use pullwright::cli::Exit;
use pullwright::config::{load, schema};
use pullwright::diag::Format;
use pullwright::names;
use pullwright::render::BUILT_IN;
use pullwright::span::Source;
use serde_json::Value;

use crate::support::{Scratch, files, fresh, root, source};

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
            .filter(|line| line.contains("pullwright check"))
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
        assert!(load::load(Source::new("README.md", text)).is_ok());
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
    let (_, rest) = text.split_once("## What was tried").expect("it tells");
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
    for name in [
        "README.md",
        "INTEGRATIONS.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
    ] {
        let text = source(name);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            assert!(
                target.starts_with("http") || root().join(target).exists(),
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
            let of_script = [
                "--apply",
                "--verify",
                "--undo",
                "--in-cluster",
                "--attach-acr",
                // Of kustomize.
                "--enable-exec",
            ];
            let flag = code.split(' ').next().unwrap_or_default();
            if flag.starts_with("--") && !of_script.contains(&flag) {
                assert!(help.contains(flag), "{name}: {code}");
            }
        }
    }
    let lines = source("ARCHITECTURE.md").lines().count();
    assert!(lines <= 80, "ARCHITECTURE.md has {lines} lines");
}

/// The README with its generated parts made anew.
#[test]
fn the_generated_parts_of_the_readme_are_fresh() {
    let mut codes = String::from("| exit code | means |\n|---|---|\n");
    for (exit, about) in Exit::ALL {
        writeln!(codes, "| {} | {about} |", *exit as u8).expect("memory can be written");
    }
    let readme = replaced(&source("README.md"), "exit codes", &codes);
    let mut formats = String::from("| `--format` | writes |\n|---|---|\n");
    for format in Format::ALL {
        let row = format!("| `{}` | {} |", format.name(), format.about());
        writeln!(formats, "{row}").expect("memory can be written");
    }
    let readme = replaced(&readme, "formats", &formats);
    let readme = replaced(&readme, "config reference", &reference());
    fresh("README.md", &readme);
}

fn replaced(text: &str, name: &str, new: &str) -> String {
    let (begin, end) = (
        format!("<!-- {name}: begin -->\n"),
        format!("<!-- {name}: end -->"),
    );
    let (head, rest) = text.split_once(&begin).expect("the mark is there");
    let (_, tail) = rest.split_once(&end).expect("the mark is there");
    format!("{head}{begin}\n{}\n\n{end}{tail}", new.trim())
}

/// What messages call the mapping that is not below any key.
const ROOT: &str = "the document root";

/// All mappings of the config as tables, from the schema.
fn reference() -> String {
    let root = schema::generate();
    let mut out = String::new();
    let mut waiting = vec![(ROOT.to_owned(), root.clone())];
    let mut done: Vec<String> = Vec::new();
    while !waiting.is_empty() {
        let (place, node) = waiting.remove(0);
        let node = resolved(&root, &node);
        let key = node.to_string();
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        let title = match place.as_str() {
            ROOT => ROOT.to_owned(),
            key => format!("`{key}`"),
        };
        writeln!(
            out,
            "### {title}\n\n| key | takes | meaning |\n|---|---|---|"
        )
        .expect("memory can be written");
        table(&root, &node, &place, "", &mut out, &mut waiting);
        out.push('\n');
    }
    out.insert(0, '\n');
    out
}

/// The rows of one mapping, those of its branches with their condition.
fn table(
    root: &Value,
    node: &Value,
    place: &str,
    condition: &str,
    out: &mut String,
    waiting: &mut Vec<(String, Value)>,
) {
    let required: Vec<&str> = node["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (key, field) in node["properties"].as_object().into_iter().flatten() {
        let target = resolved(root, field);
        let about = field["description"]
            .as_str()
            .or(target["description"].as_str())
            .unwrap_or_default();
        let must = if required.contains(&key.as_str()) {
            " **Required.**"
        } else {
            ""
        };
        let below = if place == ROOT {
            key.clone()
        } else {
            format!("{place}.{key}")
        };
        let takes = takes(root, &target, &below, waiting);
        writeln!(
            out,
            "| `{key}` | {takes} | {condition}{}{must} |",
            about.replace('|', "\\|")
        )
        .expect("memory can be written");
    }
    for rule in node["allOf"].as_array().into_iter().flatten() {
        let (tag, word) = rule["if"]["properties"]
            .as_object()
            .and_then(|all| all.iter().next())
            .expect("a branch has a tag");
        let condition = format!(
            "With `{tag}: {}`: ",
            word["const"].as_str().unwrap_or_default()
        );
        table(
            root,
            &resolved(root, &rule["then"]),
            place,
            &condition,
            out,
            waiting,
        );
    }
}

/// What a key takes, in a few words; mappings get tables of their own.
fn takes(root: &Value, node: &Value, place: &str, waiting: &mut Vec<(String, Value)>) -> String {
    if let Some(choices) = node["enum"].as_array() {
        let words: Vec<String> = choices
            .iter()
            .filter_map(Value::as_str)
            .map(|word| format!("`{word}`"))
            .collect();
        return words.join(", ");
    }
    match node["type"].as_str() {
        Some("array") => {
            let items = resolved(root, &node["items"]);
            if items["properties"].is_object() {
                waiting.push((format!("{place}[]"), items));
                return "list of mappings".to_owned();
            }
            format!("list: {}", takes(root, &items, place, waiting))
        }
        Some("object") if node["properties"].is_object() => {
            waiting.push((place.to_owned(), node.clone()));
            "mapping".to_owned()
        }
        Some("object") => {
            let value = node["patternProperties"]
                .as_object()
                .and_then(|all| all.values().next())
                .unwrap_or(&node["additionalProperties"]);
            let value = resolved(root, value);
            if value["properties"].is_object() {
                waiting.push((format!("{place}.NAME"), value));
            }
            "mapping by name".to_owned()
        }
        Some("integer") => match (node["minimum"].as_i64(), node["maximum"].as_i64()) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            _ => "whole number".to_owned(),
        },
        Some("boolean") => "`true`".to_owned(),
        _ => node["format"]
            .as_str()
            .and_then(names::rule)
            .map_or_else(|| "text".to_owned(), |rule| rule.noun.to_owned()),
    }
}

/// A node without its reference; what it says itself wins.
fn resolved(root: &Value, node: &Value) -> Value {
    match node["$ref"]
        .as_str()
        .and_then(|one| root.pointer(one.trim_start_matches('#')))
    {
        Some(target) => target.clone(),
        None => node.clone(),
    }
}

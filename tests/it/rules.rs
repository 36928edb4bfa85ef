//! Each code has a page, and the example of the page is run: its bad side makes the message of that code
//! and no other, its good side makes none.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use pullwright::cli::Exit;
use pullwright::diag::Code;
use pullwright::diag::rules::{RulePage, document};
use serde_json::Value;

use crate::support::{Scratch, files, fresh, root};

/// One side of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Bad,
    Good,
}

/// A fenced block: a file, or the commands.
struct Block<'a> {
    /// `pullwright.yaml` unless it is named; `console` for commands.
    name: &'a str,
    is_diff: bool,
    lines: Vec<&'a str>,
}

/// The blocks of an example.
fn blocks(example: &str) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    for line in example.lines() {
        match line.strip_prefix("```") {
            Some("") => is_open = false,
            Some(info) => {
                let (language, name) = info.split_once(' ').unwrap_or((info, ""));
                found.push(Block {
                    name: match (language, name) {
                        ("console", _) => "console",
                        (_, "") => "pullwright.yaml",
                        (_, name) => name,
                    },
                    is_diff: language == "diff",
                    lines: Vec::new(),
                });
                is_open = true;
            }
            None if is_open => found.last_mut().expect("it is open").lines.push(line),
            None => assert!(line.is_empty(), "text in an example: {line}"),
        }
    }
    found
}

impl Block<'_> {
    /// The lines of one side.
    fn side(&self, side: Side) -> Vec<&str> {
        let other = match side {
            Side::Bad => '+',
            Side::Good => '-',
        };
        let lines = self
            .lines
            .iter()
            .filter(|line| !self.is_diff || !line.starts_with(other));
        lines
            .map(|line| {
                if self.is_diff {
                    line.get(1..).unwrap_or_default()
                } else {
                    line
                }
            })
            .collect()
    }
}

/// Runs one side of an example in a folder of its own; returns all that it printed, and whether its last
/// command succeeded.
fn printed(example: &str, side: Side) -> (String, bool) {
    let scratch = Scratch::new();
    let mut commands: Option<String> = None;
    for block in blocks(example) {
        let lines = block.side(side);
        if block.name == "console" {
            let bare = lines
                .iter()
                .map(|line| line.strip_prefix("$ ").expect("a command begins with `$ `"));
            commands = Some(bare.collect::<Vec<_>>().join("\n"));
        } else {
            scratch.write(block.name, lines.join("\n") + "\n");
        }
    }
    let Some(commands) = commands else {
        let outcome = scratch.run(&["validate"]);
        return (outcome.stdout + &outcome.stderr, outcome.exit == Exit::Ok);
    };
    let program = Path::new(env!("CARGO_BIN_EXE_pullwright"));
    let folder = program.parent().expect("it lies in a folder").display();
    let path = std::env::var("PATH").expect("git and sh are found by it");
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{commands}")])
        .env_clear()
        .env("PATH", format!("{folder}:{path}"))
        .env("HOME", scratch.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env(
            "GIT_CEILING_DIRECTORIES",
            scratch.path().parent().expect("it has one"),
        )
        .current_dir(scratch.path())
        .output()
        .expect("sh starts");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    (printed, output.status.success())
}

/// The codes that a text for people or JSON names, as `severity[code]`.
fn codes(printed: &str) -> BTreeSet<String> {
    let of_text = printed.lines().filter_map(|line| {
        let (head, _) = line.split_once("]: ")?;
        let (severity, _) = head.split_once('[')?;
        ["error", "warning", "info"]
            .contains(&severity)
            .then(|| format!("{head}]"))
    });
    let json = printed.find("\n{").map_or(printed, |at| &printed[at + 1..]);
    let json: Value = serde_json::from_str(json).unwrap_or_default();
    let of_json = json["configs"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|config| {
            let all = config["diagnostics"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            all.into_iter().map(|one| {
                let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
                format!("{}[{}]", word("severity"), word("code"))
            })
        });
    of_text.chain(of_json).collect()
}

/// Messages that the bad side of an example has as well: what is wrong is more than one thing.
const BESIDE: &[(Code, &[&str])] = &[(Code::CachedImage, &["error[no-credential]"])];

#[test]
fn every_example_makes_its_message_and_the_fixed_one_does_not() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let example = RulePage::of(*code).example;
        let id = format!("{}[{}]", code.severity().word(), code.id());
        for (side, want) in [
            (Side::Bad, BTreeSet::from([id])),
            (Side::Good, BTreeSet::new()),
        ] {
            let (printed, ok) = printed(example, side);
            let have = codes(&printed);
            let others = BESIDE.iter().filter(|(of, _)| of == code);
            let others = others.flat_map(|(_, others)| others.iter());
            let mut have = have;
            for other in others.filter(|_| side == Side::Bad) {
                assert!(have.remove(*other), "{other} beside {}", code.id());
            }
            if have != want || (side == Side::Good && !ok) {
                wrong.push(format!(
                    "{side:?} side of {}: {have:?}\n{printed}",
                    code.id()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_has_all_parts_and_belongs_to_a_code() {
    for code in Code::ALL {
        let rule = RulePage::of(*code);
        for part in [rule.meaning, rule.why, rule.fix, rule.example] {
            assert!(!part.is_empty() && !part.contains("\n## "), "{}", code.id());
        }
        let is_example = |block: &Block<'_>| block.is_diff;
        assert!(blocks(rule.example).iter().any(is_example), "{}", code.id());
    }
    for file in files(&root().join("src/diag/rules")) {
        let id = file.to_string_lossy();
        let Some(id) = id.strip_suffix(".md") else {
            assert_eq!(id, "mod.rs");
            continue;
        };
        assert!(Code::of(id).is_some(), "{id} is not a code");
    }
}

#[test]
fn the_document_is_fresh() {
    fresh("docs/rules.md", &document());
}

#[test]
fn a_code_is_explained_in_text_and_in_json() {
    let scratch = Scratch::new();
    let explain = |arguments: &[&str], exit| {
        let all = [&["explain", "rule"], arguments].concat();
        scratch.expect(&all, exit)
    };
    for code in Code::ALL {
        let text = explain(&[code.id()], Exit::Ok).stdout;
        assert_eq!(text, RulePage::of(*code).text());
    }
    let json = |arguments: &[&str], exit| -> Value {
        let outcome = explain(&[arguments, &["--format", "json"]].concat(), exit);
        assert_eq!(outcome.stderr, "");
        serde_json::from_str(&outcome.stdout).expect("it is JSON")
    };
    let one = json(&["image-tag"], Exit::Ok);
    let want = serde_json::json!({"code": "image-tag", "severity": "warning", "summary": Code::ImageTag.about()});
    for key in ["code", "severity", "summary"] {
        assert_eq!(one[key], want[key]);
    }
    assert!(
        one["example"]
            .as_str()
            .is_some_and(|text| text.starts_with("```diff\n"))
    );
    let list = explain(&[], Exit::Ok).stdout;
    let all = json(&[], Exit::Ok);
    assert_eq!(all["rules"].as_array().map(Vec::len), Some(Code::ALL.len()));
    for (code, line) in Code::ALL.iter().zip(list.lines()) {
        assert!(
            line.starts_with(code.id()) && line.ends_with(code.about()),
            "{line}"
        );
    }
    let unknown = explain(&["imagetag"], Exit::Failed).stderr;
    let want = "error[usage]: unknown code `imagetag`\n |\n = help: did you mean `image-tag`?\n";
    assert_eq!(unknown, want);
    let unknown = json(&["nothing-like-it"], Exit::Failed);
    assert_eq!(
        unknown["diagnostics"][0]["help"][0],
        "list the codes with `pullwright explain rule`"
    );
}

//! Whatever users wrote, and wherever it is shown: no command to a CI service, nothing that moves the
//! cursor or hides, on neither stream, in no format.

use crate::support::{Outcome, SMALL, Scratch};

/// One of each kind of control, and each form of a command, also behind what ends or wraps a line.
pub(crate) const HOSTILE: &[&str] = &[
    "\u{1b}[5mred",
    "\u{1b}[8m##[group]x",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[2J\u{1b}[H",
    "\u{9b}5m",
    "\u{7f}\u{8}",
    "a\rb",
    "\r::error::x",
    "\n::error::x",
    "\u{b}::error::x",
    "\u{c}::error::x",
    "\u{85}::error::x",
    "\u{2028}::error::x",
    "\u{2029}::error::x",
    "\u{202e}\u{2066}\u{2069}",
    "\u{200e}\u{200f}\u{61c}",
    "\u{200b}\u{feff}\u{ad}",
    "\u{e0041}\u{fff9}",
    "##vso[task.setvariable variable=a]b",
    "x##vso[x]##vso[task.complete result=Failed;]y",
    "##[group]x",
    "a ##[add-mask]x",
    "##teamcity[x]",
    "::error::x",
    "::add-mask::x",
    "\n \t\u{a0}::stop-commands::x",
    "#\u{200b}#vso[task.complete]x",
    "##v\u{ad}so[task.complete]x",
    "\u{feff}::error::x",
    ":\u{ad}:error::x",
    "%0A::error::x%0D",
    "long words that a help text wraps at the width of a terminal, which is one hundred ::error::x ##[x]y",
];

/// Who reads what is printed.
const SERVICES: &[(&str, &str)] = &[
    ("CI", "1"),
    ("GITHUB_ACTIONS", "true"),
    ("TF_BUILD", "True"),
];

/// Colours that this program uses, as numbers of their escapes.
const COLOURS: &[&str] = &[
    "0", "1", "4", "31", "32", "33", "36", "91", "92", "93", "94", "96",
];

/// What must not be shown in a line, in the words of the services' own sources.
fn fault(line: &str) -> Option<&'static str> {
    let mut plain = line.to_owned();
    for colour in COLOURS {
        plain = plain.replace(&format!("\u{1b}[{colour}m"), "");
    }
    let hides = |c: char| {
        c != '\t' && c.is_control()
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
            || "\u{ad}\u{61c}\u{feff}\u{fff9}\u{e0041}".contains(c)
    };
    if plain.contains(hides) {
        return Some("a character that misleads");
    }
    if plain.contains("##vso[") || plain.contains("##[") || plain.contains("##teamcity[") {
        return Some("a command");
    }
    let lead = plain.trim_start();
    (lead.starts_with("::") && lead[2..].contains("::")).then_some("a command at the start")
}

/// Looks through both streams; lines that are commands of our own are looked at as what a service
/// makes of them.
#[track_caller]
fn look(outcome: &Outcome, arguments: &[&str], what: &str) {
    let own = [
        "::error file=",
        "::error title=",
        "::warning file=",
        "::warning title=",
        "##vso[task.logissue type=",
    ];
    for (text, is_stdout) in [(&outcome.stdout, true), (&outcome.stderr, false)] {
        for line in text.split('\n') {
            let annotates = arguments
                .iter()
                .any(|one| ["github", "azure"].contains(one));
            let mark = own
                .iter()
                .find(|mark| is_stdout && annotates && line.starts_with(**mark));
            let lines = match mark {
                Some(mark) => {
                    let decoded = line[mark.len()..]
                        .replace("%0D", "\r")
                        .replace("%0A", "\n")
                        .replace("%25", "%")
                        .replace("%AZP25", "%");
                    // Behind our `::` or `]` begins what was said.
                    decoded.replacen("]::", "\n", 1).replacen(";]", "\n", 1)
                }
                None => line.to_owned(),
            };
            for line in lines.split('\n') {
                if let Some(fault) = fault(line) {
                    panic!("{what}: {arguments:?}: {fault}: {line:?}");
                }
            }
        }
    }
    if arguments.contains(&"json") {
        let value: Result<serde_json::Value, _> = serde_json::from_str(&outcome.stdout);
        assert!(value.is_ok(), "{what}: {}", outcome.stdout);
    }
}

/// Formats of a command.
pub(crate) const CHECKS: &[&[&str]] = &[
    &["validate"],
    &["validate", "--color", "always"],
    &["validate", "--format", "json"],
    &["validate", "--format", "github"],
    &["validate", "--format", "azure"],
    &["validate", "--format", "junit"],
];
pub(crate) const DRIFTS: &[&[&str]] = &[
    &["check"],
    &["check", "--format", "json"],
    &["check", "--format", "github"],
    &["check", "--format", "azure"],
    &["diff"],
    &["diff", "--color", "always"],
    &["diff", "--format", "json"],
    &["render", "--dry-run"],
    &["render", "--stdout"],
];

/// Runs commands, for each of the services in turn; how many runs that were.
pub(crate) fn each(
    make: impl Fn() -> Scratch,
    runs: &[&[&str]],
    more: &[&str],
    what: &str,
) -> usize {
    let lengths = more.iter().map(|one| one.len()).sum::<usize>() + what.len();
    for (number, arguments) in runs.iter().enumerate() {
        let (name, value) = SERVICES[(number + lengths) % SERVICES.len()];
        let all: Vec<&str> = arguments.iter().chain(more).copied().collect();
        let scratch = make().variable(name, value);
        // What goes to another program is data; on a terminal it is text.
        let outcome = match all.contains(&"--stdout") {
            true => scratch.on_a_terminal().run(&all),
            false => scratch.run(&all),
        };
        look(&outcome, &all, what);
    }
    runs.len()
}

/// A text as YAML writes it without loss.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(crate) fn is_file_name(text: &str) -> bool {
    !text.contains('/') && text.len() < 200
}

#[test]
fn of_configs() {
    let mut count = 0;
    for hostile in HOSTILE {
        let text = quoted(hostile);
        for (place, config) in [
            (
                "a name",
                SMALL.replacen("name: sample\n", &format!("name: {text}\n"), 1),
            ),
            (
                "a value",
                SMALL.replace("strategy: secret", &format!("strategy: {text}")),
            ),
            (
                "a key",
                SMALL.replacen("  name: sample\n", &format!("  {text}: sample\n"), 1),
            ),
            (
                "an annotation",
                SMALL.replacen(
                    "  name: sample\n",
                    &format!("  name: sample\n  annotations: {{{text}: {text}}}\n"),
                    1,
                ),
            ),
            (
                "a comment",
                SMALL.replace("strategy: secret", &format!("strategy: x # {hostile}")),
            ),
            (
                "no YAML",
                SMALL.replace("strategy: secret", &format!("strategy: [ {hostile}")),
            ),
            ("the top", format!("{hostile}\n{SMALL}")),
            ("a twin", format!("{text}: 1\n{text}: 2\n{SMALL}")),
            (
                "an image",
                SMALL.replace("sample-container:0.0.1", &format!("{hostile}:1")),
            ),
            (
                "a reference",
                SMALL.replace(
                    "registries: [youruniquename]",
                    &format!("registries: [{text}]"),
                ),
            ),
            (
                "an output",
                SMALL.replacen("spec:\n", &format!("spec:\n  output: {text}\n"), 1),
            ),
            (
                "templates",
                SMALL.replacen("spec:\n", &format!("spec:\n  templates: {text}\n"), 1),
            ),
        ] {
            assert_ne!(config, SMALL);
            let make = || Scratch::with_config(&config);
            count += each(make, CHECKS, &[], place);
            count += each(
                make,
                &[&["render", "--dry-run"], &["diff", "--format", "json"]],
                &[],
                place,
            );
        }
    }
    assert_eq!(count, 3_072);
}

#[test]
fn of_arguments_and_variables() {
    let mut count = 0;
    let coloured = || Scratch::with_config(SMALL).variable("CLICOLOR_FORCE", "1");
    for hostile in HOSTILE {
        let flag = format!("--{hostile}");
        for arguments in [
            &[*hostile][..],
            &[flag.as_str()],
            &["render", &flag],
            &["validate", "--format", hostile],
            &["render", "--color", hostile],
            &["completions", hostile],
            &["check", "--", hostile],
            &["man", hostile],
            &["templates", "eject", hostile],
            &["templates", "eject", name_of_template(), "--to", hostile],
            &["init", "--registry", hostile],
            &[
                "init",
                "-",
                "--registry",
                "youruniquename",
                "--name",
                hostile,
            ],
            &["init", "--registry", "youruniquename", "--image", hostile],
            &["init", "--registry", "youruniquename", hostile],
            &["fn", hostile],
        ] {
            count += each(
                || Scratch::with_config(SMALL),
                &[arguments],
                &[],
                "an argument",
            );
            count += each(coloured, &[arguments], &[], "an argument");
        }
        let home = || Scratch::new().variable("KUSTOMIZE_PLUGIN_HOME", hostile);
        count += each(home, &[&["fn", "--install-plugin"]], &[], "a variable");
        let username = || {
            let scratch = Scratch::with_config(crate::support::PLAINTEXT);
            scratch
                .variable("ACR_USERNAME", hostile)
                .variable("ACR_PASSWORD", "x")
        };
        count += each(username, CHECKS, &[], "a variable");
        count += each(username, &[&["render", "--dry-run"]], &[], "a variable");
    }
    assert_eq!(count, 1_216);
}

fn name_of_template() -> &'static str {
    "kustomize/kustomization.yaml.j2"
}

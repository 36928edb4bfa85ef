//! Every help text and manual page ends with examples and exit codes, and every example is run.

use std::collections::BTreeSet;
use std::process::Command;

use clap::CommandFactory;
use pullwright::cli::Exit;
use pullwright::cli::args::Args;
use pullwright::cli::args::help::{MANUALS, Manual};

use crate::support::{SMALL, Scratch, files, root};

/// Programs that examples pipe from or to.
const OTHERS: &[&str] = &[
    "kubectl",
    "helm",
    "kustomize",
    "man",
    "Out-String",
    "Invoke-Expression",
];

const POD: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: contosoprod.azurecr.io/web:1}]
";

/// All commands with their subcommands, except `help`, which clap makes.
fn commands(of: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
    found.insert(path.to_owned());
    for one in of.get_subcommands().filter(|one| one.get_name() != "help") {
        let path = format!("{path} {}", one.get_name());
        commands(one, path.trim(), found);
    }
}

/// The words of a text, which help wraps.
fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_command_has_examples_and_exit_codes_in_help_and_manual() {
    let mut all = BTreeSet::new();
    commands(&Args::command(), "", &mut all);
    let listed: BTreeSet<String> = MANUALS.iter().map(|one| one.command.to_owned()).collect();
    assert_eq!(all, listed);
    assert_eq!(listed.len(), MANUALS.len());
    let scratch = Scratch::new();
    for manual in MANUALS {
        let words: Vec<&str> = manual.command.split_whitespace().collect();
        let help = scratch
            .expect(&[&words[..], &["--help"]].concat(), Exit::Ok)
            .stdout;
        let same = scratch.expect(&[&["help"], &words[..]].concat(), Exit::Ok);
        if ![
            "explain rule",
            "templates list",
            "templates show",
            "templates diff",
            "templates eject",
        ]
        .contains(&manual.command)
        {
            let page = scratch
                .expect(&[&["man"], &words[..]].concat(), Exit::Ok)
                .stdout;
            assert!(
                page.contains("\n.SH EXAMPLES\n") && page.contains("\n.SH \"EXIT STATUS\"\n"),
                "{page}"
            );
            assert_eq!(
                page.contains("\n.SH FILES\n"),
                !manual.files.is_empty(),
                "{page}"
            );
            // What the line at the end of the page says.
            let footer = format!("\"pullwright {}\" pullwright\n", env!("CARGO_PKG_VERSION"));
            assert!(page.contains(&footer), "{page}");
            assert!(!page.contains("pullwright\\-help(1)"), "{page}");
            assert!(!page.contains("\n.SH EXTRA\n"), "{page}");
        }
        assert_eq!((same.stdout, same.stderr), (help.clone(), String::new()));
        assert!(!manual.examples.is_empty() && manual.exits.len() >= 2);
        for (example, _) in manual.examples {
            assert!(
                words_of(&help).contains(&words_of(example)),
                "{example}\n{help}"
            );
            let is_own = manual.command.is_empty()
                || example.contains(&format!("pullwright {}", manual.command));
            assert!(is_own, "{example}");
        }
        assert!(help.contains("\nExit codes:\n  0  "), "{help}");
    }
}

/// A directory in which every example works: a rendered config that git tracks, manifests, a chart.
fn directory(example: &str) -> Scratch {
    let describe =
        std::fs::read_to_string(root().join("examples/describe-pod.txt")).expect("it is there");
    let stdin = match example.split_whitespace().take(2).collect::<Vec<_>>()[..] {
        ["kubectl", "describe"] => &describe,
        _ => POD,
    };
    let scratch = Scratch::new().stdin(stdin).variable("HOME", "home");
    scratch.write("manifests/web.yaml", POD);
    scratch.write("describe-pod.txt", &describe);
    if example.contains("templates diff") {
        for folder in ["templates", "deploy/templates"] {
            let name = format!("{folder}/workload/pod.yaml.j2");
            scratch.write(&name, "kind: Pod\n");
        }
    }
    if !example.contains(" init ") {
        let config = match example.contains(" script ") {
            true => crate::support::source("examples/secret/pullwright.yaml"),
            false => SMALL.to_owned(),
        };
        scratch.write("pullwright.yaml", config);
        scratch.expect(&["render"], Exit::Ok);
        for arguments in [&["init", "-q"][..], &["add", "--all"]] {
            let git = Command::new("git")
                .args(arguments)
                .current_dir(scratch.path())
                .status();
            assert!(git.expect("git starts").success());
        }
    }
    scratch
}

#[test]
fn every_example_runs() {
    let mut count = 0;
    for Manual {
        command,
        examples,
        exits,
        files: _,
    } in MANUALS
    {
        for (example, _) in *examples {
            let mut ours = None;
            for part in example.split(" | ") {
                let part = part.split(" > ").next().unwrap_or_default();
                match part.split_whitespace().collect::<Vec<_>>().as_slice() {
                    ["pullwright", arguments @ ..] => ours = Some(arguments.to_vec()),
                    [other, ..] => assert!(OTHERS.contains(other), "{example}"),
                    [] => panic!("{example}"),
                }
            }
            let arguments = ours.unwrap_or_else(|| panic!("`{example}` runs something else"));
            let scratch = directory(example);
            let before = files(scratch.path()).len();
            let outcome = scratch.run(&arguments);
            assert_ne!(outcome.exit, Exit::Failed, "{example}\n{}", outcome.stderr);
            assert!(
                command.is_empty() || exits.iter().any(|(exit, _)| *exit == outcome.exit),
                "{example}: {:?}",
                outcome.exit
            );
            let writes = *command == "init" && !example.contains("--from -");
            assert!(!writes || files(scratch.path()).len() > before, "{example}");
            count += 1;
        }
    }
    assert!(count >= 35, "{count}");
}

#[test]
fn the_version_is_a_command_as_well() {
    let scratch = Scratch::new();
    let flag = scratch.expect(&["--version"], Exit::Ok);
    let command = scratch.expect(&["version"], Exit::Ok);
    assert_eq!((flag.stdout, flag.stderr), (command.stdout, command.stderr));
    let wrong = scratch.expect(&["help", "rendr"], Exit::Failed);
    assert!(
        wrong.stderr.contains("unrecognized subcommand 'rendr'"),
        "{}",
        wrong.stderr
    );
}

//! Two generated pages: the commands from their help, and the examples with their configs.

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};
use pullwright::cli::args::Args;
use pullwright::cli::args::help::Manual;

use crate::pages::blocks;
use crate::reference::replaced;
use crate::support::{files, fresh, root, source};

#[test]
fn the_page_of_the_commands_is_fresh() {
    let mut program = Args::command().term_width(0);
    program.build();
    let mut out = String::new();
    for command in program.get_subcommands() {
        describe(command, command.get_name(), &mut out);
    }
    let page = replaced(&source("docs/commands.md"), "commands", &out);
    fresh("docs/commands.md", &page);
}

/// A command and those below it; clap makes `help` itself.
fn describe(command: &Command, path: &str, out: &mut String) {
    if command.get_name() == "help" {
        return;
    }
    let about = command.get_long_about().or_else(|| command.get_about());
    let usage = command.clone().render_usage().to_string();
    writeln!(
        out,
        "## `pullwright {path}`\n\n{}.\n\n```text\n{}\n```\n",
        about
            .expect("a command has a description")
            .to_string()
            .trim_end_matches('.'),
        usage.trim_start_matches("Usage: ")
    )
    .expect("memory can be written");
    let own = command
        .get_arguments()
        .filter(|one| !one.is_hide_set() && !one.is_global_set() && one.get_id() != "help");
    let (positional, options): (Vec<_>, Vec<_>) = own.partition(|one| one.is_positional());
    for (title, arguments) in [("argument", positional), ("option", options)] {
        if arguments.is_empty() {
            continue;
        }
        writeln!(out, "| {title} | meaning |\n|---|---|").expect("memory can be written");
        for argument in arguments {
            writeln!(
                out,
                "| `{}` | {} |",
                name(argument).replace('|', "\\|"),
                meaning(argument)
            )
            .expect("memory can be written");
        }
        out.push('\n');
    }
    if let Some(manual) = Manual::of(path) {
        out.push_str("| task | example |\n|---|---|\n");
        for (example, about) in manual.examples {
            let row = cell(&format!("`{example}`"));
            writeln!(out, "| {} | {row} |", cell(about)).expect("memory can be written");
        }
        out.push_str("\n| exit code | meaning |\n|---|---|\n");
        for (exit, about) in manual.exits {
            writeln!(out, "| {} | {} |", *exit as u8, cell(about)).expect("memory can be written");
        }
        out.push('\n');
    }
    for below in command.get_subcommands() {
        describe(below, &format!("{path} {}", below.get_name()), out);
    }
}

/// How an argument is written: `--cluster <CLUSTER>`.
fn name(argument: &Arg) -> String {
    let takes = argument.get_action().takes_values();
    let value = argument.get_value_names().unwrap_or_default().join(" ");
    match argument.get_long() {
        None => value,
        Some(long) if takes => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
    }
}

/// What an argument does, its choices and its default.
fn meaning(argument: &Arg) -> String {
    let about = argument.get_long_help().or_else(|| argument.get_help());
    let about = about.expect("an argument has a description").to_string();
    let mut out = about.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push('.');
    if argument.get_action().takes_values() {
        let choices: Vec<String> = argument
            .get_possible_values()
            .iter()
            .filter(|one| !one.is_hide_set())
            .map(|one| match one.get_help() {
                // A page of their own describes the formats.
                Some(help) if argument.get_id() != "format" => {
                    format!("`{}`: {help}", one.get_name())
                }
                _ => format!("`{}`", one.get_name()),
            })
            .collect();
        if !choices.is_empty() {
            let is_plain = choices.iter().all(|one| one.ends_with('`'));
            let choices = choices.join(if is_plain { ", " } else { "; " });
            write!(out, " One of {choices}.").expect("memory can be written");
        }
        let defaults: Vec<String> = argument
            .get_default_values()
            .iter()
            .map(|one| format!("`{}`", one.to_string_lossy()))
            .collect();
        if !defaults.is_empty() && !argument.is_hide_default_value_set() {
            write!(out, " Default: {}.", defaults.join(", ")).expect("memory can be written");
        }
    }
    cell(&out.replace("..", "."))
}

/// A text as a cell of a table: what is no code must not look like HTML.
fn cell(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => part.replace('<', "\\<"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`").replace('|', "\\|")
}

#[test]
fn the_page_of_the_examples_is_fresh() {
    let mut out = String::from(
        "# Examples\n\nGenerated from `examples/` of the repository, whose `expected/` directories hold what `render` writes. The commands are\nfor a clone of it, each example with an `OUT` of its own.\n",
    );
    let folder = root().join("examples");
    let readmes = files(&folder);
    for readme in readmes.iter().filter(|one| one.ends_with("README.md")) {
        let name = readme.parent().expect("it is in a folder").display();
        let text = source(&format!("examples/{name}/README.md"));
        let last = blocks(&text).last().map_or(0, |block| block.end);
        assert!(last > 0, "examples/{name}/README.md shows no command");
        writeln!(out, "\n#{}", text.trim_end()).expect("memory can be written");
        for config in ["fleet.yaml", "pullwright.yaml"] {
            if folder.join(name.to_string()).join(config).exists() {
                let body = source(&format!("examples/{name}/{config}"));
                writeln!(
                    out,
                    "\n`examples/{name}/{config}`:\n\n```yaml\n{}\n```",
                    body.trim_end()
                )
                .expect("memory can be written");
            }
        }
    }
    fresh("docs/examples.md", &out);
}

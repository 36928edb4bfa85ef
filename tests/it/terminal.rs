//! Makes the README's pictures of a terminal from real runs, for light and dark pages:
//! `SNAPSHOTS=overwrite cargo test terminal`.

use std::fmt::Write;

use anstyle_svg::Term;
use pullwright::cli::Exit;

use crate::support::{Outcome, SMALL, Scratch, fresh, source};

/// Colours by the class names of `anstyle-svg`: on a light page, on a dark one. All have the contrast
/// that WCAG asks for text.
const COLOURS: &[(&str, &str, &str)] = &[
    ("bg", "#f6f8fa", "#0d1117"),
    ("fg", "#1f2328", "#e6edf3"),
    ("fg-red", "#b31d28", "#ff7b72"),
    ("fg-green", "#116329", "#3fb950"),
    ("fg-yellow", "#7d4e00", "#d29922"),
    ("fg-blue", "#0550ae", "#79c0ff"),
    ("fg-cyan", "#0b6b73", "#39c5cf"),
    ("fg-bright-red", "#b31d28", "#ff7b72"),
    ("fg-bright-green", "#116329", "#3fb950"),
    ("fg-bright-yellow", "#7d4e00", "#d29922"),
    ("fg-bright-blue", "#0550ae", "#79c0ff"),
    ("fg-bright-cyan", "#0b6b73", "#39c5cf"),
];

/// A terminal where a command was given and what it printed.
fn picture(command: &str, output: &str) -> String {
    let screen = format!("\u{1b}[1m$ {command}\u{1b}[0m\n{}", output.trim_end());
    let drawn = Term::new().render_svg(&screen);
    let mut light = String::new();
    let mut dark = String::new();
    let mut rest = String::new();
    for line in drawn.lines() {
        let Some((class, _)) = line
            .trim()
            .strip_prefix('.')
            .and_then(|line| line.split_once(" { fill:"))
        else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let known = COLOURS.iter().find(|(name, ..)| *name == class);
        let (_, on_light, on_dark) = known.unwrap_or_else(|| panic!("`{class}` has no colours"));
        writeln!(light, "    .{class} {{ fill: {on_light} }}").expect("memory can be written");
        writeln!(dark, "      .{class} {{ fill: {on_dark} }}").expect("memory can be written");
    }
    let styles =
        format!("  <style>\n{light}    @media (prefers-color-scheme: dark) {{\n{dark}    }}\n");
    assert_eq!(rest.matches("  <style>\n").count(), 1);
    rest.replace("  <style>\n", &styles)
}

/// A folder where people work: a config, and what was rendered from it.
fn folder(config: &str) -> Scratch {
    let scratch = Scratch::with_config(config).on_a_terminal();
    scratch.expect(&["render"], Exit::Ok);
    scratch
}

fn edit(scratch: &Scratch, from: &str, to: &str) {
    let config = scratch.read("pullwright.yaml");
    assert!(config.contains(from), "{from}");
    scratch.write("pullwright.yaml", config.replace(from, to));
}

fn all(outcome: &Outcome) -> String {
    format!("{}{}", outcome.stdout, outcome.stderr)
}

#[test]
fn of_mistakes_in_a_config() {
    let config = source("examples/secret/pullwright.yaml");
    let (_, config) = config
        .split_once('\n')
        .expect("it begins with the modeline");
    let scratch = folder(config);
    edit(&scratch, "strategy: secret", "stratgy: secret");
    edit(
        &scratch,
        "image: youruniquename.azurecr.io",
        "image: youruniquname.azurecr.io",
    );
    let outcome = scratch.expect(&["validate"], Exit::Failed);
    fresh(
        "docs/pictures/validate.svg",
        &picture("pullwright validate", &all(&outcome)),
    );
}

#[test]
fn of_what_would_change() {
    let scratch = folder(SMALL);
    edit(&scratch, "sample-container:0.0.1", "sample-container:0.0.2");
    std::fs::remove_file(scratch.path().join("k8s/kustomization.yaml")).expect("it is ours");
    let outcome = scratch.expect(&["diff"], Exit::Differs);
    fresh(
        "docs/pictures/diff.svg",
        &picture("pullwright diff", &all(&outcome)),
    );
}

#[test]
fn of_a_rendered_folder() {
    let scratch = folder(SMALL);
    edit(&scratch, "sample-container:0.0.1", "sample-container:0.0.2");
    let outcome = scratch.expect(&["render"], Exit::Ok);
    let again = scratch.expect(&["render"], Exit::Ok);
    let screen = format!(
        "{}\u{1b}[1m$ pullwright render\u{1b}[0m\n{}",
        all(&outcome),
        all(&again)
    );
    fresh(
        "docs/pictures/render.svg",
        &picture("pullwright render", &screen),
    );
}

//! The commands that CI services look for in what a program prints, on both of its streams.

use crate::clean::{REPLACED, misleads};

/// A line that no CI service takes for a command, made by replacing one character of each. Colours
/// may be in it, and nothing else that misleads.
///
/// Azure Pipelines finds `##vso[…]` anywhere in a line, GitHub's runner `##[…]` anywhere and
/// `::…::` after white space at the start (`ActionCommand.cs` of actions/runner); TeamCity has
/// `##teamcity[…]`. So every `##word[` is broken, whatever the word, and every `::` that leads a line
/// and has a second one.
pub(super) fn broken(line: String) -> String {
    // A leading `::` is before every `##`, so the places ascend.
    let cuts: Vec<usize> = leading(&line).into_iter().chain(openings(&line)).collect();
    if cuts.is_empty() {
        return line;
    }
    let is_cut = |at: &usize| cuts.binary_search(at).is_ok();
    let replace = |(at, c)| if is_cut(&at) { REPLACED } else { c };
    line.char_indices().map(replace).collect()
}

/// Whether a line would be taken for a command, if it were printed as it is.
fn is_command(line: &str) -> bool {
    // What is not seen does not hide a command from a service.
    let seen: String = line
        .chars()
        .filter(|c| *c == '\t' || !misleads(*c))
        .collect();
    let opened = openings(&seen).next();
    opened.is_some_and(|at| seen[at..].contains(']')) || leading(&seen).is_some()
}

/// Whether a text, printed as it is, holds a line that would be taken for a command.
pub fn breaks_out(text: &str) -> bool {
    let ends = [
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    text.split(ends).any(is_command)
}

/// Where the second `#` of each `##word[` is.
fn openings(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices('[').filter_map(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let before = line[..at].trim_end_matches(word);
        before.ends_with("##").then(|| before.len() - 1)
    })
}

/// Where a `::` is that leads the line, if a second one follows.
fn leading(line: &str) -> Option<usize> {
    let mut rest = line.trim_start();
    // A colour before it: who knows what a service strips first.
    while let Some(behind) = rest.strip_prefix('\u{1b}') {
        rest = behind
            .split_once('m')
            .map_or("", |(_, rest)| rest)
            .trim_start();
    }
    let command = rest.strip_prefix("::")?;
    command.contains("::").then(|| line.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use crate::clean::command::{breaks_out, broken, is_command};

    /// Every form of a command, with what is left of it.
    const FORMS: &[(&str, &str)] = &[
        (
            "##vso[task.setvariable variable=a]b",
            "#\u{fffd}vso[task.setvariable variable=a]b",
        ),
        ("a ##vso[x]##vso[y]", "a #\u{fffd}vso[x]#\u{fffd}vso[y]"),
        ("###vso[x]", "##\u{fffd}vso[x]"),
        ("##[group]a", "#\u{fffd}[group]a"),
        ("a##[add-mask]b", "a#\u{fffd}[add-mask]b"),
        ("##teamcity[x]", "#\u{fffd}teamcity[x]"),
        ("::error::a", "\u{fffd}:error::a"),
        (
            " \t\u{a0}\u{3000}::add-mask::a",
            " \t\u{a0}\u{3000}\u{fffd}:add-mask::a",
        ),
        ("::::", "\u{fffd}:::"),
        (
            "\u{1b}[1m::stop-commands::x",
            "\u{1b}[1m\u{fffd}:stop-commands::x",
        ),
    ];

    #[test]
    fn every_form_is_found_and_broken() {
        for (line, want) in FORMS {
            let left = broken((*line).to_owned());
            assert_eq!(left, *want);
            assert!(!is_command(&left), "{line:?}");
            assert!(line.starts_with('\u{1b}') || is_command(line), "{line:?}");
            assert!(
                line.starts_with('\u{1b}') || breaks_out(&format!("a\r{line}\nb")),
                "{line:?}"
            );
        }
        assert!(is_command("#\u{200b}#v\u{ad}so[x]") && is_command("\u{feff}:\u{0}:error::"));
    }

    #[test]
    fn ordinary_lines_stay() {
        for line in [
            "::1 localhost",
            "a ::error::b",
            "# [x]",
            "## [x]",
            "#[derive]",
            "+::a::",
            "##",
        ] {
            assert_eq!(broken(line.to_owned()), line);
            assert!(!is_command(line), "{line}");
        }
    }
}

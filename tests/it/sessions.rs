//! Replays the sessions of a page: its directories, its files, and its commands with what they print.

use crate::pages::blocks;

/// What a reader of a page does next.
pub(crate) enum Step<'a> {
    /// Goes to a new directory, with these files of the one before
    /// (`<!-- new directory: FILE -->`).
    Directory(Vec<&'a str>),
    /// Saves a block as a file (`<!-- file: FILE -->` above it).
    File(&'a str, &'a str),
    /// Runs a command of a console block, and whether the page shows what it prints.
    Command(&'a str, bool),
}

/// The page with what its commands print now, where it shows that. `step` returns what a command
/// prints, and nothing if it does not run.
pub(crate) fn replayed(text: &str, mut step: impl FnMut(Step<'_>) -> Option<String>) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut edits = Vec::new();
    let mut seen = 0;
    for block in blocks(text) {
        for line in text.lines().take(block.start).skip(seen) {
            let kept = line
                .strip_prefix("<!-- new directory")
                .and_then(|line| line.strip_suffix("-->"));
            if let Some(kept) = kept {
                let kept = kept.trim_start_matches(':').split_whitespace();
                step(Step::Directory(kept.collect()));
            }
        }
        seen = block.end;
        let note = block.note.as_deref();
        if let Some(name) = note.and_then(|note| note.strip_prefix("file: ")) {
            step(Step::File(name, &block.text));
        }
        if block.language == "console" {
            let new = block.with(&session(&block.text, &mut step));
            edits.push((block.start + 1, block.end, new));
        }
    }
    for (start, end, new) in edits.into_iter().rev() {
        lines.splice(start..end, new);
    }
    lines.join("\n") + "\n"
}

/// The lines of a console block, replayed.
fn session(text: &str, step: &mut impl FnMut(Step<'_>) -> Option<String>) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut new = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        new.push((*line).to_owned());
        at += 1;
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        let command = command.split(" #").next().unwrap_or_default().trim();
        let rest = lines[at..].iter();
        let shown = rest.take_while(|line| !line.starts_with("$ ")).count();
        if let Some(printed) = step(Step::Command(command, shown > 0))
            && shown > 0
        {
            new.extend(printed.lines().map(str::to_owned));
            at += shown;
        }
    }
    new
}

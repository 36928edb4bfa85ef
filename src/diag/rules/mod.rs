//! The page of each code: what it means, why it matters, how to fix it, and an example that a test runs.

use std::fmt::Write;

use crate::diag::Code;

/// The page of a code, from the file that has its id. All parts are Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulePage {
    /// The code.
    pub code: Code,
    /// What it means.
    pub meaning: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// Files and commands, as a diff: its old side makes the message, its new side does not.
    pub example: &'static str,
}

/// What separates the parts of a page.
const TITLES: [&str; 3] = [
    "\n## Why it matters\n",
    "\n## How to fix it\n",
    "\n## Example\n",
];

impl RulePage {
    /// The page of a code.
    pub fn of(code: Code) -> Self {
        let mut rest = code.page();
        // A test keeps the titles of all pages.
        let mut parts = TITLES.map(|title| {
            let (part, next) = rest.split_once(title).unwrap_or((rest, ""));
            rest = next;
            part.trim()
        });
        let [meaning, why, fix] = &mut parts;
        Self {
            code,
            meaning,
            why,
            fix,
            example: rest.trim(),
        }
    }

    /// The page as a text of its own.
    pub fn text(&self) -> String {
        let mut out = format!("# {}\n\n", self.code.id());
        self.write(&mut out, "##");
        out
    }

    /// What it says, without the example and in fewer lines.
    pub fn plain(&self) -> String {
        let Self {
            meaning, why, fix, ..
        } = self;
        format!("{meaning}\n\nWhy it matters: {why}\n\nHow to fix it: {fix}")
    }

    /// The page below its title.
    fn write(&self, out: &mut String, level: &str) {
        let Self {
            code,
            meaning,
            why,
            fix,
            example,
        } = self;
        let severity = code.severity().word();
        // Memory can be written.
        let _ = write!(
            out,
            "Severity: {severity}\n\n{meaning}\n\n{level} Why it matters\n\n{why}\n\n{level} How to fix it\n\n{fix}\n\n{level} Example\n\n{LEGEND}\n\n{example}\n"
        );
    }
}

/// How to read an example.
const LEGEND: &str =
    "With the lines marked `-` the message appears, with those marked `+` it does not.";

/// All pages as one document.
pub fn document() -> String {
    let mut out = String::from(
        "# Rules\n\nGenerated from `src/diag/rules`. `pullwright explain rule CODE` prints the page of a code.\n\n| code | severity | meaning |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let (id, severity) = (code.id(), code.severity().word());
        let _ = writeln!(out, "| [`{id}`](#{id}) | {severity} | {} |", code.about());
    }
    for code in Code::ALL {
        let _ = write!(out, "\n## {}\n\n", code.id());
        RulePage::of(*code).write(&mut out, "###");
    }
    out
}

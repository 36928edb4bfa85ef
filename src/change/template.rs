//! A template of a user's as a diff from the built-in one.

use std::collections::HashSet;

use crate::change::unified::{lines, shown};
use crate::mask::{self, Known};

/// The diff of a template. Lines that the built-in one has are shown; the others are masked, because they may hold a
/// pasted credential.
pub fn of_template(name: &str, built_in: &str, own: &str) -> String {
    let shared: HashSet<&str> = built_in.lines().collect();
    let masked = masked(name, own);
    let mut text = String::with_capacity(own.len());
    for (line, masked) in own.lines().zip(&masked) {
        text.push_str(if shared.contains(line) { line } else { masked });
        text.push('\n');
    }
    lines(&shown(name), built_in, &text)
}

/// The lines of a template, each masked by what is known of the whole.
fn masked(name: &str, own: &str) -> Vec<String> {
    let alone = |text: &str| mask::names(&mask::pair("", text, &Known::default()).1);
    if name.ends_with(".yaml.j2") && name.starts_with("secret/") {
        return own.lines().map(|line| mask::names(&value(line))).collect();
    }
    if name.ends_with(".yaml.j2") {
        let (_, whole) = mask::pair("", own, &Known::default());
        let all: Vec<String> = whole.lines().map(mask::names).collect();
        // A value of several lines is one star: which line is which is not known then.
        if all.len() == own.lines().count() {
            return all;
        }
    }
    own.lines().map(alone).collect()
}

/// A line of a Secret: its key, and its value if a template makes it.
fn value(line: &str) -> String {
    let is_code = |text: &str| {
        let text = text.trim();
        text.is_empty()
            || text.starts_with("{{") && text.ends_with("}}") && text.matches("{{").count() == 1
    };
    let trimmed = line.trim_start();
    if trimmed.starts_with("{%") && trimmed.trim_end().ends_with("%}") {
        return line.to_owned();
    }
    match line
        .split_once(": ")
        .or_else(|| line.strip_suffix(':').map(|key| (key, "")))
    {
        Some((_, rest)) if is_code(rest) && !trimmed.starts_with('#') => line.to_owned(),
        Some((key, _)) if !trimmed.starts_with('#') => format!("{key}: ***"),
        Some(_) | None if trimmed.is_empty() => line.to_owned(),
        Some(_) | None => format!("{}***", &line[..line.len() - trimmed.len()]),
    }
}

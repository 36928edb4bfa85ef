//! Questions on a terminal: each answer is checked when it is given, and a corrected one is offered.

use crate::cli::page::{Page, Paint, Stop};
use crate::diag::{Code, Diagnostic, nearest};
use crate::names::Fault;

/// A longer answer is no name.
const LONGEST: usize = 10_000;

/// A question.
pub(super) struct Question<'q> {
    /// What is asked.
    pub(super) text: &'q str,
    /// What an empty answer means; `None` if an answer is required.
    pub(super) default: Option<&'q str>,
    /// What `?` prints.
    pub(super) about: &'q str,
}

/// A choice: its word and what it means.
pub(super) type Choice<'q> = (&'q str, &'q str);

impl Question<'_> {
    /// Asks until an answer is valid.
    ///
    /// # Errors
    /// The input ended.
    pub(super) fn ask<T>(
        &self,
        page: &mut Page<'_, '_>,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<T, Stop> {
        let mut default = self.default.map(str::to_owned);
        loop {
            page.question(&match &default {
                Some(default) => format!("{} [{default}]: ", self.text),
                None => format!("{}: ", self.text),
            })?;
            let answer = line(page)?;
            let answer = match (answer.as_str(), &default) {
                ("?", _) => {
                    for line in self.about.lines() {
                        page.note(Paint::Cyan, "help:", line)?;
                    }
                    continue;
                }
                ("", Some(default)) => default.clone(),
                ("", None) => {
                    page.note(
                        Paint::Yellow,
                        "note:",
                        "an answer is required; `?` explains",
                    )?;
                    continue;
                }
                (_, _) => answer,
            };
            match read(&answer) {
                Ok(value) => return Ok(value),
                Err(fault) => {
                    page.note(
                        Paint::Yellow,
                        "note:",
                        &format!("`{answer}`: {}", fault.why),
                    )?;
                    if let Some(better) = fault.suggestion {
                        default = Some(better);
                    }
                }
            }
        }
    }
}

/// Asks for one of some words; the first one is the default.
///
/// # Errors
/// The input ended.
pub(super) fn choose<'q>(
    page: &mut Page<'_, '_>,
    text: &str,
    choices: &[Choice<'q>],
) -> Result<&'q str, Stop> {
    let words: Vec<&'q str> = choices.iter().map(|(word, _)| *word).collect();
    let lines: Vec<String> = choices
        .iter()
        .map(|(word, about)| format!("{word}: {about}"))
        .collect();
    let question = Question {
        text: &format!("{text} ({})", words.join(", ")),
        default: words.first().copied(),
        about: &lines.join("\n"),
    };
    question.ask(page, |answer| {
        let found = words.iter().find(|word| word.eq_ignore_ascii_case(answer));
        found.copied().ok_or_else(|| Fault {
            why: format!("answer with one of {}", words.join(", ")),
            suggestion: nearest(answer, &words).map(str::to_owned),
        })
    })
}

/// One line of stdin.
fn line(page: &mut Page<'_, '_>) -> Result<String, Stop> {
    let mut line = Vec::new();
    let mut byte = [0];
    let mut has_end = false;
    while !has_end && line.len() < LONGEST {
        match page.io.stdin.read(&mut byte)? {
            1 if byte == *b"\n" => has_end = true,
            1 => line.extend(byte),
            _ => break,
        }
    }
    if line.is_empty() && !has_end {
        page.question("\n")?;
        let diagnostic = Diagnostic::new(Code::Usage, "init was aborted, nothing was written");
        return Err(diagnostic
            .help("answer all questions, or pass flags in place of answers: see `pullwright init --help`")
            .into());
    }
    Ok(String::from_utf8_lossy(&line).trim().to_owned())
}

//! Why git gave no answer: that is never treated as success.

use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic};

/// Longer messages of git are cut.
const MAX_CHARS: usize = 200;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// No absolute directory of `PATH` holds git.
    NoProgram,
    /// The path is not in a repository.
    NoRepository,
    /// A `.git` that is not the one of a repository, and why.
    NotOne(PathBuf, String),
    /// `GIT_DIR` or `GIT_WORK_TREE` leads nowhere, and why.
    Variable(&'static str, String),
    /// git's own message, in one line.
    Failed(String),
    /// git failed to start, or its output to be read.
    Broken(String),
    /// git gave no answer in time, in seconds.
    Late(u64),
}

impl Unanswered {
    /// What git wrote to stderr, instead of an answer.
    pub(super) fn said(stderr: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stderr);
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let fatal = lines().find_map(|line| line.strip_prefix("fatal: "));
        let line = fatal.or_else(|| lines().next()).unwrap_or("nothing");
        Self::Failed(clean(line))
    }

    /// Whether git ran and refused, so that the user's repository needs a repair.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Broken(_) | Self::Late(_))
    }

    /// The error that `question`, the end of "cannot determine …", has no answer.
    pub fn diagnostic(&self, question: &str) -> Diagnostic {
        let message = format!("cannot determine {question}: {}", self.why());
        Diagnostic::new(Code::GitUnanswered, message).help(self.suggestion())
    }

    /// The reason, as the end of a sentence.
    pub fn why(&self) -> String {
        match self {
            Self::NoProgram => "`git` was not found in the absolute directories of PATH".to_owned(),
            Self::NoRepository => "not in a git repository".to_owned(),
            Self::NotOne(path, why) => format!("`{}` {why}", shown(path)),
            Self::Variable(name, why) => format!("{name} is set, but {why}"),
            Self::Failed(line) => format!("git failed with `{line}`"),
            Self::Broken(why) => format!("git cannot be run: {why}"),
            Self::Late(seconds) => format!("git timed out after {seconds} seconds"),
        }
    }

    fn suggestion(&self) -> &'static str {
        match self {
            Self::NoProgram => "install git, or add its directory to PATH",
            Self::NoRepository => "run pullwright in a git repository",
            Self::NotOne(..) => "fix or remove it",
            Self::Variable(..) => {
                "unset it, or set GIT_DIR and GIT_WORK_TREE to existing directories"
            }
            Self::Failed(_) | Self::Broken(_) | Self::Late(_) => {
                "run `git status` in that directory and fix what it reports"
            }
        }
    }
}

/// A path as messages show it.
fn shown(path: &Path) -> String {
    clean(&path.to_string_lossy())
}

/// One line without control characters, and not a long one.
fn clean(text: &str) -> String {
    let mut out: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(MAX_CHARS)
        .collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        out.push('…');
    }
    out.replace('`', "'")
}

#[cfg(test)]
mod tests {
    use crate::disk::git::unanswered::Unanswered;

    #[test]
    fn what_git_said_is_one_clean_line() {
        let said = |text: &str| Unanswered::said(text.as_bytes()).why();
        assert_eq!(
            said("warning: x\nfatal: a `b` \u{1b}[2J\u{7}c\nmore\n"),
            "git failed with `a 'b' \u{fffd}[2J\u{fffd}c`"
        );
        assert_eq!(said("\n  some error \n"), "git failed with `some error`");
        assert_eq!(said(""), "git failed with `nothing`");
        let long = said(&"é".repeat(5_000));
        assert_eq!(long.matches('é').count(), 200, "{long}");
    }
}

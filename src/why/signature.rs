//! What one error tells, by the table of rules.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::why::cause::Cause;
use crate::why::rules::{PULL, RULES, Where};

/// What ends an error about something that does not exist; what is before it decides.
const ABSENT: &str = " not found";

/// Every word that a rule begins with: most lines of a log have none.
static BEGINNINGS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = RULES.iter().flat_map(|rule| rule.words).chain([&ABSENT]);
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .ok()
});

/// Whether a text can tell a cause at all.
pub(super) fn may_tell(text: &str) -> bool {
    BEGINNINGS.as_ref().is_none_or(|any| any.is_match(text))
}

/// Whether a text, in lower case, is about pulling an image.
pub(super) fn is_about_pulling(text: &str) -> bool {
    PULL.iter().any(|word| text.contains(word))
}

/// What one error tells, and where in it that begins. `error` is in lower case, and `is_pull` says
/// whether the message that it is part of is about pulling.
pub(super) fn cause(error: &str, is_pull: IsPull) -> Option<(Cause, usize)> {
    let found = RULES.iter().find_map(|rule| {
        if rule.place == Where::Pull && is_pull == IsPull::No {
            return None;
        }
        let has = |word: &&str| error.contains(*word);
        let at = rule.words.iter().find_map(|word| error.find(word))?;
        let holds = (rule.and.is_empty() || rule.and.iter().any(has)) && !rule.not.iter().any(has);
        holds.then_some((rule.cause, at))
    });
    match found {
        // A digest or tag that is absent is told in fewer words than a refused login.
        Some((Cause::Unauthorized, _)) | None if is_pull == IsPull::Yes => {
            absent(error).map(|at| (Cause::NotFound, at)).or(found)
        }
        found => found,
    }
}

/// Whether a message is about pulling an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IsPull {
    /// It is.
    Yes,
    /// It may be about anything.
    No,
}

/// Where an image, and not a Secret or a volume, is said not to be found.
fn absent(error: &str) -> Option<usize> {
    let ends = error.match_indices(ABSENT).map(|(at, _)| at);
    ends.filter_map(|end| {
        let before = error.get(..end)?;
        let (before, is_colon) = match before.strip_suffix(':') {
            Some(before) => (before, true),
            None => (before, false),
        };
        let start = before
            .rfind(|c: char| c.is_whitespace() || c == '"')
            .map_or(0, |at| at + 1);
        let word = before.get(start..)?;
        let is_image = word.contains('/') || word.starts_with("sha256:");
        let is_docker = error.get(..start)?.ends_with("manifest for ");
        let is_absent = (is_colon && (is_image || word == "remote")) || (is_image && is_docker);
        is_absent.then_some(start)
    })
    .next()
}

#[cfg(test)]
mod tests {
    use crate::why::signature::{IsPull, cause};

    #[test]
    fn not_found_is_about_images_alone() {
        for text in [
            "secret \"acr-secret\" not found",
            "configmap \"a/b\" not found",
            "executable file not found in $path: unknown",
            "pods \"api\" not found",
            "serviceaccount \"x\" not found",
        ] {
            assert_eq!(cause(text, IsPull::Yes), None, "{text}");
        }
        // A shell says it of programs.
        assert_eq!(cause("sh: /app/run: not found", IsPull::No), None);
    }
}

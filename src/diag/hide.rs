//! Keeps values that look like secrets out of excerpts and diffs, whatever they are written in.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::span::Span;

/// Words that announce a secret when a key or a flag contains them, `passwordFrom` among them: a
/// password may be where the name of its variable belongs. Key names only: `token` and
/// `secret` are ordinary words of the config.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passwort",
    "pwd",
    "clientsecret",
    "client_secret",
    "client-secret",
    "apikey",
    "api_key",
    "api-key",
    "identitytoken",
    "registrytoken",
    "accesstoken",
    "access_token",
    "refreshtoken",
    "refresh_token",
    "dockerconfigjson",
    "dockercfg",
    "\"auth\"",
];

/// Finds any of the words: most lines hold none.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let builder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS);
    builder.ok()
});

/// The part of `line` that follows a secret-looking key or flag, to the end of the line. Takes as long
/// as the line is long, whatever is in it.
pub fn secret_tail(line: &str) -> Option<Span> {
    if FINDER.as_ref().is_some_and(|finder| !finder.is_match(line)) {
        return None;
    }
    let lower = line.to_ascii_lowercase();
    let first = |word: &&str| first_value(&lower, word);
    let start = WORDS.iter().filter_map(first).min()?;
    let rest = line.get(start..)?;
    let end = start + rest.trim_end().len();
    (!rest.trim().is_empty()).then(|| Span::new(start..end))
}

/// Where the first value starts that follows a key or a flag with this word.
fn first_value(lower: &str, word: &str) -> Option<usize> {
    let mut docker = None;
    // Words in one run of letters have one end, and so one value: it is looked for once.
    let mut run = Run::default();
    for (start, _) in lower.match_indices(word) {
        let end = start + word.len();
        if end > run.end || run.end == 0 {
            run = Run::of(lower, end);
        }
        let before = lower.get(..start).unwrap_or_default();
        let docker = docker.get_or_insert_with(|| {
            let first = lower.find("--docker-");
            first.map_or(usize::MAX, |at| at + "--docker-".len())
        });
        let is_flag = before.ends_with("--") || *docker <= start;
        let spaced = run.spaced.filter(|_| is_flag);
        if let Some(value) = run.assigned.or(spaced) {
            return Some(value);
        }
    }
    None
}

/// What follows a run of letters, digits, `_` and `-`.
#[derive(Default)]
struct Run {
    end: usize,
    /// Where the value starts after `:` or `=`.
    assigned: Option<usize>,
    /// Where the value starts after a space.
    spaced: Option<usize>,
}

impl Run {
    /// The run that goes on at `from`.
    fn of(lower: &str, from: usize) -> Self {
        let rest = lower.get(from..).unwrap_or_default();
        let is_end = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
        let after = rest.find(is_end).and_then(|at| rest.get(at..));
        let after = after.unwrap_or_default();
        let start_of = |value: &str| {
            let bare = value.trim_start_matches([' ', '"', '\'']);
            lower.len() - bare.len()
        };
        let trimmed = after.trim_start_matches(['"', '\'', ']']).trim_start();
        Self {
            end: lower.len() - after.len(),
            assigned: trimmed.strip_prefix([':', '=']).map(start_of),
            spaced: after.starts_with(' ').then(|| start_of(after)),
        }
    }
}

/// `text` with stars in place of every character of `spans`, so that columns stay where they are.
pub fn starred(text: &str, spans: &[Span]) -> String {
    let hidden = |at: usize| spans.iter().any(|span| span.range().contains(&at));
    let all = text.char_indices();
    all.map(|(at, c)| if hidden(at) { '*' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::diag::hide::{secret_tail, starred};

    #[test]
    fn values_of_secret_looking_keys_are_starred() {
        for (line, want) in [
            ("password: hunter2", "password: *******"),
            (
                "  {type: env, password: \"x y\"}",
                "  {type: env, password: \"*****",
            ),
            ("export ACR_PASSWORD=abc", "export ACR_PASSWORD=***"),
            (
                "kubectl --docker-password abc",
                "kubectl --docker-password ***",
            ),
            ("\"auth\": \"QQ==\"", "\"auth\": \"*****"),
            // Some people write the password where its variable's name belongs.
            ("passwordFrom: ACR_PASSWORD", "passwordFrom: ************"),
            ("usernameFrom: ACR_USERNAME", "usernameFrom: ACR_USERNAME"),
            ("# the password is elsewhere", "# the password is elsewhere"),
            ("credential: {type: token}", "credential: {type: token}"),
        ] {
            let tail: Vec<_> = secret_tail(line).into_iter().collect();
            assert_eq!(starred(line, &tail), want);
        }
    }
}

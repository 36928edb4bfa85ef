//! Keeps values that look like secrets out of excerpts and diffs, whatever they are written in.

use crate::span::Span;

/// Words that announce a secret when a key or a flag contains them, `passwordFrom` among them: a
/// password may stand where the name of its variable belongs. Key names only: `token` and
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

/// The part of `line` that follows a secret-looking key or flag, to the end of the line.
pub fn secret_tail(line: &str) -> Option<Span> {
    let lower = line.to_ascii_lowercase();
    WORDS
        .iter()
        .flat_map(|word| lower.match_indices(word).map(|(at, word)| (at, word.len())))
        .filter_map(|(at, len)| value_after(&lower, at, at + len))
        .min()
        .filter(|start| !line[*start..].trim().is_empty())
        .map(|start| Span::new(start..line.trim_end().len()))
}

/// Where the value starts, if the word at `start..end` is (part of) a key or a flag.
fn value_after(lower: &str, start: usize, end: usize) -> Option<usize> {
    let rest = &lower[end..];
    let tail = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
    let after = tail.map_or(rest, |at| &rest[at..]);
    let trimmed = after.trim_start_matches(['"', '\'', ']']).trim_start();
    let value = trimmed
        .strip_prefix(':')
        .or_else(|| trimmed.strip_prefix('='))
        .or_else(|| (after.starts_with(' ') && lower[..start].ends_with("--")).then_some(after))
        .or_else(|| {
            (after.starts_with(' ') && lower[..start].contains("--docker-")).then_some(after)
        })?;
    let skipped = value.len() - value.trim_start_matches([' ', '"', '\'']).len();
    Some(lower.len() - value.len() + skipped)
}

/// `text` with stars in place of every character of `spans` and of every secret-looking tail, so
/// that lines and columns stay where they are.
pub fn starred(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let tail = secret_tail(line);
        for (at, c) in line.char_indices() {
            let place = offset + at;
            let hidden = spans.iter().any(|span| span.range().contains(&place))
                || tail.is_some_and(|tail| tail.range().contains(&at));
            out.push(if hidden && c != '\n' && c != '\r' {
                '*'
            } else {
                c
            });
        }
        offset += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::diag::hide::starred;

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
            assert_eq!(starred(line, &[]), want);
        }
    }
}

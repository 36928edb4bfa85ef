//! One word of bash that means exactly a given text, for commands that people copy out of a message.

use crate::clean::misleads;

/// The text as one argument: bare where that is safe, else quoted. It is printed as it is, because
/// what misleads, and what would begin a CI command, is written by its bytes.
pub fn argument(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_-./:,@%+=".contains(c);
    // `~` and `=` mean something at the start of a word of zsh.
    if !text.is_empty() && text.chars().all(safe) && !text.starts_with('=') {
        return text.to_owned();
    }
    if !text.chars().any(misleads) && !text.contains("##") {
        return single_quoted(text);
    }
    let mut out = String::from("$'");
    for c in text.chars() {
        if misleads(c) || c == '#' {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("\\{byte:03o}"));
            }
        } else {
            if matches!(c, '\'' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out.push('\'');
    out
}

/// The text in single quotes, in which every shell takes every character for itself.
pub fn single_quoted(text: &str) -> String {
    format!("'{}'", inside_single_quotes(text))
}

/// The text as it is between single quotes.
pub fn inside_single_quotes(text: &str) -> String {
    text.replace('\'', r"'\''")
}

/// A path as one argument that no program takes for a flag, nor git for a pattern of its own.
pub fn path(text: &str) -> String {
    if text.starts_with(['-', ':']) {
        argument(&format!("./{text}"))
    } else {
        argument(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::clean::line;
    use crate::clean::shell::{argument, path};

    #[test]
    fn words_are_quoted_where_they_must_be() {
        for (text, want) in [
            ("k8s/sample/secret.yaml", "k8s/sample/secret.yaml"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(id)`id`", "'$(id)`id`'"),
            ("it's", r"'it'\''s'"),
            ("~root", "'~root'"),
            ("=ls", "'=ls'"),
            ("é", "'é'"),
            ("a\nb\\'", r"$'a\012b\\\''"),
            ("\u{202e}x", r"$'\342\200\256x'"),
            ("##vso[x]", r"$'\043\043vso[x]'"),
        ] {
            assert_eq!(argument(text), want);
            assert_eq!(
                line(&argument(text)),
                want,
                "the cleaning has nothing to do"
            );
        }
        assert_eq!(path("-rf"), "./-rf");
        assert_eq!(path("-r f"), "'./-r f'");
        assert_eq!(path(":(top)x"), "'./:(top)x'");
        assert_eq!(path("a-b"), "a-b");
    }
}

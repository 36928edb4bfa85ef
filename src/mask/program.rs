//! The words of another program about files that it was given: what it quotes of them is cut, since that may
//! be a credential of any form, and the rest is masked as a message.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::mask::message;

/// A longer text in quotes is content, and no name.
const LONG: usize = 200;

/// What the words are cut by, in this order; what is in the group stays if it is a name.
const QUOTES: &[&str] = &[
    // The config of a transformer or a generator, which is the last thing in backticks.
    r"(?s)with config: `(.*)`",
    r"(?s)literal sources? (\[.*\]|[^,\]]*)",
    r"(?s)`([^`]*)`",
    r#"(?s)"((?:[^"\\]|\\.)*)""#,
    // Not an apostrophe.
    r"(?s)\B'([^']*)'",
    // A struct of Go, and a list; one without an end is cut to the end.
    r"(?s)&?\{(.*\}|.*)",
    r"(?s)\[([^\[\]]*)(?:\]|$)",
];

static REGEXES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compiled = QUOTES.iter().filter_map(|one| Regex::new(one).ok());
    compiled.collect()
});

/// What a program says, on one line and without anything that it quotes of a file.
pub fn program(text: &str) -> String {
    let is_warning = |line: &&str| {
        let line = line.trim_start_matches(['#', ' ']);
        line.starts_with("Warning:") || line.trim().is_empty()
    };
    let lines: Vec<&str> = text.lines().skip_while(is_warning).collect();
    let mut text = lines.join("\n");
    for (regex, quote) in REGEXES.iter().zip(QUOTES) {
        let is_config = quote.contains("with config") || quote.contains("literal");
        let cut = |found: &Captures<'_>| {
            let whole = found.get(0).map_or("", |whole| whole.as_str());
            let inner = found.get(1).map_or("", |inner| inner.as_str());
            if !is_config && is_name(inner) && !whole.contains('{') {
                return whole.to_owned();
            }
            let before = whole.strip_suffix(inner).unwrap_or_else(|| {
                let end = whole.find(inner).unwrap_or_default();
                whole.get(..end).unwrap_or_default()
            });
            let close = whole.get(before.len() + inner.len()..).unwrap_or_default();
            format!("{before}…{close}")
        };
        text = regex.replace_all(&text, cut).into_owned();
    }
    // A further line is what the program printed of a file without quotes.
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_end();
    let more = if lines.next().is_some() { " …" } else { "" };
    message(&format!("{first}{more}"))
}

fn is_name(quoted: &str) -> bool {
    let is_content = ["\n", "\\n", "{", "=", ": "];
    quoted.len() <= LONG && !is_content.iter().any(|sign| quoted.contains(sign))
}

#[cfg(test)]
mod tests {
    use crate::mask::program;
    use crate::mask::program::{QUOTES, REGEXES};

    #[test]
    fn every_quote_is_valid() {
        assert_eq!(REGEXES.len(), QUOTES.len());
    }

    #[test]
    fn what_kustomize_quotes_of_a_file_is_cut() {
        for (text, want) in [
            (
                r#"loading KV pairs: literal sources [.dockerconfigjson={"auths":{"R":{"password":"hunter2"}}} oops]: invalid literal source oops, expected key=value"#,
                "loading KV pairs: literal sources …: invalid literal source …, expected key=value",
            ),
            (
                "literal sources [hunter2]: invalid literal source hunter2, expected key=value",
                "literal sources …: invalid literal source …, expected key=value",
            ),
            (
                "trouble configuring builtin PatchTransformer with config: `\npatch: |-\n  stringData:\n    a: hunter2 `x`\n    x: [\n`: unable to parse SM or JSON patch from [patch: \"stringData:\\n  a: hunter2\\n  x: [\"]",
                "trouble configuring builtin PatchTransformer with config: `…`: unable to parse SM or JSON patch from […]",
            ),
            (
                "with config: `\npatch: 'a: hunter2'\n`: patch and path can't be set at the same time\npatch: 'a: hunter2'\npath: x.yaml",
                "with config: `…`: patch and path can't be set at the same time …",
            ),
            (
                "# Warning: deprecated.\nError: evalsymlink failure on 'a/kind: Secret\nstringData:\n  a: hunter2\n  x: [' : lstat a/kind: Secret\nstringData:\n  a: hunter2",
                "Error: evalsymlink failure on '…' : lstat a/kind: Secret …",
            ),
            (
                "merging from generator &{0xc0 {{s merge {[a=hunter2] [] []}}}}: id does not exist",
                "merging from generator &{…: id does not exist",
            ),
            ("merging from &{0xc0 {{s [hunter2", "merging from &{…"),
            (
                "no matches for Id 'x' [noNs]",
                "no matches for Id 'x' [noNs]",
            ),
            ("login with password=hunter2", "login with password=***"),
        ] {
            let shown = program(text);
            assert_eq!(shown, want);
            assert!(!shown.contains("hunter2"));
        }
    }
}

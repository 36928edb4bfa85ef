//! The variables that a line of a template names, found without running it.

/// Maximum number of bytes of a line that are scanned.
const LINE: usize = 10_000;
/// Words of the language in front of or between variables.
const KEYWORDS: &[&str] = &[
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "in",
    "set",
    "endset",
    "filter",
    "endfilter",
    "not",
    "and",
    "or",
    "is",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "recursive",
    "include",
    "import",
    "from",
    "as",
    "extends",
    "with",
    "endwith",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "block",
    "endblock",
    "do",
    "ignore",
    "missing",
];

/// The parts of a line that the engine runs, and up to where names are bound for them; a line without a tag may be the middle
/// of one. Variables that a tag assigns are not included.
pub(super) fn code(line: &str) -> Vec<(usize, &str)> {
    let line = line.get(..LINE).unwrap_or(line);
    let mut parts = Vec::new();
    let mut at = 0;
    let first = |text: &str, signs: [&str; 2]| signs.iter().filter_map(|one| text.find(one)).min();
    while let Some(open) = first(&line[at..], ["{{", "{%"]) {
        let start = at + open + 2;
        let end = first(&line[start..], ["}}", "%}"]).map_or(line.len(), |end| start + end);
        let code = &line[start..end];
        let word = code.trim_start_matches(['-', '+', ' ']);
        let first_word = word.split_whitespace().next();
        let bound = match first_word {
            Some("for") => code.find(" in ").map_or(code.len(), |at| at + " in ".len()),
            Some("set") => code.find('=').unwrap_or(code.len()),
            Some("macro" | "call" | "block" | "filter" | "import" | "from") => code.len(),
            _ => 0,
        };
        // A loop may choose by its own variable.
        let scope = if first_word == Some("for") {
            end
        } else {
            at + open
        };
        parts.push((scope, &code[bound..]));
        at = end;
    }
    if parts.is_empty() {
        parts.push((0, line));
    }
    parts
}

/// The variables in a piece of code, each cut at its dots; functions, tests and filters are not included.
pub(super) fn paths(code: &str) -> Vec<Vec<String>> {
    let chars: Vec<char> = code.chars().collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let skip = |mut at: usize, is: &dyn Fn(char) -> bool| {
        while chars.get(at).is_some_and(|c| is(*c)) {
            at += 1;
        }
        at
    };
    let mut found = Vec::new();
    let mut at = 0;
    // After a bar is a filter, after `is` a test.
    let mut is_name_of_other = false;
    while let Some(&c) = chars.get(at) {
        if c == '"' || c == '\'' {
            at = skip(at + 1, &|one| one != c) + 1;
        } else if c.is_alphabetic() || c == '_' {
            // After an index or a call: what holds it is not known.
            let is_part = at > 0 && chars.get(at - 1) == Some(&'.');
            let mut path = Vec::new();
            loop {
                let end = skip(at, &is_word);
                path.push(chars[at..end].iter().collect::<String>());
                at = end;
                let next = chars
                    .get(at + 1)
                    .is_some_and(|c| c.is_alphabetic() || *c == '_');
                if chars.get(at) != Some(&'.') || !next {
                    break;
                }
                at += 1;
            }
            let behind = chars.get(skip(at, &char::is_whitespace));
            let is_keyword = KEYWORDS.contains(&path[0].as_str());
            let is_call = behind == Some(&'(');
            let is_argument = behind == Some(&'=') && chars.get(at + 1) != Some(&'=');
            if !(is_part || is_name_of_other || is_keyword || is_call || is_argument) {
                found.push(path.clone());
            }
            is_name_of_other = path == ["is"] || (is_name_of_other && path == ["not"]);
        } else {
            is_name_of_other = c == '|' || (is_name_of_other && c.is_whitespace());
            at += 1;
        }
    }
    found
}

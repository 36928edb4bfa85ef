//! Quotes values so that every YAML parser reads the same value.

use serde_json::Value;

/// A scalar, list or mapping on one line, valid after `key: ` in block and flow style: plain where that is
/// safe in YAML 1.1 and 1.2, otherwise as JSON.
pub fn inline(value: &Value) -> String {
    on_one_line(value, string)
}

/// A value as JSON, with a space after each comma and colon.
pub fn json(value: &Value) -> String {
    on_one_line(value, double_quoted)
}

fn on_one_line(value: &Value, quote: fn(&str) -> String) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|one| on_one_line(one, quote)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let items: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", quote(key), on_one_line(value, quote)))
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A string: plain if no parser can read it as another type, otherwise in double quotes.
pub fn string(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        double_quoted(text)
    }
}

/// Whether a string starts with a letter or slash, continues with letters, digits and `. _ / @ : - + =`,
/// and is not a boolean or null in YAML 1.1. Deliberately strict: unnecessary quotes do no harm.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((first, last)) = bytes.first().zip(bytes.last()) else {
        return false;
    };
    let good = |byte: &u8| byte.is_ascii_alphanumeric() || b"._/@:-+=".contains(byte);
    (first.is_ascii_alphabetic() || *first == b'/')
        && *last != b':'
        && bytes.iter().all(good)
        && !is_word(text)
}

/// Whether a string is a boolean or null in YAML 1.1, in any case.
fn is_word(text: &str) -> bool {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A JSON string that also escapes the characters that JSON allows but YAML parsers do not.
pub fn double_quoted(text: &str) -> String {
    let json = Value::String(text.to_owned()).to_string();
    let is_bare =
        |c: char| !matches!(c as u32, 0x7f..=0x9f | 0x2028 | 0x2029 | 0xfeff | 0xfffe..=0xffff);
    if json.chars().all(is_bare) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        if is_bare(c) {
            out.push(c);
        } else {
            out.push_str(&format!("\\u{:04x}", c as u32));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::document::quote::string;

    #[test]
    fn ambiguous_strings_are_quoted_and_names_are_not() {
        for bare in [
            "acr-secret",
            "a.azurecr.io/x:1.0",
            "sha256:ab",
            "eyJhIjp9fQ==",
            "/bin/sh",
        ] {
            assert_eq!(string(bare), bare);
        }
        for quoted in [
            "no", "Y", "1e3", "0123", "", "~", "-a", "a: b", "a:", "a #b", "é", "<<", "=", ".5",
        ] {
            assert!(string(quoted).starts_with('"'), "{quoted}");
        }
    }
}

//! The first line of a copied template: which text of the built-in one it was copied from.

use sha2::{Digest, Sha256};

use crate::render::builtin::built_in;

/// What the line begins and ends with: to Jinja it is a comment, and the line end after it is trimmed.
const START: &str = "{# Copied from built-in ";
const END: &str = ". After an update of pullwright: `pullwright templates diff`. #}\n";

/// A built-in template as a copy to change; `None` if there is none of this name.
pub fn copied(name: &str) -> Option<String> {
    let text = built_in(name)?;
    Some(format!("{START}{}{END}{text}", digest(text)))
}

/// The rest of a copied template.
pub fn without_origin(text: &str) -> &str {
    split(text).map_or(text, |(_, rest)| rest)
}

/// Whether a template was copied from an earlier built-in one than that of this version, and differs from it.
pub(super) fn is_outdated(name: &str, text: &str) -> bool {
    let Some((copied_from, rest)) = split(text) else {
        return false;
    };
    let now = built_in(name);
    now.is_some_and(|now| digest(now) != copied_from && now != rest.replace("\r\n", "\n"))
}

/// The digest that the first line holds, and what follows; git may have changed the line end.
fn split(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    let digest = line.strip_prefix(START)?.strip_suffix(END.trim_end())?;
    Some((digest, rest))
}

/// Enough of the digest to tell versions of one template apart.
fn digest(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::render::builtin::{BUILT_IN, built_in};
    use crate::render::origin::{copied, is_outdated, without_origin};

    const NAME: &str = "secret/secret.yaml.j2";

    #[test]
    fn a_copy_says_where_it_is_from_and_is_else_the_same() {
        for (name, text) in BUILT_IN {
            let copy = copied(name).expect("it is built in");
            assert_eq!(without_origin(&copy), *text);
            assert_eq!(without_origin(&copy.replacen('\n', "\r\n", 1)), *text);
            assert!(!is_outdated(name, &copy) && !is_outdated(name, text));
        }
        assert_eq!(copied("x.yaml.j2"), None);
    }

    #[test]
    fn a_copy_of_another_text_is_outdated_until_it_is_the_same() {
        let copy = copied(NAME).expect("it is built in");
        let digest = &copy[super::START.len()..][..12];
        let old = copy.replace(digest, "000000000000");
        assert!(!is_outdated(NAME, &old), "it is as built in");
        assert!(!is_outdated(NAME, &old.replace('\n', "\r\n")));
        assert!(is_outdated(NAME, &format!("{old}# mine\n")));
        assert!(!is_outdated(NAME, &format!("{copy}# mine\n")));
        assert!(built_in(NAME).is_some());
    }
}

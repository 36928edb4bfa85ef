//! Names that a config needs and manifests do not have: of entries, tokens and a new Secret.

use std::collections::BTreeSet;

use crate::audit::facts::Facts;
use crate::names::{EntryName, SecretName};

/// The Secret of pods that reference none.
const SECRET: &str = "acr-secret";
/// A scope map has the name of its token, and an end, in 50 characters.
const LONGEST_TOKEN: usize = 36;
/// What a text without any letter becomes.
const NAMELESS: &str = "adopted";

/// A name of an entry or a config that is close to a text.
pub fn label(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::new();
    for c in lower.chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let cut: String = out.chars().take(50).collect();
    let cut = cut.trim_matches('-');
    match EntryName::parse(cut) {
        Ok(name) => name.to_string(),
        Err(_) => NAMELESS.to_owned(),
    }
}

/// The name of a token: it is shared by all configs that use its registry, so it has the config's name.
pub fn token(config: &str, entry: &str) -> String {
    let entry = entry.strip_suffix("-pull").unwrap_or(entry);
    let whole = match config == entry {
        true => entry.to_owned(),
        false => format!("{config}-{entry}"),
    };
    let most = LONGEST_TOKEN - "-pull".len();
    // The end tells entries apart.
    let skipped = whole.chars().count().saturating_sub(most);
    let cut: String = whole.chars().skip(skipped).collect();
    format!("{}-pull", cut.trim_matches('-'))
}

/// A name that is not taken yet: the wanted one, or with a number.
pub(super) fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|at| format!("{wanted}-{at}"));
    let mut all = std::iter::once(wanted.to_owned()).chain(numbered);
    let found = all.find(|one| !taken.contains(one)).unwrap_or_default();
    taken.insert(found.clone());
    found
}

/// The given name, else one that no Secret has.
pub(super) fn free_secret(given: Option<&SecretName>, facts: &Facts) -> String {
    let mut taken: BTreeSet<String> = facts.secrets.iter().map(|one| one.name.clone()).collect();
    match given {
        Some(given) => given.to_string(),
        None => unique(SECRET, &mut taken),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::adopt::names::{label, token, unique};
    use crate::names::TokenName;

    #[test]
    fn names_are_valid_whatever_they_are_made_of() {
        for (text, want) in [
            ("My Shop", "my-shop"),
            ("acr.secret", "acr-secret"),
            ("--", "adopted"),
            ("é", "adopted"),
            ("", "adopted"),
        ] {
            assert_eq!(label(text), want);
        }
        let name = token("a-config-with-a-name-that-is-rather-long", "entry");
        assert!(
            TokenName::parse(&name).is_ok() && name.ends_with("long-entry-pull"),
            "{name}"
        );
        assert_eq!(token("shop", "shop"), "shop-pull");
        assert_eq!(token("shop", "web-pull"), "shop-web-pull");
        let mut taken = BTreeSet::new();
        assert_eq!(unique("a", &mut taken), "a");
        assert_eq!(unique("a", &mut taken), "a-2");
        assert_eq!(unique("a", &mut taken), "a-3");
    }
}

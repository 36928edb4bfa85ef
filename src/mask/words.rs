//! Which names and kinds speak of a secret.

use crate::diag::hide::secret_tail;
use crate::mask::lines::Form;

/// Ends of names whose value is a secret if it is a text. Weaker than the words of `diag::hide`: a
/// mapping of such a name holds other things as well.
const ENDS: &[&str] = &[
    "accesskey",
    "accountkey",
    "authorization",
    "connectionstring",
    "credential",
    "credentials",
    "keydata",
    "passphrase",
    "privatekey",
    "sas",
    "secret",
    "secretkey",
    "sharedkey",
    "signingkey",
    "token",
];

/// Ends that count only as a word of their own: `DB_PASS`, `tls.key`, `ENCRYPTION_KEY`.
const LAST_WORDS: &[&str] = &["auth", "key", "pass", "pat"];

/// Whether a key speaks of a secret so clearly that all below it is one.
pub(super) fn is_strong(key: &str) -> bool {
    key == "stringData" || secret_tail(&format!("{key}: x")).is_some()
}

/// Whether a key or the name of a variable speaks of a secret.
pub(super) fn is_weak(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut parts = lower.rsplit(['_', '-', '.']);
    let last = parts.next().unwrap_or_default();
    // What pullwright's own templates call the name of a Secret.
    if bare.ends_with("pullsecret") {
        return false;
    }
    let has_more = parts.next().is_some_and(|part| !part.is_empty());
    ENDS.iter().any(|end| bare.ends_with(end))
        || (has_more && LAST_WORDS.contains(&last))
        || name.ends_with("Pass")
        || is_strong(name)
}

/// Whether an object of this kind holds secrets.
pub(super) fn is_secret_kind(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("Secret") || kind.eq_ignore_ascii_case("SecretList")
}

/// A value that only refers to the secret: `$(VARIABLE)`, `"${variable}"`, `{{ template }}`; in
/// scripts `$variable`, a format of `printf` and the filters `(.name …)` and `\(…)` of `jq` as well.
pub(super) fn is_reference(value: &str, form: Form) -> bool {
    let bare = value.trim_start_matches(['"', '\'', ' ']);
    let starts = |signs: &[&str]| signs.iter().any(|sign| bare.starts_with(sign));
    bare.is_empty()
        || starts(&["$(", "${", "{{"])
        || (form == Form::Script && starts(&["$", "%", "@base64", "(.", r"\("]))
}

#[cfg(test)]
mod tests {
    use crate::mask::words::is_weak;

    #[test]
    fn names_of_secrets_are_told_from_names_of_names() {
        for name in [
            "DB_PASSWORD",
            "token",
            "GITHUB_TOKEN",
            "clientSecret",
            "tls.key",
            "DB_PASS",
            "ENCRYPTION-KEY",
            "connectionString",
            "client-key-data",
            "adminPass",
            "storageAccountKey",
            // A password may be where the name of its variable belongs.
            "passwordFrom",
        ] {
            assert!(is_weak(name), "{name}");
        }
        for name in [
            "secretName",
            "imagePullSecrets",
            "pullSecret",
            "topologyKey",
            "key",
            "name",
            "image",
            "tokenPath",
            "author",
            "compass",
        ] {
            assert!(!is_weak(name), "{name}");
        }
    }
}

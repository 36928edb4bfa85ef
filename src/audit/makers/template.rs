//! Templates of Secrets: what is in clear in them, with their actions as values that are filled in
//! (<https://external-secrets.io/latest/guides/templating/>).

use crate::audit::facts::Contents;
use crate::pull::SecretType;
use crate::pull::chain::Found;
use crate::pull::docker_config::{Broken, FILLED};

/// What the value of a template holds once it is filled in.
pub(super) fn contents(kind: SecretType, template: &str) -> Contents {
    let (text, has_actions) = filled(template);
    let found = Found::of(kind.name(), Some(text.as_bytes()));
    match &found {
        Found::Entries(entries) if entries.iter().any(|one| one.key.contains(FILLED)) => {
            Contents::Unknown
        }
        Found::Entries(entries) if entries.is_empty() => {
            Contents::Unusable("its template has no entries".to_owned())
        }
        // An action may stand for any text.
        Found::Broken(Broken::Json) if has_actions => Contents::Unknown,
        Found::Entries(_) | Found::Broken(_) | Found::Skipped | Found::Missing => {
            Contents::Read(found)
        }
    }
}

/// The template with a mark in place of each action, in quotes where the action writes a whole value of
/// JSON; and whether there are actions.
fn filled(template: &str) -> (String, bool) {
    let (mut text, mut rest) = (String::new(), template);
    let mut has_actions = false;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((_, after)) = after.split_once("}}") else {
            break;
        };
        has_actions = true;
        text.push_str(before);
        if is_in_string(&text) {
            text.push(FILLED);
        } else {
            text.extend(['"', FILLED, '"']);
        }
        rest = after;
    }
    text.push_str(rest);
    (text, has_actions)
}

/// Whether JSON ends within a string.
fn is_in_string(json: &str) -> bool {
    let (mut is_in, mut is_escaped) = (false, false);
    for c in json.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_in => is_escaped = true,
            '"' => is_in = !is_in,
            _ => {}
        }
    }
    is_in
}

#[cfg(test)]
mod tests {
    use crate::audit::facts::Contents;
    use crate::audit::makers::template::contents;
    use crate::pull::SecretType;
    use crate::pull::chain::Found;
    use crate::pull::docker_config::Credential;

    fn credential(template: &str) -> Option<Credential> {
        match contents(SecretType::DockerConfigJson, template) {
            Contents::Read(Found::Entries(all)) => Some(all[0].credential),
            _ => None,
        }
    }

    #[test]
    fn actions_are_values_that_are_filled_in() {
        for (entry, want) in [
            (
                r#"{"username":"{{ .u }}","password":"{{ .p }}"}"#,
                Some(Credential::Filled),
            ),
            (
                r#"{"username":"u","password":{{ .p | toJson }}}"#,
                Some(Credential::Filled),
            ),
            (
                r#"{"auth":"{{ printf "%s:%s" .u .p | b64enc }}"}"#,
                Some(Credential::Filled),
            ),
            (
                r#"{"username":"u","password":"hunter2"}"#,
                Some(Credential::Complete),
            ),
            (
                r#"{"identitytoken":"{{ .p }}"}"#,
                Some(Credential::NoPassword {
                    identity_token: true,
                }),
            ),
            (
                "{}",
                Some(Credential::NoPassword {
                    identity_token: false,
                }),
            ),
            (r#"{"password":"{{ .p }}"}"#, Some(Credential::NoUsername)),
            ("{{ .entry }}", None),
        ] {
            let template = format!(r#"{{"auths":{{"a.azurecr.io":{entry}}}}}"#);
            assert_eq!(credential(&template), want, "{entry}");
        }
        assert_eq!(credential("{{ .all }}"), None);
        assert_eq!(
            credential(r#"{"auths":{"{{ .host }}":{"auth":"{{ .a }}"}}}"#),
            None
        );
    }
}

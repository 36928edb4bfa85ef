//! A docker `config.json`: the one credential in it that is for a registry, if the kubelet could use it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::Value;

use crate::model::Registry;
use crate::secret::{Redacted, RedactedJson};

/// The one entry of a docker config that is for `registry`.
pub(super) fn from_file(
    text: &Redacted,
    registry: &Registry,
    path: &str,
) -> Result<(Redacted, Redacted), (String, &'static str)> {
    const LOGIN: &str = "log in with a token: `docker login LOGIN_SERVER --username TOKEN --password-stdin`, without a credential helper";
    let config: Value = serde_json::from_str(text.expose())
        .map_err(|_| (format!("docker config `{path}` is not JSON"), LOGIN))?;
    let config = RedactedJson::new(config);
    let config = config.expose();
    let host = registry.host();
    let spellings = [
        host.clone(),
        format!("https://{host}"),
        format!("https://{host}/v1/"),
        format!("https://{host}/v2/"),
    ];
    let found = spellings.iter().find_map(|key| config["auths"].get(key));
    let helper = config["credHelpers"].get(&host).is_some() || config["credsStore"].is_string();
    let missing = |why: &str| {
        let message = format!("docker config `{path}` has no usable entry for `{host}`: {why}");
        Err((message, LOGIN))
    };
    let Some(auth) = found else {
        return missing(if helper {
            "it leaves passwords to a credential helper (`credsStore`), which the kubelet does not run"
        } else {
            "it contains no login"
        });
    };
    let text = |key: &str| auth[key].as_str().unwrap_or_default().to_owned();
    let (username, password) = match auth["auth"].as_str().filter(|auth| !auth.is_empty()) {
        // The kubelet lets `auth` win over the other two.
        Some(auth) => match decode(auth) {
            Some(pair) => pair,
            None => return missing("its `auth` is not base64 of `username:password`"),
        },
        None => (text("username"), text("password")),
    };
    if password.is_empty() {
        return missing(match auth["identitytoken"].as_str() {
            Some(_) => {
                "it contains an `identitytoken`, as written by `az acr login`, and no password"
            }
            None if helper => "its password is stored by a credential helper (`credsStore`)",
            None => "its password is empty",
        });
    }
    Ok((Redacted::new(username), Redacted::new(password)))
}

/// Base64 with or without padding, split at the first colon.
fn decode(auth: &str) -> Option<(String, String)> {
    let bytes = STANDARD
        .decode(auth)
        .or_else(|_| STANDARD_NO_PAD.decode(auth))
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::model::{Cloud, Registry, RoleAssignmentMode};
    use crate::names::RegistryName;
    use crate::secret::Redacted;
    use crate::strategy::secret::docker_config::from_file;

    fn take(config: &str) -> Result<(String, String), String> {
        let registry = Registry {
            name: RegistryName::parse("youruniquename").expect("it is a name"),
            login_server: None,
            cloud: Cloud::Public,
            resource_group: None,
            subscription: None,
            role_assignment_mode: RoleAssignmentMode::Detect,
        };
        from_file(&Redacted::new(config.to_owned()), &registry, "config.json")
            .map(|(username, password)| {
                (username.expose().to_owned(), password.expose().to_owned())
            })
            .map_err(|(message, _)| message)
    }

    #[test]
    fn auth_wins_and_only_the_declared_registry_is_taken() {
        let config = r#"{"auths":{"other.azurecr.io":{"auth":"eDp5"},"https://youruniquename.azurecr.io":{"username":"a","password":"b","auth":"dTpwOnE"}}}"#;
        assert_eq!(take(config), Ok(("u".to_owned(), "p:q".to_owned())));
    }

    #[test]
    fn what_the_kubelet_cannot_use_is_refused_with_the_reason() {
        for (config, why) in [
            (
                r#"{"auths":{"youruniquename.azurecr.io":{"auth":"MDA6","identitytoken":"x"}}}"#,
                "identitytoken",
            ),
            (
                r#"{"auths":{"youruniquename.azurecr.io":{}},"credsStore":"desktop"}"#,
                "credsStore",
            ),
            (
                r#"{"auths":{"youruniquename.azurecr.io":{"username":"u"}}}"#,
                "password is empty",
            ),
            (
                r#"{"auths":{"youruniquename.azurecr.io":{"auth":"%%"}}}"#,
                "not base64",
            ),
            (r#"{"auths":{}}"#, "it contains no login"),
            ("nonsense", "is not JSON"),
        ] {
            let message = take(config).expect_err("it is refused");
            assert!(message.contains(why), "{message}");
        }
    }
}

//! The value of a Secret that is written as a manifest, from variables or a docker config.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Map, Value, json};

use crate::diag::Code;
use crate::model::Registry;
use crate::pointer::Pointer;
use crate::secret::Redacted;
use crate::strategy::secret::params::{Manifest, ManifestCredential};
use crate::strategy::{Entry, Fault};

/// What a Secret may hold at most (`MaxSecretSize`, `domain.md` §3).
const MAX_BYTES: usize = 1024 * 1024;

/// `.dockerconfigjson` in base64, with an entry for each registry; fields in kubectl's order.
pub(super) fn docker_config(
    manifest: &Manifest,
    entry: &Entry<'_>,
) -> Result<Redacted, Vec<Fault>> {
    let mut auths = Map::new();
    let mut faults = Vec::new();
    for registry in entry.registries {
        let secret = Pointer::root().key("secret");
        let (credential, pointer) = match manifest.credentials.get(&registry.name) {
            Some(own) => {
                let pointer = secret.key("credentials").key(registry.name.as_str());
                (own, pointer)
            }
            None => match &manifest.credential {
                Some(common) => (common, secret.key("credential")),
                // The config's own checks refuse an entry without a credential.
                None => continue,
            },
        };
        match read(credential, registry, &pointer, entry) {
            Ok((username, password)) => {
                let host = registry.host();
                let pair = Redacted::new(format!("{}:{}", username.expose(), password.expose()));
                auths.insert(
                    host,
                    json!({
                        "username": username.expose(),
                        "password": password.expose(),
                        "auth": STANDARD.encode(pair.expose()),
                    }),
                );
            }
            Err(all) => faults.extend(all),
        }
    }
    let json = Redacted::new(json!({ "auths": auths }).to_string());
    if json.expose().len() > MAX_BYTES {
        faults.push(fault(
            &Pointer::root().key("secret"),
            "the Secret is larger than 1 MiB, which Kubernetes refuses",
            "check the variables or the docker config: a password is a few hundred characters at most",
        ));
    }
    if faults.is_empty() {
        Ok(Redacted::new(STANDARD.encode(json.expose())))
    } else {
        Err(faults)
    }
}

/// Username and password of one registry.
fn read(
    credential: &ManifestCredential,
    registry: &Registry,
    pointer: &Pointer,
    entry: &Entry<'_>,
) -> Result<(Redacted, Redacted), Vec<Fault>> {
    let (username, password) = match credential {
        ManifestCredential::Env {
            username_from,
            password_from,
        } => {
            let username = variable(username_from.as_str(), pointer, "usernameFrom", entry);
            let password = variable(password_from.as_str(), pointer, "passwordFrom", entry);
            match (username, password) {
                (Ok(username), Ok(password)) => (username, password),
                (username, password) => {
                    return Err([username.err(), password.err()]
                        .into_iter()
                        .flatten()
                        .collect());
                }
            }
        }
        ManifestCredential::File { path } => {
            let pointer = pointer.key("path");
            let text = entry.outside.file(path.as_str()).map_err(|why| {
                vec![fault(
                    &pointer,
                    format!("cannot read docker config `{path}`: {why}"),
                    "write it with `docker login LOGIN_SERVER --username TOKEN --password-stdin`",
                )]
            })?;
            from_file(&text, registry, path.as_str())
                .map_err(|(message, help)| vec![fault(&pointer, message, help)])?
        }
    };
    sound(&username, &password).map_err(|(message, help)| vec![fault(pointer, message, help)])?;
    Ok((username, password))
}

/// A variable that is set and not empty.
fn variable(
    name: &str,
    pointer: &Pointer,
    key: &str,
    entry: &Entry<'_>,
) -> Result<Redacted, Fault> {
    let found = entry.outside.variable(name);
    found
        .filter(|value| !value.expose().is_empty())
        .ok_or_else(|| Fault {
            code: Code::MissingEnvironment,
            pointer: pointer.key(key),
            message: format!("environment variable `{name}` is not set, or empty"),
            help: format!("set it where pullwright runs, for example `read -rs {name}; export {name}`; or use `delivery: script`, which needs no variable"),
        })
}

/// What the kubelet could not use (`domain.md` §3, `.dockerconfigjson`).
fn sound(username: &Redacted, password: &Redacted) -> Result<(), (&'static str, &'static str)> {
    if username.expose().contains(':') {
        return Err((
            "the username holds a `:`, where the kubelet splits it from the password",
            "use the name of the token, or the application ID of the service principal",
        ));
    }
    if username.expose().is_empty() || password.expose().is_empty() {
        return Err((
            "the username or the password is empty",
            "use a token or a service principal, whose password does not pass through `az acr login`",
        ));
    }
    let control = |text: &Redacted| text.expose().chars().any(char::is_control);
    if control(username) || control(password) {
        return Err((
            "the username or the password holds a line end or another control character",
            "export it without the line end: `export ACR_PASSWORD=\"$(cat FILE)\"` drops it",
        ));
    }
    Ok(())
}

/// The one entry of a docker config that is for `registry`.
fn from_file(
    text: &Redacted,
    registry: &Registry,
    path: &str,
) -> Result<(Redacted, Redacted), (String, &'static str)> {
    const LOGIN: &str = "log in with a token: `docker login LOGIN_SERVER --username TOKEN --password-stdin`, without a credential helper";
    let config: Value = serde_json::from_str(text.expose())
        .map_err(|_| (format!("docker config `{path}` is not JSON"), LOGIN))?;
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
            "it leaves passwords to a credential helper (`credsStore`), which the kubelet does not ask"
        } else {
            "nobody has logged in there"
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
            Some(_) => "it holds an `identitytoken`, as `az acr login` writes it, and no password",
            None if helper => "its password is kept by a credential helper (`credsStore`)",
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

fn fault(pointer: &Pointer, message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault {
        code: Code::DockerConfig,
        pointer: pointer.clone(),
        message: message.into(),
        help: help.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Cloud, Registry, RoleAssignmentMode};
    use crate::names::RegistryName;
    use crate::secret::Redacted;
    use crate::strategy::secret::value::from_file;

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
            (r#"{"auths":{}}"#, "nobody has logged in"),
            ("nonsense", "is not JSON"),
        ] {
            let message = take(config).expect_err("it is refused");
            assert!(message.contains(why), "{message}");
        }
    }
}

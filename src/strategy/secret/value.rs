//! The value of a Secret that is written as a manifest, from variables or a docker config.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::artifact::MAX_SECRET;
use crate::diag::{Code, Problem};
use crate::model::Registry;
use crate::pointer::Pointer;
use crate::secret::Redacted;
use crate::strategy::Entry;
use crate::strategy::secret::docker_config::from_file;
use crate::strategy::secret::params::{Manifest, ManifestCredential};

/// `.dockerconfigjson` in base64, with an entry for each registry; fields in kubectl's order.
pub(super) fn docker_config(
    manifest: &Manifest,
    entry: &Entry<'_>,
) -> Result<Redacted, Vec<Problem>> {
    let mut auths: Vec<Redacted> = Vec::new();
    let mut problems = Vec::new();
    for registry in entry.registries {
        // The config's own checks refuse an entry without a credential.
        let Some((credential, keys)) = manifest.credential_of(&registry.name) else {
            continue;
        };
        let secret = Pointer::root().key("secret");
        let pointer = keys.iter().fold(secret, |pointer, key| pointer.key(key));
        match read(credential, registry, &pointer, entry) {
            Ok((username, password)) => auths.push(auth(&registry.host(), &username, &password)),
            Err(all) => problems.extend(all),
        }
    }
    let auths: Vec<&str> = auths.iter().map(Redacted::expose).collect();
    let json = Redacted::new(format!("{{\"auths\":{{{}}}}}", auths.join(",")));
    if json.expose().len() > MAX_SECRET {
        problems.push(problem(
            &Pointer::root().key("secret"),
            "the Secret is larger than 1 MiB, which Kubernetes refuses",
            "check the variables or the docker config: a password has a few hundred characters at most",
        ));
    }
    if problems.is_empty() {
        Ok(Redacted::new(STANDARD.encode(json.expose())))
    } else {
        Err(problems)
    }
}

/// One entry of `auths`. Written piece by piece, so that each piece is wiped after use.
fn auth(host: &str, username: &Redacted, password: &Redacted) -> Redacted {
    let pair = Redacted::new(format!("{}:{}", username.expose(), password.expose()));
    let encoded = Redacted::new(STANDARD.encode(pair.expose()));
    Redacted::new(format!(
        "{}:{{\"username\":{},\"password\":{},\"auth\":\"{}\"}}",
        Value::from(host),
        json_string(username).expose(),
        json_string(password).expose(),
        encoded.expose(),
    ))
}

/// A secret as a JSON string.
fn json_string(secret: &Redacted) -> Redacted {
    let text = serde_json::to_string(secret.expose());
    Redacted::new(text.expect("every text is a JSON string"))
}

/// Username and password of one registry.
fn read(
    credential: &ManifestCredential,
    registry: &Registry,
    pointer: &Pointer,
    entry: &Entry<'_>,
) -> Result<(Redacted, Redacted), Vec<Problem>> {
    let (username, password) = match credential {
        ManifestCredential::Env {
            username_from,
            password_from,
        } => {
            let username = variable(
                username_from.as_str(),
                pointer,
                ManifestCredential::USERNAME_FROM,
                entry,
            );
            let password = variable(
                password_from.as_str(),
                pointer,
                ManifestCredential::PASSWORD_FROM,
                entry,
            );
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
                vec![problem(
                    &pointer,
                    format!("cannot read docker config `{path}`: {why}"),
                    "write it with `docker login LOGIN_SERVER --username TOKEN --password-stdin`",
                )]
            })?;
            from_file(&text, registry, path.as_str())
                .map_err(|(message, help)| vec![problem(&pointer, message, help)])?
        }
    };
    sound(&username, &password).map_err(|(message, help)| vec![problem(pointer, message, help)])?;
    Ok((username, password))
}

/// A variable that is set and not empty.
fn variable(
    name: &str,
    pointer: &Pointer,
    key: &str,
    entry: &Entry<'_>,
) -> Result<Redacted, Problem> {
    // Where no such variable is set, the name may be a password that was pasted in its place.
    let (what, own) = match key {
        ManifestCredential::PASSWORD_FROM => ("that `passwordFrom` refers to".to_owned(), "NAME"),
        _ => (format!("`{name}`"), name),
    };
    let found = entry.outside.variable(name);
    found
        .filter(|value| !value.expose().is_empty())
        .ok_or_else(|| {
            let message = format!("environment variable {what} is not set, or empty");
            Problem::new(Code::MissingEnvironment, &pointer.key(key), message).help(format!("set it where pullwright runs, for example `read -rs {own}; export {own}`; or use `delivery: script`, which requires no variable"))
        })
}

/// What the kubelet cannot use (<https://kubernetes.io/docs/concepts/containers/images/#config-json>).
fn sound(username: &Redacted, password: &Redacted) -> Result<(), (&'static str, &'static str)> {
    if username.expose().contains(':') {
        return Err((
            "the username contains a `:`, which separates it from the password",
            "use the name of the token, or the application ID of the service principal",
        ));
    }
    if username.expose().is_empty() || password.expose().is_empty() {
        return Err((
            "the username or the password is empty",
            "use a token or a service principal, whose password does not come from `az acr login`",
        ));
    }
    let control = |text: &Redacted| text.expose().chars().any(char::is_control);
    if control(username) || control(password) {
        return Err((
            "the username or the password contains a line break or another control character",
            "export it without the line break: `export ACR_PASSWORD=\"$(cat FILE)\"` drops it",
        ));
    }
    Ok(())
}

fn problem(pointer: &Pointer, message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem::new(Code::DockerConfig, pointer, message).help(help)
}

//! Selects a credential on a virtual node of Azure Container Instances, which has its own rules
//! (<https://github.com/virtual-kubelet/azure-aci/blob/master/pkg/provider/aci.go>).

use crate::pull::chain::Found;
use crate::pull::docker_config::{Broken, Login};
use crate::pull::keyring::normalized_name;

/// Why a Secret fails the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It does not exist.
    Missing,
    /// It has another type, or lacks the key of its type.
    WrongType,
    /// The entry of this key has no `username`; one in `auth` does not count.
    NoUsername(String),
    /// It cannot be read.
    Broken(Broken),
}

/// How an image is pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VirtualPull<'a> {
    /// With the entry of this Secret whose key is the host of the image.
    With(&'a str),
    /// No key is the host of the image. There is no kubelet identity, so the pull is anonymous.
    Anonymous,
    /// This Secret fails the pod.
    Failed(&'a str, Failure),
}

/// Resolves the credential of an image. `secrets` are the Secrets of the list, in order. Keys are compared
/// literally: a scheme, a path or `*` has no special meaning.
pub fn pull<'a>(image: &str, secrets: &[(&'a str, &Found)]) -> VirtualPull<'a> {
    let failed = secrets.iter().find_map(|(name, found)| {
        let failure = match found {
            Found::Missing => Failure::Missing,
            Found::Skipped => Failure::WrongType,
            Found::Broken(broken) => Failure::Broken(broken.clone()),
            Found::Entries(entries) => {
                let mut all = entries.iter();
                let entry = all.find(|entry| entry.login == Login::Auth)?;
                Failure::NoUsername(entry.key.clone())
            }
        };
        Some(VirtualPull::Failed(name, failure))
    });
    if let Some(failed) = failed {
        return failed;
    }
    let name = normalized_name(image);
    let host = name.split('/').next().unwrap_or_default();
    let with = secrets.iter().find(|(_, found)| match found {
        Found::Entries(entries) => entries.iter().any(|entry| entry.key == host),
        Found::Missing | Found::Skipped | Found::Broken(_) => false,
    });
    with.map_or(VirtualPull::Anonymous, |(name, _)| VirtualPull::With(name))
}

#[cfg(test)]
mod tests {
    use crate::pull::chain::Found;
    use crate::pull::docker_config::Broken;
    use crate::pull::virtual_node::{Failure, VirtualPull, pull};

    const TYPE: &str = "kubernetes.io/dockerconfigjson";

    fn secret(key: &str) -> Found {
        let value = format!(r#"{{"auths":{{"{key}":{{"username":"u","password":"p"}}}}}}"#);
        Found::of(TYPE, Some(value.as_bytes()))
    }

    #[test]
    fn keys_are_compared_literally() {
        for (key, want) in [
            ("a.azurecr.io", VirtualPull::With("s")),
            ("https://a.azurecr.io", VirtualPull::Anonymous),
            ("*.azurecr.io", VirtualPull::Anonymous),
            ("a.azurecr.io/x", VirtualPull::Anonymous),
        ] {
            let found = secret(key);
            let all = [("s", &found)];
            assert_eq!(pull("a.azurecr.io/x:1", &all), want, "{key}");
        }
        assert_eq!(pull("a.azurecr.io/x", &[]), VirtualPull::Anonymous);
    }

    #[test]
    fn secrets_that_the_kubelet_ignores_fail_the_pod() {
        let auth = br#"{"auths":{"b":{"auth":"dTpw"}}}"#;
        for (found, want) in [
            (Found::Missing, Failure::Missing),
            (Found::Skipped, Failure::WrongType),
            (
                Found::of(TYPE, Some(auth)),
                Failure::NoUsername("b".to_owned()),
            ),
            (Found::Broken(Broken::Json), Failure::Broken(Broken::Json)),
        ] {
            let good = secret("a.azurecr.io");
            let all = [("a", &good), ("b", &found)];
            assert_eq!(pull("a.azurecr.io/x", &all), VirtualPull::Failed("b", want));
        }
    }
}

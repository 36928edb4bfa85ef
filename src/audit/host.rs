//! Which registry an image comes from, as far as its text shows it.

use std::collections::HashSet;

use crate::audit::unfilled;
use crate::manifest::host;
use crate::names::LoginServer;
use crate::names::azure::is_registry_host;

/// The origin of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A protected registry: of Azure by its suffix, or declared. The host in lower case.
    Registry(String),
    /// A registry that anybody can pull from.
    Public,
    /// Another registry that is not declared.
    Other,
    /// The host is a placeholder, or a name that no registry can have; why.
    Placeholder(String),
}

/// Hosts whose images need no credential
/// (<https://kubernetes.io/docs/concepts/containers/images/>, <https://mcr.microsoft.com>).
const PUBLIC: &[&str] = &[
    "mcr.microsoft.com",
    "registry.k8s.io",
    "k8s.gcr.io",
    "public.ecr.aws",
];

/// Registries of Azure whose owners allow anonymous pulls to everybody
/// (<https://docs.giantswarm.io/overview/architecture/container-registries/>).
const ANONYMOUS: &[&str] = &["gsoci.azurecr.io"];

/// Docker Hub by its own hosts
/// (<https://github.com/distribution/reference/blob/main/normalize.go>).
const HUB: &[&str] = &["docker.io", "index.docker.io", "registry-1.docker.io"];

/// The origin of an image; `declared` are hosts of registries that are protected whatever their name is.
pub fn origin(image: &str, declared: &HashSet<String>) -> Origin {
    let image = image.trim();
    let bare = image.split_once("://").map_or(image, |(_, rest)| rest);
    let first = bare.split_once('/').map(|(first, _)| first);
    // The address of a registry: `oci://HOST`.
    let first = first.or((bare.len() < image.len()).then_some(bare));
    let Some(first) = first else {
        // A tag that is filled in later does not change the registry.
        let name = bare.split([':', '@']).next().unwrap_or(bare);
        return match unfilled::token(bare) {
            Some(token) if name.is_empty() || unfilled::token(name).is_some() => {
                Origin::Placeholder(format!("`{token}` is a placeholder that was not replaced"))
            }
            _ => Origin::Public,
        };
    };
    if let Some(token) = unfilled::token(first) {
        return Origin::Placeholder(format!("`{token}` is a placeholder that was not replaced"));
    }
    let Some(host) = host(image) else {
        if is_registry_host(&first.to_ascii_lowercase()) {
            // What is before the host may be a password.
            return Origin::Placeholder(match first.rsplit_once('@') {
                Some((_, host)) => format!("no user can be before the host `{host}`"),
                None => format!("`{first}` cannot be a login server"),
            });
        }
        return if first == "library" {
            Origin::Public
        } else {
            Origin::Other
        };
    };
    let lower = host.to_ascii_lowercase();
    if declared.contains(&lower) {
        return Origin::Registry(lower);
    }
    let name = lower.strip_suffix(":443").unwrap_or(&lower);
    if ANONYMOUS.contains(&name) {
        return Origin::Public;
    }
    if is_registry_host(name) {
        return match impossible(host) {
            Some(why) => Origin::Placeholder(why),
            None => Origin::Registry(lower),
        };
    }
    let is_official = HUB.contains(&name) && bare.matches('/').count() == 1;
    if PUBLIC.contains(&name) || is_official || bare.starts_with("docker.io/library/") {
        return Origin::Public;
    }
    Origin::Other
}

/// Why no registry of Azure can have this host.
fn impossible(host: &str) -> Option<String> {
    let bare = host.strip_suffix(":443").unwrap_or(host);
    let fault = LoginServer::parse(bare).err()?;
    Some(format!("`{host}` cannot be a login server: {}", fault.why))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::audit::host::{Origin, origin};

    #[test]
    fn the_host_decides_whatever_follows() {
        let declared = HashSet::from(["registry.example.com:5000".to_owned()]);
        let registry = |host: &str| Origin::Registry(host.to_owned());
        for (image, want) in [
            (
                "youruniquename.azurecr.io/api:1",
                registry("youruniquename.azurecr.io"),
            ),
            (
                "youruniquename.azurecr.io/API:${TAG}",
                registry("youruniquename.azurecr.io"),
            ),
            (
                "youruniquename-e7ggejfuhzhgedc8.azurecr.io/a",
                registry("youruniquename-e7ggejfuhzhgedc8.azurecr.io"),
            ),
            (
                "youruniquename.eastus.geo.azurecr.io/a",
                registry("youruniquename.eastus.geo.azurecr.io"),
            ),
            (
                "youruniquename.azurecr.cn/a",
                registry("youruniquename.azurecr.cn"),
            ),
            (
                "youruniquename.azurecr.io:443/a",
                registry("youruniquename.azurecr.io:443"),
            ),
            (
                "oci://youruniquename.azurecr.io/a",
                registry("youruniquename.azurecr.io"),
            ),
            (
                "registry.example.com:5000/a",
                registry("registry.example.com:5000"),
            ),
            ("registry.example.com/a", Origin::Other),
            ("gsoci.azurecr.io/giantswarm/x:1", Origin::Public),
            ("nginx", Origin::Public),
            ("library/nginx", Origin::Public),
            ("docker.io/nginx:1", Origin::Public),
            ("docker.io/library/nginx:1", Origin::Public),
            ("team/nginx", Origin::Other),
            ("docker.io/team/nginx", Origin::Other),
            ("mcr.microsoft.com/oss/nginx", Origin::Public),
            ("ghcr.io/team/x", Origin::Other),
            ("nginx:${TAG}", Origin::Public),
            (
                "oci://youruniquename.azurecr.io",
                registry("youruniquename.azurecr.io"),
            ),
            ("youruniquename.azurecr.io.example.com/a", Origin::Other),
        ] {
            assert_eq!(origin(image, &declared), want, "{image}");
        }
        for image in [
            "${ACR_NAME}.azurecr.io/a",
            "<ACR_LOGIN_SERVER>/a",
            "__acrName__.azurecr.io/a:__tag__",
            "{{ .Values.registry }}/a",
            "$(REGISTRY)/a",
            "acr.azurecr.io/a",
            "${IMAGE}",
            "${IMAGE}:${TAG}",
            "{{ .Values.image }}",
            "<image>",
            "__IMAGE__",
            "%REG%.azurecr.io/x",
            "{acr}.azurecr.io/x",
            "!!acr!!.azurecr.io/x",
            "my.azurecr.io/a",
            "myACR.azurecr.io/a",
            "my-acr-1.azurecr.io/a",
            "youruniquename.eastus.data.azurecr.io/a",
        ] {
            let found = origin(image, &declared);
            assert!(
                matches!(found, Origin::Placeholder(_)),
                "{image}: {found:?}"
            );
        }
    }
}

//! What each delivery and each credential does, said once: every method matches all of them.

use crate::names::{RegistryName, RepositoryPattern};
use crate::strategy::capability::Scripts;
use crate::strategy::secret::params::{
    Delivery, Manifest, ManifestCredential, PullSecret, Script, ScriptCredential, Token,
};

impl Delivery {
    /// Whether it takes scripts.
    pub fn scripts(&self) -> Scripts {
        match self {
            Self::Script(_) => Scripts::Required,
            Self::Manifest(_) | Self::Placeholder => Scripts::None,
        }
    }

    /// The script's credentials, if it is one.
    pub fn script(&self) -> Option<&Script> {
        match self {
            Self::Script(script) => Some(script),
            Self::Manifest(_) | Self::Placeholder => None,
        }
    }

    /// Whether the Secret is among the generated files; what is not is written in the cluster alone.
    pub fn writes_secret(&self) -> bool {
        match self {
            Self::Script(_) => false,
            Self::Manifest(_) | Self::Placeholder => true,
        }
    }

    /// The registries that have a credential here; `None` if the delivery takes no credentials.
    pub fn coverage(&self) -> Option<Coverage<'_>> {
        match self {
            Self::Script(script) => Some(Coverage {
                named: script.credentials.keys().collect(),
                has_default: script.credential.is_some(),
            }),
            Self::Manifest(manifest) => Some(Coverage {
                named: manifest.credentials.keys().collect(),
                has_default: manifest.credential.is_some(),
            }),
            Self::Placeholder => None,
        }
    }
}

/// Which registries have a credential.
pub struct Coverage<'a> {
    /// Those with one of their own.
    pub named: Vec<&'a RegistryName>,
    /// Whether there is one for all others.
    pub has_default: bool,
}

impl Script {
    /// The credential of a registry. `None` only before the config's own checks.
    pub fn credential_of(&self, registry: &RegistryName) -> Option<&ScriptCredential> {
        let own = self.credentials.get(registry);
        own.or(self.credential.as_ref())
    }
}

impl Manifest {
    /// The credential of a registry, and its keys below the Secret. `None` only before the config's own
    /// checks.
    pub fn credential_of<'a>(
        &'a self,
        registry: &'a RegistryName,
    ) -> Option<(&'a ManifestCredential, Vec<&'a str>)> {
        match self.credentials.get(registry) {
            Some(own) => Some((own, vec!["credentials", registry.as_str()])),
            None => Some((self.credential.as_ref()?, vec!["credential"])),
        }
    }
}

impl PullSecret {
    /// Whether two declarations of a Secret make the same content.
    pub fn same_content(
        &self,
        own: &[RegistryName],
        other: &Self,
        others: &[RegistryName],
    ) -> bool {
        let sorted = |names: &[RegistryName]| {
            let mut names = names.to_vec();
            names.sort();
            names
        };
        self.delivery == other.delivery
            && self.labels == other.labels
            && self.annotations == other.annotations
            && sorted(own) == sorted(others)
    }
}

impl ScriptCredential {
    /// The repositories that the credential is limited to, if it sets them itself.
    pub fn repositories(&self) -> &[RepositoryPattern] {
        match self {
            Self::Token(token) => &token.repositories,
            Self::ServicePrincipal(_) | Self::Admin(_) => &[],
        }
    }

    /// The token, if each rotation of it ends what an earlier one handed out.
    pub fn rotated_token(&self) -> Option<&Token> {
        match self {
            Self::Token(token) => Some(token),
            Self::ServicePrincipal(_) | Self::Admin(_) => None,
        }
    }
}

impl Token {
    /// The token of one cluster: with several clusters each has its own.
    pub fn name_for(&self, cluster: &str, clusters: usize) -> String {
        if clusters < 2 {
            return self.name.to_string();
        }
        format!("{}-{}", self.name, cluster.replace('_', "-"))
    }

    /// The scope map of the token of this name.
    pub fn scope_map_for(&self, name: &str) -> String {
        match &self.scope_map {
            Some(scope_map) => scope_map.to_string(),
            None => format!("{name}-scope-map"),
        }
    }
}

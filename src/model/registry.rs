//! A container registry and how its login server is known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::names::{Guid, LoginServer, RegistryName, ResourceGroup, azure};

/// A protected Azure Container Registry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registry {
    /// Resource name of the registry, without a suffix. Access entries refer to it.
    pub name: RegistryName,
    /// Host that images are pulled from. Required if it cannot be derived from the name: with a
    /// domain name label (`NAME-HASH.azurecr.io`) or a regional endpoint
    /// (`NAME.REGION.geo.azurecr.io`). Default: the name and the suffix of the cloud.
    pub login_server: Option<LoginServer>,
    /// Azure cloud of the registry. Determines the suffix of the login server.
    #[serde(default)]
    #[schemars(example = Cloud::Public)]
    pub cloud: Cloud,
    /// Resource group of the registry. Optional: scripts find the registry without it.
    pub resource_group: Option<ResourceGroup>,
    /// Subscription of the registry. Default: the one that `az` has selected.
    pub subscription: Option<Guid>,
    /// Role assignment mode of the registry. `detect` lets the script query Azure.
    #[serde(default)]
    #[schemars(example = RoleAssignmentMode::Detect)]
    pub role_assignment_mode: RoleAssignmentMode,
}

/// The Azure clouds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Cloud {
    /// `.azurecr.io`
    #[default]
    Public,
    /// `.azurecr.cn`
    China,
    /// `.azurecr.us`
    UsGovernment,
    /// `.azurecr.sovcloud-azure.fr`
    Bleu,
}

impl Cloud {
    /// All clouds.
    pub const ALL: &[Self] = &[Self::Public, Self::China, Self::UsGovernment, Self::Bleu];

    /// The suffix of login servers, with its dot.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Public => azure::PUBLIC,
            Self::China => azure::CHINA,
            Self::UsGovernment => azure::US_GOVERNMENT,
            Self::Bleu => azure::BLEU,
        }
    }

    /// As written in a config.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::China => "china",
            Self::UsGovernment => "usGovernment",
            Self::Bleu => "bleu",
        }
    }
}

/// The two permission modes of a registry
/// (<https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RoleAssignmentMode {
    /// `AcrPull` on the whole registry.
    Rbac,
    /// `Container Registry Repository Reader`, which a condition can limit to repositories.
    Abac,
    /// The script queries the registry when it runs.
    #[default]
    Detect,
}

impl RoleAssignmentMode {
    /// As written in a config.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rbac => "rbac",
            Self::Abac => "abac",
            Self::Detect => "detect",
        }
    }
}

impl Registry {
    /// The host that images are pulled from.
    pub fn host(&self) -> String {
        match &self.login_server {
            Some(server) => server.as_str().to_owned(),
            None => format!("{}{}", self.name, self.cloud.suffix()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Cloud;
    use crate::names::azure::SUFFIXES;

    #[test]
    fn clouds_and_suffixes_belong_together() {
        let suffixes: Vec<&str> = Cloud::ALL.iter().map(|cloud| cloud.suffix()).collect();
        assert_eq!(suffixes, SUFFIXES);
        for cloud in Cloud::ALL {
            let word = serde_json::to_value(cloud).expect("it is a word");
            assert_eq!(word, cloud.word());
        }
    }
}

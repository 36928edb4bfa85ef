//! From a login server to the registry that a config declares for it.

use crate::model::Cloud;
use crate::names::{LoginServer, RegistryName};

/// A registry by its login server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Server {
    /// Resource name of the registry.
    pub name: RegistryName,
    /// The login server.
    pub host: LoginServer,
}

impl Server {
    /// The registry of a host, as an image or a docker config names it.
    ///
    /// # Errors
    /// Why no registry of Azure can have this host.
    pub fn parse(host: &str) -> Result<Self, String> {
        let host = LoginServer::parse(host).map_err(|fault| fault.why)?;
        let first = host.as_str().split(['.', '-']).next().unwrap_or_default();
        Ok(Self {
            name: RegistryName::parse(first).map_err(|fault| fault.why)?,
            host,
        })
    }

    /// The cloud that the suffix belongs to.
    pub fn cloud(&self) -> Cloud {
        let mut all = Cloud::ALL.iter();
        let found = all.find(|cloud| self.host.as_str().ends_with(cloud.suffix()));
        found.copied().unwrap_or_default()
    }

    /// The login server, if it does not follow from the name and the cloud.
    pub fn own_host(&self) -> Option<&LoginServer> {
        let usual = format!("{}{}", self.name, self.cloud().suffix());
        (self.host.as_str() != usual).then_some(&self.host)
    }
}

#[cfg(test)]
mod tests {
    use crate::adopt::host::Server;
    use crate::model::Cloud;

    #[test]
    fn every_form_of_a_login_server_has_its_registry() {
        for (host, name, cloud, is_own) in [
            ("contoso.azurecr.io", "contoso", Cloud::Public, false),
            (
                "contoso-e7ggejfuhzhgedc8.azurecr.io",
                "contoso",
                Cloud::Public,
                true,
            ),
            (
                "contoso.eastus.geo.azurecr.io",
                "contoso",
                Cloud::Public,
                true,
            ),
            ("contoso.azurecr.cn", "contoso", Cloud::China, false),
            ("contoso.azurecr.us", "contoso", Cloud::UsGovernment, false),
            (
                "contoso-a1.azurecr.us",
                "contoso",
                Cloud::UsGovernment,
                true,
            ),
            (
                "contoso.azurecr.sovcloud-azure.fr",
                "contoso",
                Cloud::Bleu,
                false,
            ),
        ] {
            let server = Server::parse(host).expect("it is a login server");
            assert_eq!(server.name.as_str(), name);
            assert_eq!(server.cloud(), cloud, "{host}");
            assert_eq!(server.own_host().is_some(), is_own, "{host}");
        }
        for host in [
            "contoso.azurecr.io:443",
            "registry.example.com",
            "acr.azurecr.io",
            "*.azurecr.io",
        ] {
            assert!(Server::parse(host).is_err(), "{host}");
        }
    }
}

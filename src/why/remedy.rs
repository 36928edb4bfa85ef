//! What to do about each cause, as data: sentences, and the commands of those that have one.

mod credential;
mod image;
mod network;

use crate::why::cause::Cause;

/// For which failures a remedy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// For all.
    Always,
    /// Unless the registry is known not to be one of Azure.
    Azure,
    /// The host is a regional endpoint
    /// (<https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication>).
    Regional,
}

/// A step before the words of the failure are in it.
pub(super) struct Remedy {
    pub(super) when: When,
    pub(super) text: &'static str,
    pub(super) command: Option<&'static str>,
}

const fn run(text: &'static str, command: &'static str) -> Remedy {
    Remedy {
        when: When::Always,
        text,
        command: Some(command),
    }
}

const fn azure(text: &'static str, command: &'static str) -> Remedy {
    Remedy {
        when: When::Azure,
        text,
        command: Some(command),
    }
}

const fn act(text: &'static str) -> Remedy {
    Remedy {
        when: When::Always,
        text,
        command: None,
    }
}

/// What to do about a cause, in the order to try it. Words in capitals stand for what a failure or the reader
/// knows.
pub(super) fn remedies(cause: Cause) -> &'static [Remedy] {
    match cause {
        Cause::NoCredential => credential::NO_CREDENTIAL,
        Cause::CredentialRefused => credential::CREDENTIAL_REFUSED,
        Cause::NoPermission => credential::NO_PERMISSION,
        Cause::Unauthorized => credential::UNAUTHORIZED,
        Cause::NetworkRules => network::NETWORK_RULES,
        Cause::NotFound => image::NOT_FOUND,
        Cause::Platform => image::PLATFORM,
        Cause::Throttled => network::THROTTLED,
        Cause::KubeletThrottled => network::KUBELET_THROTTLED,
        Cause::LayerHost => network::LAYER_HOST,
        Cause::Dns => network::DNS,
        Cause::Unreachable => network::UNREACHABLE,
        Cause::Certificate => network::CERTIFICATE,
        Cause::ServerError => network::SERVER_ERROR,
        Cause::BrokenSecret => credential::BROKEN_SECRET,
        Cause::MissingSecret => credential::MISSING_SECRET,
        Cause::InvalidImageName => image::INVALID_IMAGE_NAME,
        Cause::NeverPull => image::NEVER_PULL,
    }
}

#[cfg(test)]
mod tests {
    use crate::why::cause::Cause;
    use crate::why::remedy::remedies;

    #[test]
    fn every_cause_has_steps_and_one_of_them_is_a_command() {
        for cause in Cause::ALL {
            let all = remedies(*cause);
            assert!(
                all.iter().any(|one| one.command.is_some()),
                "{}",
                cause.id()
            );
            for remedy in all {
                assert!(!remedy.text.ends_with('.'), "{}", remedy.text);
            }
        }
    }
}

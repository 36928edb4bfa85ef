//! What each strategy does, said once: every method matches all of them, so that a new one must decide.

use serde::{Deserialize, Serialize};

use crate::names::{SecretName, ServiceAccountName};
use crate::strategy::Strategy;
use crate::strategy::attach::params::Attach;
use crate::strategy::secret::params::PullSecret;
use crate::strategy::service_account::params::{Account, Mode};

/// The strategies, without their parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StrategyKind {
    /// A Secret that pods name.
    Secret,
    /// A Secret on a ServiceAccount.
    ServiceAccount,
    /// The registry attached to an AKS cluster.
    Attach,
}

impl StrategyKind {
    /// All of them, in the order of the documentation.
    pub const ALL: &[Self] = &[Self::Secret, Self::ServiceAccount, Self::Attach];

    /// The word in a config.
    pub fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::ServiceAccount => "serviceAccount",
            Self::Attach => "attach",
        }
    }

    /// The directory in `templates/` and `src/strategy/`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::ServiceAccount => "service_account",
            Self::Attach => "attach",
        }
    }

    /// What it gives to pods, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Secret => "A Secret referenced by pods",
            Self::ServiceAccount => "A Secret referenced by a ServiceAccount",
            Self::Attach => "A registry attached to an AKS cluster",
        }
    }
}

/// What lets a pod pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant<'a> {
    /// A Secret that the pod itself names.
    Pod {
        /// The Secret.
        secret: &'a SecretName,
    },
    /// A Secret that the pod's ServiceAccount names.
    Account {
        /// The account.
        account: &'a ServiceAccountName,
        /// The Secret.
        secret: &'a SecretName,
    },
    /// The node that the pod runs on: nothing in the pod or its account.
    Node,
}

/// Whether a strategy writes scripts, one for each cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// Nothing works without them.
    Required,
    /// One way of several: without a cluster, the others are left.
    Optional,
    /// It writes none.
    None,
}

impl Strategy {
    /// The strategy without its parameters.
    pub fn kind(&self) -> StrategyKind {
        match self {
            Self::Secret(_) => StrategyKind::Secret,
            Self::ServiceAccount(_) => StrategyKind::ServiceAccount,
            Self::Attach(_) => StrategyKind::Attach,
        }
    }

    /// What lets a pod of the entry pull.
    pub fn grant(&self) -> Grant<'_> {
        match self {
            Self::Secret(params) => Grant::Pod {
                secret: &params.secret.name,
            },
            Self::ServiceAccount(params) => Grant::Account {
                account: &params.service_account.name,
                secret: &params.secret.name,
            },
            Self::Attach(_) => Grant::Node,
        }
    }

    /// Name of the Secret that holds the credentials, if the strategy has one.
    pub fn pull_secret(&self) -> Option<&SecretName> {
        self.secret().map(|secret| &secret.name)
    }

    /// Name of the ServiceAccount that carries the Secret, if one does.
    pub fn service_account(&self) -> Option<&ServiceAccountName> {
        self.account().map(|account| &account.name)
    }

    /// The Secret with its delivery, if the strategy has one.
    pub fn secret(&self) -> Option<&PullSecret> {
        match self {
            Self::Secret(params) => Some(&params.secret),
            Self::ServiceAccount(params) => Some(&params.secret),
            Self::Attach(_) => None,
        }
    }

    /// The ServiceAccount with its mode, if the strategy has one.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::ServiceAccount(params) => Some(&params.service_account),
            Self::Secret(_) | Self::Attach(_) => None,
        }
    }

    /// How registries are attached to clusters, if the strategy does that.
    pub fn attach(&self) -> Option<&Attach> {
        match self {
            Self::Attach(params) => Some(&params.attach),
            Self::Secret(_) | Self::ServiceAccount(_) => None,
        }
    }

    /// Whether it writes scripts.
    pub fn scripts(&self) -> Scripts {
        match self {
            Self::Secret(params) => params.secret.delivery.scripts(),
            Self::ServiceAccount(params) => match params.secret.delivery.scripts() {
                Scripts::None => params.service_account.mode.scripts(),
                scripts => scripts,
            },
            Self::Attach(_) => Scripts::Required,
        }
    }

    /// Whether it writes objects into the namespaces of its entry, workloads aside.
    pub fn is_namespaced(&self) -> bool {
        match self {
            Self::Secret(_) | Self::ServiceAccount(_) => true,
            Self::Attach(_) => false,
        }
    }
}

impl Mode {
    /// Whether an account of this mode takes scripts.
    fn scripts(self) -> Scripts {
        match self {
            Self::Create => Scripts::None,
            // A kustomize component does the same.
            Self::Merge => Scripts::Optional,
        }
    }

    /// Whether the account is generated.
    pub fn makes_account(self) -> bool {
        match self {
            Self::Create => true,
            Self::Merge => false,
        }
    }
}

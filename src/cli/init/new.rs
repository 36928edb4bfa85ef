//! A config for a workload that pullwright makes.

use crate::adopt::draft::{
    Delivery, Draft, DraftSecret, DraftStrategy, DraftWorkload, Entry, Token,
};
use crate::adopt::token;
use crate::cli::args::SCHEMA_FILE;
use crate::cli::init::answers::{Answers, NewWorkload};
use crate::cli::init::questions::preferred;
use crate::diag::{Code, Diagnostic};
use crate::names::image::split;
use crate::strategy::capability::StrategyKind;
use crate::strategy::service_account::params::Mode;

/// The Secret, where none is given.
const SECRET: &str = "acr-secret";
/// The account, where none is given.
const ACCOUNT: &str = "sample-account";
/// The namespace, where none is given.
const NAMESPACE: &str = "default";

/// How the values of Secrets get to a cluster: scripts need to know it.
pub(super) fn delivery(answers: &Answers) -> Delivery {
    match answers.cluster {
        Some(_) => Delivery::Script,
        None => Delivery::Placeholder,
    }
}

/// Refuses a strategy that the cluster does not have.
pub(super) fn can_attach(answers: &Answers) -> Result<(), Diagnostic> {
    let cluster = answers.cluster.as_ref();
    if cluster.is_some_and(|cluster| cluster.resource_group.is_some()) {
        return Ok(());
    }
    let message = "strategy `attach` requires an AKS cluster";
    Err(Diagnostic::new(Code::Usage, message)
        .help("pass --cluster NAME and --resource-group GROUP"))
}

/// The draft of a config.
pub(super) fn draft(answers: &Answers, workload: &NewWorkload) -> Result<Draft, Diagnostic> {
    let registry = workload.server.name.to_string();
    let kind = answers.strategy;
    let kind = kind.unwrap_or_else(|| preferred(answers.cluster.as_ref()));
    let name = &answers.name;
    let secret = || DraftSecret {
        name: answers
            .secret
            .as_ref()
            .map_or(SECRET, |name| name.as_str())
            .to_owned(),
        delivery: delivery(answers),
        tokens: vec![Token {
            registry: registry.clone(),
            name: token(name, name),
            repositories: vec![split(&workload.image).repository.to_owned()],
        }],
    };
    let strategy = match kind {
        StrategyKind::Attach => {
            can_attach(answers)?;
            DraftStrategy::Attach
        }
        StrategyKind::Secret => DraftStrategy::Secret(secret()),
        StrategyKind::ServiceAccount => {
            let account = workload.account.as_ref();
            DraftStrategy::Account {
                account: account.map_or(ACCOUNT, |name| name.as_str()).to_owned(),
                mode: Mode::Create,
                secret: secret(),
            }
        }
    };
    let namespace = answers.namespace.as_ref();
    Ok(Draft {
        schema: SCHEMA_FILE.to_owned(),
        comments: Vec::new(),
        name: name.clone(),
        output: None,
        registries: vec![workload.server.clone()],
        cluster: answers.cluster.clone(),
        access: vec![Entry {
            comments: Vec::new(),
            name: name.clone(),
            registries: vec![registry.clone()],
            namespaces: vec![namespace.map_or(NAMESPACE, |name| name.as_str()).to_owned()],
            strategy,
            workload: Some(DraftWorkload {
                name: name.clone(),
                image: workload.image.clone(),
            }),
        }],
    })
}

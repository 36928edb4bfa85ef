//! The questions of `init`.

use std::path::PathBuf;

use crate::adopt::Server;
use crate::adopt::draft::DraftCluster;
use crate::cli::init::answers::IMAGE;
use crate::cli::init::ask::{Choice, Question, choose};
use crate::cli::page::{Page, Stop};
use crate::disk::find;
use crate::names::azure::{PUBLIC, host_of, is_registry_host};
use crate::names::{
    ClusterName, EntryName, Fault, ImageReference, LoginServer, Namespace, RegistryName,
    ResourceGroup,
};
use crate::strategy::capability::StrategyKind;

/// Where the workload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// pullwright makes it.
    New,
    /// Its manifests exist.
    Mine,
}

const PLACES: &[Choice<'_>] = &[
    (
        "new",
        "made by pullwright: the config contains a Deployment",
    ),
    (
        "mine",
        "yours already: the config serves its manifests and leaves them as they are",
    ),
];

const CLUSTERS: &[Choice<'_>] = &[
    (
        "aks",
        "Azure Kubernetes Service: its nodes can pull without any Secret",
    ),
    (
        "generic",
        "any other cluster that `kubectl` reaches: pods pull with a Secret",
    ),
    (
        "none",
        "not known yet: no scripts are generated, and Secrets are placeholders",
    ),
];

pub(super) fn place(page: &mut Page<'_, '_>) -> Result<Place, Stop> {
    let text = "where is your workload: made by pullwright, or yours already?";
    Ok(match choose(page, text, PLACES)? {
        "mine" => Place::Mine,
        _ => Place::New,
    })
}

pub(super) fn name(default: &str, page: &mut Page<'_, '_>) -> Result<String, Stop> {
    let question = Question {
        text: "name of the config",
        default: Some(default),
        about: EntryName::RULE.about,
    };
    let name = question.ask(page, EntryName::parse)?;
    Ok(name.to_string())
}

/// A registry by its name, or by its login server if that does not follow from the name.
pub(super) fn registry(text: &str) -> Result<Server, Fault> {
    let host = match is_registry_host(&host_of(text)) {
        true => LoginServer::parse(text)?.to_string(),
        false => format!("{}{PUBLIC}", RegistryName::parse(text)?),
    };
    Server::parse(&host).map_err(Fault::new)
}

pub(super) fn server(page: &mut Page<'_, '_>) -> Result<Server, Stop> {
    let question = Question {
        text: "registry",
        default: None,
        about: "the resource name of the registry, or its login server: \
                `az acr list --query \"[].loginServer\"` lists yours",
    };
    question.ask(page, registry)
}

pub(super) fn path(page: &mut Page<'_, '_>) -> Result<PathBuf, Stop> {
    let folder = page.io.folder.clone();
    let question = Question {
        text: "file or directory with its manifests",
        default: Some("."),
        about: "every file with Kubernetes objects below it is read; files that git ignores are not",
    };
    question.ask(page, |text| match find::exists(&folder.join(text)) {
        true => Ok(PathBuf::from(text)),
        false => Err(Fault::new("it does not exist")),
    })
}

/// A cluster is asked for, and never assumed.
pub(super) fn cluster(page: &mut Page<'_, '_>) -> Result<Option<DraftCluster>, Stop> {
    let kind = choose(page, "kind of the cluster that pulls", CLUSTERS)?;
    if kind == "none" {
        return Ok(None);
    }
    let question = Question {
        text: "name of the cluster",
        default: None,
        about: match kind {
            "aks" => "the name of the Azure resource: `az aks list --output table` lists yours",
            _ => {
                "any name; kubectl uses the context of the same name, unless the config sets `context`"
            }
        },
    };
    let name = question.ask(page, ClusterName::parse)?;
    let resource_group = match kind {
        "aks" => {
            let question = Question {
                text: "resource group of the cluster",
                default: None,
                about: "`az aks list --output table` lists it in the column ResourceGroup",
            };
            Some(question.ask(page, ResourceGroup::parse)?)
        }
        _ => None,
    };
    Ok(Some(DraftCluster {
        name,
        resource_group,
    }))
}

/// The strategies that work with a cluster, the best one first.
pub(super) fn strategy(
    cluster: Option<&DraftCluster>,
    page: &mut Page<'_, '_>,
) -> Result<StrategyKind, Stop> {
    let best = preferred(cluster);
    let is_aks = best == StrategyKind::Attach;
    let others = StrategyKind::ALL.iter().copied();
    let others = others.filter(|one| *one != best && (is_aks || *one != StrategyKind::Attach));
    let all: Vec<StrategyKind> = std::iter::once(best).chain(others).collect();
    let choices: Vec<Choice<'_>> = all.iter().map(|one| (one.word(), one.about())).collect();
    let word = choose(page, "strategy", &choices)?;
    let chosen = all.into_iter().find(|one| one.word() == word);
    Ok(chosen.unwrap_or(best))
}

/// On AKS the nodes can pull, and nothing has to be rotated.
pub(super) fn preferred(cluster: Option<&DraftCluster>) -> StrategyKind {
    match cluster.and_then(|cluster| cluster.resource_group.as_ref()) {
        Some(_) => StrategyKind::Attach,
        None => StrategyKind::Secret,
    }
}

/// An image with its login server.
pub(super) fn whole(server: &Server, image: &str) -> String {
    let first = image.split_once('/').map(|(first, _)| first);
    match first.is_some_and(|first| first.contains(['.', ':'])) {
        true => image.to_owned(),
        false => format!("{}/{image}", server.host),
    }
}

pub(super) fn image(server: &Server, page: &mut Page<'_, '_>) -> Result<String, Stop> {
    let question = Question {
        text: "image",
        default: Some(IMAGE),
        about: "the image that the workload runs, with or without the login server",
    };
    question.ask(page, |text| {
        let image = ImageReference::parse(&whole(server, text))?;
        match image.parts().host {
            Some(host) if host == server.host.as_str() => Ok(image.to_string()),
            _ => Err(Fault {
                why: format!("it is not an image of `{}`", server.host),
                suggestion: text.split_once('/').map(|(_, rest)| rest.to_owned()),
            }),
        }
    })
}

pub(super) fn namespace(page: &mut Page<'_, '_>) -> Result<Namespace, Stop> {
    let question = Question {
        text: "namespace",
        default: Some("default"),
        about: Namespace::RULE.about,
    };
    question.ask(page, Namespace::parse)
}

//! Does every image come from a registry that its access entry can pull from?

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::config::check::{Checker, Parts, Placed};
use crate::config::{Access, OtherImages};
use crate::contract::words::{list, shown};
use crate::diag::{Code, Problem, Safety};
use crate::document::quote::string;
use crate::model::{Registry, Workload};
use crate::names::{ImageReference, LoginServer, azure};
use crate::pointer::Pointer;

/// Hosts that everybody may pull from.
const PUBLIC: &[&str] = &[
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "quay.io",
    "registry.k8s.io",
];
const ALLOW: &str = "set `otherImages: allow` in the access entry";

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    let mut by_host: HashMap<String, &Registry> = HashMap::new();
    for registry in &parts.registries {
        let host = registry.value.host();
        by_host.entry(host).or_insert(&registry.value);
    }
    // A host is not known where the name or the login server is wrong itself.
    let is_fine = |server: &LoginServer| (LoginServer::RULE.check)(server.as_str()).is_ok();
    let mut servers = (parts.registries.iter()).filter_map(|one| one.value.login_server.as_ref());
    let is_whole = parts.is_whole("registries") && servers.all(is_fine);
    for access in &parts.access {
        if checker.is_full() {
            return;
        }
        let own = parts.registries_of(&access.value);
        let hosts: Vec<String> = own.iter().map(|one| one.value.host()).collect();
        let sources = Sources {
            access,
            own: own.into_iter().map(|one| &one.value).collect(),
            is_own: hosts.iter().cloned().collect(),
            hosts,
            by_host: &by_host,
            is_whole,
        };
        let workloads = parts.places(&access.pointer.key("workloads"));
        for (workload, pointer) in access.value.workloads.iter().zip(&workloads) {
            let mut names = Vec::new();
            for (key, containers) in [
                ("initContainers", &workload.init_containers),
                ("containers", &workload.containers),
            ] {
                let places = parts.places(&pointer.key(key));
                for (container, pointer) in containers.iter().zip(&places) {
                    names.push((container.name.to_string(), pointer.key("name")));
                    if ImageReference::parse(container.image.as_str()).is_ok() {
                        let pointer = pointer.key("image");
                        image(&container.image, &pointer, &sources, checker);
                    }
                }
            }
            for (reference, pointer) in volume_images(workload, pointer) {
                match ImageReference::parse(reference) {
                    Ok(reference) => image(&reference, &pointer, &sources, checker),
                    Err(fault) => {
                        let why = fault.why;
                        let message = format!("`{}` is not a valid image: {why}", shown(reference));
                        checker.push(Problem::new(Code::InvalidName, &pointer, message));
                    }
                }
            }
            checker.unique(
                names,
                "container",
                "container names in a pod must be unique",
            );
        }
    }
}

/// Images that the kubelet mounts, which it pulls as it pulls those of containers
/// (<https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/>).
pub(super) fn volume_images<'a>(workload: &'a Workload, at: &Pointer) -> Vec<(&'a str, Pointer)> {
    let volumes = workload.pod.get("volumes").and_then(Value::as_array);
    let at = at.key("pod").key("volumes");
    let images = volumes.into_iter().flatten().enumerate();
    let images = images.filter_map(|(index, volume)| {
        let reference = volume["image"]["reference"].as_str()?;
        Some((reference, at.index(index).key("image").key("reference")))
    });
    images.collect()
}

/// Where the images of one entry may come from.
struct Sources<'a> {
    access: &'a Placed<Access>,
    /// The declared registries of the entry, and their hosts.
    own: Vec<&'a Registry>,
    hosts: Vec<String>,
    is_own: HashSet<String>,
    /// The registries of all entries.
    by_host: &'a HashMap<String, &'a Registry>,
    /// Whether all declared registries could be read.
    is_whole: bool,
}

/// One image of one entry.
fn image(
    image: &ImageReference,
    pointer: &Pointer,
    sources: &Sources<'_>,
    checker: &mut Checker<'_>,
) {
    let Sources {
        access, own, hosts, ..
    } = sources;
    let parts_of = image.parts();
    if parts_of.digest.is_none() && matches!(parts_of.tag, None | Some("latest")) {
        let message = format!("image `{}` has no fixed version", shown(image.as_str()));
        let problem = Problem::new(Code::ImageTag, pointer, message);
        checker.push(problem.help("add a tag other than `latest`, or a digest"));
    }
    let is_own = |host: &str| sources.is_own.contains(host);
    if parts_of.host.is_some_and(is_own) || !sources.is_whole {
        return;
    }
    if own.is_empty() || own.len() < access.value.registries.len() {
        // A registry that is not declared has its own message; its host is not known.
        return;
    }
    let elsewhere = parts_of.host.and_then(|host| sources.by_host.get(host));
    if access.value.other_images == OtherImages::Allow && elsewhere.is_none() {
        if let Some(host) = parts_of.host.filter(|host| azure::is_registry_host(host)) {
            let message =
                format!("image host `{host}` is a registry of Azure that is not declared");
            let problem = Problem::new(Code::RegistryUncovered, pointer, message);
            checker.push(problem.help("declare it and add it to the entry's `registries`"));
        }
        return;
    }
    let words: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let message = match parts_of.host {
        Some(host) => format!(
            "image host `{host}` is not a registry of access entry `{}`",
            access.value.name
        ),
        None => format!(
            "image `{}` has no host, so it is pulled from Docker Hub",
            shown(image.as_str())
        ),
    };
    let problem = Problem::new(Code::ImageHost, pointer, message);
    let text = image.as_str();
    let (first, rest) = text.split_once('/').unwrap_or(("", text));
    // Repository, tag and digest, as they would be after the right host.
    let tail = if parts_of.host.is_some() { rest } else { text };
    let by_name = own
        .iter()
        .find(|one| parts_of.host.is_none() && one.name.as_str() == first);
    let problem = match (by_name, elsewhere, hosts.first()) {
        (Some(registry), ..) => {
            let better = format!("{}/{rest}", registry.host());
            problem.label(format!("use `{better}`")).rewrite(
                format!("write `{better}`"),
                Safety::Unsafe,
                string(&better),
            )
        }
        (_, Some(registry), _) => problem
            .label("this registry is declared, but not for this entry")
            .help(format!(
                "add `{}` to the entry's `registries`",
                registry.name
            )),
        (_, _, Some(host)) if hosts.len() == 1 => {
            let same_registry = parts_of
                .host
                .is_some_and(|it| it.split(['.', '-']).next() == host.split(['.', '-']).next());
            let better = format!("{host}/{tail}");
            let problem = problem.label(format!("did you mean `{better}`?")).rewrite(
                format!("write `{better}`"),
                Safety::Unsafe,
                string(&better),
            );
            if same_registry {
                problem
                    .help("if the image's host is right, set `loginServer` of the registry to it")
            } else {
                problem
            }
        }
        _ => problem.label(format!("its registries are {}", list(&words))),
    };
    let is_other = elsewhere.is_none() && !parts_of.host.is_some_and(azure::is_registry_host);
    checker.push(match parts_of.host {
        Some(host) if PUBLIC.contains(&host) => problem.help(format!(
            "{ALLOW} to use images of `{host}`, which is public"
        )),
        Some(_) | None if is_other => {
            problem.help(format!("{ALLOW} if nodes can pull it without a credential"))
        }
        Some(_) | None => problem,
    });
}

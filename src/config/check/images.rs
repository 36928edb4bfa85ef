//! Does every image come from a registry that its access entry can pull from?

use std::collections::{HashMap, HashSet};

use crate::config::Access;
use crate::config::check::{Checker, Parts, Placed};
use crate::contract::words::{list, shown};
use crate::diag::{Code, Problem, Safety};
use crate::document::quote::string;
use crate::model::Registry;
use crate::names::ImageReference;
use crate::pointer::Pointer;

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    let mut by_host: HashMap<String, &Registry> = HashMap::new();
    for registry in &parts.registries {
        let host = registry.value.host();
        by_host.entry(host).or_insert(&registry.value);
    }
    let is_whole = parts.is_whole("registries");
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
            checker.unique(
                names,
                "container",
                "container names in a pod must be unique",
            );
        }
    }
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
    if own.len() < access.value.registries.len() {
        // A registry that is not declared has its own message; its host is not known.
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
    let elsewhere = parts_of.host.and_then(|host| sources.by_host.get(host));
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
    checker.push(problem);
}

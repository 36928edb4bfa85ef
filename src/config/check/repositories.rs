//! May the credential of an entry pull the repositories of its images?

use std::collections::HashMap;

use crate::config::check::images::volume_images;
use crate::config::check::{Checker, Parts, Placed, pull_secret};
use crate::config::{Access, Strategy};
use crate::diag::{Code, Problem, Safety, nearest};
use crate::document::quote::string;
use crate::names::{ImageReference, RepositoryPattern};
use crate::pointer::Pointer;

/// Repositories that a credential or a role is limited to.
struct Limit<'a> {
    /// Where they are written.
    pointer: Pointer,
    repositories: &'a [RepositoryPattern],
}

/// Runs the checks of this file.
pub(super) fn check(parts: &Parts, checker: &mut Checker<'_>) {
    for access in &parts.access {
        if checker.is_full() {
            return;
        }
        let limits = limits(access, parts);
        if limits.is_empty() {
            continue;
        }
        let workloads = parts.places(&access.pointer.key("workloads"));
        for (workload, pointer) in access.value.workloads.iter().zip(&workloads) {
            for (key, containers) in [
                ("initContainers", &workload.init_containers),
                ("containers", &workload.containers),
            ] {
                let places = parts.places(&pointer.key(key));
                for (container, pointer) in containers.iter().zip(&places) {
                    image(&container.image, &pointer.key("image"), &limits, checker);
                }
            }
            for (reference, pointer) in volume_images(workload, pointer) {
                // Another text has a message of its own.
                if let Ok(reference) = ImageReference::parse(reference) {
                    image(&reference, &pointer, &limits, checker);
                }
            }
        }
    }
}

/// The limits of an entry by the host of the registry; a registry without one has no limit.
fn limits<'a>(access: &'a Placed<Access>, parts: &'a Parts<'_>) -> HashMap<String, Limit<'a>> {
    let registries = parts.registries_of(&access.value);
    let registries = registries.into_iter().map(|one| &one.value);
    let limited = registries.filter_map(|registry| {
        let limit = match &access.value.strategy {
            Strategy::Attach(params) => Limit {
                pointer: access.pointer.key("attach").key("repositories"),
                repositories: &params.attach.repositories,
            },
            Strategy::Secret(_) | Strategy::ServiceAccount(_) => {
                let script = pull_secret(&access.value)?.delivery.script()?;
                let secret = access.pointer.key("secret");
                let name = &registry.name;
                let (pointer, credential) = match script.credentials.get(name) {
                    Some(own) => (secret.key("credentials").key(name.as_str()), own),
                    None => (secret.key("credential"), script.credential.as_ref()?),
                };
                Limit {
                    pointer: pointer.key("repositories"),
                    repositories: credential.repositories(),
                }
            }
        };
        (!limit.repositories.is_empty()).then(|| (registry.host(), limit))
    });
    limited.collect()
}

/// One image of one entry. Another check is about its host.
fn image(
    image: &ImageReference,
    pointer: &Pointer,
    limits: &HashMap<String, Limit<'_>>,
    checker: &mut Checker<'_>,
) {
    if ImageReference::parse(image.as_str()).is_err() {
        return;
    }
    let parts = image.parts();
    let Some(limit) = parts.host.and_then(|host| limits.get(host)) else {
        return;
    };
    let repository = parts.repository;
    if limit.repositories.iter().any(|one| one.covers(repository)) {
        return;
    }
    let message = format!("the credential may not pull repository `{repository}`");
    let names: Vec<&str> = limit
        .repositories
        .iter()
        .map(RepositoryPattern::as_str)
        .collect();
    let problem = Problem::new(Code::ImageRepository, pointer, message)
        .related(&limit.pointer, "it is limited to these repositories");
    checker.push(match nearest(repository, &names) {
        Some(close) if !close.contains('*') => problem
            .label(format!("did you mean `{close}`?"))
            .rewrite(
                format!("write `{close}`"),
                Safety::Unsafe,
                string(&image.as_str().replacen(repository, close, 1)),
            )
            .help(format!("or add `{repository}` to `repositories`")),
        _ => problem.help(format!("add `{repository}` to `repositories`")),
    });
}

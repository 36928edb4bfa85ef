//! What is wrong with an object, whoever serves its pods: each once.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::diag::Code;
use crate::document::Data;
use crate::krm::entry::Entries;
use crate::krm::finding::Finding;
use crate::manifest::{
    Identity, Kinds, Object, Pod as View, Puller, Stray, held, host, reference, stray_images,
    wrong_shapes,
};
use crate::names::azure::is_registry_host;
use crate::pointer::Pointer;

fn identity(object: &Object<'_>) -> Arc<Identity> {
    Arc::new(object.identity.clone())
}

/// Metadata that nothing can be read from.
pub(super) fn metadata(object: &Object<'_>) -> Option<Finding> {
    let metadata = object.node.get("metadata")?;
    if metadata.is_null() || matches!(metadata.data, Data::Mapping(_)) {
        return None;
    }
    let message = format!("`metadata` of {} must be a mapping", object.identity);
    let (at, help) = (
        Pointer::root().key("metadata"),
        "write `name: NAME` below it",
    );
    let code = Code::ObjectShape;
    Some(Finding::warning(
        code,
        &identity(object),
        &at,
        message,
        help,
    ))
}

/// Values of other shapes than their places take; those of pull secrets are told when they matter.
pub(super) fn shapes(object: &Object<'_>, views: &[View<'_>], kinds: &Kinds) -> Vec<Finding> {
    let lists = views.iter().filter_map(|view| view.secrets_at.as_ref());
    let lists: Vec<&Pointer> = lists.collect();
    let is_secrets = |at: &Pointer| lists.iter().any(|list| at.0.starts_with(&list.0));
    let all = wrong_shapes(object.node, &object.identity, kinds).into_iter();
    let wrong = all.filter(|wrong| !is_secrets(&wrong.pointer));
    wrong
        .map(|wrong| {
            let message = format!("`{}` of {} {wrong}", wrong.pointer, object.identity);
            let (code, help) = (Code::ObjectShape, "write the value as its kind takes it");
            Finding::warning(code, &identity(object), &wrong.pointer, message, help)
        })
        .collect()
}

/// Images of declared registries that no registry accepts, or that no pull secret is found for.
pub(super) fn images(
    object: &Object<'_>,
    views: &[View<'_>],
    entries: &Entries<'_>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for view in views {
        for (at, image) in &view.images {
            let Some(host) = host(image).map(str::to_ascii_lowercase) else {
                continue;
            };
            let is_declared = entries.host(&host).is_some();
            let why = if is_declared {
                fault(image, view.puller)
            } else {
                alias(&host, entries)
            };
            if !is_declared && why.is_none() && is_registry_host(&host) && asks_nobody(view) {
                found.push(undeclared(object, at, &host));
            }
            if let Some(why) = why {
                let message = format!("{} names the image `{image}`: {why}", object.identity);
                let help = "write `HOST/REPOSITORY:TAG`, with the login server alone as host";
                let code = Code::ImageReference;
                found.push(Finding::warning(code, &identity(object), at, message, help));
            }
        }
    }
    found
}

/// Whether a pod names nothing by which it could pull.
fn asks_nobody(view: &View<'_>) -> bool {
    let names_none = view.pull_secrets.leaves_it_to_the_account();
    names_none && view.account.is_none() && view.identity_at.is_none()
}

fn undeclared(object: &Object<'_>, at: &Pointer, host: &str) -> Finding {
    let message = format!(
        "{} pulls from `{host}`, which the config does not declare",
        object.identity
    );
    let help = "add it to `registries` of an access entry, or check its name";
    let code = Code::RegistryUncovered;
    Finding::warning(code, &identity(object), at, message, help)
}

/// What is wrong with a reference that nothing will fill in later. Controllers take URLs.
fn fault(image: &str, puller: Puller) -> Option<String> {
    let image = match puller {
        Puller::Kubelet => image,
        Puller::Controller => image.strip_prefix("oci://").unwrap_or(image),
    };
    if reference::token(image).is_some() || !image.contains('/') {
        return None;
    }
    Some(reference::fault(image)?.why)
}

/// Another way to write a declared host, which the kubelet does not match with its pull secret.
fn alias(host: &str, entries: &Entries<'_>) -> Option<String> {
    let bare = host.strip_suffix(":443").unwrap_or(host);
    let bare = bare.strip_suffix('.').unwrap_or(bare);
    let declared = entries.host(bare)?;
    Some(format!(
        "the kubelet finds no pull secret of `{declared}` for the host `{host}`"
    ))
}

/// Images of registries that are in none of the pods that can be seen.
pub(super) fn unknown(
    object: &Object<'_>,
    views: &[View<'_>],
    entries: &Entries<'_>,
) -> Option<Finding> {
    let images = stray_images(&object.identity, object.node);
    if images.is_empty() {
        return None;
    }
    let seen = views.iter().flat_map(|view| &view.images);
    let seen: HashMap<&Pointer, &str> = seen.map(|(at, image)| (at, *image)).collect();
    let texts: HashSet<&str> = seen.values().copied().collect();
    // Objects inside of it speak for themselves.
    let held = held(&object.identity, object.node);
    let is_told = |stray: &Stray<'_>| {
        seen.contains_key(&stray.at)
            || (stray.is_shared && texts.contains(stray.image))
            || held.iter().any(|inner| stray.at.0.starts_with(&inner.0))
    };
    let mut first = None;
    let mut hosts = BTreeSet::new();
    for stray in images {
        let Some(host) = host(stray.image).map(str::to_ascii_lowercase) else {
            continue;
        };
        let is_of_registry = entries.host(&host).is_some()
            || alias(&host, entries).is_some()
            || is_registry_host(&host);
        if is_of_registry && !is_told(&stray) {
            hosts.insert(format!("`{host}`"));
            first.get_or_insert(stray.at);
        }
    }
    let hosts: Vec<String> = hosts.into_iter().collect();
    let message = format!(
        "{} names images of {}, and pullwright does not know where its pod spec is",
        object.identity,
        hosts.join(", ")
    );
    let help = "declare its kind in `spec.kinds` of the config";
    let code = Code::UnknownKind;
    Some(Finding::warning(
        code,
        &identity(object),
        &first?,
        message,
        help,
    ))
}

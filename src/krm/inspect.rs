//! Checks of single objects: metadata, values of a wrong shape, image references, unknown kinds.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::diag::Code;
use crate::document::Data;
use crate::krm::entry::Entries;
use crate::krm::finding::Finding;
use crate::manifest::{
    Identity, Kinds, Object, Pod as View, Puller, UnmappedImage, host, nested_objects, reference,
    unmapped_images, wrong_shapes,
};
use crate::names::azure::is_registry_host;
use crate::pointer::Pointer;

fn identity(object: &Object<'_>) -> Arc<Identity> {
    Arc::new(object.identity.clone())
}

/// Reports `metadata` that is not a mapping.
pub(super) fn metadata(object: &Object<'_>) -> Option<Finding> {
    let metadata = object.node.get("metadata")?;
    if metadata.is_null() || matches!(metadata.data, Data::Mapping(_)) {
        return None;
    }
    let message = format!("`metadata` of {} must be a mapping", object.identity);
    let (at, help) = (
        Pointer::root().key("metadata"),
        "write `metadata: {name: NAME}`",
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

/// Reports values of a wrong shape. Those of pull secrets are only reported when a secret must be added.
pub(super) fn shapes(object: &Object<'_>, views: &[View<'_>], kinds: &Kinds) -> Vec<Finding> {
    let lists = views.iter().filter_map(|view| view.secrets_at.as_ref());
    let lists: Vec<&Pointer> = lists.collect();
    let is_secrets = |at: &Pointer| lists.iter().any(|list| at.0.starts_with(&list.0));
    let all = wrong_shapes(object.node, &object.identity, kinds).into_iter();
    let wrong = all.filter(|wrong| !is_secrets(&wrong.pointer));
    wrong
        .map(|wrong| {
            let message = format!("`{}` of {} {wrong}", wrong.pointer, object.identity);
            let (code, help) = (
                Code::ObjectShape,
                "write the value as the schema of its kind defines it",
            );
            Finding::warning(code, &identity(object), &wrong.pointer, message, help)
        })
        .collect()
}

/// Reports images that are not valid, that no pull secret matches, or whose registry is not declared.
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
            if !is_declared
                && why.is_none()
                && is_registry_host(&host)
                && has_no_credential_source(view)
            {
                found.push(undeclared(object, at, &host));
            }
            if let Some(why) = why {
                let message = format!("{} uses image `{image}`: {why}", object.identity);
                let help = "write `HOST/REPOSITORY:TAG` with exactly the login server as the host";
                let code = Code::ImageReference;
                found.push(Finding::warning(code, &identity(object), at, message, help));
            }
        }
    }
    found
}

/// Whether a pod sets no pull secret, no account and no identity.
fn has_no_credential_source(view: &View<'_>) -> bool {
    let lists_none = view.pull_secrets.defers_to_account();
    lists_none && view.account.is_none() && view.identity_at.is_none()
}

fn undeclared(object: &Object<'_>, at: &Pointer, host: &str) -> Finding {
    let message = format!(
        "{} pulls from `{host}`, which is not declared in the config",
        object.identity
    );
    let help = "add the registry to `spec.registries` and to an access entry, or correct its name in the image";
    let code = Code::RegistryUncovered;
    Finding::warning(code, &identity(object), at, message, help)
}

/// Why a reference without placeholders is not valid. Controllers accept URLs.
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

/// Reports another spelling of a declared host, which the kubelet does not match with its pull secret.
fn alias(host: &str, entries: &Entries<'_>) -> Option<String> {
    let bare = host.strip_suffix(":443").unwrap_or(host);
    let bare = bare.strip_suffix('.').unwrap_or(bare);
    let declared = entries.host(bare)?;
    Some(format!(
        "the kubelet does not match host `{host}` with the pull secret of `{declared}`"
    ))
}

/// Reports images of registries outside of the known pods of an object.
pub(super) fn unknown(
    object: &Object<'_>,
    views: &[View<'_>],
    entries: &Entries<'_>,
) -> Option<Finding> {
    let images = unmapped_images(&object.identity, object.node);
    if images.is_empty() {
        return None;
    }
    let seen = views.iter().flat_map(|view| &view.images);
    let seen: HashMap<&Pointer, &str> = seen.map(|(at, image)| (at, *image)).collect();
    let texts: HashSet<&str> = seen.values().copied().collect();
    // Nested objects are checked separately.
    let nested = nested_objects(&object.identity, object.node);
    let is_reported = |unmapped: &UnmappedImage<'_>| {
        seen.contains_key(&unmapped.at)
            || (unmapped.is_shared && texts.contains(unmapped.image))
            || nested
                .iter()
                .any(|inner| unmapped.at.0.starts_with(&inner.0))
    };
    let mut first = None;
    let mut hosts = BTreeSet::new();
    for unmapped in images {
        let Some(host) = host(unmapped.image).map(str::to_ascii_lowercase) else {
            continue;
        };
        let is_of_registry = entries.host(&host).is_some()
            || alias(&host, entries).is_some()
            || is_registry_host(&host);
        if is_of_registry && !is_reported(&unmapped) {
            hosts.insert(format!("`{host}`"));
            first.get_or_insert(unmapped.at);
        }
    }
    let hosts: Vec<String> = hosts.into_iter().collect();
    let message = format!(
        "{} uses images from {}, but the path of its pod spec is unknown",
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

//! A host that is nearly a login server: upper case, or a data endpoint.

use std::collections::HashSet;

use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;
use crate::manifest::host;
use crate::names::LoginServer;
use crate::names::azure::is_registry_host;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for pod in &context.facts.pods {
        for image in &pod.images {
            let Some(host) = host(&image.text) else {
                continue;
            };
            if !seen.insert(image.spot) {
                continue;
            }
            if let Some(right) = meant(host) {
                let identity = &pod.object.identity;
                let message = format!(
                    "the image of {identity} has the host `{host}`, which is not a login server"
                );
                let help = format!("write `{right}`");
                found.push(finding(
                    Code::RegistryHost,
                    &pod.object,
                    image.spot,
                    message,
                    &help,
                ));
            }
        }
    }
    found
}

/// The login server that such a host stands for.
pub(in crate::audit) fn meant(host: &str) -> Option<String> {
    let lower = host.to_ascii_lowercase();
    if !is_registry_host(&lower) {
        return None;
    }
    if lower != host && LoginServer::parse(&lower).is_ok() {
        return Some(lower);
    }
    without_data(&lower)
}

/// The login server of a data endpoint: `NAME.REGION.data.SUFFIX`.
fn without_data(host: &str) -> Option<String> {
    let (first, suffix) = host.split_once(".data.")?;
    let name = first.split('.').next()?;
    let server = format!("{name}.{suffix}");
    LoginServer::parse(&server).is_ok().then_some(server)
}

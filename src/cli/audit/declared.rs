//! What the policies declare, as facts and knowledge.

use std::sync::Arc;

use crate::audit::facts::{Contents, Maker, Namespaces, ObjectFacts, SecretFacts, Spot, TextId};
use crate::audit::judge::{Grant, Knowledge};
use crate::audit::policy::Secret;
use crate::cli::audit::inputs::Inputs;
use crate::cli::audit::settings::{Located, Settings};
use crate::manifest::Identity;
use crate::pointer::Pointer;

/// Adds what the policies declare; their texts are kept for messages.
pub(super) fn add(settings: &Settings, inputs: &mut Inputs, knowledge: &mut Knowledge) {
    for located in &settings.policies {
        let text = inputs.texts.next();
        let document = &located.loaded.document;
        inputs.texts.insert(text, Arc::clone(&document.source));
        inputs.policies.push(text);
        registries(located, text, knowledge);
        for (index, secret) in located.loaded.policy.secrets.iter().enumerate() {
            let at = Pointer::root().key("secrets").index(index).key("name");
            let spot = Spot {
                text,
                span: document.value_span(&at),
            };
            inputs.facts.secrets.extend(secrets(secret, spot));
        }
    }
}

fn registries(located: &Located, text: TextId, knowledge: &mut Knowledge) {
    let policy = &located.loaded.policy;
    for (index, attached) in policy.attached.iter().enumerate() {
        let host = attached.server.to_string();
        let at = Pointer::root().key("attached").index(index).key("server");
        let grant = Grant {
            by: format!("`attached` of `{}`", located.shown),
            spot: Some(Spot {
                text,
                span: located.loaded.document.value_span(&at),
            }),
        };
        knowledge.declared.insert(host.clone());
        knowledge.attached.entry(host).or_insert(grant);
    }
    for host in &policy.anonymous {
        knowledge.declared.insert(host.to_string());
        knowledge.anonymous.insert(host.to_string());
    }
}

/// A Secret in each of its namespaces, or in all. It is further away than any of a manifest.
fn secrets(secret: &Secret, spot: Spot) -> Vec<SecretFacts> {
    let namespaces = match &secret.namespaces {
        None => vec![Namespaces::Any],
        Some(all) => {
            let all = all.iter();
            all.map(|one| Namespaces::One(Some(one.to_string())))
                .collect()
        }
    };
    let in_one = |namespaces: Namespaces| {
        let namespace = match &namespaces {
            Namespaces::One(namespace) => namespace.clone(),
            Namespaces::Any => None,
        };
        let object = ObjectFacts {
            identity: Identity {
                api_version: "v1".to_owned(),
                kind: "Secret".to_owned(),
                name: secret.name.to_string(),
                generate_name: None,
                namespace,
                file: None,
            },
            spot,
            directory: "".into(),
            ignored: Vec::new(),
        };
        SecretFacts {
            object: Arc::new(object),
            name: secret.name.to_string(),
            namespaces,
            maker: Maker::Policy,
            contents: Contents::Servers(secret.servers.iter().map(ToString::to_string).collect()),
        }
    };
    namespaces.into_iter().map(in_one).collect()
}

//! What access entries promise: Secrets that their scripts write, accounts that carry them, and registries
//! that are attached.

use std::path::Path;
use std::sync::Arc;

use crate::audit::facts::{
    AccountFacts, Contents, Element, ListFacts, Maker, Namespaces, ObjectFacts, SecretFacts, Spot,
    TextId,
};
use crate::audit::judge::{EntryFacts, Grant, Knowledge};
use crate::audit::read::Own;
use crate::cli::audit::inputs::Inputs;
use crate::cli::include::Files;
use crate::config::Access;
use crate::config::load::{self, Loaded};
use crate::diag::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::manifest::{Identity, Kind, PodKind, Shape};
use crate::model::RoleAssignmentMode;
use crate::pointer::Pointer;
use crate::strategy::capability;
use crate::strategy::secret::params::Delivery;

/// The kind of a config.
pub(super) const CONFIG: &str = "PullAccess";

/// A config among the inputs.
pub(super) struct Config {
    text: TextId,
    name: String,
    loaded: Loaded,
}

/// The configs among the inputs. One that is not valid promises nothing, and is reported.
pub(super) fn configs(inputs: &Inputs, here: &Path, report: &mut Report) -> Vec<Config> {
    let own = inputs.own.iter().filter(|(_, own)| own.kind == CONFIG);
    let mut configs = Vec::new();
    for (text, Own { root, .. }) in own {
        let Some(source) = inputs.texts.get(*text) else {
            continue;
        };
        let name = source.name.clone();
        let document = Document::new(Arc::clone(source), root.clone());
        let path = here.join(&name);
        let files = Files::of(path.parent().unwrap_or(here), here);
        match load::load_document(document, &files) {
            Ok(loaded) => configs.push(Config {
                text: *text,
                name,
                loaded,
            }),
            Err(_) => {
                let message =
                    format!("`{name}` is not a valid config, so its access entries do not count");
                report.push(
                    Diagnostic::new(Code::NotChecked, message)
                        .help(format!("run `pullwright validate {name}`")),
                );
            }
        }
    }
    configs
}

/// The kinds that configs declare.
pub(super) fn kinds(configs: &[Config]) -> Vec<Kind> {
    let kinds = configs.iter().flat_map(|one| &one.loaded.config.spec.kinds);
    kinds.map(PodKind::model).collect()
}

/// Adds what the configs promise.
pub(super) fn add(configs: &[Config], inputs: &mut Inputs, knowledge: &mut Knowledge) {
    for config in configs {
        entries(&config.loaded, config.text, &config.name, inputs, knowledge);
    }
}

fn entries(
    loaded: &Loaded,
    text: TextId,
    name: &str,
    inputs: &mut Inputs,
    knowledge: &mut Knowledge,
) {
    let Loaded {
        config, document, ..
    } = loaded;
    let directory = inputs.directories.get(&text).cloned();
    let directory = directory.unwrap_or_default();
    let declared = config.declared();
    for registry in &config.spec.registries {
        let host = registry.host().to_ascii_lowercase();
        if registry.role_assignment_mode == RoleAssignmentMode::Abac {
            knowledge.abac.insert(host.clone());
        }
        knowledge.declared.insert(host);
    }
    for (at, access) in config.spec.access.iter().enumerate() {
        let pointer = Pointer::root()
            .key("spec")
            .key("access")
            .index(at)
            .key("name");
        let spot = Spot {
            text,
            span: document.value_span(&pointer),
        };
        let hosts: Vec<String> = declared
            .registries_of(access)
            .iter()
            .map(|one| one.host())
            .collect();
        let entry = Promise {
            access,
            hosts: &hosts,
            spot,
            directory: &directory,
        };
        match access.strategy.grant() {
            capability::Grant::Node => {
                for host in &hosts {
                    let by = format!("access entry `{}` of `{name}`", access.name);
                    let grant = Grant {
                        by,
                        spot: Some(spot),
                    };
                    knowledge.attached.entry(host.clone()).or_insert(grant);
                }
            }
            capability::Grant::Pod { secret } => {
                entry.secrets(secret.as_str(), inputs);
                knowledge
                    .entries
                    .push(entry.provides(secret.as_str(), None));
            }
            capability::Grant::Account { account, secret } => {
                let provided = entry.provides(secret.as_str(), Some(account.as_str()));
                knowledge.entries.push(provided);
                entry.secrets(secret.as_str(), inputs);
                entry.accounts(account.as_str(), secret.as_str(), inputs);
            }
        }
    }
}

/// An entry that creates a Secret.
struct Promise<'a> {
    access: &'a Access,
    hosts: &'a [String],
    spot: Spot,
    directory: &'a Arc<str>,
}

impl Promise<'_> {
    fn object(&self, kind: &str, name: &str, namespace: &str) -> Arc<ObjectFacts> {
        Arc::new(ObjectFacts {
            identity: Identity {
                api_version: "v1".to_owned(),
                kind: kind.to_owned(),
                name: name.to_owned(),
                generate_name: None,
                namespace: Some(namespace.to_owned()),
                file: None,
            },
            spot: self.spot,
            directory: Arc::clone(self.directory),
            ignored: Vec::new(),
        })
    }

    fn provides(&self, secret: &str, account: Option<&str>) -> EntryFacts {
        let namespaces = self.access.namespaces.iter();
        EntryFacts {
            hosts: self.hosts.to_vec(),
            namespaces: namespaces.map(ToString::to_string).collect(),
            secret: secret.to_owned(),
            account: account.map(str::to_owned),
        }
    }

    fn secrets(&self, secret: &str, inputs: &mut Inputs) {
        let delivery = self.access.strategy.secret().map(|secret| &secret.delivery);
        for namespace in &self.access.namespaces {
            let contents = match delivery {
                Some(Delivery::Placeholder) => Contents::Announced(
                    self.hosts.to_vec(),
                    format!(
                        "access entry `{}` has `delivery: placeholder`, so another tool fills it",
                        self.access.name
                    ),
                ),
                Some(Delivery::Script(_) | Delivery::Manifest(_)) | None => {
                    Contents::Servers(self.hosts.to_vec())
                }
            };
            inputs.facts.secrets.push(SecretFacts {
                object: self.object("Secret", secret, namespace.as_str()),
                name: secret.to_owned(),
                namespaces: Namespaces::One(Some(namespace.to_string())),
                maker: Maker::Config,
                contents,
            });
        }
    }

    fn accounts(&self, account: &str, secret: &str, inputs: &mut Inputs) {
        for namespace in &self.access.namespaces {
            inputs.facts.accounts.push(AccountFacts {
                object: self.object("ServiceAccount", account, namespace.as_str()),
                list: ListFacts {
                    pointer: None,
                    shape: Shape::Objects,
                    elements: Some(vec![(Element::Secret(secret.to_owned()), self.spot)]),
                },
                mountable: Vec::new(),
                wrong: Vec::new(),
                enforces: false,
                namespaces: Namespaces::One(Some(namespace.to_string())),
                is_addition: true,
            });
        }
    }
}

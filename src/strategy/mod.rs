//! The strategies: each turns one access entry into planned files. Knows no config, does no IO.

pub mod attach;
pub mod capability;
mod component;
pub mod secret;
pub mod service_account;
pub mod size;
mod workload;

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::artifact::{Expect, PlannedFile};
use crate::diag::Problem;
use crate::model::{Cluster, Registry, Workload};
use crate::names::{EntryName, Namespace};
use crate::secret::Redacted;

/// What reaches the pod, with the parameters of each way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "strategy", rename_all = "camelCase")]
pub enum Strategy {
    /// The Secret is named in the pod's `imagePullSecrets`.
    Secret(secret::params::Params),
    /// The Secret hangs on a ServiceAccount that the pod names.
    ServiceAccount(service_account::params::Params),
    /// The cluster's kubelet identity may pull; nothing in the pod. AKS only.
    Attach(attach::params::Params),
}

/// What lies outside the config and a plan may need: asked by name, so that the core does no IO.
pub trait Outside {
    /// The value of an environment variable.
    fn variable(&self, name: &str) -> Option<Redacted>;

    /// The text of a file, named as in the config.
    ///
    /// # Errors
    /// Why it cannot be read, as the end of a sentence.
    fn file(&self, path: &str) -> Result<Redacted, String>;
}

/// An access entry with all that it refers to.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Its name, and that of its output folder.
    pub name: &'a EntryName,
    /// Its registries, in the order of the entry.
    pub registries: &'a [&'a Registry],
    /// The clusters that its scripts are made for.
    pub clusters: &'a [&'a Cluster],
    /// Its namespaces.
    pub namespaces: &'a [Namespace],
    /// Its workloads.
    pub workloads: &'a [Workload],
    /// How the files' first comment names the config.
    pub config: &'a str,
    /// Where credentials come from.
    pub outside: &'a dyn Outside,
}

/// Files, or all problems of the entry, with pointers from the entry.
pub type Planned = Result<Vec<PlannedFile>, Vec<Problem>>;

impl Strategy {
    /// The files of an entry with this strategy.
    ///
    /// # Errors
    /// Credentials that are not there, or cannot be used.
    pub fn plan(&self, entry: &Entry<'_>) -> Planned {
        match self {
            Self::Secret(params) => secret::plan(params, entry),
            Self::ServiceAccount(params) => service_account::plan(params, entry),
            Self::Attach(params) => Ok(attach::plan(params, entry)),
        }
    }
}

impl Entry<'_> {
    /// Files with one Kubernetes object each, one in the folder of every namespace.
    fn objects(
        &self,
        file: &str,
        template: &'static str,
        object: (&'static str, &str),
        context: Value,
    ) -> impl Iterator<Item = PlannedFile> {
        let (kind, name) = object;
        let mut context = self.with_config(context);
        context["name"] = json!(name);
        let context = Arc::new(context);
        self.namespaces.iter().map(move |namespace| PlannedFile {
            path: format!("{}/{namespace}/{file}.yaml", self.name),
            template,
            context: Arc::clone(&context),
            own: vec![("namespace", namespace.to_string())],
            secrets: Vec::new(),
            access: Some(self.name.to_string()),
            expect: Expect::Object {
                kind,
                name: name.to_owned(),
                namespace: namespace.to_string(),
            },
        })
    }

    /// A script for `cluster`.
    fn script(
        &self,
        cluster: &Cluster,
        file: &str,
        template: &'static str,
        context: Value,
    ) -> PlannedFile {
        let mut context = self.with_config(context);
        let file = format!("{file}-{}.sh", cluster.name);
        context["file"] = json!(file);
        context["access"] = json!(self.name);
        context["cluster"] = attach::cluster_context(cluster);
        PlannedFile {
            path: format!("{}/{file}", self.name),
            template,
            context: Arc::new(context),
            own: Vec::new(),
            secrets: Vec::new(),
            access: Some(self.name.to_string()),
            expect: Expect::Script,
        }
    }

    /// The images of the workloads, each once.
    fn images(&self) -> BTreeSet<&str> {
        let containers = self.workloads.iter().flat_map(Workload::all_containers);
        containers
            .map(|container| container.image.as_str())
            .collect()
    }

    /// What every template may print.
    fn with_config(&self, mut context: Value) -> Value {
        context["config"] = json!(self.config);
        context
    }

    /// The registries as scripts see them.
    fn registry_contexts(&self) -> Vec<Value> {
        let all = self.registries.iter().map(|registry| {
            json!({
                "name": registry.name,
                "host": registry.host(),
                "resourceGroup": registry.resource_group,
                "subscription": registry.subscription,
                "mode": registry.role_assignment_mode,
            })
        });
        all.collect()
    }
}

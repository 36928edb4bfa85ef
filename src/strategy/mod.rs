//! The strategies: each turns one access entry into planned files. Knows no config, does no IO.

pub mod attach;
pub mod capability;
mod component;
pub(crate) mod context;
pub mod contract;
pub mod secret;
pub mod service_account;
pub mod size;
mod workload;

use std::collections::{BTreeSet, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::artifact::{Carries, Context, Expect, PlannedFile, ScriptKind, Sharing, Template};
use crate::diag::Problem;
use crate::model::{Cluster, Registry, ScriptForm, Workload};
use crate::names::{EntryName, ImageReference, Namespace};
use crate::secret::Redacted;
use crate::strategy::context::{ClusterLine, Load, Opening, Script};

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

/// What is outside the config and a plan may need: asked by name, so that the core does no IO.
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
    /// Its name, and that of its output directory.
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
    /// Names of the config, and of the entry, that own what its scripts create.
    pub owner: [&'a EntryName; 2],
    /// How its scripts are written.
    pub form: ScriptForm,
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

    /// The scripts among them, which need no credential.
    pub fn plan_scripts(&self, entry: &Entry<'_>) -> Vec<PlannedFile> {
        match self {
            Self::Secret(params) => secret::scripts(&params.secret, entry),
            Self::ServiceAccount(params) => service_account::scripts(params, entry),
            Self::Attach(params) => attach::scripts(params, entry),
        }
    }
}

impl<'a> Entry<'a> {
    /// Files with one Kubernetes object each, one in the directory of every namespace.
    fn objects<T: Template>(
        &self,
        stem: &str,
        object: (&'static str, &str),
        carries: Carries,
        context: &T,
    ) -> impl Iterator<Item = PlannedFile> + use<'a, T> {
        let (kind, name) = (object.0, object.1.to_owned());
        let context = Context::of(context);
        let (folder, stem) = (self.name, stem.to_owned());
        self.namespaces.iter().map(move |namespace| PlannedFile {
            path: format!("{folder}/{namespace}/{stem}.yaml"),
            template: T::NAME,
            context: context.clone(),
            own: vec![("namespace", namespace.to_string())],
            secrets: Vec::new(),
            access: Some(folder.to_string()),
            expect: Expect::Object {
                kind,
                name: name.clone(),
                namespace: namespace.to_string(),
                carries: carries.clone(),
            },
            sharing: Sharing::Own,
        })
    }

    /// A script for `cluster`; `build` adds what its template prints beyond what all scripts do.
    fn script<T: Template>(
        &self,
        cluster: &'a Cluster,
        kind: ScriptKind,
        names: &[&str],
        build: impl FnOnce(Script<'a>) -> T,
    ) -> PlannedFile {
        let context = build(Script {
            opening: Opening {
                config: self.config,
            },
            load: Load {
                standalone: self.form.is_standalone(),
            },
            owner: format!("{}/{}/{}", self.owner[0], self.owner[1], cluster.name),
            cluster: ClusterLine {
                cluster: cluster.into(),
            },
        });
        PlannedFile {
            path: format!("{}/{}-{}.sh", self.name, kind.word(), cluster.name),
            template: T::NAME,
            context: Context::of(&context),
            own: Vec::new(),
            secrets: Vec::new(),
            access: Some(self.name.to_string()),
            expect: Expect::Script {
                kind,
                cluster: cluster.name.to_string(),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            },
            sharing: Sharing::Own,
        }
    }

    /// The images of the workloads that are in its registries, each once.
    fn images(&self) -> BTreeSet<&'a ImageReference> {
        let hosts: HashSet<String> = self.registries.iter().map(|one| one.host()).collect();
        let containers = self.workloads.iter().flat_map(Workload::all_containers);
        let images = containers.map(|container| &container.image);
        let is_own =
            |image: &&ImageReference| image.parts().host.is_some_and(|host| hosts.contains(host));
        images.filter(is_own).collect()
    }
}

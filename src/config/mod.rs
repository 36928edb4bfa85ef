//! The `PullAccess` file: its types, its schema, and how a text becomes a valid config. No IO here.

pub mod across;
mod check;
pub mod include;
pub mod inventory;
pub mod load;
mod required;
pub mod schema;
mod scope;

pub use crate::config::scope::Scope;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::contract::ApiVersion;
use crate::manifest::{Kinds, PodKind};
use crate::model::{Cluster, Registry, ScriptForm, Scripts, Workload};
use crate::names::{
    ClusterName, EntryName, FolderPath, IncludePath, Namespace, RegistryName, SecretName,
    TemplateFolder, VersionRange,
};
use crate::strategy::Strategy;

/// The only `apiVersion` so far.
pub const API_VERSION: &str = "pullwright.dev/v1alpha1";
/// The only `kind`.
pub const KIND: &str = "PullAccess";

/// Declares which workloads pull from which protected registry, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "PullAccess")]
pub struct Config {
    /// Version of this format.
    #[schemars(example = ApiVersion::V1alpha1)]
    pub api_version: ApiVersion,
    /// Kind of this document.
    #[schemars(example = Kind::PullAccess)]
    pub kind: Kind,
    /// Name of this config.
    #[schemars(example = metadata_example())]
    pub metadata: Metadata,
    /// Desired state.
    #[schemars(example = spec_example())]
    pub spec: Spec,
}

/// Kind of this document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
pub enum Kind {
    /// Registries, clusters, and which workloads pull from where.
    PullAccess,
}

/// Metadata of the config.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Name of this config, printed in the first comment of each output file.
    pub name: EntryName,
    /// Annotations for tools: `config.kubernetes.io/function` makes this file a KRM function
    /// config, and `pullwright.dev/allow-plaintext: "true"` allows Secrets in clear text in its
    /// output.
    #[serde(default)]
    #[schemars(example = annotations_example())]
    pub annotations: BTreeMap<String, String>,
    /// Labels for tools; not copied to any output.
    #[serde(default)]
    #[schemars(example = labels_example())]
    pub labels: BTreeMap<String, String>,
}

/// Desired state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// Versions of pullwright that may read this file; others refuse it. Default: all.
    #[schemars(example = &">=0.2")]
    pub pullwright: Option<VersionRange>,
    /// Output directory, relative to this file. Default: `k8s`.
    pub output: Option<FolderPath>,
    /// Directory with your own templates, relative to this file. See `pullwright templates`.
    #[schemars(example = &"templates")]
    pub templates: Option<TemplateFolder>,
    /// Inventories (files of kind `PullInventory`) with registries and clusters that several configs share, relative
    /// to this file.
    #[serde(default)]
    #[schemars(example = ["../fleet.yaml"])]
    pub include: Vec<IncludePath>,
    /// The registries that access entries refer to. Required, unless an inventory declares some.
    #[serde(default)]
    #[schemars(example = registries_example())]
    pub registries: Vec<Registry>,
    /// The clusters that scripts act on.
    #[serde(default)]
    #[schemars(example = clusters_example())]
    pub clusters: Vec<Cluster>,
    /// How scripts are written.
    #[serde(default)]
    #[schemars(example = scripts_example())]
    pub scripts: Scripts,
    /// Access entries: which workloads pull from which registries, and how.
    #[schemars(length(min = 1), example = access_example())]
    pub access: Vec<Access>,
    /// Additional kinds that contain pods, beside those of Kubernetes and of well-known projects. An
    /// entry for a built-in kind replaces it.
    #[serde(default)]
    #[schemars(example = kinds_example())]
    pub kinds: Vec<PodKind>,
}

/// Lets the workloads of some namespaces pull from some registries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// Name of the entry and of its output directory.
    pub name: EntryName,
    /// Registries to pull from. Several share one Secret.
    #[schemars(length(min = 1), example = ["youruniquename"])]
    pub registries: Vec<RegistryName>,
    /// Namespaces to generate files for.
    #[serde(default)]
    #[schemars(example = ["default"])]
    pub namespaces: Vec<Namespace>,
    /// Clusters to generate scripts for. Default: the only declared cluster.
    #[schemars(example = ["prod"])]
    pub clusters: Option<Vec<ClusterName>>,
    /// Whether containers may use images of registries that are not declared, such as `mcr.microsoft.com`.
    #[serde(default)]
    #[schemars(example = OtherImages::Allow)]
    pub other_images: OtherImages,
    /// Workloads to generate in each namespace.
    #[serde(default)]
    #[schemars(example = workloads_example())]
    pub workloads: Vec<Workload>,
    /// How pods get pull access.
    #[serde(flatten)]
    pub strategy: Strategy,
}

/// Whether containers may use images of registries that are not declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum OtherImages {
    /// They are errors.
    #[default]
    Refuse,
    /// Nodes can pull them without the access of this entry.
    Allow,
}

impl Config {
    /// The kinds whose pods are known: those of the config, which win, and the built-in ones.
    pub fn kinds(&self) -> Kinds {
        Kinds::with(self.spec.kinds.iter().map(PodKind::model).collect())
    }

    /// The declared elements by their names, for those who look up many.
    pub fn declared(&self) -> Declared<'_> {
        let Spec {
            registries,
            clusters,
            scripts,
            access,
            ..
        } = &self.spec;
        let mut makers = HashMap::new();
        for one in access {
            if let Some(made) = script_secret(one, clusters) {
                makers.entry(made).or_insert(&one.name);
            }
        }
        Declared {
            makers,
            declared_clusters: clusters,
            config: &self.metadata.name,
            form: scripts.form,
            registries: registries.iter().map(|one| (&one.name, one)).collect(),
            clusters: clusters.iter().map(|one| (&one.name, one)).collect(),
            all_clusters: clusters.iter().collect(),
        }
    }
}

/// The registries and clusters of a config by their names, and what all its entries share.
pub struct Declared<'a> {
    /// Name of the config.
    pub config: &'a EntryName,
    /// How its scripts are written.
    pub form: ScriptForm,
    registries: HashMap<&'a RegistryName, &'a Registry>,
    clusters: HashMap<&'a ClusterName, &'a Cluster>,
    all_clusters: Vec<&'a Cluster>,
    declared_clusters: &'a [Cluster],
    /// The first entry whose script writes a Secret.
    makers: HashMap<ScriptSecret<'a>, &'a EntryName>,
}

/// A Secret that a script writes: its name, its first namespace and its first cluster. The checks of a config
/// let no two scripts that have these in common differ.
type ScriptSecret<'a> = (
    &'a SecretName,
    Option<&'a Namespace>,
    Option<&'a ClusterName>,
);

fn script_secret<'a>(access: &'a Access, declared: &'a [Cluster]) -> Option<ScriptSecret<'a>> {
    let secret = access.strategy.secret()?;
    secret.delivery.script()?;
    let cluster = match &access.clusters {
        Some(names) => names.iter().min(),
        None => declared.iter().map(|one| &one.name).min(),
    };
    Some((&secret.name, access.namespaces.iter().min(), cluster))
}

impl<'a> Declared<'a> {
    /// The entry by whose name the scripts of an entry record what they create: entries whose scripts write
    /// one Secret have one.
    pub fn maker_of(&self, access: &'a Access) -> &'a EntryName {
        let maker = script_secret(access, self.declared_clusters);
        let maker = maker.and_then(|made| self.makers.get(&made));
        maker.copied().unwrap_or(&access.name)
    }

    /// The registries that an entry pulls from.
    pub fn registries_of(&self, access: &Access) -> Vec<&'a Registry> {
        let names = access.registries.iter();
        let found = names.filter_map(|name| self.registries.get(name));
        found.copied().collect()
    }

    /// The clusters that the scripts of an entry are generated for.
    pub fn clusters_of(&self, access: &Access) -> Cow<'_, [&'a Cluster]> {
        let Some(names) = &access.clusters else {
            return Cow::Borrowed(&self.all_clusters);
        };
        let found = names.iter().filter_map(|name| self.clusters.get(name));
        Cow::Owned(found.copied().collect())
    }
}

fn metadata_example() -> serde_json::Value {
    serde_json::json!({"name": "sample"})
}

fn annotations_example() -> serde_json::Value {
    serde_json::json!({"config.kubernetes.io/function": "exec: {path: ./pullwright-fn}"})
}

fn labels_example() -> serde_json::Value {
    serde_json::json!({"team": "sample"})
}

fn registries_example() -> serde_json::Value {
    serde_json::json!([{"name": "youruniquename"}])
}

fn clusters_example() -> serde_json::Value {
    serde_json::json!([{"name": "prod", "kind": "aks", "resourceGroup": "rg-prod"}])
}

fn scripts_example() -> serde_json::Value {
    serde_json::json!({"form": "shared"})
}

fn access_example() -> serde_json::Value {
    serde_json::json!([{
        "name": "sample",
        "strategy": "secret",
        "registries": ["youruniquename"],
        "namespaces": ["default"],
        "secret": {"name": "acr-secret", "delivery": "placeholder"},
    }])
}

fn workloads_example() -> serde_json::Value {
    serde_json::json!([{
        "kind": "Pod",
        "name": "sample-pod",
        "containers": [{
            "name": "sample-pod-container",
            "image": "youruniquename.azurecr.io/sample-container:0.0.1",
        }],
    }])
}

fn kinds_example() -> serde_json::Value {
    serde_json::json!([{"group": "example.com", "kind": "Thing", "pod": "spec.template.spec"}])
}

fn spec_example() -> serde_json::Value {
    serde_json::json!({"registries": registries_example(), "access": access_example()})
}

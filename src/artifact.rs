//! What will be written: plain data between strategies, templates and the disk.

mod context;
pub mod runtime;

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::secret::Redacted;

pub use crate::artifact::context::{Context, PerFile, Template};

/// What a file must turn out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// One Kubernetes object that goes to the cluster.
    Object {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Its namespace.
        namespace: String,
        /// What it must hold so that pods can pull.
        carries: Carries,
    },
    /// A helper object of a kustomize component: in no namespace, and left out of what is applied.
    Local {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A kustomization or component of kustomize.
    Kustomize {
        /// `Kustomization` or `Component`.
        kind: &'static str,
        /// What it must list, relative to its directory.
        resources: Arc<[String]>,
    },
    /// A bash script.
    Script {
        /// What it does.
        kind: ScriptKind,
        /// The cluster that it acts on.
        cluster: String,
        /// Names that it cannot do without: of the Secret, the account, the registries.
        names: Arc<[String]>,
    },
    /// The bash script that runs all others.
    Runner {
        /// Their paths, in their order.
        scripts: Arc<[String]>,
    },
    /// The bash library that scripts load.
    Library,
    /// The `.gitattributes` of the output directory.
    Attributes,
}

/// What a script does, in the order in which the scripts of one cluster run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScriptKind {
    /// Lets the kubelet identity of a cluster pull.
    Attach,
    /// Stores credentials in a Secret.
    PullSecret,
    /// Adds a Secret to a ServiceAccount.
    ServiceAccount,
}

impl ScriptKind {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Attach, Self::PullSecret, Self::ServiceAccount];

    /// The word for it: how its file begins, and what its script calls itself.
    pub fn word(self) -> &'static str {
        match self {
            Self::Attach => "attach",
            Self::PullSecret => "pull-secret",
            Self::ServiceAccount => "service-account",
        }
    }

    /// What it does, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Attach => "Let the kubelet identity of a cluster pull",
            Self::PullSecret => "Store credentials in a Secret",
            Self::ServiceAccount => "Add a Secret to a ServiceAccount",
        }
    }
}

/// What an object must hold so that pods can pull, whatever template makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carries {
    /// A pod, or the template of pods.
    Pod(Arc<PodAccess>),
    /// The reference of a ServiceAccount to the Secret of this name.
    Reference(Arc<str>),
    /// Entries of a pull secret for these login servers.
    Credentials(Arc<[String]>),
    /// A pull secret that something else fills. It is created once: what is applied again empties it.
    Placeholder,
}

/// What a pod must hold to pull its images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodAccess {
    /// Keys from the root of the object to the spec of the pod.
    pub path: &'static [&'static str],
    /// Name of the Secret in its `imagePullSecrets`, if the strategy has it there.
    pub pull_secret: Option<String>,
    /// Its `serviceAccountName`, if the strategy sets it.
    pub service_account: Option<String>,
    /// Images of its containers.
    pub images: BTreeSet<String>,
    /// Fields of its spec that the config sets.
    pub fields: Vec<String>,
    /// Fields that the config sets, by the names of the containers.
    pub containers: Vec<(String, Vec<String>)>,
}

/// A file that a template will make.
#[derive(Debug, Clone)]
pub struct PlannedFile {
    /// Relative to the output directory, with `/` between its parts.
    pub path: String,
    /// Name of the template.
    pub template: &'static str,
    /// The template's variables; files that differ in little else share them.
    pub context: Context,
    /// Variables of this file alone, which win over those of the context. The built-in template does
    /// nothing with them but print them: the text around them is the same for all files of a context.
    pub own: Vec<(&'static str, String)>,
    /// Variables whose values are secret.
    pub secrets: Vec<(&'static str, Redacted)>,
    /// The access entry it comes from; the root kustomization comes from none.
    pub access: Option<String>,
    /// What it must turn out to be.
    pub expect: Expect,
    /// Whether other entries may plan the same object.
    pub sharing: Sharing,
}

/// Whether other entries may plan the same object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    /// No: it is the file's own.
    #[default]
    Own,
    /// Entries may share it, if they agree about its content: the first one writes it.
    First,
}

impl PlannedFile {
    /// Whether it is an object that goes to the cluster, now and whenever it changes.
    pub fn is_applied(&self) -> bool {
        matches!(self.expect, Expect::Object { .. }) && !self.is_created_once()
    }

    /// Whether it is an object that is created once and never applied again.
    pub fn is_created_once(&self) -> bool {
        match &self.expect {
            Expect::Object { carries, .. } => match carries {
                Carries::Placeholder => true,
                Carries::Pod(_) | Carries::Reference(_) | Carries::Credentials(_) => false,
            },
            Expect::Local { .. }
            | Expect::Kustomize { .. }
            | Expect::Script { .. }
            | Expect::Runner { .. }
            | Expect::Library
            | Expect::Attributes => false,
        }
    }
}

/// What a Secret may hold at most, in bytes (`MaxSecretSize`,
/// <https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size>).
pub const MAX_SECRET: usize = 1024 * 1024;

/// Name of every kustomization.
pub const KUSTOMIZATION: &str = "kustomization.yaml";

/// What a config is called, unless it has another name.
pub const DEFAULT_CONFIG: &str = "pullwright.yaml";

/// The script that runs all others of the output directory.
pub const RUNNER: &str = "pull-access.sh";

/// What git reads about the files of the output directory.
pub const ATTRIBUTES: &str = ".gitattributes";

/// The directory with the kustomizations of single clusters.
pub const CLUSTERS: &str = "clusters";

/// The directory of a component in that of its entry. No namespace is called so.
pub const COMPONENT: &str = "_component";

/// How messages name a file of an output directory that they call `folder`.
pub fn below(folder: &str, path: &str) -> String {
    match folder {
        "." => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

/// Whether a plan could ever make this path. A lock that names another one was not written by
/// pullwright: nothing else is read, overwritten or removed.
pub fn is_output(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [file] => [KUSTOMIZATION, ATTRIBUTES, RUNNER].contains(file),
        [runtime::FOLDER, _] => path == runtime::PATH,
        [access, file] => is_label(access) && (*file == KUSTOMIZATION || is_file(file, ".sh")),
        // An entry may be called so as well.
        [CLUSTERS, cluster, KUSTOMIZATION] => is_cluster(cluster) || *cluster == COMPONENT,
        [access, folder, file] => {
            is_label(access) && (is_label(folder) || *folder == COMPONENT) && is_file(file, ".yaml")
        }
        _ => false,
    }
}

/// Whether an output is a script, or the runtime of scripts, by its path.
pub fn is_script(path: &str) -> bool {
    path.ends_with(".sh")
}

/// Names of entries and namespaces: `names::kubernetes::label`.
fn is_label(text: &str) -> bool {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(good) && !text.starts_with('-')
}

/// Names of clusters: `names::azure::cluster_name`.
fn is_cluster(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=63).contains(&text.len())
        && text.chars().all(good)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// File names begin with a word of ours; names of workloads and clusters follow.
fn is_file(name: &str, end: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.len() <= 255
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .strip_suffix(end)
            .is_some_and(|stem| !stem.is_empty() && stem.chars().all(good))
}

/// Who may read or run a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileMode {
    /// 0644
    Plain,
    /// 0755
    Executable,
    /// 0600: it holds a secret.
    Private,
    /// 0700: it is run, and holds a secret.
    PrivateExecutable,
}

impl FileMode {
    /// Whether it holds a secret.
    pub fn is_private(self) -> bool {
        matches!(self, Self::Private | Self::PrivateExecutable)
    }

    /// The same for a file that holds a secret.
    #[must_use]
    pub fn private(self) -> Self {
        match self {
            Self::Plain | Self::Private => Self::Private,
            Self::Executable | Self::PrivateExecutable => Self::PrivateExecutable,
        }
    }
}

/// A file as it is to be written to disk.
#[derive(Debug, Clone)]
pub struct RenderedFile {
    /// Relative to the output directory, with `/` between its parts.
    pub path: String,
    /// The whole text; it may hold secrets, so it does not print.
    pub text: Redacted,
    /// The access entry it comes from.
    pub access: Option<String>,
    /// Who may read or run it.
    pub mode: FileMode,
}

#[cfg(test)]
mod tests {
    use crate::artifact::is_output;

    #[test]
    fn only_paths_of_plans_are_outputs() {
        for good in [
            "kustomization.yaml",
            ".gitattributes",
            "sample/kustomization.yaml",
            "sample/pull-secret-Prod_1.sh",
            "sample/_component/pull-secret-name.yaml",
            "sample/default/pod-sample.pod.yaml",
            "clusters/Prod_1/kustomization.yaml",
            "clusters/_component/kustomization.yaml",
            "pull-access.sh",
            "_runtime/pullwright.sh",
        ] {
            assert!(is_output(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "/etc/hostname",
            "../victim",
            "a/../../victim",
            "a//b.yaml",
            "a\\b.yaml",
            "C:x",
            "sample/default/a\nb.yaml",
            "pullwright.lock",
            "pullwright.yaml",
            "sample/deploy",
            ".git/HEAD",
            "sample/.gitattributes",
            ".git/hooks/x.yaml",
            ".GIT/HEAD",
            ".git./x.sh",
            "git~1/hooks/x.yaml",
            "sample/.git/config.yaml",
            ".github/workflows/ci.yaml",
            "sample/default/.hidden.yaml",
            "clusters/-x/kustomization.yaml",
            "clusters/../kustomization.yaml",
            "sample/default/deep/x.yaml",
            ".pullwright-tmp/0.sh",
            "Sample/kustomization.yaml",
            "other.sh",
            "_runtime/other.sh",
            "_runtime/kustomization.yaml",
            "_runtime/default/x.yaml",
            "sample/_runtime/pullwright.sh",
        ] {
            assert!(!is_output(bad), "{bad}");
        }
    }
}

//! What will be written: plain data between strategies, templates and the disk.

use std::sync::Arc;

use serde_json::Value;

use crate::secret::Redacted;

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
    },
    /// A bash script.
    Script,
}

/// A file that a template will make.
#[derive(Debug, Clone)]
pub struct PlannedFile {
    /// Relative to the output folder, with `/` between its parts.
    pub path: String,
    /// Name of the template.
    pub template: &'static str,
    /// The template's variables; files that differ in little else share them.
    pub context: Arc<Value>,
    /// Variables of this file alone; they win over those of the context.
    pub own: Vec<(&'static str, String)>,
    /// Variables whose values are secret.
    pub secrets: Vec<(&'static str, Redacted)>,
    /// The access entry it comes from; the root kustomization comes from none.
    pub access: Option<String>,
    /// What it must turn out to be.
    pub expect: Expect,
}

impl PlannedFile {
    /// Whether it is an object that goes to the cluster.
    pub fn is_applied(&self) -> bool {
        matches!(self.expect, Expect::Object { .. })
    }
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

/// A file as it should be on disk.
#[derive(Debug, Clone)]
pub struct RenderedFile {
    /// Relative to the output folder, with `/` between its parts.
    pub path: String,
    /// The whole text; it may hold secrets, so it does not print.
    pub text: Redacted,
    /// The access entry it comes from.
    pub access: Option<String>,
    /// Who may read or run it.
    pub mode: FileMode,
}

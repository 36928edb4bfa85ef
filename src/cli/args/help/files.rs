//! The files of manual pages.

/// A file that commands read or write, and what it is.
type File = (&'static str, &'static str);

const CONFIG: File = ("pullwright.yaml", "The config");
const LOCK: File = (
    "k8s/pullwright.lock",
    "In the output directory: which files pullwright wrote there, so that it recognizes edited and stale ones",
);
const TEMPLATES: File = (
    "templates/",
    "Your own templates, if `spec.templates` names this directory",
);
const SCHEMA: File = (
    "pullwright.schema.json",
    "The schema of the config, for editors",
);
const POLICY: File = (
    "pullwright-audit.yaml",
    "The policy of `audit`, in the root of the tree",
);
pub(super) const ALL_FILES: &[File] = &[CONFIG, SCHEMA, LOCK, TEMPLATES, POLICY];
pub(super) const CONFIG_FILES: &[File] = &[CONFIG, LOCK, TEMPLATES];
pub(super) const NEW_FILES: &[File] = &[CONFIG, SCHEMA];
pub(super) const AUDIT_FILES: &[File] = &[POLICY, CONFIG];
pub(super) const TEMPLATE_FILES: &[File] = &[TEMPLATES];

//! The templates that are compiled in, and those of the user that take their place.

use std::collections::{BTreeMap, BTreeSet};

use crate::render::origin;

/// Declares the built-in templates: the directory `templates/`, which a test compares with this list.
macro_rules! built_in {
    ($($name:literal,)+) => {
        /// Name and text of every built-in template, sorted by name.
        pub const BUILT_IN: &[(&str, &str)] = &[
            $(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name))),)+
        ];
    };
}

built_in! {
    "attach/attach.sh.j2",
    "git/output.gitattributes.j2",
    "kubernetes/labels.yaml.j2",
    "kustomize/kustomization.yaml.j2",
    "kustomize/pull-secret-name.yaml.j2",
    "script/cluster.sh.j2",
    "script/load.sh.j2",
    "script/opening.sh.j2",
    "script/pull-access.sh.j2",
    "script/registry.sh.j2",
    "script/words.sh.j2",
    "secret/component.yaml.j2",
    "secret/pull-secret.sh.j2",
    "secret/secret.yaml.j2",
    "service_account/component.yaml.j2",
    "service_account/service-account.sh.j2",
    "service_account/service-account.yaml.j2",
    "workload/containers.yaml.j2",
    "workload/cron-job.yaml.j2",
    "workload/daemon-set.yaml.j2",
    "workload/deployment.yaml.j2",
    "workload/job.yaml.j2",
    "workload/pod-labels.yaml.j2",
    "workload/pod-spec.yaml.j2",
    "workload/pod.yaml.j2",
    "workload/stateful-set.yaml.j2",
}

/// The built-in templates that others include; each of the rest makes a file.
pub const PARTS: &[&str] = &[
    "kubernetes/labels.yaml.j2",
    "script/cluster.sh.j2",
    "script/load.sh.j2",
    "script/opening.sh.j2",
    "script/registry.sh.j2",
    "script/words.sh.j2",
    "workload/containers.yaml.j2",
    "workload/pod-labels.yaml.j2",
    "workload/pod-spec.yaml.j2",
];

/// Templates by name: the user's own first, else the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    own: BTreeMap<String, String>,
    /// How commands name the directory of the user's.
    folder: Option<String>,
}

impl Templates {
    /// The user's templates, by name (`secret/secret.yaml.j2`).
    pub fn with(own: BTreeMap<String, String>) -> Self {
        Self { own, folder: None }
    }

    /// The same, with the user's in a directory that a command of the user's would name `folder`.
    #[must_use]
    pub fn in_folder(mut self, folder: String) -> Self {
        self.folder = Some(folder);
        self
    }

    /// That directory, if it is known.
    pub(super) fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }

    /// Names of those of the user that take the place of built-in ones.
    pub(super) fn own_names(&self) -> Vec<&str> {
        let names = self.own.keys().map(String::as_str);
        names.filter(|name| built_in(name).is_some()).collect()
    }

    /// Those of the user.
    pub(super) fn own(&self) -> &BTreeMap<String, String> {
        &self.own
    }

    /// The text of a template.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.own
            .get(name)
            .map(String::as_str)
            .or_else(|| built_in(name))
    }

    /// Whether a template is the user's own.
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }

    /// Whether a text of the user may be in what a template makes: its own, or that of a part.
    pub(super) fn is_touched(&self, name: &str) -> bool {
        self.is_own(name) || PARTS.iter().any(|part| self.is_own(part))
    }

    /// Names of the user's templates that were copied from earlier built-in ones.
    pub fn outdated(&self) -> Vec<&str> {
        let outdated = |(name, text): &(&String, &String)| origin::is_outdated(name, text);
        let outdated = self.own.iter().filter(outdated);
        outdated.map(|(name, _)| name.as_str()).collect()
    }

    /// Names of the user's templates that neither take a built-in one's place nor are named in
    /// another template of theirs.
    pub fn unused(&self) -> Vec<&str> {
        // A template is named in quotes.
        let named: BTreeSet<&str> = (self.own.values())
            .flat_map(|text| text.split(['"', '\'']))
            .filter(|word| word.ends_with(".j2"))
            .collect();
        self.own
            .keys()
            .map(String::as_str)
            .filter(|name| built_in(name).is_none() && !named.contains(name))
            .collect()
    }
}

/// The text of a built-in template.
pub fn built_in(name: &str) -> Option<&'static str> {
    let at = BUILT_IN
        .binary_search_by_key(&name, |(name, _)| name)
        .ok()?;
    Some(BUILT_IN[at].1)
}

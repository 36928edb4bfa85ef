//! Which kustomizations of a tree are built, and which files are read by them.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Node;

/// The names that kustomize looks for
/// (<https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>).
pub const NAMES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What one kustomization reads.
#[derive(Debug, Clone, Default)]
pub struct Kustomization {
    /// Its directory; empty for the root.
    directory: String,
    /// Whether it is a component, which is never built alone.
    is_component: bool,
    /// Files and directories of the same tree, as paths from the root.
    local: BTreeSet<String>,
    /// Those of them that are patches.
    patches: BTreeSet<String>,
    /// Whether it reads something from the network.
    is_remote: bool,
    /// Whether it may read files that are not among those: by an absolute path, or by a plugin.
    is_open: bool,
}

/// A kustomization that no other one uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its directory.
    pub directory: String,
    /// Files of the tree that its build reads, besides the kustomizations themselves.
    pub files: BTreeSet<String>,
    /// Those of them that are patches, and no objects of their own.
    pub patches: BTreeSet<String>,
    /// Whether its build reads something from the network.
    pub is_remote: bool,
    /// Whether its build may read files that are not among those.
    pub is_open: bool,
}

impl Kustomization {
    /// Reads the file in `directory`.
    pub fn read(directory: &str, root: &Node) -> Self {
        let mut found = Self {
            directory: directory.to_owned(),
            is_component: root.text("kind") == Some("Component"),
            ..Self::default()
        };
        let items = |key: &str| root.get(key).map_or(&[] as &[Node], Node::items);
        for key in [
            "resources",
            "bases",
            "components",
            "patchesStrategicMerge",
            "configurations",
            "crds",
            "transformers",
            "generators",
            "validators",
        ] {
            for text in items(key).iter().filter_map(Node::as_str) {
                found.add(text);
                if key == "patchesStrategicMerge" {
                    found.add_patch(text);
                }
            }
        }
        for key in ["patches", "patchesJson6902", "replacements"] {
            for text in items(key).iter().filter_map(|item| item.text("path")) {
                found.add(text);
                found.add_patch(text);
            }
        }
        for generator in ["secretGenerator", "configMapGenerator"]
            .into_iter()
            .flat_map(items)
        {
            for key in ["files", "envs"] {
                let all = generator.get(key).map_or(&[] as &[Node], Node::items);
                for text in all.iter().filter_map(Node::as_str) {
                    found.add(text.split_once('=').map_or(text, |(_, file)| file));
                }
            }
            if let Some(text) = generator.text("env") {
                found.add(text);
            }
        }
        found.is_open |= [
            "generators",
            "transformers",
            "validators",
            "helmCharts",
            "openapi",
        ]
        .into_iter()
        .any(|key| root.get(key).is_some());
        // Charts are downloaded unless they are in the tree, and need a flag of kustomize.
        found.is_remote |= items("helmCharts")
            .iter()
            .any(|chart| chart.text("repo").is_some());
        found
    }

    fn add(&mut self, reference: &str) {
        // Inline patches have several lines.
        if reference.contains('\n') {
            return;
        }
        if is_remote(reference) {
            self.is_remote = true;
        } else if let Some(path) = join(&self.directory, reference) {
            self.local.insert(path);
        } else {
            self.is_open = true;
        }
    }

    fn add_patch(&mut self, reference: &str) {
        if !reference.contains('\n') {
            self.patches.extend(join(&self.directory, reference));
        }
    }
}

/// The kustomizations to build, in the order of their directories.
pub fn roots(all: &[Kustomization]) -> Vec<Root> {
    let by_directory: BTreeMap<&str, &Kustomization> = all
        .iter()
        .map(|one| (one.directory.as_str(), one))
        .collect();
    let used: BTreeSet<&str> = all
        .iter()
        .flat_map(|one| {
            one.local
                .iter()
                .map(String::as_str)
                .filter(move |path| *path != one.directory)
        })
        .collect();
    let roots = all
        .iter()
        .filter(|one| !one.is_component && !used.contains(one.directory.as_str()));
    roots
        .map(|root| {
            let mut found = Root {
                directory: root.directory.clone(),
                files: BTreeSet::new(),
                patches: BTreeSet::new(),
                is_remote: false,
                is_open: false,
            };
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut waiting = vec![root];
            while let Some(one) = waiting.pop() {
                if !seen.insert(&one.directory) {
                    continue;
                }
                found.is_remote |= one.is_remote;
                found.is_open |= one.is_open;
                found.patches.extend(one.patches.iter().cloned());
                for path in &one.local {
                    match by_directory.get(path.as_str()) {
                        Some(next) => waiting.push(next),
                        None => {
                            found.files.insert(path.clone());
                        }
                    }
                }
            }
            found
        })
        .collect()
}

/// Whether kustomize would download it
/// (<https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md>).
fn is_remote(reference: &str) -> bool {
    let hosts = ["github.com/", "gitlab.com/", "bitbucket.org/"];
    reference.contains("://")
        || reference.starts_with("git@")
        || reference.starts_with("git::")
        || reference.contains("?ref=")
        || reference.contains(".git")
        || hosts.iter().any(|host| reference.starts_with(host))
}

/// A path from a directory, without `.` and `..`; `None` if it leaves the tree.
fn join(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    if path.starts_with('/') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::audit::kustomization::{Kustomization, roots};
    use crate::document::Node;

    fn read(directory: &str, value: Value) -> Kustomization {
        Kustomization::read(directory, &Node::from(value))
    }

    #[test]
    fn what_nobody_uses_is_built() {
        let all = [
            read("base", json!({"resources": ["pod.yaml", "./secret.yaml"]})),
            read(
                "overlays/dev",
                json!({
                    "resources": ["../../base"],
                    "components": ["../../parts"],
                    "patches": [{"path": "patch.yaml"}, {"patch": "- op: remove"}],
                    "patchesStrategicMerge": ["a:\n  b: c\n"],
                }),
            ),
            read(
                "parts",
                json!({"kind": "Component", "resources": ["part.yaml"]}),
            ),
            read(
                "remote",
                json!({"resources": ["https://example.com/x.yaml"]}),
            ),
            read("", json!({"resources": ["../outside.yaml", "a/b.yaml"]})),
        ];
        let found = roots(&all);
        let names: Vec<&str> = found.iter().map(|one| one.directory.as_str()).collect();
        assert_eq!(names, ["overlays/dev", "remote", ""]);
        let files: Vec<&str> = found[0].files.iter().map(String::as_str).collect();
        assert_eq!(
            files,
            [
                "base/pod.yaml",
                "base/secret.yaml",
                "overlays/dev/patch.yaml",
                "parts/part.yaml"
            ]
        );
        assert!(!found[0].is_remote && found[1].is_remote);
    }

    #[test]
    fn a_loop_has_an_end() {
        let all = [
            read("a", json!({"resources": ["../b", "."]})),
            read("b", json!({"resources": ["../a"]})),
            read("c", json!({"resources": ["../a"]})),
        ];
        assert_eq!(roots(&all).len(), 1);
    }
}

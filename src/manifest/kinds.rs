//! What is known of a kind: where its pods hold images, pull secrets and an account.

use crate::manifest::path::Path;
use crate::manifest::table;

/// How pull secrets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `[{name: NAME}]`, as a pod has them.
    Objects,
    /// `[NAME]`.
    Names,
    /// `NAME`: there can be one.
    Name,
    /// `{name: NAME}`: there can be one.
    Object,
}

/// Who pulls the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Puller {
    /// The kubelet, for a pod: Secrets, those of its account, and the node's identity count.
    Kubelet,
    /// A controller in the cluster: only the Secret that is named counts.
    Controller,
}

/// Pods that an object makes: all at places of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pods {
    /// From the object to what the other paths begin at.
    pub(super) at: Path,
    /// Images, from there.
    pub(super) images: Vec<Path>,
    /// Images that stand elsewhere in the object and are meant for each of these pods as well.
    pub(super) shared_images: Vec<Path>,
    /// Pull secrets, from there; `None` if the object has no place for them.
    pub(super) pull_secrets: Option<Path>,
    /// How those are written.
    pub(super) shape: Shape,
    /// The account; the first one that is set wins.
    pub(super) account: Vec<Path>,
    /// Who pulls.
    pub(super) puller: Puller,
}

impl Pods {
    /// A whole `PodSpec` at this path.
    ///
    /// Its fields: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec>.
    pub fn pod_spec(at: Path) -> Self {
        Self {
            at,
            images: paths(&[
                "initContainers[].image",
                "containers[].image",
                "ephemeralContainers[].image",
                "volumes[].image.reference",
            ]),
            shared_images: Vec::new(),
            pull_secrets: Some(path("imagePullSecrets")),
            shape: Shape::Objects,
            // `serviceAccount` is the old name of the key.
            account: paths(&["serviceAccountName", "serviceAccount"]),
            puller: Puller::Kubelet,
        }
    }

    /// Images and pull secrets in places of their own, all from the object's top.
    pub fn scattered(
        images: Vec<Path>,
        pull_secrets: Option<Path>,
        shape: Shape,
        account: Option<Path>,
    ) -> Self {
        Self {
            at: Path::default(),
            images,
            shared_images: Vec::new(),
            pull_secrets,
            shape,
            account: account.into_iter().collect(),
            puller: Puller::Kubelet,
        }
    }

    pub(super) fn also(mut self, images: &[&str]) -> Self {
        self.images.extend(paths(images));
        self
    }

    pub(super) fn shared(mut self, images: &[&str]) -> Self {
        self.shared_images.extend(paths(images));
        self
    }
}

/// A kind and its pods.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The API group; empty for the core.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Where its pods are.
    pub pods: Vec<Pods>,
}

/// All kinds that are known.
#[derive(Debug, Clone)]
pub struct Kinds(Vec<Kind>);

impl Kinds {
    /// The kinds of Kubernetes and of well-known projects, and `own`, which win.
    pub fn with(own: Vec<Kind>) -> Self {
        let mut all = own;
        all.extend(table::kinds());
        Self(all)
    }

    /// The pods of a kind; `None` if the kind is not known.
    pub fn find(&self, group: &str, kind: &str) -> Option<&[Pods]> {
        // Deployments and their like were in `extensions` before Kubernetes 1.16.
        let group = if group == "extensions" { "apps" } else { group };
        let found = self
            .0
            .iter()
            .find(|one| one.group == group && one.kind == kind)?;
        Some(&found.pods)
    }

    /// Group and kind of all, in the order of the table.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|one| (one.group.as_str(), one.kind.as_str()))
    }
}

/// A path that is written in this program.
pub(super) fn path(text: &str) -> Path {
    Path::parse(text).expect("a test parses every path of the table")
}

pub(super) fn paths(all: &[&str]) -> Vec<Path> {
    all.iter().copied().map(path).collect()
}

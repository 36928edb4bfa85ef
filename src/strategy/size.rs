//! How much an entry generates, by multiplication: known before any of it is planned.

use crate::artifact::runtime;
use crate::model::{ScriptForm, Workload};
use crate::names::{RegistryName, RepositoryPattern};
use crate::strategy::secret::params::{Delivery, PullSecret, Script};
use crate::strategy::service_account::params::Mode;
use crate::strategy::{Entry, Strategy};

/// Head and frame of an object.
const OBJECT: usize = 600;
/// What every script has, and what the one that runs all says of it. It is far less text, but a script is
/// read back, which takes the time of several objects.
const SCRIPT: usize = 8 * 1024;
/// A script that is longer than any that people write.
const LONG_SCRIPT: usize = 256 * 1024;
/// What one element of a list takes in a script, beside its own text.
const ELEMENT: usize = 400;

/// Files and about how many bytes they have together. No more than `usize::MAX` of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Files, the entry's kustomization included.
    pub files: usize,
    /// Bytes, roughly.
    pub bytes: usize,
}

impl Size {
    /// So many files of that size.
    fn of(files: usize, bytes: usize) -> Self {
        Self {
            files,
            bytes: files.saturating_mul(bytes),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            files: self.files.saturating_add(other.files),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Strategy {
    /// What `plan` would make of an entry; entries that share a Secret make fewer files.
    pub fn size(&self, entry: &Entry<'_>) -> Size {
        let frame = match self {
            Self::Secret(params) => deliver(&params.secret, entry).plus(Size::of(2, OBJECT)),
            Self::ServiceAccount(params) => {
                let account = match params.service_account.mode {
                    Mode::Create => Size::of(entry.namespaces.len(), OBJECT),
                    Mode::Merge => Size::of(2, OBJECT).plus(scripts(entry, 0)),
                };
                deliver(&params.secret, entry).plus(account)
            }
            Self::Attach(params) => {
                // Each repository is a clause of a condition, for each registry.
                let repositories = lists(&params.attach.repositories, 300);
                scripts(entry, repositories.saturating_mul(2))
            }
        };
        let objects = workloads(entry).plus(frame);
        // The kustomization lists all of them.
        objects.plus(Size::of(1, objects.files.saturating_mul(64)))
    }
}

/// A file for each workload in each namespace.
fn workloads(entry: &Entry<'_>) -> Size {
    let of_one = |workload: &Workload| -> usize {
        let words = |list: &[String]| list.iter().map(|word| word.len() + 16).sum::<usize>();
        let containers = workload.all_containers().map(|one| {
            let texts = one.image.as_str().len() + one.name.as_str().len();
            texts + 128 + words(&one.command) + words(&one.args) + one.fields.size()
        });
        OBJECT + containers.sum::<usize>() + workload.size()
    };
    let bytes: usize = entry.workloads.iter().map(of_one).sum();
    let namespaces = entry.namespaces.len();
    Size {
        files: namespaces.saturating_mul(entry.workloads.len()),
        bytes: namespaces.saturating_mul(bytes),
    }
}

/// The Secret by its delivery.
fn deliver(secret: &PullSecret, entry: &Entry<'_>) -> Size {
    match &secret.delivery {
        Delivery::Placeholder => Size::of(entry.namespaces.len(), OBJECT),
        Delivery::Manifest(_) => {
            let registries = entry.registries.len().saturating_mul(ELEMENT);
            Size::of(entry.namespaces.len(), OBJECT.saturating_add(registries))
        }
        Delivery::Script(script) => {
            let names = entry.registries.iter().map(|registry| &registry.name);
            let credentials = names.map(|name| credential(script, name));
            scripts(entry, credentials.fold(0, usize::saturating_add))
        }
    }
}

/// What the credential of one registry takes in a script.
fn credential(script: &Script, registry: &RegistryName) -> usize {
    let credential = script.credential_of(registry);
    credential.map_or(0, |one| lists(one.repositories(), 32))
}

fn lists(repositories: &[RepositoryPattern], each: usize) -> usize {
    let all = repositories.iter().map(|one| one.as_str().len() + each);
    all.sum()
}

/// A script for each cluster; each holds all lists of its entry.
fn scripts(entry: &Entry<'_>, more: usize) -> Size {
    let namespaces: usize = entry
        .namespaces
        .iter()
        .map(|one| one.as_str().len() + 64)
        .sum();
    let containers = entry.workloads.iter().flat_map(|one| one.all_containers());
    let images: usize = containers.map(|one| one.image.as_str().len() + 200).sum();
    let registries = entry.registries.len().saturating_mul(3 * ELEMENT);
    let code = match entry.form {
        ScriptForm::Shared => 0,
        ScriptForm::Standalone => runtime::text().len(),
    };
    let all = [SCRIPT, namespaces, images, registries, code, more];
    let one = all.into_iter().fold(0, usize::saturating_add);
    // Reading a script back makes a tree of many times its size, some at once.
    let at_once = entry.clusters.len().min(8);
    let tree = Size {
        files: 0,
        bytes: one.saturating_sub(LONG_SCRIPT).saturating_mul(64 * at_once),
    };
    Size::of(entry.clusters.len(), one).plus(tree)
}

//! Programs that the lab needs; a missing one is a failure that says how to install it.

use std::path::{Path, PathBuf};

const INSTALLED: &[&str] = &[
    "kube-apiserver",
    "keyring-oracle",
    "kubectl",
    "kustomize",
    "azure-python",
];
const OF_THE_SYSTEM: &[&str] = &[
    "unshare",
    "mount",
    "ip",
    "bash",
    "jq",
    "curl",
    "awk",
    "docker-registry",
    "skopeo",
    "etcd",
    "strace",
];

/// Where the programs are.
pub(crate) struct Tools {
    /// Of programs that Debian lacks.
    pub(crate) folder: PathBuf,
    /// The python of the azure-cli.
    pub(crate) python: PathBuf,
}

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All programs, or which one is missing.
pub(crate) fn find() -> Result<Tools, String> {
    let folder = root().join("target/tools/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing = |name: &&&str| !std::env::split_paths(&path).any(|one| one.join(name).is_file());
    let own = INSTALLED.iter().find(|name| !folder.join(name).is_file());
    if let Some(name) = own.or(OF_THE_SYSTEM.iter().find(missing)) {
        return Err(format!("`{name}` is missing; install it: bash .ci/install"));
    }
    let python = folder.join("azure-python");
    Ok(Tools { folder, python })
}

//! Programs that these tests need, and how to get them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every program, with the line that installs it on Debian. `.ci/install` installs all of them.
const PROGRAMS: &[(&str, &str)] = &[
    ("bash", "apt-get install bash"),
    ("unshare", "apt-get install util-linux"),
    ("setpriv", "apt-get install util-linux"),
    ("strace", "apt-get install strace"),
    ("script", "apt-get install bsdutils"),
    ("mkfifo", "apt-get install coreutils"),
    ("timeout", "apt-get install coreutils"),
    ("touch", "apt-get install coreutils"),
    ("jq", "apt-get install jq"),
    ("curl", "apt-get install curl"),
    ("python3", "apt-get install python3"),
    ("shellcheck", "apt-get install shellcheck"),
    ("shfmt", "apt-get install shfmt"),
    ("yamllint", "apt-get install yamllint"),
    ("docker-registry", "apt-get install docker-registry"),
    ("htpasswd", "apt-get install apache2-utils"),
    ("skopeo", "apt-get install skopeo"),
    ("ip", "apt-get install iproute2"),
    ("kubernetes-validate", "bash .ci/install"),
    ("yaml-python", "bash .ci/install"),
    ("kubectl", "bash .ci/install"),
    ("kustomize", "bash .ci/install"),
    ("azure-python", "bash .ci/install"),
    ("yaml-language-server", "bash .ci/install"),
    ("helm", "bash .ci/install"),
    ("mdbook", "bash .ci/install"),
    ("cp", "apt-get install coreutils"),
    ("git", "apt-get install git"),
    ("pre-commit", "bash .ci/install"),
    ("cargo-deny", "bash .ci/install"),
    ("cargo", "https://rustup.rs"),
    ("sh", "apt-get install dash"),
    ("sha256sum", "apt-get install coreutils"),
    ("tar", "apt-get install tar"),
    ("man", "apt-get install man-db"),
    ("dpkg", "apt-get install dpkg"),
    ("dpkg-deb", "apt-get install dpkg"),
    ("lintian", "apt-get install lintian"),
    ("node", "apt-get install nodejs"),
    ("npm", "apt-get install npm"),
    ("maturin", "bash .ci/install"),
    ("zizmor", "bash .ci/install"),
    ("jactionlint", "bash .ci/install"),
    ("check-jsonschema", "bash .ci/install"),
    ("hadolint", "bash .ci/install"),
    ("cyclonedx-python", "bash .ci/install"),
];

/// The program, ready to run; a failure that says how to install it, if it is not there.
pub(crate) fn program(name: &str) -> Command {
    let known = PROGRAMS.iter().find(|(one, _)| *one == name);
    let (_, install) = known.expect("the program is on the list of this file");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = root().join("target/tools/bin");
    let found = std::iter::once(own)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    match found {
        Some(program) => Command::new(program),
        None => panic!("`{name}` is missing; install it: {install}"),
    }
}

/// The binary under test.
pub(crate) fn pullwright() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pullwright"))
}

/// Runs a command; a failure shows what it printed.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All examples, sorted.
pub(crate) fn examples() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("examples")).expect("there are examples");
    let mut all: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

/// All files below a folder whose name ends so, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder)
            .expect("the folder is there")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

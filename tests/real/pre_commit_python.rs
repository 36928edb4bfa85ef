//! The hooks of `language: python` in the real pre-commit, which installs the wheel of a release without a network.

use std::path::Path;
use std::process::{Command, Output};

use crate::release::{VERSION, release, script};
use crate::tools::{program, pullwright, root, run};

const CONFIG: &str = include_str!("../../examples/secret/pullwright.yaml");

fn git(folder: &Path, words: &[&str]) -> String {
    let output = run(program("git")
        .current_dir(folder)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(words));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A rendered repository with a config of pre-commit.
fn repository(hooks: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    std::fs::write(folder.path().join("pullwright.yaml"), CONFIG).expect("it is ours");
    std::fs::write(folder.path().join(".pre-commit-config.yaml"), hooks).expect("it is ours");
    run(pullwright()
        .args(["render", "."])
        .current_dir(folder.path()));
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    folder
}

fn hooks(folder: &Path, home: &Path) -> Output {
    let mut command: Command = program("pre-commit");
    command
        .args(["run", "--all-files"])
        .current_dir(folder)
        .env("PRE_COMMIT_HOME", home)
        .env("PIP_NO_INDEX", "1")
        .env(
            "PIP_FIND_LINKS",
            format!(
                "{} {}",
                release().join("wheels").display(),
                root().join("target/tools/wheels").display()
            ),
        )
        // Nothing builds the program.
        .env("CARGO", "/bin/false")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "protocol.file.allow")
        .env("GIT_CONFIG_VALUE_0", "always");
    command.output().expect("pre-commit starts")
}

/// The hooks pass, fail on drift, and show why.
fn hold(config: &str) {
    let home = tempfile::tempdir().expect("there is a place for scratch folders");
    let folder = repository(config);
    let output = hooks(folder.path(), home.path());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(said.matches("Passed").count(), 2, "{said}");
    let changed = CONFIG.replace("0.0.1", "0.0.2");
    std::fs::write(folder.path().join("pullwright.yaml"), changed).expect("it is ours");
    git(folder.path(), &["add", "."]);
    let output = hooks(folder.path(), home.path());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        !output.status.success() && said.contains("2 to update"),
        "{said}"
    );
}

#[test]
fn the_repository_of_hooks_installs_the_wheel() {
    let mirror = tempfile::tempdir().expect("there is a place for scratch folders");
    run(script("pre-commit-mirror").arg(mirror.path()));
    git(mirror.path(), &["init", "-q"]);
    git(mirror.path(), &["add", "."]);
    git(mirror.path(), &["commit", "-qm", "release"]);
    let revision = git(mirror.path(), &["rev-parse", "HEAD"]);
    let manifest = mirror.path().join(".pre-commit-hooks.yaml");
    run(program("pre-commit")
        .arg("validate-manifest")
        .arg(&manifest));
    let text = std::fs::read_to_string(manifest).expect("it was written");
    assert_eq!(text.matches("language: python").count(), 3);
    assert_eq!(text.matches("language: ").count(), 3);
    hold(&format!(
        "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: pullwright-check\n      - id: pullwright-audit\n",
        mirror.path().display()
    ));
}

/// The config in the docs, which needs no repository of hooks.
#[test]
fn the_local_hooks_of_the_docs_install_the_wheel() {
    let docs = root().join("docs/how-to/install-packages.md");
    let docs = std::fs::read_to_string(docs).expect("it is there");
    let config = docs
        .split("```yaml\n")
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.contains("repo: local"))
        .expect("the docs have local hooks");
    assert!(config.contains(&format!("pullwright=={VERSION}")));
    hold(config);
}

//! A release as its workflow makes it, from a static program, packed once for all tests; and what refuses a wrong one.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::tools::{program, root, run};

pub(crate) const TARGET: &str = "x86_64-unknown-linux-gnu";
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The versions of outputs that were released.
const OUTPUTS: &str = "tests/cases/output-versions.txt";

/// A script of the release, from our folder or from a copy of it.
pub(crate) fn script_of(folder: &Path, name: &str) -> Command {
    let mut command = program("bash");
    command.arg(folder.join(".github/release").join(name));
    let own = root().join("target/tools/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(own).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).expect("no colon in a path");
    command.env("PATH", path);
    command
}

pub(crate) fn script(name: &str) -> Command {
    script_of(root(), name)
}

/// The folder of the release: `assets`, `npm`, `wheels`, `notes.md`, and `built` with what one target has built.
pub(crate) fn release() -> &'static Path {
    static RELEASE: OnceLock<PathBuf> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let folder = root().join("target/release-test");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("it is ours");
        }
        let built = folder.join("built");
        // Small and soon built: how fast the program is does not matter here.
        run(script("pack")
            .arg(TARGET)
            .arg(&built)
            .arg("dev")
            .env("DPKG_DEB_COMPRESSOR_LEVEL", "1")
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_PROFILE_DEV_STRIP", "symbols"));
        let copy = dated(&folder.join("source"));
        run(script_of(&copy, "collect")
            .arg(&built)
            .arg(&folder)
            .arg("linux-x64"));
        folder
    })
}

/// What the scripts of a release read, in a folder of its own whose changelog has a section for our version.
fn dated(folder: &Path) -> PathBuf {
    let names = run(program("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .args([".github", "Cargo.toml", ":(glob)LICENSE-*", ":(glob)*.md"])
        .args(["src/lock.rs", OUTPUTS]));
    for name in String::from_utf8_lossy(&names.stdout).lines() {
        let (from, to) = (root().join(name), folder.join(name));
        std::fs::create_dir_all(to.parent().expect("it has a folder")).expect("it is ours");
        std::fs::copy(from, to).expect("it is there");
    }
    let path = folder.join("CHANGELOG.md");
    let text = std::fs::read_to_string(&path).expect("it was copied");
    let heading = format!("## [Unreleased]\n\n## [{VERSION}] - 2026-01-31\n");
    let text = text.replacen("## [Unreleased]\n", &heading, 1);
    std::fs::write(path, text).expect("it is ours");
    let list = std::fs::read_to_string(folder.join(OUTPUTS)).expect("it was copied");
    let line = format!("{} 0123456789abcdef\n", pullwright::lock::VERSION);
    std::fs::write(folder.join(OUTPUTS), list + &line).expect("it is ours");
    folder.to_owned()
}

#[track_caller]
fn is_refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(why), "{said}");
}

#[test]
fn a_release_needs_one_version_everywhere() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let copy = dated(folder.path());
    let check = |words: &[&str]| {
        let mut command = script_of(&copy, "check-version");
        command.args(words).output().expect("bash starts")
    };
    let tag = format!("v{VERSION}");
    let ours = env!("CARGO_BIN_EXE_pullwright");
    assert!(check(&[&tag, ours]).status.success());
    is_refused(&check(&["v9.9.9", ours]), "the tag is v9.9.9");
    is_refused(&check(&[&tag, "/bin/echo"]), "/bin/echo --version prints");
    let ours = script("check-version").arg(&tag).output();
    let unreleased = ours.expect("bash starts");
    is_refused(&unreleased, "CHANGELOG.md has no heading");
    std::fs::write(copy.join(OUTPUTS), "2 0123456789abcdef\n").expect("it is ours");
    is_refused(&check(&[&tag]), "does not record the outputs");
}

#[test]
fn the_notes_of_a_release_are_its_part_of_the_changelog() {
    let notes = std::fs::read_to_string(release().join("notes.md")).expect("collect wrote it");
    let changelog = std::fs::read_to_string(root().join("CHANGELOG.md")).expect("it is there");
    let (_, rest) = changelog
        .split_once("## [Unreleased]\n")
        .expect("it has the heading");
    let part = rest.split("\n## [").next().unwrap_or_default();
    assert_eq!(notes.trim(), part.trim());
    assert!(!notes.trim().is_empty());
    // A version that the changelog does not have yet.
    assert!(
        !script("notes")
            .output()
            .expect("bash starts")
            .status
            .success()
    );
}

#[test]
fn the_checksums_are_those_of_all_assets() {
    let assets = release().join("assets");
    let sums = std::fs::read_to_string(assets.join("SHA256SUMS")).expect("collect wrote it");
    let count = std::fs::read_dir(&assets).expect("it is there").count();
    assert_eq!(sums.lines().count(), count - 1);
    run(program("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(assets));
}

/// Stands in for a program that publishes; it only writes down how it was called.
fn recorder(folder: &Path, name: &str) -> Command {
    let path = folder.join(name);
    std::fs::write(
        &path,
        "#!/bin/sh\necho \"$(basename \"$0\") $*\" >>\"${CALLS}\"\n",
    )
    .expect("it is ours");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let mut command = program("bash");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).expect("no colon"));
    command.env("CALLS", folder.join("calls"));
    command
}

#[test]
fn platforms_are_published_before_what_needs_them() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let packed = folder.path().join("packed");
    std::fs::create_dir(&packed).expect("it is ours");
    for name in ["linux-x64-0.1.0", "darwin-arm64-0.1.0", "0.1.0"] {
        std::fs::write(packed.join(format!("pullwright-{name}.tgz")), "").expect("it is ours");
    }
    let publish = root().join(".github/release/npm-publish");
    run(recorder(folder.path(), "npm").arg(&publish).arg(&packed));
    let calls = std::fs::read_to_string(folder.path().join("calls")).expect("npm was called");
    let files: Vec<&str> = calls
        .lines()
        .filter_map(|line| line.rsplit('/').next())
        .collect();
    let order = [
        "pullwright-darwin-arm64-0.1.0.tgz",
        "pullwright-linux-x64-0.1.0.tgz",
        "pullwright-0.1.0.tgz",
    ];
    assert_eq!(files, order);
    assert!(
        calls
            .lines()
            .all(|line| line.starts_with("npm publish --access public --provenance "))
    );
    // Half a set is not published.
    std::fs::remove_file(packed.join("pullwright-0.1.0.tgz")).expect("it is ours");
    let output = recorder(folder.path(), "npm")
        .arg(publish)
        .arg(packed)
        .output();
    is_refused(&output.expect("bash starts"), "must hold the packages");
}

#[test]
fn images_are_pushed_for_each_architecture_and_merged() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let image = root().join(".github/release/image");
    for words in [
        &["build", "registry/image:1", "arm64"][..],
        &["merge", "registry/image:1", "amd64", "arm64"],
    ] {
        run(recorder(folder.path(), "docker").arg(&image).args(words));
    }
    let calls = std::fs::read_to_string(folder.path().join("calls")).expect("docker was called");
    let calls: Vec<&str> = calls.lines().skip(1).collect();
    assert_eq!(
        calls,
        [
            "docker buildx build --file Containerfile --sbom=true --provenance=mode=max --push --tag registry/image:1-arm64 .",
            "docker buildx imagetools create --tag registry/image:1 registry/image:1-amd64 registry/image:1-arm64",
        ]
    );
}

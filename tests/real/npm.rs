//! The npm packages of a release, installed from their tarballs alone: the launcher passes everything through.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::packages::works;
use crate::release::{VERSION, release};
use crate::tools::{program, root, run};

fn tarball(name: &str) -> String {
    let path = release().join("npm").join(format!("{name}-{VERSION}.tgz"));
    assert!(path.is_file(), "{}", path.display());
    format!("file:{}", path.display())
}

/// A clean folder with packages, installed without a network; none of them runs anything at install.
fn installed(packages: &[&str], more: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    std::fs::write(folder.path().join("package.json"), "{}").expect("it is ours");
    run(program("npm")
        .args([
            "install",
            "--offline",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--silent",
        ])
        .args(more)
        .args(packages.iter().map(|name| tarball(name)))
        .env("npm_config_cache", folder.path().join("cache"))
        .current_dir(folder.path()));
    folder
}

fn both() -> tempfile::TempDir {
    installed(&["pullwright-linux-x64", "pullwright"], &[])
}

fn launcher(folder: &Path) -> Command {
    let mut command = program("node");
    command.arg(folder.join("node_modules/pullwright/bin/pullwright.js"));
    command
}

#[test]
fn npx_runs_the_installed_program() {
    let folder = both();
    let npx = run(program("npm")
        .args(["exec", "--no", "--offline", "--", "pullwright", "--version"])
        .current_dir(folder.path()));
    assert_eq!(
        String::from_utf8_lossy(&npx.stdout),
        format!("pullwright {VERSION}\n")
    );
    works(&folder.path().join("node_modules/.bin/pullwright"));
}

#[test]
fn arguments_streams_and_exit_codes_pass_through() {
    let folder = both();
    let start = |words: &[&str]| {
        launcher(folder.path())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node starts")
    };
    let mut child = start(&["validate", "-", "--format", "json"]);
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(b"kind: Pod\n").expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with('{'));
    // An argument with a space and a quote stays one.
    let output = start(&["explain", "rule", "no 'such"]).wait_with_output();
    let said = String::from_utf8_lossy(&output.expect("it ends").stderr).into_owned();
    assert!(said.contains("`no 'such`"), "{said}");
}

#[test]
fn a_signal_ends_the_program_and_shows() {
    let folder = both();
    let mut child = launcher(folder.path())
        .args(["validate", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("node starts");
    // Wait for the program that the launcher starts, which waits for its input.
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    let mut started = String::new();
    for _ in 0..200 {
        started = std::fs::read_to_string(&children).unwrap_or_default();
        if !started.trim().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let started = started.trim().to_owned();
    assert!(!started.is_empty());
    run(program("bash")
        .args(["-c", "kill -TERM \"$0\""])
        .arg(child.id().to_string()));
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(15), "{status}");
    assert!(!Path::new("/proc").join(started).exists());
}

fn fails_with(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_missing_platform_is_explained() {
    let folder = installed(&["pullwright"], &["--omit=optional"]);
    let output = launcher(folder.path()).arg("--version").output();
    fails_with(
        &output.expect("node starts"),
        &[
            "`@pullwright/linux-x64` is not installed",
            "--omit=optional",
        ],
    );
    // A platform that has no package.
    let script =
        "Object.defineProperty(process, 'platform', {value: 'aix'}); require(process.argv[1]);";
    let output = program("node")
        .args(["-e", script])
        .arg(
            folder
                .path()
                .join("node_modules/pullwright/bin/pullwright.js"),
        )
        .output();
    fails_with(
        &output.expect("node starts"),
        &[
            "there is no package for aix-x64, only @pullwright/linux-x64",
            "cargo install",
        ],
    );
}

#[test]
fn packages_hold_the_program_and_its_licences_alone() {
    let list = |name: &str| {
        let tarball = release().join("npm").join(format!("{name}-{VERSION}.tgz"));
        let listed = run(program("tar").arg("-tzf").arg(tarball));
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut names: Vec<String> = text
            .lines()
            .map(|line| line.trim_start_matches("package/").to_owned())
            .collect();
        names.sort();
        names
    };
    let licences = ["LICENSE-APACHE", "LICENSE-MIT"];
    let mut platform = licences.to_vec();
    platform.extend(["THIRD-PARTY.md", "bin/pullwright", "package.json"]);
    assert_eq!(list("pullwright-linux-x64"), platform);
    let mut main = licences.to_vec();
    main.extend([
        "README.md",
        "THIRD-PARTY.md",
        "bin/pullwright.js",
        "package.json",
    ]);
    assert_eq!(list("pullwright"), main);
    // A platform whose program was not built is an error, and not a release without it.
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let output = crate::release::script("npm")
        .arg(release().join("built/programs"))
        .arg(folder.path())
        .current_dir(root())
        .output();
    assert!(!output.expect("bash starts").status.success());
}

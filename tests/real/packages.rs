//! The packages of a release, installed as a user installs them, each into a clean folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::release::{TARGET, VERSION, release, script};
use crate::tools::{files, program, pullwright, root, run};

/// The only file of a folder of the release whose name ends so.
fn asset(folder: &str, ending: &str) -> PathBuf {
    let mut found = files(&release().join(folder), ending);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// A program that was installed prints our version, and renders an example as it is committed.
pub(crate) fn works(installed: &Path) {
    run(script("smoke").arg(installed));
}

/// The commands that have a manual page, as the main page lists them.
fn pages() -> BTreeSet<String> {
    let main = run(pullwright().arg("man"));
    let text = String::from_utf8_lossy(&main.stdout).replace("\\-", "-");
    let listed = text.lines().filter_map(|line| line.strip_suffix("(1)"));
    let mut all: BTreeSet<String> = listed
        .filter(|page| *page != "pullwright-help")
        .map(|page| format!("{page}.1"))
        .collect();
    all.insert("pullwright.1".to_owned());
    assert!(all.len() > 10, "{all:?}");
    all
}

/// Installs the wheel into a clean environment, and returns its programs.
pub(crate) fn environment(folder: &Path) -> PathBuf {
    run(program("python3").args(["-m", "venv"]).arg(folder));
    let programs = folder.join("bin");
    run(Command::new(programs.join("pip"))
        .args(["install", "--quiet", "--no-index", "--find-links"])
        .arg(release().join("wheels"))
        .arg("pullwright"));
    programs
}

#[test]
fn the_wheel_installs_without_a_network_and_runs() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let programs = environment(folder.path());
    works(&programs.join("pullwright"));
    // For systems of any age, with all licences.
    let wheel = asset("wheels", ".whl");
    let name = wheel.file_name().expect("it has one").to_string_lossy();
    assert!(name.contains("manylinux2014_x86_64"), "{name}");
    for licence in ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY.md"] {
        let place = format!("pullwright-{VERSION}.dist-info/licenses/{licence}");
        assert!(!files(folder.path(), &place).is_empty(), "{licence}");
    }
    let metadata = files(folder.path(), ".dist-info/METADATA");
    let metadata = metadata
        .iter()
        .find(|path| path.to_string_lossy().contains("pullwright-"));
    let metadata = std::fs::read_to_string(metadata.expect("it has some")).expect("it is text");
    assert!(metadata.contains("License-Expression: Apache-2.0 OR MIT"));
    assert!(
        metadata.contains(&format!("Version: {VERSION}\n")),
        "{metadata}"
    );
}

#[test]
fn the_archive_holds_the_program_its_licences_pages_and_completions() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let archive = asset("assets", ".tar.gz");
    run(program("tar")
        .arg("-xzf")
        .arg(&archive)
        .current_dir(folder.path()));
    let inside = folder.path().join(format!("pullwright-{VERSION}-{TARGET}"));
    works(&inside.join("pullwright"));
    let names: BTreeSet<String> = files(&inside, "")
        .iter()
        .map(|path| {
            path.strip_prefix(&inside)
                .expect("it is below")
                .display()
                .to_string()
        })
        .collect();
    let mut wanted: BTreeSet<String> = pages().iter().map(|page| format!("man/{page}")).collect();
    let rest = "CHANGELOG.md LICENSE-APACHE LICENSE-MIT README.md THIRD-PARTY.md pullwright completions/_pullwright completions/_pullwright.ps1 completions/pullwright.bash completions/pullwright.fish";
    wanted.extend(rest.split(' ').map(str::to_owned));
    assert_eq!(names, wanted);
    // Equal files give equal bytes, whenever they were written.
    let mut packed = Vec::new();
    for time in ["2001-01-01", "2002-02-02"] {
        let program_of_test = folder.path().join("program");
        std::fs::write(&program_of_test, "a program").expect("it is ours");
        run(program("touch").args(["-d", time]).arg(&program_of_test));
        let out = folder.path().join(time);
        run(program("python3")
            .arg(root().join(".github/release/archive"))
            .arg(TARGET)
            .args([&program_of_test, &inside.join("man"), &out]));
        packed.push(std::fs::read(files(&out, ".tar.gz").remove(0)).expect("it was written"));
    }
    assert!(packed[0] == packed[1]);
}

#[test]
fn the_archive_for_windows_is_a_zip() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let exe = folder.path().join("pullwright.exe");
    std::fs::write(&exe, "a program").expect("it is ours");
    let extras = folder.path().join("extras");
    std::fs::create_dir(&extras).expect("it is ours");
    let target = "x86_64-pc-windows-msvc";
    run(program("python3")
        .arg(root().join(".github/release/archive"))
        .args([target])
        .args([&exe, &extras, &folder.path().join("out")]));
    let zip = files(folder.path(), ".zip").remove(0);
    let listed = run(program("python3")
        .args(["-m", "zipfile", "--list"])
        .arg(zip));
    let listed = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.contains(&format!("pullwright-{VERSION}-{target}/pullwright.exe")));
}

/// What `cargo binstall` reads leads to the archives, under their names and with the program where it is.
#[test]
fn binstall_finds_the_archives() {
    let metadata = run(program("cargo")
        .args(["metadata", "--locked", "--no-deps", "--format-version", "1"])
        .current_dir(root()));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("it is JSON");
    let package = &metadata["packages"][0];
    let repo = package["repository"].as_str().expect("it has one");
    let binstall = &package["metadata"]["binstall"];
    let expand = |template: &Value, target: &str| {
        let text = template.as_str().expect("it is text");
        text.replace("{ repo }", repo)
            .replace("{ version }", VERSION)
            .replace("{ target }", target)
            .replace("{ bin }", "pullwright")
            .replace("{ binary-ext }", "")
    };
    let archive = asset("assets", ".tar.gz");
    let name = archive.file_name().expect("it has one").to_string_lossy();
    let url = expand(&binstall["pkg-url"], TARGET);
    assert_eq!(url, format!("{repo}/releases/download/v{VERSION}/{name}"));
    let listed = run(program("tar").arg("-tzf").arg(archive));
    let inside = expand(&binstall["bin-dir"], TARGET);
    assert!(
        String::from_utf8_lossy(&listed.stdout)
            .lines()
            .any(|line| line == inside)
    );
    let windows = "x86_64-pc-windows-msvc";
    let url = expand(&binstall["overrides"][windows]["pkg-url"], windows);
    assert!(url.ends_with(&format!("pullwright-{VERSION}-{windows}.zip")));
}

#[test]
fn the_debian_package_is_clean_and_installs() {
    let package = asset("assets", ".deb");
    run(program("lintian")
        .args(["--fail-on", "error,warning", "--suppress-tags"])
        // Ours is not in Debian, and closes no bug of it.
        .arg("initial-upload-closes-no-bugs")
        .arg("--allow-root")
        .arg(&package));
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let tree = folder.path();
    for name in ["info", "updates", "triggers"] {
        std::fs::create_dir_all(tree.join("var/lib/dpkg").join(name)).expect("it is ours");
    }
    std::fs::write(tree.join("var/lib/dpkg/status"), "").expect("it is ours");
    run(program("dpkg")
        .arg("--root")
        .arg(tree)
        .arg("-i")
        .arg(&package));
    works(&tree.join("usr/bin/pullwright"));
    for page in pages() {
        let name = page.trim_end_matches(".1");
        let found = run(program("man")
            .arg("-M")
            .arg(tree.join("usr/share/man"))
            .args(["-w", name]));
        assert!(
            String::from_utf8_lossy(&found.stdout).contains(name),
            "{name}"
        );
    }
    let share = tree.join("usr/share");
    let bash = share.join("bash-completion/completions/pullwright");
    let loaded = run(program("bash")
        .args(["-c", "source \"$0\"; complete -p pullwright"])
        .arg(bash));
    assert!(String::from_utf8_lossy(&loaded.stdout).contains("pullwright"));
    for (file, word) in [
        ("zsh/vendor-completions/_pullwright", "#compdef pullwright"),
        (
            "fish/vendor_completions.d/pullwright.fish",
            "complete -c pullwright",
        ),
        ("doc/pullwright/copyright", "License: Apache-2.0 or Expat"),
    ] {
        let text = std::fs::read_to_string(share.join(file)).expect("it was installed");
        assert!(text.contains(word), "{file}");
    }
    run(program("dpkg")
        .arg("--root")
        .arg(tree)
        .args(["-r", "pullwright"]));
    assert!(!tree.join("usr/bin/pullwright").exists());
}

const VALIDATE: &str = "
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
found = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
sys.exit(str(found) if found else 0)
";

/// Valid, and of the packages whose licences THIRD-PARTY.md has.
#[test]
fn the_bill_of_materials_is_that_of_the_notices() {
    let path = asset("assets", ".cdx.json");
    run(program("cyclonedx-python")
        .args(["-c", VALIDATE])
        .arg(&path));
    let text = std::fs::read_to_string(path).expect("it was written");
    let bill: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(bill["metadata"]["component"]["version"], VERSION);
    let notices = std::fs::read_to_string(root().join("THIRD-PARTY.md")).expect("it is there");
    let noticed: BTreeSet<&str> = notices
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    let components = bill["components"].as_array().expect("it is a list");
    assert!(components.len() > 100, "{}", components.len());
    for one in components {
        let name = one["name"].as_str().expect("it is text");
        let version = one["version"].as_str().expect("it is text");
        assert!(
            noticed.contains(format!("{name} {version}").as_str()),
            "{name} {version}"
        );
    }
}

/// Everything that builds the program and its unit tests, its texts, and nothing else.
#[test]
fn the_crate_packs_what_builds_it() {
    let packed = run(program("cargo")
        .args(["package", "--locked", "--allow-dirty", "--list"])
        .current_dir(root()));
    // Tests and the benchmark stay at home, and cargo says so.
    let said = String::from_utf8_lossy(&packed.stderr);
    assert!(
        said.lines()
            .all(|line| line.contains("is not included in the published package")),
        "{said}"
    );
    let listed = String::from_utf8_lossy(&packed.stdout);
    let listed: BTreeSet<&str> = listed.lines().collect();
    let known = ["src/", "templates/", "schemas/", "Cargo.", "LICENSE-"];
    for name in &listed {
        let is_known = known.iter().any(|start| name.starts_with(start));
        let is_text = name.ends_with(".md") && !name.contains('/');
        let is_other = [
            ".cargo_vcs_info.json",
            "clippy.toml",
            "tests/it/every-template.yaml",
        ];
        assert!(is_known || is_text || is_other.contains(name), "{name}");
    }
    // All that the program is made from, as git has it.
    let tracked = run(program("git")
        .args(["ls-files", "src", "templates", "schemas"])
        .current_dir(root()));
    let tracked = String::from_utf8_lossy(&tracked.stdout);
    assert!(tracked.lines().count() > 100);
    for name in tracked.lines().chain([
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "THIRD-PARTY.md",
    ]) {
        assert!(listed.contains(name), "{name}");
    }
}

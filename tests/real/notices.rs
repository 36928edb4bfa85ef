//! Where embedded data comes from: what the notices say is tried.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::tools::{files, program, root, run};

/// The version of Kubernetes that the notice of the schemas names.
fn version() -> String {
    let notice = std::fs::read_to_string(root().join("schemas/kubernetes/NOTICE"))
        .expect("the schemas have a notice");
    let (_, rest) = notice
        .split_once("of Kubernetes ")
        .expect("it names a version");
    let version = rest
        .split(|c: char| c != '.' && !c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    version.to_owned()
}

#[test]
fn the_schemas_are_those_that_the_notice_names() {
    let find =
        "import kubernetes_validate, os; print(os.path.dirname(kubernetes_validate.__file__))";
    let found = run(program("yaml-python").args(["-c", find]));
    let package = PathBuf::from(String::from_utf8_lossy(&found.stdout).trim());
    let scratch = tempfile::tempdir().expect("there is a place for scratch folders");
    let script = scratch.path().join("extract.py");
    std::fs::copy(root().join("schemas/kubernetes/extract.py"), &script)
        .expect("the folder is ours");
    run(program("python3").arg(&script).arg(version()).arg(&package));
    let made = files(scratch.path(), ".json.gz");
    let ours = files(&root().join("schemas/kubernetes"), ".json.gz");
    assert_eq!(made.len(), ours.len());
    for (made, ours) in made.iter().zip(&ours) {
        assert_eq!(made.file_name(), ours.file_name());
        assert!(
            unpacked(made) == unpacked(ours),
            "{} is not what the notice says",
            ours.display()
        );
    }
}

/// Packing differs between versions of zlib; what is packed does not.
fn unpacked(path: &Path) -> String {
    let file = std::fs::File::open(path).expect("it was just listed");
    let mut text = String::new();
    GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("it is gzip");
    assert!(!text.is_empty());
    text
}

/// Licences, forbidden crates and sources; known vulnerabilities are asked for where the list of them can be fetched.
#[test]
fn dependencies_are_what_deny_toml_allows() {
    let checks = ["--locked", "check", "bans", "licenses", "sources"];
    run(program("cargo-deny").args(checks).current_dir(root()));
    // The list is read: without this licence, most would be refused.
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("it is there");
    let strict = folder.path().join("deny.toml");
    std::fs::write(&strict, text.replace("\"MIT\", ", "")).expect("it is ours");
    let refused = program("cargo-deny")
        .args(["--locked", "check", "--config"])
        .arg(&strict)
        .arg("licenses")
        .current_dir(root())
        .output()
        .expect("it starts");
    assert!(!refused.status.success());
}

//! The notices of third parties name each package that is in the program, in the version that is.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::{root, source};

/// `name version` of each package in the notices.
fn noticed() -> BTreeSet<String> {
    let text = source("THIRD-PARTY.md");
    let lines = text.lines().filter_map(|line| line.strip_prefix("- "));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_package_of_the_program_is_in_the_notices() {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--locked", "--offline", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()
        .expect("cargo runs this test");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    let packages: BTreeSet<String> = tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let (name, version) = (words.next()?, words.next()?);
            // Macros run while compiling; nothing of them is in the program.
            let is_macro = line.contains("(proc-macro)");
            (!is_macro).then(|| format!("{name} {}", version.trim_start_matches('v')))
        })
        .collect();
    assert!(packages.len() > 50, "{packages:?}");
    let noticed = noticed();
    let missing: Vec<&String> = packages.difference(&noticed).collect();
    assert!(
        missing.is_empty(),
        "make THIRD-PARTY.md again, as it says at its top: {missing:?}"
    );
}

#[test]
fn the_notices_name_no_package_that_is_gone() {
    let lock = source("Cargo.lock");
    let mut locked = BTreeSet::new();
    let mut name = "";
    for line in lock.lines() {
        if let Some(text) = line.strip_prefix("name = ") {
            name = text.trim_matches('"');
        } else if let Some(version) = line.strip_prefix("version = ") {
            locked.insert(format!("{name} {}", version.trim_matches('"')));
        }
    }
    let noticed = noticed();
    let gone: Vec<&String> = noticed.difference(&locked).collect();
    assert!(
        gone.is_empty(),
        "make THIRD-PARTY.md again, as it says at its top: {gone:?}"
    );
}

/// The licences that dependencies may have, in the list for the notices and in that of `cargo deny`.
#[test]
fn the_licences_of_both_lists_are_the_same() {
    let list = |file: &str, key: &str| -> Vec<String> {
        let text = source(file);
        let (_, rest) = text
            .split_once(&format!("{key} = ["))
            .expect("it has a list");
        let (list, _) = rest.split_once(']').expect("it ends");
        list.split(',').map(|one| one.trim().to_owned()).collect()
    };
    assert_eq!(list("about.toml", "accepted"), list("deny.toml", "allow"));
}

//! Versions: what a config requires, what a lock records, and what a copied template was copied from.

use std::collections::BTreeMap;

use pullwright::cli::Exit;
use pullwright::lock::VERSION;
use sha2::{Digest, Sha256};

use crate::support::{SMALL, Scratch, files, root, source};

const LOCK: &str = "k8s/pullwright.lock";

fn requiring(range: &str) -> String {
    SMALL.replace("spec:\n", &format!("spec:\n  pullwright: {range}\n"))
}

#[test]
fn a_config_for_other_versions_is_refused_before_all_else() {
    let of_newer = requiring("\">=99\"").replace("spec:\n", "spec:\n  keyOfTheFuture: 1\n");
    let scratch = Scratch::with_config(&of_newer);
    for command in ["validate", "render", "check", "diff"] {
        let outcome = scratch.expect(&[command, "--format", "json"], Exit::Failed);
        let value: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
        let all = value["configs"][0]["diagnostics"].as_array();
        let all = all.expect("it lists messages");
        assert_eq!(all.len(), 1, "{command}: {all:?}");
        assert_eq!(all[0]["code"], "version-required", "{command}");
        assert_eq!(all[0]["line"], 7, "{command}");
    }
    for range in ["\">=0.1\"", "\">=0.1, <99\"", "'<99'"] {
        scratch.write("pullwright.yaml", requiring(range));
        scratch.expect(&["validate"], Exit::Ok);
    }
}

#[test]
fn what_is_no_version_range_is_explained() {
    for (range, part) in [
        ("'0.2'", "use `>=0.2`"),
        (
            "latest",
            "a version range has the form `\">=0.2\"` or `\">=0.2, <2\"`, in quotes",
        ),
        ("'>=new'", "it is no version range"),
        ("0.2", "use `>=0.2`"),
    ] {
        let scratch = Scratch::with_config(&requiring(range));
        let outcome = scratch.expect(&["validate"], Exit::Failed);
        assert!(outcome.stderr.contains(part), "{range}: {}", outcome.stderr);
    }
}

/// A tree of an older version, whose outputs differ from those of this one.
#[test]
fn outputs_of_an_older_version_are_called_so() {
    let folder = root().join("tests/cases/previous-scripts");
    let scratch = Scratch::new();
    for file in files(&folder) {
        let bytes = std::fs::read(folder.join(&file)).expect("it is there");
        scratch.write(&file.display().to_string(), bytes);
    }
    let older = "an older version of pullwright wrote";
    let check = scratch.expect(&["check"], Exit::Differs);
    assert!(
        check.stdout.contains(&format!("({older} them)")),
        "{}",
        check.stdout
    );
    let json = scratch.expect(&["check", "--format", "json"], Exit::Differs);
    assert!(
        json.stdout.contains(&format!("{older} it")),
        "{}",
        json.stdout
    );
    let diff = scratch.expect(&["diff"], Exit::Differs);
    assert!(
        diff.stderr.contains(older) || diff.stdout.contains(older),
        "{}",
        diff.stderr
    );
    let render = scratch.expect(&["render"], Exit::Ok);
    let note = "outputs of this version differ from those of the older version that wrote them\n";
    assert!(render.stderr.contains(note), "{}", render.stderr);
    assert!(
        scratch
            .read(LOCK)
            .starts_with(&format!("{{\n  \"version\": {VERSION},\n"))
    );
    scratch.expect(&["check"], Exit::Ok);
    // Now the config has changed, and the version has not.
    let config = scratch.read("pullwright.yaml").replace("team/*", "group/*");
    scratch.write("pullwright.yaml", config);
    let check = scratch.expect(&["check"], Exit::Differs);
    assert!(!check.stdout.contains(older), "{}", check.stdout);
    assert!(!scratch.expect(&["render"], Exit::Ok).stderr.contains(note));
}

/// What `check` calls up to date, `render` does not touch.
#[test]
fn an_older_lock_of_equal_outputs_stays_as_it_is() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read(LOCK);
    let older = lock.replace(&format!("\"version\": {VERSION}"), "\"version\": 1");
    assert_ne!(lock, older);
    scratch.write(LOCK, &older);
    scratch.expect(&["check"], Exit::Ok);
    let render = scratch.expect(&["render", "--exit-code"], Exit::Ok);
    assert!(render.stderr.contains("nothing to do"), "{}", render.stderr);
    assert_eq!(scratch.read(LOCK), older);
}

#[test]
fn outputs_of_a_newer_version_are_left_to_it() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read(LOCK);
    let newer = lock.replace(
        &format!("\"version\": {VERSION}"),
        &format!("\"version\": {}", VERSION + 1),
    );
    assert_ne!(lock, newer);
    scratch.write(LOCK, &newer);
    for arguments in [&["check"][..], &["render"], &["render", "--force"]] {
        let outcome = scratch.expect(arguments, Exit::Failed);
        let text = outcome.stdout + &outcome.stderr;
        assert!(
            text.contains("use the version of pullwright that wrote it, or a newer one")
                || arguments[0] == "check",
            "{text}"
        );
    }
    assert_eq!(scratch.read(LOCK), newer);
}

#[test]
fn a_template_copied_from_an_earlier_one_is_reported_until_it_is_taken_over() {
    let own = "templates/kubernetes/labels.yaml.j2";
    let scratch =
        Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: templates\n"));
    scratch.expect(
        &["templates", "eject", "kubernetes/labels.yaml.j2"],
        Exit::Ok,
    );
    let copy = scratch.read(own);
    let edited = format!("{copy}    team: web\n");
    scratch.write(own, &edited);
    let render = scratch.expect(&["render"], Exit::Ok);
    assert!(
        !render.stderr.contains("template-outdated"),
        "{}",
        render.stderr
    );
    let (line, rest) = edited.split_once('\n').expect("it has a first line");
    let (_, digest) = line
        .split_once("built-in ")
        .expect("it says where it is from");
    let old = line.replace(&digest[..12], "0123456789ab");
    scratch.write(own, format!("{old}\n{rest}"));
    let render = scratch.expect(&["render"], Exit::Ok);
    let message = "warning[template-outdated]: built-in template `kubernetes/labels.yaml.j2` has changed since `templates/kubernetes/labels.yaml.j2` was copied";
    assert!(render.stderr.contains(message), "{}", render.stderr);
    let diff = scratch.expect(
        &["templates", "diff", "kubernetes/labels.yaml.j2"],
        Exit::Differs,
    );
    let changed: Vec<&str> = diff
        .stdout
        .lines()
        .skip(2)
        .filter(|line| line.starts_with(['+', '-']))
        .collect();
    assert_eq!(changed, ["+    team: web"]);
    // As the message says.
    let fresh = scratch.expect(
        &[
            "templates",
            "eject",
            "kubernetes/labels.yaml.j2",
            "--to",
            "-",
        ],
        Exit::Ok,
    );
    let first = fresh.stdout.lines().next().expect("it has one");
    scratch.write(own, format!("{first}\n{rest}"));
    let check = scratch.expect(&["check"], Exit::Ok);
    assert!(
        !check.stderr.contains("template-outdated"),
        "{}",
        check.stderr
    );
}

/// Equal configs that give other files than those of the last version need a new version: the list has the digest of
/// the outputs of all examples for each version that was released, and for the one before the first.
#[test]
fn other_outputs_have_another_version() {
    let mut all = BTreeMap::new();
    for file in files(&root().join("examples")) {
        let path = file.display().to_string();
        if path.contains("/expected/") && !path.ends_with("pullwright.lock") {
            all.insert(path.clone(), source(&format!("examples/{path}")));
        }
    }
    let mut sum = Sha256::new();
    for (path, text) in &all {
        sum.update(format!("{path}\n{}\n{text}", text.len()));
    }
    let now: String = sum
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let list = source("tests/cases/output-versions.txt");
    let last = list.lines().last().expect("it has lines");
    let (version, digest) = last.split_once(' ').expect("a version and a digest");
    let version: u32 = version.parse().expect("it is a number");
    if digest == now {
        assert_eq!(
            version, VERSION,
            "the outputs are those of version {version}"
        );
    } else {
        assert!(
            version < VERSION,
            "outputs have changed since {last} was released: raise `lock::VERSION`; now {now}"
        );
    }
}

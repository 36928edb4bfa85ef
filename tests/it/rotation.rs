//! A Secret that somebody changed by hand is kept, one that only its environment changed is updated,
//! and the lock that tells them apart helps nobody to guess the password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pullwright::cli::Exit;
use pullwright::lock::VERSION;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{PLAINTEXT, Scratch, files};

const SECRET: &str = "k8s/sample/default/secret.yaml";
const LOCK: &str = "k8s/pullwright.lock";

fn scratch(password: &str) -> Scratch {
    Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", password)
}

/// The same folder on a machine where the password is another one.
fn rotated(scratch: &Scratch, password: &str) -> Scratch {
    let other = self::scratch(password);
    for file in files(scratch.path()) {
        let name = file.to_string_lossy().into_owned();
        other.write(&name, scratch.read(&name));
    }
    other
}

/// Changes the value alone, and nothing else in the file.
fn change_value(scratch: &Scratch) {
    let text = scratch.read(SECRET);
    let start = text.find("eyJ").expect("the value is base64 of JSON");
    let value =
        STANDARD.encode(r#"{"auths":{"youruniquename.azurecr.io":{"auth":"YTpieS1oYW5k"}}}"#);
    scratch.write(SECRET, format!("{}{value}\n", &text[..start]));
}

#[test]
fn a_value_that_was_changed_by_hand_is_not_overwritten() {
    let scratch = scratch("hunter2hunter2");
    scratch.expect(&["render"], Exit::Ok);
    change_value(&scratch);
    let by_hand = scratch.read(SECRET);
    for scratch in [
        rotated(&scratch, "hunter2hunter2"),
        rotated(&scratch, "another-password"),
    ] {
        let outcome = scratch.expect(&["render"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[hand-edited]"),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("*** (before)"),
            "{}",
            outcome.stderr
        );
        assert!(!outcome.stderr.contains("eyJ"), "{}", outcome.stderr);
        assert_eq!(scratch.read(SECRET), by_hand);
        let outcome = scratch.expect(&["diff"], Exit::Differs);
        assert!(
            outcome.stdout.contains("edited by hand"),
            "{}",
            outcome.stdout
        );
        scratch.expect(&["render", "--force"], Exit::Ok);
        scratch.expect(&["check"], Exit::Ok);
        assert_ne!(scratch.read(SECRET), by_hand);
    }
}

#[test]
fn a_stale_secret_that_was_changed_by_hand_is_not_pruned() {
    for by_hand in [true, false] {
        let scratch = scratch("hunter2hunter2");
        scratch.expect(&["render"], Exit::Ok);
        if by_hand {
            change_value(&scratch);
        }
        scratch.write("pullwright.yaml", PLAINTEXT.replace("[default]", "[other]"));
        let outcome = scratch.expect(&["render", "--prune"], Exit::Ok);
        assert_eq!(scratch.has(SECRET), by_hand, "{}", outcome.stderr);
        assert_eq!(
            outcome.stderr.contains("stays: it was edited"),
            by_hand,
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_new_value_in_the_environment_is_written_without_force() {
    let old = scratch("hunter2hunter2");
    old.expect(&["render"], Exit::Ok);
    let lock = old.read(LOCK);
    old.expect(&["render"], Exit::Ok);
    assert_eq!(old.read(LOCK), lock, "nothing changed, nothing is written");
    let new = rotated(&old, "another-password");
    let outcome = new.expect(&["render"], Exit::Ok);
    assert!(outcome.stderr.contains("updated"), "{}", outcome.stderr);
    assert_ne!(new.read(SECRET), old.read(SECRET));
    new.expect(&["check"], Exit::Ok);
    rotated(&new, "hunter2hunter2").expect(&["render"], Exit::Ok);
}

#[test]
fn a_secret_of_a_template_is_updated_and_kept_alike() {
    let template = |password: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {{{{ name }}}}, namespace: {{{{ namespace }}}}}}\nspec: {{imagePullSecrets: [{{name: acr-secret}}], containers: [{{name: c, image: youruniquename.azurecr.io/c:1, args: [\"{password}\"]}}]}}\n"
        )
    };
    let config = PLAINTEXT.replace("spec:\n", "spec:\n  templates: mine\n")
        + "      workloads:\n        - {kind: Pod, name: sample-pod, containers: [{name: c, image: youruniquename.azurecr.io/c:1}]}\n";
    let pod = "k8s/sample/default/pod-sample-pod.yaml";
    let old = scratch("hunter2hunter2");
    old.write("pullwright.yaml", &config);
    old.write("mine/workload/pod.yaml.j2", template("hunter2hunter2"));
    old.expect(&["render"], Exit::Ok);
    assert!(
        old.read(LOCK).contains(":text:"),
        "its key is made of the whole text"
    );
    let new = rotated(&old, "another-password");
    new.write("mine/workload/pod.yaml.j2", template("another-password"));
    new.expect(&["render"], Exit::Ok);
    new.write(pod, new.read(pod).replace("another", "a-third"));
    new.expect(&["render"], Exit::Failed);
}

/// The record of the Secret in a lock.
fn record(lock: &str) -> Value {
    let lock: Value = serde_json::from_str(lock).expect("it is JSON");
    lock["files"]["sample/default/secret.yaml"].clone()
}

#[test]
fn a_run_that_was_killed_is_no_edit() {
    let old = scratch("hunter2hunter2");
    old.expect(&["render"], Exit::Ok);
    let new = rotated(&old, "another-password");
    new.expect(&["render"], Exit::Ok);
    let mut between: Value = serde_json::from_str(&old.read(LOCK)).expect("it is JSON");
    between["files"]["sample/default/secret.yaml"]["next"] =
        record(&new.read(LOCK))["sha256"].clone();
    for secret in [old.read(SECRET), new.read(SECRET)] {
        for password in ["hunter2hunter2", "another-password", "a-third-password"] {
            let killed = rotated(&new, password);
            killed.write(LOCK, between.to_string());
            killed.write(SECRET, &secret);
            killed.expect(&["render"], Exit::Ok);
            killed.expect(&["check"], Exit::Ok);
            assert!(record(&killed.read(LOCK))["next"].is_null());
            rotated(&killed, "once-more-another").expect(&["render"], Exit::Ok);
        }
    }
}

#[test]
fn the_lock_holds_no_digest_that_helps_to_guess() {
    let password = "hunter2hunter2";
    let scratch = scratch(password);
    scratch.expect(&["render"], Exit::Ok);
    let lock = scratch.read(LOCK);
    let text = scratch.read(SECRET);
    let data = text[text.find("eyJ").expect("it has a value")..]
        .trim()
        .to_owned();
    let config =
        String::from_utf8(STANDARD.decode(&data).expect("it is base64")).expect("it is text");
    let auth = STANDARD.encode(format!("sample-pull:{password}"));
    let known = pullwright::mask::Known::default();
    let values = [
        password.to_owned(),
        STANDARD.encode(password),
        format!("sample-pull:{password}"),
        auth,
        config.clone(),
        data.clone(),
        format!("{{\".dockerconfigjson\":\"{data}\"}}"),
        text.clone(),
        STANDARD.encode(&text),
        pullwright::mask::pair(&text, &text, &known).0,
    ];
    let salt: Vec<u8> = {
        let print = record(&lock)["sha256"]
            .as_str()
            .expect("it is a string")
            .to_owned();
        let salt = print.split(':').nth(1).expect("it has a salt").to_owned();
        (0..16)
            .map(|at| u8::from_str_radix(&salt[2 * at..2 * at + 2], 16).expect("it is hex"))
            .collect()
    };
    for value in values {
        for salted in [
            value.clone().into_bytes(),
            [salt.clone(), value.clone().into_bytes()].concat(),
            [value.clone().into_bytes(), salt.clone()].concat(),
        ] {
            let digest = Sha256::digest(&salted);
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(!lock.contains(&hex), "{value}");
            assert!(!lock.contains(&STANDARD.encode(digest)), "{value}");
        }
        assert!(!lock.contains(&value));
    }
}

#[test]
fn a_lock_of_the_first_version_is_read_and_its_secrets_count_as_edited() {
    let old = scratch("hunter2hunter2");
    old.expect(&["render"], Exit::Ok);
    let print = record(&old.read(LOCK))["sha256"]
        .as_str()
        .expect("it is a string")
        .to_owned();
    let first = old
        .read(LOCK)
        .replace(&print, &"0".repeat(64))
        .replace(&format!("\"version\": {VERSION}"), "\"version\": 1");
    assert!(first.contains("\"version\": 1,"), "{first}");
    old.write(LOCK, &first);
    let new = rotated(&old, "another-password");
    let outcome = new.expect(&["render"], Exit::Failed);
    assert!(
        outcome
            .stderr
            .contains("the lock was written by an older version"),
        "{}",
        outcome.stderr
    );
    new.expect(&["render", "--force"], Exit::Ok);
    // What is as it should be is taken over.
    old.expect(&["render"], Exit::Ok);
    rotated(&old, "another-password").expect(&["render"], Exit::Ok);
}

#[test]
fn a_newer_lock_is_refused_by_its_version() {
    let scratch = scratch("hunter2hunter2");
    let newer = VERSION + 1;
    scratch.write(
        LOCK,
        format!("{{\"version\": {newer}, \"what\": {{}}, \"files\": []}}"),
    );
    let outcome = scratch.expect(&["render"], Exit::Failed);
    assert!(
        outcome.stderr.contains(&format!(
            "it has version {newer}, this pullwright supports versions up to {VERSION}"
        )),
        "{}",
        outcome.stderr
    );
}

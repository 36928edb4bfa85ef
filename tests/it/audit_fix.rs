//! `audit --fix` repairs what is certain, and nothing else.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::audit::case;
use crate::support::{SMALL, Scratch};

/// A Secret, and a pod with this spec.
fn objects(spec: &str) -> String {
    format!(
        "apiVersion: v1
kind: Secret
metadata: {{name: acr-secret, namespace: default}}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{{\"auths\":{{\"youruniquename.azurecr.io\":{{\"username\":\"u\",\"password\":\"hunter2\"}}}}}}'
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: default}}
spec:
{spec}  containers:
  - {{name: a, image: youruniquename.azurecr.io/a:1}}
  - {{name: b, image: youruniquename.azurecr.io/b:1}}
"
    )
}

fn text_of(scratch: &Scratch, name: &str) -> String {
    std::fs::read_to_string(scratch.path().join(name)).expect("it is there")
}

const WRONG: &str = "  imagePullSecrets: [acr-secret]\n";
const RIGHT: &str = "  imagePullSecrets: [{name: acr-secret}]\n";

/// The files of a case before and after `--fix`; a second run changes nothing.
#[test]
fn what_can_be_repaired_is_repaired_once() {
    for name in ["accounts", "verdicts"] {
        let scratch = case(name);
        let before = text_of(&scratch, "objects.yaml");
        let diff = scratch.expect(&["audit", "--fix", "--diff"], Exit::Differs);
        assert_eq!(text_of(&scratch, "objects.yaml"), before, "{name}");
        let fixed = scratch.run(&["audit", "--fix"]);
        let after = text_of(&scratch, "objects.yaml");
        assert_ne!(before, after, "{name}");
        assert!(
            fixed.stderr.contains("fixed: `objects.yaml`: 1 repair"),
            "{}",
            fixed.stderr
        );
        assert!(!fixed.stdout.contains("can be fixed"), "{}", fixed.stdout);
        for line in after.lines().filter(|line| !before.contains(line)) {
            assert!(diff.stdout.contains(&format!("\n+{line}\n")), "{line}");
        }
        let again = scratch.run(&["audit", "--fix"]);
        assert_eq!(text_of(&scratch, "objects.yaml"), after, "{name}");
        assert!(!again.stderr.contains("fixed:"), "{}", again.stderr);
        assert_eq!(again.exit, fixed.exit);
        for text in [diff.stdout, diff.stderr, fixed.stdout, fixed.stderr] {
            assert!(!text.contains("hunter2"), "{name}");
        }
    }
}

#[test]
fn only_the_repaired_line_changes() {
    for (before, after) in [
        (objects(WRONG), objects(RIGHT)),
        (
            objects("  imagePullSecret: 'acr-secret' # c\n"),
            objects("  imagePullSecrets: [{name: 'acr-secret'}] # c\n"),
        ),
        (
            objects("  imagePullSecret: {name: acr-secret}\n"),
            objects(RIGHT),
        ),
        (
            objects("  imagePullSecret: [{name: acr-secret}]\n"),
            objects(RIGHT),
        ),
        (
            format!("\u{feff}{}", objects(WRONG)).replace('\n', "\r\n"),
            format!("\u{feff}{}", objects(RIGHT)).replace('\n', "\r\n"),
        ),
    ] {
        let scratch = Scratch::new();
        scratch.write("web.yaml", &before);
        let outcome = scratch.expect(&["audit", "--fix"], Exit::Ok);
        assert_eq!(text_of(&scratch, "web.yaml"), after, "{outcome:?}");
        assert!(outcome.stdout.starts_with("ok "), "{}", outcome.stdout);
    }
}

/// What the only access entry for a pod says is added, in as many rounds as it takes.
#[test]
fn access_entries_are_applied() {
    for (spec, added) in [
        ("", "  imagePullSecrets:\n  - name: acr-secret\n"),
        (
            "  imagePullSecrets: []\n",
            "  imagePullSecrets: [{name: acr-secret}]\n",
        ),
        (
            "  imagePullSecrets:\n",
            "  imagePullSecrets:\n  - name: acr-secret\n",
        ),
    ] {
        let scratch = Scratch::with_config(SMALL);
        let text = objects(spec);
        let pod = text.split_once("---\n").expect("there are two").1;
        scratch.write("web.yaml", pod);
        scratch.expect(&["audit", "--fix"], Exit::Ok);
        let text = text_of(&scratch, "web.yaml");
        assert!(text.contains(added), "{text}");
    }
}

/// An account that lists strings is no account, and one without a list serves nobody.
#[test]
fn accounts_are_repaired_for_the_pods_that_run_as_them() {
    let account =
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: default}\n";
    let text = format!("{}{account}", objects("  serviceAccountName: app\n"));
    for (before, after) in [
        (
            "imagePullSecrets:\n- acr-secret\n",
            "imagePullSecrets:\n- name: acr-secret\n",
        ),
        (
            "imagePullSecrets: acr-secret\n",
            "imagePullSecrets: [{name: acr-secret}]\n",
        ),
        (
            "imagePullSecret: acr-secret\n",
            "imagePullSecrets: [{name: acr-secret}]\n",
        ),
        (
            "secrets:\n- name: acr-secret\n",
            "secrets:\n- name: acr-secret\nimagePullSecrets:\n- name: acr-secret\n",
        ),
    ] {
        let scratch = Scratch::new();
        scratch.write("web.yaml", format!("{text}{before}"));
        let found = scratch.expect(&["audit"], Exit::Differs);
        assert!(found.stderr.contains("[wrong-shape]"), "{}", found.stderr);
        scratch.expect(&["audit", "--fix"], Exit::Ok);
        assert_eq!(text_of(&scratch, "web.yaml"), format!("{text}{after}"));
    }
}

#[test]
fn guesses_ignored_findings_and_generated_files_are_left() {
    let generated = format!(
        "# Generated by pullwright. Do not edit.\n{}",
        objects(WRONG)
    );
    let ignored = objects(WRONG).replace(
        "[acr-secret]",
        "[acr-secret] # pullwright: ignore[wrong-shape] it is a sample",
    );
    let misspelled = objects("  imagePullSecrets: [{name: acr-secert}]\n");
    let in_container = objects("").replace(
        "image: youruniquename.azurecr.io/a:1",
        "image: youruniquename.azurecr.io/a:1, imagePullSecrets: [acr-secret]",
    );
    let guesses = [
        "  imagePullSecrets: 's,q'\n",
        "  imagePullSecrets: '- name: acr-secret'\n",
        "  imagePullSecrets: ['']\n",
        "  imagePullSecrets: [acr-secret, acr-secret]\n",
        "  imagePullSecrets: {name: Not A Name}\n",
    ];
    let guesses = guesses.map(objects);
    for text in guesses
        .into_iter()
        .chain([generated, ignored, misspelled, in_container])
    {
        let scratch = Scratch::new();
        scratch.write("web.yaml", &text);
        let outcome = scratch.run(&["audit", "--fix"]);
        assert_eq!(text_of(&scratch, "web.yaml"), text, "{outcome:?}");
        let diff = scratch.run(&["audit", "--fix", "--diff"]);
        assert!(!diff.stdout.contains("+++"), "{}", diff.stdout);
        assert_eq!(diff.exit, outcome.exit);
    }
    let scratch = Scratch::new();
    scratch.write("web.yaml", objects(WRONG));
    scratch.expect(&["audit", "--write-baseline"], Exit::Ok);
    let known = ["audit", "--baseline", "pullwright-audit.baseline.json"];
    scratch.expect(&[&known[..], &["--fix"]].concat(), Exit::Ok);
    assert_eq!(text_of(&scratch, "web.yaml"), objects(WRONG));
}

/// A guess is offered to editors and services, with its safety.
#[test]
fn a_misspelt_name_is_offered() {
    let scratch = Scratch::new();
    scratch.write(
        "web.yaml",
        objects("  imagePullSecrets: [{name: acr-secert}]\n"),
    );
    let outcome = scratch.run(&["audit", "--format", "json"]);
    let json: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let all = json["configs"][0]["diagnostics"].as_array();
    let one = all
        .expect("they are there")
        .iter()
        .find(|one| one["code"] == "secret-elsewhere");
    let fix = &one.expect("it is there")["fix"];
    assert_eq!(fix["safety"], "unsafe");
    assert_eq!(fix["edits"][0]["text"], "acr-secret");
}

#[test]
fn other_encodings_and_streams_are_not_written() {
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(objects(WRONG).encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let scratch = Scratch::new();
    scratch.write("web.yaml", &utf16);
    let outcome = scratch.expect(&["audit", "--fix"], Exit::Differs);
    assert_eq!(
        std::fs::read(scratch.path().join("web.yaml")).expect("it is there"),
        utf16
    );
    assert!(!outcome.stdout.contains("--fix"), "{}", outcome.stdout);
    let refused = Scratch::new()
        .stdin(&objects(WRONG))
        .expect(&["audit", "--fix", "-"], Exit::Failed);
    assert!(refused.stderr.contains("is a stream"), "{}", refused.stderr);
}

#[test]
fn json_says_what_was_repaired() {
    let scratch = Scratch::new();
    scratch.write("web.yaml", objects(WRONG));
    let arguments = ["audit", "--fix", "--diff", "--format", "json"];
    let outcome = scratch.expect(&arguments, Exit::Differs);
    let json: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let fixed = &json["configs"][0]["fixed"][0];
    assert_eq!(
        (&fixed["file"], &fixed["count"]),
        (&"web.yaml".into(), &1.into())
    );
    let diff = fixed["diff"].as_str().expect("it is text");
    assert!(diff.contains(&format!("\n+{RIGHT}")), "{diff}");
    assert_eq!(text_of(&scratch, "web.yaml"), objects(WRONG));
}

/// Lines around a fix may hold a Secret.
#[test]
fn no_secret_is_shown_around_a_fix() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData:\n  a: hunter2hunter2\n---\n";
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {imagePullSecrets: [acr-secret], containers: [{name: c, image: 'contosoprod.azurecr.io/c:1', env: [{name: PASSWORD, value: hunter2hunter2}]}]}}\n";
    let scratch = Scratch::new();
    scratch.write("web.yaml", format!("{secret}{pod}"));
    for arguments in [
        &["audit", "--fix", "--diff"][..],
        &["audit", "--fix", "--diff", "--format", "json"],
    ] {
        let outcome = scratch.run(arguments);
        let text = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(
            text.contains("{name: acr-secret}"),
            "there is a fix: {text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
}

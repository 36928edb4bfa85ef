//! `why`: each wording of each cause, whole inputs of every form, and inputs that nobody should send.

use pullwright::cli::Exit;
use pullwright::why::{self, Cause};
use serde_json::Value;

use crate::support::{Scratch, files, fresh, root};
use crate::why_wordings::WORDINGS;

const IMAGE: &str = "youruniquename.azurecr.io/api:1";

#[test]
fn every_wording_tells_its_cause() {
    for (cause, wording) in WORDINGS {
        let text = wording
            .replace("IMAGE\"", &format!("{IMAGE}\""))
            .replace("IMAGE:", &format!("{IMAGE}:"))
            .replace("IMAGE ", &format!("{IMAGE} "));
        let found: Vec<Cause> = why::read(&text).iter().map(|one| one.cause).collect();
        assert_eq!(found, [*cause], "{text}");
    }
    for cause in Cause::ALL {
        let has_wording = WORDINGS.iter().any(|(one, _)| one == cause);
        assert!(has_wording, "{} has no wording", cause.id());
    }
}

/// A message that a terminal folded is the same message.
#[test]
fn every_wording_is_recognized_when_it_is_folded() {
    for (cause, wording) in WORDINGS {
        let folded = wording.replace("IMAGE", IMAGE).replace(' ', "\n    ");
        let found: Vec<Cause> = why::read(&folded).iter().map(|one| one.cause).collect();
        assert!(found.contains(cause), "{folded}: {found:?}");
    }
}

/// Texts that use the words of a cause for something else.
#[test]
fn other_failures_are_not_recognized() {
    for text in [
        "Back-off pulling image \"youruniquename.azurecr.io/api:1\"",
        "Error: ImagePullBackOff",
        "Error: ErrImagePull",
        "Pulling image \"youruniquename.azurecr.io/api:401\"",
        "Successfully pulled image \"youruniquename.azurecr.io/x509:1\" in 1s",
        "MountVolume.SetUp failed for volume \"tls\" : secret \"tls\" not found",
        "Error: secret \"db\" not found",
        "Readiness probe failed: HTTP probe failed with statuscode: 503",
        "Liveness probe failed: Get \"http://10.0.0.9:8080/\": dial tcp 10.0.0.9:8080: connect: connection refused",
        "Error: failed to create containerd task: exec: \"run\": executable file not found in $PATH: unknown",
        "sh: /app/run: not found",
        "Post \"https://db.example/token\": dial tcp: lookup db.example: no such host",
        "Error from server (BadRequest): Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 3",
        "Error from server (NotFound): pods \"api\" not found",
        "kind: Pod\nmetadata: {name: a}\nstatus: {phase: Running}\n",
    ] {
        assert_eq!(why::read(text), [], "{text}");
        let outcome = Scratch::new().stdin(text).expect(&["why"], Exit::Differs);
        assert!(outcome.stdout.is_empty() && outcome.stderr.contains("kubectl describe pod"));
    }
}

/// Whole inputs, each with what is printed; the one of the docs is among the examples.
#[test]
fn every_case_prints_what_it_should() {
    let folder = root().join("tests/cases/why");
    let mut cases: Vec<_> = files(&folder)
        .into_iter()
        .map(|file| folder.join(file))
        .collect();
    cases.push(root().join("examples/describe-pod.txt"));
    let mut count = 0;
    for case in cases
        .iter()
        .filter(|case| case.extension().is_some_and(|one| one == "txt"))
    {
        let stem = case.file_stem().expect("it has a name").to_string_lossy();
        let text = std::fs::read_to_string(case).expect("it is text");
        let outcome = Scratch::new().stdin(&text).expect(&["why"], Exit::Ok);
        fresh(&format!("tests/cases/why/{stem}.out"), &outcome.stdout);
        assert_eq!(outcome.stderr, "");
        count += 1;
    }
    assert!(count >= 10);
}

/// Steps for registries of Azure are for no others, and each failure has a step.
#[test]
fn other_registries_get_no_commands_of_azure() {
    let mut count = 0;
    for (cause, wording) in WORDINGS {
        let other = wording
            .replace("IMAGE", IMAGE)
            .replace("youruniquename.azurecr.io", "registry.example")
            .replace(
                "youruniquename.westeurope.data.azurecr.io",
                "x.blob.core.windows.net",
            );
        for failure in why::read(&other)
            .iter()
            .filter(|one| one.registry.is_some())
        {
            assert_eq!(
                (failure.cause, failure.is_azure()),
                (*cause, Some(false)),
                "{other}"
            );
            let steps = failure.steps();
            assert!(!steps.is_empty(), "{other}");
            for command in steps.into_iter().filter_map(|step| step.command) {
                let mut azure = ["az acr ", "az role ", "az network ", "az aks check-acr"].iter();
                assert!(!azure.any(|one| command.starts_with(one)), "{command}");
            }
            count += 1;
        }
    }
    assert!(count > 30);
}

#[test]
fn json_has_a_version_and_all_of_a_failure() {
    let scratch = Scratch::new();
    let text = std::fs::read(root().join("tests/cases/why/events-table.txt")).expect("it is there");
    scratch.write("events.txt", text);
    let outcome = scratch.expect(&["why", "events.txt", "--format", "json"], Exit::Ok);
    let value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    assert_eq!(value["version"], 1);
    assert_eq!(value["truncated"], false);
    let first = &value["failures"][0];
    assert_eq!(first["cause"], "network-rules");
    assert_eq!(first["registry"], "youruniquename.azurecr.io");
    assert_eq!(first["isAzure"], true);
    assert_eq!(first["image"], "youruniquename.azurecr.io/web:a");
    assert_eq!(
        first["pods"][1],
        serde_json::json!({"namespace": "shop", "name": "web-6d56556f98-zvld8"})
    );
    assert!(
        first["steps"][1]["command"]
            .as_str()
            .is_some_and(|one| one.contains("--name youruniquename "))
    );
    assert_eq!(value["failures"][1]["secrets"][0], "acr-secret");
    let none = Scratch::new()
        .stdin("all is well")
        .expect(&["why", "--format", "json"], Exit::Differs);
    let value: Value = serde_json::from_str(&none.stdout).expect("it is JSON");
    assert_eq!(value["failures"], serde_json::json!([]));
}

#[test]
fn what_cannot_be_read_is_a_failure() {
    let scratch = Scratch::new();
    for arguments in [&["why"][..], &["why", "missing.txt"], &["why", "."]] {
        let outcome = scratch.expect(arguments, Exit::Failed);
        assert!(
            outcome.stderr.contains("error[unreadable]"),
            "{}",
            outcome.stderr
        );
    }
    Scratch::new()
        .stdin(" \n\t\n")
        .expect(&["why", "-"], Exit::Failed);
    Scratch::new()
        .stdin("x")
        .on_a_terminal()
        .expect(&["why"], Exit::Failed);
}

#[test]
fn utf_16_and_broken_bytes_are_read() {
    let text = WORDINGS[0].1.replace("IMAGE", IMAGE);
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let mut broken = b"\xff\xfe\x00\xfa ".to_vec();
    broken.splice(0..2, []);
    broken.extend(text.bytes());
    for bytes in [wide, broken] {
        Scratch::new().stdin_bytes(bytes).expect(&["why"], Exit::Ok);
    }
}

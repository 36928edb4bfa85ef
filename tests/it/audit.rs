//! What `audit` says of trees of manifests.

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{Scratch, files, fresh, root};

/// A scratch directory with the files of a case.
pub(crate) fn case(name: &str) -> Scratch {
    let scratch = Scratch::new();
    let folder = root().join("tests/cases/audit").join(name);
    for file in files(&folder) {
        let path = file.to_string_lossy().into_owned();
        if path != "audit.txt" && path != "audit.json" {
            let bytes = std::fs::read(folder.join(&file)).expect("it is there");
            scratch.write(&path, String::from_utf8(bytes).expect("it is text"));
        }
    }
    scratch
}

/// Each folder in `tests/cases/audit` has the findings of `audit.txt`, and the verdicts there.
#[test]
fn every_case_has_the_findings_of_its_file() {
    let folder = root().join("tests/cases/audit");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("it is there")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        let outcome = case(&name).run(&["audit"]);
        let json = case(&name).run(&["audit", "--format", "json"]);
        assert_eq!(outcome.exit, json.exit);
        let json: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
        let mut verdicts = String::new();
        for image in json["configs"][0]["images"]
            .as_array()
            .expect("they are there")
        {
            let through = &image["through"];
            verdicts.push_str(&format!(
                "{}/{} {}: {}{}\n",
                image["object"]["kind"].as_str().expect("it is text"),
                image["object"]["name"].as_str().expect("it is text"),
                image["image"].as_str().expect("it is text"),
                image["verdict"].as_str().expect("it is text"),
                if through.is_null() {
                    String::new()
                } else {
                    format!(" through {through}")
                },
            ));
        }
        assert!(!outcome.stderr.contains("hunter2"), "{name}");
        assert!(!json.to_string().contains("hunter2"), "{name}");
        let text = format!("{verdicts}\n{}\n{}", outcome.stderr, outcome.stdout);
        fresh(&format!("tests/cases/audit/{name}/audit.txt"), &text);
    }
}

/// A stream is judged as a file is.
#[test]
fn a_stream_is_judged_as_a_file_is() {
    let text = std::fs::read_to_string(root().join("tests/cases/audit/kinds/list.json"));
    let text = text.expect("it is there");
    let of_file = case("kinds").run(&["audit", "list.json"]);
    let of_stream = Scratch::new()
        .stdin(&text)
        .expect(&["audit", "-"], Exit::Differs);
    assert_eq!(
        of_file.stderr.replace("list.json", "<stdin>"),
        of_stream.stderr
    );
}

/// A baseline takes known findings away, whatever their lines are, and says which of them are gone.
#[test]
fn known_findings_are_not_reported() {
    let scratch = case("verdicts");
    let file = "pullwright-audit.baseline.json";
    let wrote = scratch.expect(&["audit", "--write-baseline"], Exit::Ok);
    assert!(
        wrote.stderr.contains(&format!("wrote {file}: ")),
        "{}",
        wrote.stderr
    );
    let known = std::fs::read_to_string(scratch.path().join(file)).expect("it was written");
    let text = std::fs::read_to_string(scratch.path().join("objects.yaml")).expect("it is there");
    // Further down, and without one of the mistakes.
    let fixed = text.replace("[acr-secret]", "[{name: acr-secret}]");
    scratch.write("objects.yaml", format!("# moved\n\n{fixed}"));
    let outcome = scratch.run(&["audit", "--baseline", file]);
    assert!(!outcome.stderr.contains("error["), "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("1 finding of the baseline fixed"),
        "{}",
        outcome.stdout
    );
    assert_eq!(outcome.exit, Exit::Ok);
    scratch.write(file, known.replace("\"version\": 2", "\"version\": 7"));
    let refused = scratch.expect(&["audit", "--baseline", file], Exit::Failed);
    assert!(
        refused.stderr.contains("its version is 7, not 2"),
        "{}",
        refused.stderr
    );
    scratch.expect(&["audit", "--baseline", "nothing.json"], Exit::Failed);
}

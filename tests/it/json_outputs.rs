//! Every output in JSON has a version, a schema that `schema --kind` prints, and no field beside it.

use clap::ValueEnum;
use pullwright::cli::Exit;
use pullwright::cli::args::SchemaKind;
use pullwright::diag::Report;
use pullwright::diag::format::{ConfigResult, Format, Output, RunResult};
use serde_json::{Value, json};

use crate::audit;
use crate::result_schema::closed;
use crate::support::{SMALL, Scratch, files, root, source};

/// What a command printed, which is valid by its schema.
fn read(kind: &str, outcome: &str) -> Value {
    let schema: Value =
        serde_json::from_str(&source(&format!("schemas/{kind}.schema.json"))).expect("it is JSON");
    assert!(jsonschema::meta::is_valid(&schema), "{kind}");
    let validator = jsonschema::validator_for(&closed(schema)).expect("it is a schema");
    let value: Value =
        serde_json::from_str(outcome).unwrap_or_else(|error| panic!("{error}\n{outcome}"));
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|one| format!("{}: {one}", one.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{kind}: {errors:#?}\n{outcome}");
    assert_eq!(value["version"], 1, "{kind}");
    value
}

/// Every field of a schema has a description, and appears in what was printed.
#[track_caller]
fn every_field_appears(kind: &str, seen: &str) {
    let schema: Value =
        serde_json::from_str(&source(&format!("schemas/{kind}.schema.json"))).expect("it is JSON");
    let mut waiting = vec![&schema];
    while let Some(next) = waiting.pop() {
        for (name, field) in next["properties"].as_object().into_iter().flatten() {
            let is_told = field.get("description").is_some() || field.get("$ref").is_some();
            assert!(is_told, "{kind}: {name} has no description");
            assert!(
                seen.contains(&format!("\"{name}\":")),
                "{kind}: {name} never appears"
            );
        }
        match next {
            Value::Object(map) => waiting.extend(map.values()),
            Value::Array(all) => waiting.extend(all),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[test]
fn every_schema_is_printed() {
    for kind in SchemaKind::value_variants() {
        let word = kind.to_possible_value().expect("it has a word");
        let word = word.get_name();
        let printed = Scratch::new()
            .expect(&["schema", "--kind", word], Exit::Ok)
            .stdout;
        let file = if word == "config" { "pullwright" } else { word };
        assert_eq!(
            printed,
            source(&format!("schemas/{file}.schema.json")),
            "{word}"
        );
    }
}

#[test]
fn of_an_explanation() {
    let mut seen = String::new();
    for (case, object) in [
        ("verdicts", "Pod/hidden"),
        ("verdicts", "Pod/none"),
        ("kinds", "Deployment/web"),
    ] {
        let outcome = audit::case(case).run(&["explain", object, "--format", "json"]);
        if outcome.exit == Exit::Failed {
            read("result", &outcome.stdout);
            continue;
        }
        read("explain", &outcome.stdout);
        seen.push_str(&outcome.stdout);
    }
    let scratch = Scratch::new();
    scratch.write("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  imagePullSecrets: [{name: s}]\n  containers: [{name: a, image: contosoprod.azurecr.io/a:1}]\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\":{\"contosoprod.azurecr.io\":{\"username\":\"u\",\"password\":\"hunter2\"}}}'}\n");
    let outcome = scratch.expect(&["explain", "Pod/a", "--format", "json"], Exit::Ok);
    let value = read("explain", &outcome.stdout);
    assert_eq!(value["pods"][0]["images"][0]["verdict"], "ok");
    seen.push_str(&outcome.stdout);
    every_field_appears("explain", &seen);
}

#[test]
fn of_rules_and_templates() {
    let scratch = Scratch::new();
    let all = scratch
        .expect(&["explain", "rule", "--format", "json"], Exit::Ok)
        .stdout;
    assert!(
        read("rule", &all)["rules"]
            .as_array()
            .is_some_and(|rules| rules.len() > 50)
    );
    let one = scratch
        .expect(
            &["explain", "rule", "no-credential", "--format", "json"],
            Exit::Ok,
        )
        .stdout;
    assert_eq!(read("rule", &one)["code"], "no-credential");
    every_field_appears("rule", &format!("{all}{one}"));
    let template = scratch
        .expect(
            &[
                "templates",
                "show",
                "secret/secret.yaml.j2",
                "--format",
                "json",
            ],
            Exit::Ok,
        )
        .stdout;
    assert_eq!(
        read("template", &template)["template"],
        "secret/secret.yaml.j2"
    );
    every_field_appears("template", &template);
}

#[test]
fn of_causes() {
    let mut seen = String::new();
    let folder = root().join("tests/cases/why");
    for file in files(&folder) {
        if file.extension().is_some_and(|ending| ending == "out") {
            continue;
        }
        let text = std::fs::read_to_string(folder.join(&file)).expect("it is text");
        let outcome = Scratch::new()
            .stdin(&text)
            .run(&["why", "--format", "json"]);
        read("why", &outcome.stdout);
        seen.push_str(&outcome.stdout);
    }
    let folder = root().join("tests/cases/why-manifests");
    for name in ["explained", "contradicted", "images", "secrets"] {
        let scratch = Scratch::new();
        for file in files(&folder.join(name)) {
            let bytes = std::fs::read(folder.join(name).join(&file)).expect("it is there");
            scratch.write(&file.to_string_lossy(), bytes);
        }
        let outcome = scratch.run(&["why", "text.txt", ".", "--format", "json"]);
        read("why", &outcome.stdout);
        seen.push_str(&outcome.stdout);
    }
    every_field_appears("why", &seen);
}

/// A command that fails prints a result, whatever it prints otherwise.
#[test]
fn of_failures() {
    let scratch = Scratch::new();
    for arguments in [
        &["validate"][..],
        &["render"],
        &["diff"],
        &["check"],
        &["audit", "nowhere"],
        &["explain", "Pod/none"],
        &["explain", "rule", "nothing"],
        &["why", "nowhere"],
        &["templates", "show", "nothing"],
    ] {
        let outcome = scratch.expect(&[arguments, &["--format", "json"]].concat(), Exit::Failed);
        let value = read("result", &outcome.stdout);
        assert_eq!(
            (&value["ok"], outcome.stderr.as_str()),
            (&Value::Bool(false), ""),
            "{arguments:?}"
        );
        let told = [&value["diagnostics"], &value["configs"][0]["diagnostics"]];
        let told = told.map(|one| one.as_array().map_or(0, Vec::len));
        assert!(told.iter().sum::<usize>() > 0, "{arguments:?}");
    }
}

/// What differs is never all right.
#[test]
fn ok_never_stands_beside_differs() {
    for change in ["missing", "stale", "edited", "outdated"] {
        let scratch = Scratch::with_config(SMALL);
        if change != "missing" {
            scratch.expect(&["render"], Exit::Ok);
        }
        match change {
            "stale" => scratch.write(
                "pullwright.yaml",
                SMALL.replace("sample-pod\n", "other-pod\n"),
            ),
            "edited" => scratch.write("k8s/kustomization.yaml", "edited\n"),
            "outdated" => scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.2")),
            _ => {}
        }
        for command in ["check", "diff"] {
            let outcome = scratch.expect(&[command, "--format", "json"], Exit::Differs);
            let value = read("result", &outcome.stdout);
            let config = &value["configs"][0];
            assert_eq!(config["differs"], true, "{change}");
            assert_eq!(
                (&value["ok"], &config["ok"]),
                (&Value::Bool(false), &Value::Bool(false)),
                "{change}"
            );
        }
    }
    // Whatever a command says of it.
    let config = ConfigResult {
        config: "pullwright.yaml",
        report: &Report::default(),
        fields: json!({"differs": true, "out": "k8s", "files": []}),
    };
    let run = RunResult {
        configs: vec![config],
        ..RunResult::default()
    };
    let Output::Json(text) = Format::Json.write(&run) else {
        panic!("it is no JSON");
    };
    assert_eq!(read("result", &text)["configs"][0]["ok"], false);
}

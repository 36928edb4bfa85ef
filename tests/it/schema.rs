//! The schema in the repository is the one that the types make, and it is good for editors.

use pullwright::audit::policy;
use pullwright::cli::Exit;
use pullwright::config::{inventory, schema};
use pullwright::model::{COMMENT, PREFIX};
use serde_json::Value;

use crate::support::{Scratch, files, fresh, root, source};

#[test]
fn the_file_is_fresh_and_the_command_prints_it() {
    for (file, generated, built_in, arguments) in [
        (
            "schemas/pullwright.schema.json",
            schema::generate(),
            schema::TEXT,
            ["schema", "--kind", "config"],
        ),
        (
            "schemas/inventory.schema.json",
            inventory::generate(),
            inventory::TEXT,
            ["schema", "--kind", "inventory"],
        ),
        (
            "schemas/audit.schema.json",
            policy::generate(),
            policy::TEXT,
            ["schema", "--kind", "audit"],
        ),
    ] {
        let mut text = serde_json::to_string_pretty(&generated).expect("a schema is JSON");
        text.push('\n');
        fresh(file, &text);
        let printed = Scratch::new().expect(&arguments, Exit::Ok).stdout;
        assert_eq!(printed, built_in);
    }
    assert_eq!(
        Scratch::new().expect(&["schema"], Exit::Ok).stdout,
        schema::TEXT
    );
}

/// Every schema has a name that holds its version: that of `apiVersion`, or of the output's `version`.
#[test]
fn every_schema_has_an_id_of_its_version() {
    let mut count = 0;
    for file in files(&root().join("schemas")) {
        let name = file.display().to_string();
        if !name.ends_with(".schema.json") {
            continue;
        }
        let schema: Value =
            serde_json::from_str(&source(&format!("schemas/{name}"))).expect("it is JSON");
        let version = match &schema["properties"]["version"]["const"] {
            Value::Null => schema["properties"]["apiVersion"]["examples"][0]
                .as_str()
                .and_then(|version| version.strip_prefix("pullwright.dev/"))
                .expect("a document has an apiVersion")
                .to_owned(),
            number => format!("v{number}"),
        };
        let id = format!("https://pullwright.dev/schemas/{version}/{name}");
        assert_eq!(schema["$id"], id);
        count += 1;
    }
    assert!(count >= 8, "{count}");
}

/// The entries for SchemaStore, by which editors find the schema of a file by its name.
#[test]
fn the_entries_of_the_schema_store_are_fresh() {
    let version = env!("CARGO_PKG_VERSION");
    let entry = |name: &str, schema: &Value, stem: &str, file: &str| {
        let at = |reference: &str| {
            format!(
                "https://raw.githubusercontent.com/OWNER/pullwright/{reference}/schemas/{file}.schema.json"
            )
        };
        serde_json::json!({
            "name": name,
            "description": schema["description"],
            "fileMatch": [format!("{stem}.yaml"), format!("{stem}.yml")],
            "url": at("main"),
            "versions": {version: at(&format!("v{version}"))},
        })
    };
    let entries = [
        entry(
            "pullwright config",
            &schema::generate(),
            "pullwright",
            "pullwright",
        ),
        entry(
            "pullwright audit policy",
            &policy::generate(),
            "pullwright-audit",
            "audit",
        ),
    ];
    let mut text = serde_json::to_string_pretty(&entries).expect("it is JSON");
    text.push('\n');
    fresh("schemas/schemastore.json", &text);
}

#[test]
fn it_is_a_valid_schema_of_its_draft() {
    for schema in [
        schema::generate(),
        inventory::generate(),
        policy::generate(),
    ] {
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert!(jsonschema::meta::is_valid(&schema));
    }
}

#[test]
fn every_field_has_a_description_and_an_example() {
    let mut problems = Vec::new();
    for schema in [
        schema::generate(),
        inventory::generate(),
        policy::generate(),
    ] {
        look(&schema, &schema, "", &mut problems);
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

fn look(root: &Value, node: &Value, place: &str, problems: &mut Vec<String>) {
    for (key, value) in node.as_object().into_iter().flatten() {
        let place = format!("{place}/{key}");
        if key == "examples" || key == "default" {
            continue;
        }
        // Kubernetes describes its fields without examples.
        let is_passed_on = |field: &Value| field["$comment"] == COMMENT;
        let is_kubernetes = place.contains(&format!("/$defs/{PREFIX}"));
        if key == "properties" && !place.ends_with("/if/properties") {
            for (name, field) in value.as_object().into_iter().flatten() {
                let target = field["$ref"]
                    .as_str()
                    .and_then(|reference| root.pointer(reference.trim_start_matches('#')));
                let has = |key: &str| {
                    field.get(key).is_some() || target.is_some_and(|one| one.get(key).is_some())
                };
                let needs_example = !is_kubernetes && !is_passed_on(field);
                for wanted in ["description", "examples"] {
                    if !has(wanted) && (wanted == "description" || needs_example) {
                        problems.push(format!("{place}/{name} has no {wanted}"));
                    }
                }
            }
        }
        look(root, value, &place, problems);
    }
    for (index, value) in node.as_array().into_iter().flatten().enumerate() {
        look(root, value, &format!("{place}/{index}"), problems);
    }
}

#[test]
fn choices_are_by_tag_and_objects_are_closed() {
    let schema = schema::generate();
    let access = &schema["$defs"]["Access"];
    assert_eq!(access["unevaluatedProperties"], Value::Bool(false));
    assert_eq!(
        access["properties"]["strategy"]["enum"],
        serde_json::json!(["secret", "serviceAccount", "attach"])
    );
    is_closed(&schema);
    is_closed(&inventory::generate());
    is_closed(&policy::generate());
}

/// Every object takes the keys that the schema describes, and no others.
fn is_closed(schema: &Value) {
    let text = schema.to_string();
    assert!(
        !text.contains("\"oneOf\"") && !text.contains("\"anyOf\""),
        "editors guess among these"
    );
    assert_eq!(schema["additionalProperties"], false);
    for (name, definition) in schema["$defs"].as_object().expect("there are definitions") {
        let closed = definition["additionalProperties"] == false
            || definition["unevaluatedProperties"] == false;
        let is_branch = text.contains(&format!("\"then\":{{\"$ref\":\"#/$defs/{name}\""));
        assert!(
            definition.get("properties").is_none() || closed || is_branch,
            "{name} takes any key"
        );
    }
}

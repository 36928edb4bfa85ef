//! The JSON schema of a document, derived from its Rust types and finished for editors:
//! draft 2020-12, an enum tag, `allOf` of `if/then`, `unevaluatedProperties: false`.

mod editor;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::contract::schema::editor::{explain, inline_branches};

/// Tags that may be left out, and what they then are.
pub type Defaults<'a> = &'a [(&'a str, &'a str)];

/// The key at the root of a document that names its schema to editors of JSON.
pub const SELF: &str = "$schema";

/// Where the schemas of documents are; the version is that of their `apiVersion`. Nothing is fetched from there: to
/// validators and editors it is a name.
pub const ID: &str = "https://pullwright.dev/schemas/v1alpha1/";

/// The schema of a type, which is in this file of `schemas/`.
pub fn generate<T: JsonSchema>(file: &str, defaults: Defaults<'_>) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut root = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    let branches = branch_definitions(&root);
    finish(&mut root, false, defaults);
    if let Some(Value::Object(definitions)) = root.get_mut("$defs") {
        for (name, definition) in definitions.iter_mut() {
            finish(definition, branches.contains(name), defaults);
        }
    }
    if let Some(Value::Object(properties)) = root.get_mut("properties") {
        let about = "The JSON Schema of this file, for editors; pullwright does not read it.";
        let field =
            json!({"type": "string", "description": about, "examples": ["pullwright.schema.json"]});
        properties.insert(SELF.to_owned(), field);
    }
    let definitions = root["$defs"].clone();
    inline_branches(&mut root, &definitions);
    if let Some(Value::Object(definitions)) = root.get_mut("$defs") {
        definitions.retain(|name, _| !branches.contains(name));
    }
    explain(&mut root, &definitions);
    if let Value::Object(root) = &mut root {
        root.shift_insert(0, "$id".to_owned(), json!(format!("{ID}{file}")));
    }
    root
}

/// Definitions that are only used next to a tag: their object may have other keys beside theirs.
fn branch_definitions(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    visit(schema, &mut |object| {
        for branch in object
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(name) = branch.get("$ref").and_then(Value::as_str) {
                found.insert(name.rsplit('/').next().unwrap_or_default().to_owned());
            }
        }
    });
    found
}

/// Calls `see` for each object in a schema.
fn visit(schema: &Value, see: &mut impl FnMut(&Map<String, Value>)) {
    match schema {
        Value::Object(object) => {
            see(object);
            object.values().for_each(|value| visit(value, see));
        }
        Value::Array(items) => items.iter().for_each(|value| visit(value, see)),
        _ => {}
    }
}

/// Closes objects, turns `oneOf` into choices by tag, and drops what editors do not need.
fn finish(schema: &mut Value, open: bool, defaults: Defaults<'_>) {
    let Value::Object(object) = schema else {
        return;
    };
    unwrap_option(object);
    if let Some(Value::String(text)) = object.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    if object.get("type") == Some(&json!("integer")) {
        object.remove("format");
    }
    match object.remove("oneOf") {
        Some(Value::Array(branches)) if branches.iter().all(|one| one.get("const").is_some()) => {
            choice(object, &branches);
        }
        Some(Value::Array(branches)) => tagged(object, branches, defaults),
        _ => {}
    }
    let closed = object.contains_key("unevaluatedProperties") || object.contains_key("if");
    if object.contains_key("properties")
        && !open
        && !closed
        && !object.contains_key("additionalProperties")
    {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    for (key, value) in object.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties
                    .values_mut()
                    .for_each(|value| finish(value, false, defaults));
            }
            ("items" | "additionalProperties", value) => finish(value, false, defaults),
            _ => {}
        }
    }
}

/// `anyOf: [X, null]` and `type: [x, "null"]` are the schema of an `Option`.
fn unwrap_option(object: &mut Map<String, Value>) {
    if let Some(Value::Array(options)) = object.remove("anyOf")
        && let Some(Value::Object(first)) = options.into_iter().next()
    {
        for (key, value) in first {
            object.entry(key).or_insert(value);
        }
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|one| *one != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if object.get("default") == Some(&Value::Null) {
        object.remove("default");
    }
}

/// An enum of words, each with its description.
fn choice(object: &mut Map<String, Value>, branches: &[Value]) {
    let pick = |key: &str| -> Vec<Value> {
        branches
            .iter()
            .map(|one| json!(one[key].as_str().unwrap_or_default().replace('\n', " ")))
            .collect()
    };
    object.insert("type".to_owned(), json!("string"));
    object.insert("enum".to_owned(), json!(pick("const")));
    object.insert("enumDescriptions".to_owned(), json!(pick("description")));
    object.insert(
        "markdownEnumDescriptions".to_owned(),
        json!(pick("description")),
    );
}

/// An object whose keys depend on one of them.
fn tagged(object: &mut Map<String, Value>, branches: Vec<Value>, defaults: Defaults<'_>) {
    let Some(tag) = branches.first().and_then(tag_of) else {
        return;
    };
    let default = defaults
        .iter()
        .find(|(name, _)| *name == tag)
        .map(|(_, value)| *value);
    let words: Vec<Value> = branches
        .iter()
        .map(|one| one["properties"][&tag]["const"].clone())
        .collect();
    let about: Vec<Value> = branches
        .iter()
        .map(|one| {
            json!(
                one["description"]
                    .as_str()
                    .unwrap_or_default()
                    .replace('\n', " ")
            )
        })
        .collect();
    let list: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
    let mut declaration = json!({
        "type": "string",
        "enum": words,
        "enumDescriptions": about.clone(),
        "markdownEnumDescriptions": about,
        "description": format!("One of `{}`.", list.join("`, `")),
        "examples": [words[0]],
    });
    if let Some(default) = default {
        declaration["default"] = json!(default);
    }
    let mut properties = Map::new();
    properties.insert(tag.clone(), declaration);
    if let Some(Value::Object(own)) = object.remove("properties") {
        properties.extend(own);
    }
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties));
    if default.is_none() {
        let required = object.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(required) = required {
            required.insert(0, json!(tag));
        }
    }
    let rules: Vec<Value> = branches
        .into_iter()
        .zip(words)
        .map(|(branch, word)| rule(branch, &tag, &word, defaults))
        .collect();
    object.insert("allOf".to_owned(), json!(rules));
    object.insert("unevaluatedProperties".to_owned(), json!(false));
}

/// The key whose constant tells the branches apart.
fn tag_of(branch: &Value) -> Option<String> {
    let properties = branch.get("properties")?.as_object()?;
    let (name, _) = properties
        .iter()
        .find(|(_, value)| value.get("const").is_some())?;
    Some(name.clone())
}

/// `if` the tag is this word, `then` these keys.
fn rule(mut branch: Value, tag: &str, word: &Value, defaults: Defaults<'_>) -> Value {
    let default = defaults.iter().find(|(name, _)| *name == tag);
    let default = default.map(|(_, value)| *value);
    let mut condition = json!({"properties": {tag: {"const": word}}});
    if default != word.as_str() {
        condition["required"] = json!([tag]);
    }
    if let Value::Object(object) = &mut branch {
        object.remove("description");
        object.remove("type");
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            properties.shift_remove(tag);
            properties
                .values_mut()
                .for_each(|value| finish(value, false, defaults));
        }
        if let Some(Value::Array(required)) = object.get_mut("required") {
            required.retain(|name| name != tag);
        }
        object.retain(|_, value| *value != json!([]) && *value != json!({}));
    }
    json!({"if": condition, "then": branch})
}

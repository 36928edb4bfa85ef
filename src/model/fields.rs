//! Fields of Kubernetes objects that a config sets and pullwright passes on as they are.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::marker::PhantomData;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The definitions of Kubernetes by their names, as `schemas/kubernetes/extract.py` takes them from its OpenAPI
/// description. Only the generation of the schema reads them.
const DEFINITIONS: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/schemas/kubernetes/fields.json.gz"
));

/// What the names of these definitions begin with in the schema.
pub const PREFIX: &str = "kubernetes.";
/// Marks fields of Kubernetes in the schema: our own documentation leaves them to that of Kubernetes.
pub const COMMENT: &str = "field of Kubernetes";
/// As `contract::REFUSED`: editors do not offer such a field, and print the text where it is set.
const REFUSED: &str = "deprecationMessage";

/// A mapping of Kubernetes, as far as a config may set it.
pub trait Set {
    /// Name of the definition.
    const DEFINITION: &'static str;
    /// Fields that the config has in a form of its own.
    const OWN: &'static [&'static str];
    /// Fields that cannot be set, and why.
    const REFUSED: &'static [(&'static str, &'static str)];
}

/// Fields of Kubernetes, in the order of the config: those of its definition that are neither the config's
/// own nor refused.
#[derive(Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Fields<S>(Map<String, Value>, #[serde(skip)] PhantomData<S>);

impl<S> Fields<S> {
    /// The value of a field.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// The names of the fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// About how many bytes they take in a manifest.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(key, one)| key.len() + size(one)).sum()
    }
}

/// Text, indentation and frame.
fn size(value: &Value) -> usize {
    32 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(map) => map.iter().map(|(key, one)| key.len() + size(one)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

impl<S> Clone for Fields<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<S> Default for Fields<S> {
    fn default() -> Self {
        Self(Map::new(), PhantomData)
    }
}

impl<S> PartialEq for Fields<S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<S> Eq for Fields<S> {}

impl<S> std::fmt::Debug for Fields<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Set> JsonSchema for Fields<S> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        S::DEFINITION.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        static ALL: LazyLock<BTreeMap<String, Value>> = LazyLock::new(definitions);
        let mut properties = ALL[S::DEFINITION]["properties"].clone();
        if let Value::Object(properties) = &mut properties {
            properties.retain(|name, _| !S::OWN.contains(&name.as_str()));
            for field in properties.values_mut() {
                field["$comment"] = json!(COMMENT);
            }
            properties.extend(S::REFUSED.iter().map(|(name, reason)| {
                let refused =
                    json!({"not": {}, "description": reason, REFUSED: reason, "$comment": COMMENT});
                ((*name).to_owned(), refused)
            }));
        }
        let mut needed = vec![properties.clone()];
        while let Some(node) = needed.pop() {
            for name in references(&node) {
                let key = format!("{PREFIX}{name}");
                if generator.definitions().contains_key(&key) {
                    continue;
                }
                let definition = ALL[&name].clone();
                needed.push(definition.clone());
                generator.definitions_mut().insert(key, definition);
            }
        }
        json_schema!({"type": "object", "properties": properties})
    }
}

fn definitions() -> BTreeMap<String, Value> {
    let mut text = String::new();
    GzDecoder::new(DEFINITIONS)
        .read_to_string(&mut text)
        .expect("the file is part of the program");
    serde_json::from_str(&text).expect("the file is part of the program")
}

/// Names of the definitions that a schema refers to.
fn references(node: &Value) -> Vec<String> {
    match node {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|one| one.strip_prefix("#/$defs/kubernetes."));
            let mut all: Vec<String> = own.into_iter().map(str::to_owned).collect();
            all.extend(map.values().flat_map(references));
            all
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

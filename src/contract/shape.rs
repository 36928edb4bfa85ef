//! What the schema defines for one place of a document: which keys, which choices, which type.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{Contract, REFUSED, schema};
use crate::pointer::{Pointer, Step};

/// All parts of the schema that apply at one place.
pub(super) struct Shape {
    contract: &'static Contract,
    parts: Vec<&'static Value>,
    /// Keys that another choice of a tag would bring: key to the choices, in words.
    elsewhere: BTreeMap<&'static str, String>,
}

impl Shape {
    fn of(contract: &'static Contract) -> Self {
        Self {
            contract,
            parts: Vec::new(),
            elsewhere: BTreeMap::new(),
        }
    }

    /// What applies at `pointer` of `document`.
    pub(super) fn at(contract: &'static Contract, document: &Value, pointer: &Pointer) -> Self {
        let mut shape = Self::of(contract);
        shape.expand(&contract.schema, document);
        let mut instance = document;
        for step in &pointer.0 {
            let parents = std::mem::take(&mut shape.parts);
            shape.elsewhere.clear();
            instance = match step {
                Step::Key(key) => instance.get(key),
                Step::Index(index) => instance.get(index),
            }
            .unwrap_or(&Value::Null);
            for parent in parents {
                let child = match step {
                    Step::Index(_) => parent.get("items"),
                    Step::Key(key) => parent["properties"].get(key).or_else(|| {
                        let patterns = parent["patternProperties"].as_object();
                        let of_pattern = patterns.and_then(|all| all.values().next());
                        of_pattern.or_else(|| parent.get("additionalProperties"))
                    }),
                };
                if let Some(child) = child {
                    shape.expand(child, instance);
                }
            }
        }
        shape
    }

    /// Adds a schema, what it refers to, and the branches whose condition the instance meets.
    fn expand(&mut self, schema: &'static Value, instance: &Value) {
        self.parts.push(schema);
        let reference = schema.get("$ref").and_then(Value::as_str);
        if let Some(target) = reference.and_then(|one| self.contract.definition(one)) {
            self.expand(target, instance);
        }
        for rule in schema["allOf"].as_array().into_iter().flatten() {
            let Some((tag, condition)) = rule["if"]["properties"]
                .as_object()
                .and_then(|all| all.iter().next())
            else {
                continue;
            };
            let needed = rule["if"].get("required").is_some();
            let met = match instance.get(tag) {
                Some(value) => *value == condition["const"],
                None => !needed,
            };
            if met {
                self.expand(&rule["then"], instance);
            } else {
                let mut other = Self::of(self.contract);
                other.expand(&rule["then"], &Value::Null);
                let word = condition["const"].as_str().unwrap_or_default();
                for key in other.keys() {
                    let choice = format!("`{tag}: {word}`");
                    self.elsewhere
                        .entry(key)
                        .and_modify(|choices| *choices = format!("{choices} or {choice}"))
                        .or_insert(choice);
                }
            }
        }
    }

    /// The keys that a mapping may have here, in the order of the schema.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        let mut keys = Vec::new();
        for part in &self.parts {
            for (key, field) in part["properties"].as_object().into_iter().flatten() {
                if !keys.contains(&key.as_str()) && refusal(field).is_none() && key != schema::SELF
                {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// Whether some choice of the tag, not the one made, would bring `key`; if so, which.
    pub(super) fn elsewhere(&self, key: &str) -> Option<&str> {
        self.elsewhere.get(key).map(String::as_str)
    }

    /// Whether the tag that decides about keys is missing or none of its choices.
    pub(super) fn is_undecided(&self, instance: &Value) -> bool {
        self.parts.iter().any(|part| {
            let rules = part["allOf"]
                .as_array()
                .map_or(&[] as &[Value], Vec::as_slice);
            let tags = rules
                .iter()
                .filter_map(|rule| rule["if"]["properties"].as_object());
            let mut conditions = tags.flat_map(|all| all.iter()).peekable();
            conditions.peek().is_some()
                && !conditions.any(|(tag, condition)| match instance.get(tag) {
                    Some(value) => *value == condition["const"],
                    None => rules
                        .iter()
                        .any(|rule| rule["if"].get("required").is_none()),
                })
        })
    }

    /// The type a value must have here; the first, where it may have several.
    pub(super) fn kind(&self) -> Option<&'static str> {
        self.parts.iter().find_map(|part| {
            let kind = &part["type"];
            kind.as_str().or_else(|| kind.get(0)?.as_str())
        })
    }

    /// Why nothing may be set here, if that is so.
    pub(super) fn refusal(&self) -> Option<&'static str> {
        self.parts.iter().find_map(|part| refusal(part))
    }

    /// Whether the value of a key decides which others a mapping may have here.
    pub(super) fn is_tag(&self, key: &str) -> bool {
        self.parts.iter().any(|part| {
            let rules = part["allOf"].as_array().into_iter().flatten();
            rules
                .filter_map(|rule| rule["if"]["properties"].as_object())
                .any(|tags| tags.contains_key(key))
        })
    }

    /// Whether a mapping must have this key here.
    pub(super) fn is_required(&self, key: &str) -> bool {
        self.parts.iter().any(|part| {
            let keys = part["required"].as_array().into_iter().flatten();
            keys.filter_map(Value::as_str).any(|one| one == key)
        })
    }

    /// An example of a value here, as a user would write it.
    pub(super) fn example(&self) -> Option<&'static Value> {
        self.parts.iter().find_map(|part| part["examples"].get(0))
    }

    /// The format, which is the id of a name rule.
    pub(super) fn format(&self) -> Option<&'static str> {
        self.parts.iter().find_map(|part| part["format"].as_str())
    }
}

/// Why a schema takes no value.
fn refusal(schema: &Value) -> Option<&str> {
    schema.get(REFUSED)?.as_str()
}

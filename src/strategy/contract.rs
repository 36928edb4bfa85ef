//! What each template may print: its variables with their types and documentation, from the structs.

use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::artifact::Template;
use crate::names;
use crate::strategy::{attach, component, context, secret, service_account, workload};

/// The variables of one template.
#[derive(Debug, Clone, Serialize)]
pub struct Contract {
    /// Name of the template.
    pub template: &'static str,
    /// What it makes, one sentence.
    pub about: String,
    /// Each variable, those inside of mappings and lists after the one that holds them.
    pub variables: Vec<Variable>,
}

/// A variable of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// As a template names it: `cluster.name`, and `registries[].name` for what each element has.
    pub name: String,
    /// Its type, in a few words.
    pub takes: String,
    /// What it holds, a sentence.
    pub about: String,
}

/// The variables of the templates of all strategies.
pub fn all() -> Vec<Contract> {
    let all = [
        context::contracts(),
        component::contracts(),
        workload::context::contracts(),
        secret::context::contracts(),
        service_account::context::contracts(),
        attach::context::contracts(),
    ];
    all.into_iter().flatten().collect()
}

impl Contract {
    /// The contract of a template that takes no variables.
    pub(super) fn without(template: &'static str, about: &str) -> Self {
        Self {
            template,
            about: about.to_owned(),
            variables: Vec::new(),
        }
    }

    /// The contract of a template.
    pub fn of<T: Template>() -> Self {
        let generator = SchemaSettings::draft2020_12().into_generator();
        let schema = generator.into_root_schema_for::<T>().to_value();
        let mut variables = Vec::new();
        fields(&schema, &schema, "", &mut variables);
        Self {
            template: T::NAME,
            about: about(&schema),
            variables,
        }
    }
}

/// The variables of an object: its properties, or those of its branches.
fn fields(root: &Value, node: &Value, prefix: &str, out: &mut Vec<Variable>) {
    let properties = |node: &Value| node["properties"].as_object().cloned().unwrap_or_default();
    for (key, field) in properties(node) {
        field_of(root, &key, &field, prefix, "", out);
    }
    let branches = node["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(tag) = branches.first().and_then(|one| tag_of(&properties(one))) else {
        return;
    };
    let words = branches.iter().map(|one| word_of(&one["properties"][&tag]));
    out.push(Variable {
        name: format!("{prefix}{tag}"),
        takes: words.collect::<Vec<_>>().join(", "),
        about: "Decides which of the others there are.".to_owned(),
    });
    for branch in branches {
        let fields = properties(branch);
        let word = fields[&tag]["const"].as_str().unwrap_or_default();
        let condition = format!("With `{tag}: {word}`: ");
        for (key, field) in fields.iter().filter(|(key, _)| **key != tag) {
            field_of(root, key, field, prefix, &condition, out);
        }
    }
}

/// One variable, and those inside of it.
fn field_of(
    root: &Value,
    key: &str,
    field: &Value,
    prefix: &str,
    condition: &str,
    out: &mut Vec<Variable>,
) {
    let (node, is_optional) = resolved(root, field);
    let or_nothing = if is_optional { ", or nothing" } else { "" };
    let text = if field["description"].is_string() {
        about(field)
    } else {
        about(node)
    };
    let name = format!("{prefix}{key}");
    out.push(Variable {
        name: name.clone(),
        takes: format!("{}{or_nothing}", takes(root, node)),
        about: format!("{condition}{text}"),
    });
    let (items, _) = resolved(root, &node["items"]);
    fields(root, items, &format!("{name}[]."), out);
    if node["const"].is_null() {
        fields(root, node, &format!("{name}."), out);
    }
}

/// A node without its reference, and whether it may be null.
fn resolved<'a>(root: &'a Value, node: &'a Value) -> (&'a Value, bool) {
    let is_null = |one: &Value| one["type"] == "null";
    let options = node["anyOf"].as_array();
    let some = options.and_then(|all| all.iter().find(|one| !is_null(one)));
    let types = node["type"].as_array();
    let is_optional = options.is_some_and(|all| all.iter().any(is_null))
        || types.is_some_and(|all| all.iter().any(|one| one == "null"));
    let node = some.unwrap_or(node);
    let target = node["$ref"].as_str();
    let target = target.and_then(|target| root.pointer(target.trim_start_matches('#')));
    (target.unwrap_or(node), is_optional)
}

/// The type of a variable in a few words.
fn takes(root: &Value, node: &Value) -> String {
    let words = node["oneOf"].as_array().into_iter().flatten();
    let words: Vec<String> = words
        .filter(|one| one["const"].is_string())
        .map(word_of)
        .collect();
    if !words.is_empty() {
        return words.join(", ");
    }
    let is = |word: &str| match &node["type"] {
        Value::Array(types) => types.iter().any(|one| one == word),
        one => one == word,
    };
    if is("array") {
        let (items, _) = resolved(root, &node["items"]);
        return format!("list of {}", plural(&takes(root, items)));
    }
    if node["properties"].is_object() || node["oneOf"].is_array() {
        "mapping".to_owned()
    } else if node["additionalProperties"].is_object() || node["additionalProperties"] == true {
        "mapping by name".to_owned()
    } else if is("boolean") {
        "true or false".to_owned()
    } else if is("integer") {
        "number".to_owned()
    } else {
        let rule = node["format"].as_str().and_then(names::rule);
        rule.map_or_else(|| "text".to_owned(), |rule| rule.noun.to_owned())
    }
}

/// Several of a type.
fn plural(takes: &str) -> String {
    match takes {
        "text" => takes.to_owned(),
        _ if takes.starts_with("list of ") => takes.replacen("list", "lists", 1),
        _ if takes.ends_with('y') => format!("{}ies", takes.trim_end_matches('y')),
        _ => format!("{takes}s"),
    }
}

/// The constant of a node, in backticks.
fn word_of(node: &Value) -> String {
    format!("`{}`", node["const"].as_str().unwrap_or_default())
}

/// The key whose constant tells branches apart.
fn tag_of(properties: &Map<String, Value>) -> Option<String> {
    let found = properties.iter().find(|(_, one)| !one["const"].is_null());
    found.map(|(key, _)| key.clone())
}

/// The documentation of a node on one line.
fn about(node: &Value) -> String {
    let text = node["description"].as_str().unwrap_or_default();
    text.replace('\n', " ")
}

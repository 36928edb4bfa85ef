//! What editors need of the schema beyond what a validator needs.

use serde_json::{Value, json};

/// Puts branches in the place of references to them: editors would offer a reference as one more
/// thing to insert, and show its description in place of the field's.
pub(super) fn inline_branches(schema: &mut Value, definitions: &Value) {
    match schema {
        Value::Object(object) => {
            let title = object.get("if").and_then(condition);
            if let Some(then) = object.get_mut("then") {
                let name = then["$ref"].as_str().and_then(|one| one.rsplit('/').next());
                if let Some(name) = name {
                    *then = definitions[name].clone();
                }
                if let (Some(branch), Some(title)) = (then.as_object_mut(), title) {
                    branch
                        .retain(|keyword, _| !["description", "type"].contains(&keyword.as_str()));
                    // Editors offer all needed fields at once under this name.
                    branch.insert("title".to_owned(), json!(title));
                }
            }
            object
                .values_mut()
                .for_each(|one| inline_branches(one, definitions));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|one| inline_branches(one, definitions)),
        _ => {}
    }
}

/// `strategy: secret`, of the condition that it is so.
fn condition(condition: &Value) -> Option<String> {
    let (tag, word) = condition["properties"].as_object()?.iter().next()?;
    Some(format!("{tag}: {}", word["const"].as_str()?))
}

/// Gives every field its description as Markdown: a plain one is shown with its signs escaped. Editors
/// add the example themselves.
pub(super) fn explain(schema: &mut Value, definitions: &Value) {
    match schema {
        Value::Object(object) => {
            for (keyword, value) in object.iter_mut() {
                match (keyword.as_str(), value) {
                    ("examples" | "default" | "if", _) => {}
                    // Definitions of other projects have plain descriptions.
                    (name, _) if name.contains('.') => {}
                    ("properties", Value::Object(properties)) => {
                        for field in properties.values_mut() {
                            explain_field(field, definitions);
                            explain(field, definitions);
                        }
                    }
                    (_, value) => explain(value, definitions),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|one| explain(one, definitions)),
        _ => {}
    }
}

fn explain_field(field: &mut Value, definitions: &Value) {
    if field["$comment"].is_string() {
        return;
    }
    let target = field["$ref"]
        .as_str()
        .and_then(|one| one.rsplit('/').next());
    let target = target.map_or(&Value::Null, |name| &definitions[name]);
    let own = |name: &str| field.get(name).or_else(|| target.get(name));
    let Some(about) = own("description").and_then(Value::as_str) else {
        return;
    };
    let text = about.to_owned();
    if let Some(object) = field.as_object_mut() {
        object.insert("markdownDescription".to_owned(), json!(text));
    }
}

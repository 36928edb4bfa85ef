//! Pull secrets that are strings, a mapping or under another key, in the shape that Kubernetes reads.

use std::collections::HashSet;

use serde_json::json;

use crate::document::edit::Edit;
use crate::document::{Data, Node, Origin, Style};
use crate::manifest::secrets::FIELD;
use crate::names::SecretName;
use crate::pointer::{Pointer, Step};
use crate::span::Span;

/// The key that many write, and Kubernetes ignores.
const SINGULAR: &str = "imagePullSecret";

/// The mapping and the key of a list: an element of it, or its name, is repaired with the list.
fn list_of(at: &Pointer) -> Option<(Pointer, String)> {
    let mut at = at.clone();
    while let Some(Step::Index(_)) = at.0.last() {
        at = at.parent()?;
    }
    match at.0.last() {
        Some(Step::Key(key)) => Some((at.parent()?, key.clone())),
        _ => None,
    }
}

/// Makes the same change in a tree; `None` if there is nothing to change.
pub(super) fn set(object: &mut Node, at: &Pointer) -> Option<()> {
    let (parent, key) = list_of(at)?;
    let owner = object.find_mut(&parent)?;
    let value = owner.get(&key)?;
    let named = |name: &str| Node::from(json!({"name": name}));
    let list = match &value.data {
        Data::Scalar(_) => Node::list(vec![named(value.as_str()?)]),
        Data::Mapping(_) => Node::list(vec![value.clone()]),
        Data::Sequence(items) => {
            let items = items.iter().map(|item| match item.as_str() {
                Some(name) => named(name),
                None => item.clone(),
            });
            Node::list(items.collect())
        }
    };
    let Data::Mapping(entries) = &mut owner.data else {
        return None;
    };
    let entry = entries.iter_mut().find(|entry| entry.key == key)?;
    FIELD.clone_into(&mut entry.key);
    entry.value = list;
    Some(())
}

/// The edits of that change; `None` if the value has no shape that is certain to mean something.
pub(super) fn edits(text: &str, object: &Node, at: &Pointer) -> Option<Vec<Edit>> {
    let (parent, key) = list_of(at)?;
    let owner = object.find(&parent)?;
    let entry = owner.entries().iter().find(|entry| entry.key == key)?;
    let value = &entry.value;
    if value.origin != Origin::Written {
        return None;
    }
    let is_json = text.get(entry.key_span.range())?.starts_with('"');
    let (field, name_key) = match is_json {
        true => (format!("\"{FIELD}\""), "\"name\""),
        false => (FIELD.to_owned(), "name"),
    };
    let write = |name: &Node| {
        let name = text.get(name.span.range())?;
        Some(format!("{{{name_key}: {name}}}"))
    };
    let mut edits = Vec::new();
    match key.as_str() {
        // `imagePullSecret`, where the right key is still free.
        SINGULAR if owner.get(FIELD).is_none() => edits.push(Edit {
            span: entry.key_span,
            text: field,
        }),
        FIELD => {}
        _ => return None,
    }
    match &value.data {
        // `imagePullSecrets: NAME`.
        Data::Scalar(_) if names(&[value])? => edits.push(Edit {
            span: value.span,
            text: format!("[{}]", write(value)?),
        }),
        // `imagePullSecrets: {name: NAME}`.
        Data::Mapping(entries) if entries.len() == 1 && names(&[value.get("name")?])? => {
            let (before, after) = match value.style {
                Style::Flow => ("[", "]"),
                _ => ("- ", ""),
            };
            for (at, text) in [(value.span.start, before), (value.span.end, after)] {
                edits.push(Edit {
                    span: Span::new(at..at),
                    text: text.to_owned(),
                });
            }
        }
        // `imagePullSecrets: [NAME]`, or a list of objects under the other key.
        Data::Sequence(items) => {
            let all: Option<Vec<&Node>> = items
                .iter()
                .map(|item| match item.as_str() {
                    Some(_) => Some(item),
                    None => item.get("name"),
                })
                .collect();
            if !names(&all?)? {
                return None;
            }
            for item in items.iter().filter(|item| item.as_str().is_some()) {
                if item.origin != Origin::Written {
                    return None;
                }
                edits.push(Edit {
                    span: item.span,
                    text: match value.style {
                        Style::Flow => write(item)?,
                        _ => write(item)?.trim_matches(['{', '}']).to_owned(),
                    },
                });
            }
        }
        _ => return None,
    }
    Some(edits)
}

/// Whether these are different names of Secrets; `None` if one is no text.
fn names(nodes: &[&Node]) -> Option<bool> {
    let names: Option<Vec<&str>> = nodes.iter().map(|node| node.as_str()).collect();
    let names = names?;
    let is_name = |name: &&str| (SecretName::RULE.check)(name).is_ok();
    let different: HashSet<&&str> = names.iter().collect();
    Some(names.iter().all(is_name) && different.len() == names.len())
}

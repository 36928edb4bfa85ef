//! Repairs that are certain, as edits of the text: everything else stays byte for byte. Never through an
//! alias, never the content of a Secret.

use std::sync::Arc;

use serde_json::json;

use crate::audit::facts::Spot;
use crate::diag::Report;
use crate::document::edit::{self, Change, Edit};
use crate::document::{Data, Node, Origin, Reading, Style, part, parts};
use crate::manifest::secrets::FIELD;
use crate::manifest::{Kinds, Object, objects_of};
use crate::pointer::{Pointer, Step};
use crate::span::{Source, Span};

/// A repair of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The name of the object, which identifies it in its text.
    pub object: Spot,
    /// What to do.
    pub action: Action,
}

/// What to do with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Writes the pull secrets at this place as a list of objects, under the right key.
    Shape(Pointer),
    /// Adds a pull secret to the list at this place.
    AddSecret {
        /// The list, which need not exist.
        list: Pointer,
        /// The Secret.
        secret: String,
    },
    /// Sets the account of a pod that sets none.
    SetAccount {
        /// Where.
        at: Pointer,
        /// The account.
        account: String,
    },
}

/// The text with all repairs that can be made in place; `None` if that is none of them. The result is read
/// again: it has the intended values, and nothing else changed.
pub fn repaired(source: &Arc<Source>, kinds: &Kinds, repairs: &[&Repair]) -> Option<String> {
    let mut text: Option<String> = None;
    let mut wanted: Vec<&Repair> = Vec::new();
    for repair in repairs {
        if !wanted.contains(repair) {
            wanted.push(repair);
        }
    }
    // Places move with each edit, so the last objects come first.
    wanted.sort_by_key(|repair| std::cmp::Reverse(repair.object.span));
    for repair in wanted {
        let current = match &text {
            Some(text) => Arc::new(Source::new("", text.clone()).hiding_all()),
            None => Arc::clone(source),
        };
        if let Some(edited) = one(&current, kinds, repair) {
            text = Some(edited);
        }
    }
    text
}

fn one(source: &Arc<Source>, kinds: &Kinds, repair: &Repair) -> Option<String> {
    let mut report = Report::default();
    let at = repair.object.span.start;
    let all = parts(source);
    let of = all
        .iter()
        .find(|one| one.span.start <= at && at < one.span.end)?;
    let root = part(source, of, Reading::AsKubectl, &mut report)?;
    let object = objects_of(&root, None, kinds)
        .into_iter()
        .find(|object| is_at(object, repair.object.span))?;
    let edits = match &repair.action {
        Action::Shape(at) => shape(&source.text, object.node, at)?,
        Action::AddSecret { list, secret } => {
            let item = Node::from(json!({"name": secret}));
            let change = match object.node.find(list) {
                Some(node) if node.is_list() && !node.items().is_empty() => Change::Append {
                    at: object.pointer.join(list),
                    items: vec![item],
                },
                Some(node) if !node.is_null() && !node.is_list() => return None,
                _ => set(&object, list, Node::list(vec![item]))?,
            };
            edit::edits(&source.text, &root, &[change])?
        }
        Action::SetAccount { at, account } => {
            let change = set(&object, at, Node::from(json!(account)))?;
            edit::edits(&source.text, &root, &[change])?
        }
    };
    let whole = Span::new(0..source.text.len());
    let edited = edit::apply(&source.text, whole, &edits);
    is_sound(source, &edited, of.index).then_some(edited)
}

/// Whether an object has its name here.
fn is_at(object: &Object<'_>, span: Span) -> bool {
    let name = object.node.get("metadata").and_then(|it| it.get("name"));
    let named = name.or_else(|| object.node.get("kind"));
    named.map_or(object.node.span, |node| node.span) == span
}

/// Sets a key, whose mapping exists.
fn set(object: &Object<'_>, at: &Pointer, value: Node) -> Option<Change> {
    let (parent, Some(Step::Key(key))) = (at.parent()?, at.0.last()) else {
        return None;
    };
    Some(Change::Set {
        at: object.pointer.join(&parent),
        entries: vec![(key.clone(), value)],
    })
}

/// Pull secrets in the shape that Kubernetes reads.
fn shape(text: &str, object: &Node, at: &Pointer) -> Option<Vec<Edit>> {
    // An element of a list, or its name, is repaired with the list.
    let mut at = at.clone();
    while let Some(Step::Index(_)) = at.0.last() {
        at = at.parent()?;
    }
    let (parent, Some(Step::Key(key))) = (at.parent()?, at.0.last()) else {
        return None;
    };
    let owner = object.find(&parent)?;
    let entry = owner.entries().iter().find(|entry| entry.key == *key)?;
    let value = &entry.value;
    if value.origin != Origin::Written {
        return None;
    }
    let mut edits = Vec::new();
    match (key.as_str(), &value.data) {
        // `imagePullSecret: NAME`, where the right key is still free.
        ("imagePullSecret", Data::Scalar(_)) if owner.get(FIELD).is_none() => {
            value.as_str()?;
            let name = text.get(value.span.range())?;
            edits.push(Edit {
                span: entry.key_span,
                text: FIELD.to_owned(),
            });
            edits.push(Edit {
                span: value.span,
                text: format!("[{{name: {name}}}]"),
            });
        }
        // `imagePullSecrets: NAME`.
        (FIELD, Data::Scalar(_)) => {
            value.as_str()?;
            let name = text.get(value.span.range())?;
            edits.push(Edit {
                span: value.span,
                text: format!("[{{name: {name}}}]"),
            });
        }
        // `imagePullSecrets: {name: NAME}`.
        (FIELD, Data::Mapping(entries)) if entries.len() == 1 && value.text("name").is_some() => {
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
        // `imagePullSecrets: [NAME]`.
        (FIELD, Data::Sequence(items)) => {
            for item in items.iter().filter(|item| item.as_str().is_some()) {
                if item.origin != Origin::Written {
                    return None;
                }
                let name = text.get(item.span.range())?;
                edits.push(Edit {
                    span: item.span,
                    text: match value.style {
                        Style::Flow => format!("{{name: {name}}}"),
                        _ => format!("name: {name}"),
                    },
                });
            }
        }
        _ => return None,
    }
    Some(edits)
}

/// Whether a text with its edits has as many documents, and differs in one of them only.
fn is_sound(before: &Arc<Source>, after: &str, changed: usize) -> bool {
    let after = Arc::new(Source::new("", after).hiding_all());
    let (old, new) = (parts(before), parts(&after));
    if old.len() != new.len() {
        return false;
    }
    old.iter().zip(&new).all(|(old, new)| {
        if old.index == changed {
            let mut report = Report::default();
            let read = part(&after, new, Reading::AsKubectl, &mut report);
            return read.is_some() && !report.has_errors();
        }
        before.text.get(old.span.range()) == after.text.get(new.span.range())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::audit::facts::{Spot, TextId};
    use crate::audit::fix::{Action, Repair, repaired};
    use crate::manifest::Kinds;
    use crate::pointer::Pointer;
    use crate::span::{Source, Span};

    fn fixed(text: &str, action: Action) -> Option<String> {
        let source = Arc::new(Source::new("a.yaml", text));
        let start = text.find("web")?;
        let object = Spot {
            text: TextId(0),
            span: Span::new(start..start + 3),
        };
        let repair = Repair { object, action };
        repaired(&source, &Kinds::with(Vec::new()), &[&repair, &repair])
    }

    fn list() -> Pointer {
        Pointer::root().key("spec").key("imagePullSecrets")
    }

    #[test]
    fn pull_secrets_get_their_shape_and_nothing_else_changes() {
        let pod = |spec: &str| {
            format!(
                "# first\n---\nkind: Pod\napiVersion: v1\nmetadata: {{name: web}} # name\nspec:\n  # why\n{spec}  containers: []\n---\na: 1\n"
            )
        };
        let singular = Pointer::root().key("spec").key("imagePullSecret");
        for (at, before, after) in [
            (
                singular.clone(),
                "  imagePullSecret: acr # c\n",
                "  imagePullSecrets: [{name: acr}] # c\n",
            ),
            (
                singular.clone(),
                "  imagePullSecret: \"acr\"\r\n",
                "  imagePullSecrets: [{name: \"acr\"}]\r\n",
            ),
            (
                list().index(0),
                "  imagePullSecrets: [acr, 'b']\n",
                "  imagePullSecrets: [{name: acr}, {name: 'b'}]\n",
            ),
            (
                list().index(1),
                "  imagePullSecrets:\n  - name: a\n  - acr # c\n",
                "  imagePullSecrets:\n  - name: a\n  - name: acr # c\n",
            ),
            (
                list(),
                "  imagePullSecrets: {name: acr}\n",
                "  imagePullSecrets: [{name: acr}]\n",
            ),
            (
                list(),
                "  imagePullSecrets:\n    name: acr\n",
                "  imagePullSecrets:\n    - name: acr\n",
            ),
            (
                list(),
                "  imagePullSecrets: acr\n",
                "  imagePullSecrets: [{name: acr}]\n",
            ),
        ] {
            let out = fixed(&pod(before), Action::Shape(at));
            assert_eq!(out, Some(pod(after)), "{before}");
        }
        for (at, before) in [
            (singular, "  imagePullSecret: acr\n  imagePullSecrets: []\n"),
            (list(), "  imagePullSecrets: 7\n"),
            (list(), "  imagePullSecrets: {name: a, b: c}\n"),
        ] {
            assert_eq!(fixed(&pod(before), Action::Shape(at)), None, "{before}");
        }
    }

    #[test]
    fn a_secret_is_added_to_the_object_that_is_meant() {
        let text = "kind: List\nitems:\n- kind: Pod\n  apiVersion: v1\n  metadata: {name: a}\n  spec: {}\n- kind: Pod\n  apiVersion: v1\n  metadata: {name: web}\n  spec:\n    containers: []\n";
        let action = Action::AddSecret {
            list: list(),
            secret: "acr".to_owned(),
        };
        let want = format!("{text}    imagePullSecrets:\n    - name: acr\n");
        let out = fixed(text, action.clone()).expect("it fits");
        assert!(
            out == want || out == want.replace("    - name", "      - name"),
            "{out}"
        );
        let shared = "kind: Pod\napiVersion: v1\nmetadata: {name: web}\nspec: &a {containers: []}\nother: *a\n";
        assert_eq!(fixed(shared, action), None);
    }
}

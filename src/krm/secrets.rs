//! Lists of pull secrets, and additions to them.

use serde_json::{Value, json};

use crate::document::{Change, Node};
use crate::krm::spot::Spot;
use crate::manifest::{PullSecrets, Shape};
use crate::pointer::Pointer;

/// The pull secrets of a pod or an account.
#[derive(Debug)]
pub(super) struct List {
    pub(super) unit: usize,
    pub(super) spot: Spot,
    shape: Shape,
    /// The Secrets that it references, including added ones.
    pub(super) names: Vec<String>,
    /// The number of added Secrets.
    added: usize,
    /// Whether it was empty, so that the API server would use the list of the account.
    pub(super) was_empty: bool,
    pub(super) wrong: Option<Wrong>,
}

/// Why nothing can be added to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The value has a wrong shape.
    Value,
    /// An element has a wrong shape.
    Element(usize),
    /// A parent of the value is not a mapping.
    Parent,
}

impl List {
    /// The list as it is in the input.
    pub(super) fn new(unit: usize, spot: Spot, shape: Shape, read: &PullSecrets<'_>) -> Self {
        let wrong = match read {
            PullSecrets::NotAList => Some(Wrong::Value),
            PullSecrets::List(_) => read.first_invalid().map(Wrong::Element),
        };
        Self {
            unit,
            spot,
            shape,
            names: read.names().map(str::to_owned).collect(),
            added: 0,
            was_empty: read.defers_to_account(),
            wrong,
        }
    }

    /// Its path in the object, as shown in messages.
    pub(super) fn field(&self) -> Pointer {
        self.spot.field()
    }

    /// Adds a Secret that it does not reference yet.
    pub(super) fn add(&mut self, name: &str) {
        self.added += 1;
        self.names.push(name.to_owned());
    }

    /// The Secrets of the input.
    pub(super) fn before(&self) -> &[String] {
        let to = self.names.len() - self.added;
        self.names.get(..to).unwrap_or_default()
    }

    /// The Secrets that were added.
    pub(super) fn added(&self) -> &[String] {
        let from = self.names.len() - self.added;
        self.names.get(from..).unwrap_or_default()
    }

    /// Whether Secrets were added.
    pub(super) fn has_grown(&self) -> bool {
        self.added > 0
    }

    /// Whether it can reference one more Secret.
    pub(super) fn accepts_more(&self) -> bool {
        match self.shape {
            Shape::Objects | Shape::Names => true,
            Shape::Name | Shape::Object => self.names.is_empty(),
        }
    }

    /// A reference to a Secret in the shape of the list, as shown in messages.
    pub(super) fn example(&self, name: &str) -> String {
        match self.shape {
            Shape::Objects => format!("- name: {name}"),
            Shape::Names => format!("- {name}"),
            Shape::Object => format!("name: {name}"),
            Shape::Name => name.to_owned(),
        }
    }

    /// The end of the message about a value or an element of a wrong shape.
    pub(super) fn shape_error(&self, wrong: Wrong) -> &'static str {
        match (wrong, self.shape) {
            (Wrong::Value, Shape::Objects | Shape::Names) => "is not a list",
            (Wrong::Value, Shape::Object) => "is not a mapping",
            (Wrong::Value, Shape::Name) => "is not a string",
            (Wrong::Element(_), Shape::Objects | Shape::Object) => {
                "is not a mapping with a string `name`"
            }
            (Wrong::Element(_), Shape::Names | Shape::Name) => "is not a string",
            (Wrong::Parent, _) => "is below a value that is not a mapping",
        }
    }

    /// The index of the element that is wrong, if the shape is a list.
    pub(super) fn index(&self, wrong: Wrong) -> Option<usize> {
        match (wrong, self.shape) {
            (Wrong::Element(index), Shape::Objects | Shape::Names) => Some(index),
            (Wrong::Element(_) | Wrong::Value | Wrong::Parent, _) => None,
        }
    }

    /// The change, if a Secret was added.
    pub(super) fn change(&self) -> Option<Change> {
        let added = self.added();
        let first = added.first()?;
        let object = |name: &String| json!({"name": name});
        let list = |values: Vec<Value>| {
            if self.spot.is_whole() {
                Some(Change::Append {
                    at: self.spot.found(),
                    items: values.into_iter().map(Node::from).collect(),
                })
            } else {
                self.spot.set(Value::Array(values))
            }
        };
        match self.shape {
            Shape::Objects => list(added.iter().map(object).collect()),
            Shape::Names => list(added.iter().map(|name| json!(name)).collect()),
            Shape::Name => self.spot.set(json!(first)),
            // An object reference without a name gets its name.
            Shape::Object if self.spot.is_whole() => Some(Change::Set {
                at: self.spot.found(),
                entries: vec![("name".to_owned(), Node::from(json!(first)))],
            }),
            Shape::Object => self.spot.set(object(first)),
        }
    }
}

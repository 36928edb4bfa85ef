//! Lists of pull secrets, which may grow.

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
    /// Secrets that are named, those that were added included.
    pub(super) names: Vec<String>,
    /// How many of them were added.
    added: usize,
    /// Whether it had no element, so that the API server took the account's.
    pub(super) was_empty: bool,
    pub(super) wrong: Option<Wrong>,
}

/// Why nothing is added to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It has another shape than its kind takes.
    Value,
    /// An element has another shape than its kind takes.
    Element(usize),
    /// A mapping on the way to it is none.
    Way,
}

impl List {
    /// What is there.
    pub(super) fn new(unit: usize, spot: Spot, shape: Shape, read: &PullSecrets<'_>) -> Self {
        let wrong = match read {
            PullSecrets::NotAList => Some(Wrong::Value),
            PullSecrets::List(_) => read.misshapen().map(Wrong::Element),
        };
        Self {
            unit,
            spot,
            shape,
            names: read.names().map(str::to_owned).collect(),
            added: 0,
            was_empty: read.leaves_it_to_the_account(),
            wrong,
        }
    }

    /// Where it is in its object, as messages name it.
    pub(super) fn field(&self) -> Pointer {
        self.spot.field()
    }

    /// Adds a Secret that it does not name.
    pub(super) fn add(&mut self, name: &str) {
        self.added += 1;
        self.names.push(name.to_owned());
    }

    /// The Secrets that it named before.
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

    /// Whether it can name one more.
    pub(super) fn has_room(&self) -> bool {
        match self.shape {
            Shape::Objects | Shape::Names => true,
            Shape::Name | Shape::Object => self.names.is_empty(),
        }
    }

    /// What names a Secret in it, as a message shows it.
    pub(super) fn example(&self, name: &str) -> String {
        match self.shape {
            Shape::Objects => format!("- name: {name}"),
            Shape::Names => format!("- {name}"),
            Shape::Object => format!("name: {name}"),
            Shape::Name => name.to_owned(),
        }
    }

    /// What is wrong with a value, or an element, of another shape.
    pub(super) fn complaint(&self, wrong: Wrong) -> &'static str {
        match (wrong, self.shape) {
            (Wrong::Value, Shape::Objects | Shape::Names) => "is not a list",
            (Wrong::Value, Shape::Object) => "is not a mapping",
            (Wrong::Value, Shape::Name) => "is not a string",
            (Wrong::Element(_), Shape::Objects | Shape::Object) => {
                "is not a mapping with a `name` that is a string"
            }
            (Wrong::Element(_), Shape::Names | Shape::Name) => "is not a string",
            (Wrong::Way, _) => "is below a value that is not a mapping",
        }
    }

    /// The index of an element that is meant by `wrong`, if it is one of a list.
    pub(super) fn index(&self, wrong: Wrong) -> Option<usize> {
        match (wrong, self.shape) {
            (Wrong::Element(index), Shape::Objects | Shape::Names) => Some(index),
            (Wrong::Element(_) | Wrong::Value | Wrong::Way, _) => None,
        }
    }

    /// What changes, if something was added.
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
            // A reference that names nothing gets its name.
            Shape::Object if self.spot.is_whole() => Some(Change::Set {
                at: self.spot.found(),
                entries: vec![("name".to_owned(), Node::from(json!(first)))],
            }),
            Shape::Object => self.spot.set(object(first)),
        }
    }
}

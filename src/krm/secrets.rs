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
    /// It is none.
    NotAList,
    /// An element has another shape than its kind takes.
    Element(usize),
    /// A mapping on the way to it is none.
    Way,
}

impl List {
    /// What is there.
    pub(super) fn new(unit: usize, spot: Spot, shape: Shape, read: &PullSecrets<'_>) -> Self {
        let wrong = match read {
            PullSecrets::NotAList => Some(Wrong::NotAList),
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

    /// An element of it, as a message shows it.
    pub(super) fn example(&self, name: &str) -> String {
        match self.shape {
            Shape::Objects | Shape::Object => format!("- name: {name}"),
            Shape::Names | Shape::Name => format!("- {name}"),
        }
    }

    /// What is wrong with an element of another shape.
    pub(super) fn wants(&self) -> &'static str {
        match self.shape {
            Shape::Objects | Shape::Object => "is not a mapping with a `name`",
            Shape::Names | Shape::Name => "is not a string",
        }
    }

    /// What changes, if something was added.
    pub(super) fn change(&self) -> Option<Change> {
        let added = self.names.get(self.names.len() - self.added..)?;
        let first = added.first()?;
        let object = |name: &String| json!({"name": name});
        let value = match self.shape {
            Shape::Objects => Value::Array(added.iter().map(object).collect()),
            Shape::Names => json!(added),
            Shape::Name => json!(first),
            Shape::Object => object(first),
        };
        Some(match value {
            Value::Array(items) if self.spot.is_whole() => Change::Append {
                at: self.spot.found(),
                items: items.into_iter().map(Node::from).collect(),
            },
            value => self.spot.set(value),
        })
    }
}

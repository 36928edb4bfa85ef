//! Values of a wrong shape at the known paths of a kind.

use std::fmt;

use serde_json::Value;

use crate::document::{Data, Node};
use crate::manifest::kinds::Shape;
use crate::pointer::Pointer;

/// The expected value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A mapping.
    Mapping,
    /// A list.
    List,
    /// A string, such as an image or the name of an account.
    Text,
    /// Pull secrets in a format.
    PullSecrets(Shape),
}

/// A value of a wrong shape. Displayed as the end of a sentence: `must be a mapping, not a string`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Pointer from the object.
    pub pointer: Pointer,
    /// The expected value.
    pub want: Want,
    /// The actual value: `a string`.
    pub is: &'static str,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let want = match self.want {
            Want::Mapping | Want::PullSecrets(Shape::Object) => "a mapping",
            Want::List | Want::PullSecrets(Shape::Objects | Shape::Names) => "a list",
            Want::Text | Want::PullSecrets(Shape::Name) => "a string",
        };
        write!(f, "must be {want}, not {}", self.is)
    }
}

impl Want {
    /// Reports a value that is not as expected, including the elements of a list of pull secrets.
    pub(super) fn report(self, at: Pointer, node: &Node, found: &mut Vec<Wrong>) {
        if node.is_null() {
            return;
        }
        match self {
            Self::Mapping if is_mapping(node) => {}
            Self::List if node.is_list() => {}
            Self::Text if node.as_str().is_some() => {}
            Self::PullSecrets(Shape::Objects) if node.is_list() => {
                for (index, item) in node.items().iter().enumerate() {
                    Self::PullSecrets(Shape::Object).report(at.index(index), item, found);
                }
            }
            Self::PullSecrets(Shape::Names) if node.is_list() => {
                for (index, item) in node.items().iter().enumerate() {
                    Self::Text.report(at.index(index), item, found);
                }
            }
            Self::PullSecrets(Shape::Name) if node.as_str().is_some() => {}
            Self::PullSecrets(Shape::Object) if is_mapping(node) => {
                if let Some(name) = node.get("name") {
                    Self::Text.report(at.key("name"), name, found);
                }
            }
            Self::Mapping | Self::List | Self::Text | Self::PullSecrets(_) => found.push(Wrong {
                pointer: at,
                want: self,
                is: noun(node),
            }),
        }
    }
}

/// Whether a node is a mapping, an empty one included.
pub(super) fn is_mapping(node: &Node) -> bool {
    matches!(node.data, Data::Mapping(_))
}

fn noun(node: &Node) -> &'static str {
    if node.is_list() {
        return "a list";
    }
    if is_mapping(node) {
        return "a mapping";
    }
    match node.value() {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

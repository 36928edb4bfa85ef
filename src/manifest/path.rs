//! Paths into an object, with `[]` for every element of a list and `*` for every key of a mapping.

use std::fmt;

use crate::document::Node;
use crate::manifest::wrong::{Want, Wrong, is_mapping};
use crate::names::{Fault, FieldPath};
use crate::pointer::Pointer;

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    EachKey,
    EachElement,
}

/// `spec.template.spec`, `spec.tasks[].template.spec`, `spec.replicaSpecs.*.template.spec`; empty for
/// the starting point itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

/// A path that was validated before.
impl From<&FieldPath> for Path {
    fn from(path: &FieldPath) -> Self {
        Self::split(path.as_str())
    }
}

impl Path {
    /// Reads a path, which may be empty.
    ///
    /// # Errors
    /// The rule of [`FieldPath`] that is violated.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        FieldPath::parse(text).map(|path| Self::from(&path))
    }

    /// The steps of a valid path.
    fn split(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let key = part.trim_end_matches("[]");
            steps.push(match key {
                "*" => Step::EachKey,
                key => Step::Key(key.to_owned()),
            });
            let lists = (part.len() - key.len()) / 2;
            steps.extend(std::iter::repeat_n(Step::EachElement, lists));
        }
        Self(steps)
    }

    /// Every place that the path matches below `node`, in text order, with its pointer from `node`.
    pub fn find<'a>(&self, node: &'a Node) -> Vec<(Pointer, &'a Node)> {
        let mut found = Vec::new();
        walk(&self.0, Pointer::root(), node, &mut found);
        found
    }

    /// The path as a pointer, whether the place exists or not; `None` for a path that can match several
    /// places.
    pub fn pointer(&self) -> Option<Pointer> {
        self.0
            .iter()
            .try_fold(Pointer::root(), |pointer, step| match step {
                Step::Key(key) => Some(pointer.key(key)),
                Step::EachKey | Step::EachElement => None,
            })
    }

    /// Reports values along the path from `node`, which is at `at`, whose shape does not fit the path, and
    /// values at its end that are not `want`. Missing and null values are valid.
    pub(super) fn report(&self, at: &Pointer, node: &Node, want: Want, found: &mut Vec<Wrong>) {
        // A path that begins with `*` is a guess: values that do not fit have another meaning.
        if self.0.first() != Some(&Step::EachKey) {
            report(&self.0, at.clone(), node, want, found);
        }
    }

    /// The concatenation of two paths.
    pub(super) fn join(&self, rest: &Self) -> Self {
        Self(self.0.iter().chain(&rest.0).cloned().collect())
    }
}

/// The path as it was written: `spec.template.spec`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            match step {
                Step::Key(key) => write!(f, "{dot}{key}")?,
                Step::EachKey => write!(f, "{dot}*")?,
                Step::EachElement => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

fn walk<'a>(steps: &[Step], at: Pointer, node: &'a Node, found: &mut Vec<(Pointer, &'a Node)>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push((at, node));
        return;
    };
    match step {
        Step::Key(key) => {
            if let Some(next) = node.get(key) {
                walk(rest, at.key(key), next, found);
            }
        }
        Step::EachKey => {
            for entry in node.entries() {
                walk(rest, at.key(&entry.key), &entry.value, found);
            }
        }
        Step::EachElement => {
            for (index, item) in node.items().iter().enumerate() {
                walk(rest, at.index(index), item, found);
            }
        }
    }
}

fn report(steps: &[Step], at: Pointer, node: &Node, want: Want, found: &mut Vec<Wrong>) {
    if node.is_null() {
        return;
    }
    let Some((step, rest)) = steps.split_first() else {
        want.report(at, node, found);
        return;
    };
    match step {
        Step::Key(_) | Step::EachKey if !is_mapping(node) => Want::Mapping.report(at, node, found),
        Step::EachElement if !node.is_list() => Want::List.report(at, node, found),
        Step::Key(key) => {
            if let Some(next) = node.get(key) {
                report(rest, at.key(key), next, want, found);
            }
        }
        Step::EachKey => {
            for entry in node.entries() {
                report(rest, at.key(&entry.key), &entry.value, want, found);
            }
        }
        Step::EachElement => {
            for (index, item) in node.items().iter().enumerate() {
                report(rest, at.index(index), item, want, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::document::Node;
    use crate::manifest::path::Path;

    fn found(path: &str, value: serde_json::Value) -> Vec<String> {
        let node = Node::from(value);
        let path = Path::parse(path).expect("it is a path");
        let all = path.find(&node);
        all.iter().map(|(pointer, _)| pointer.to_string()).collect()
    }

    #[test]
    fn every_place_is_found_in_order() {
        let value = json!({"a": {"x": [{"b": 1}, {"c": 2}, {"b": 3}], "y": [{"b": 4}], "z": 5}});
        assert_eq!(
            found("a.*[].b", value.clone()),
            ["a.x[0].b", "a.x[2].b", "a.y[0].b"]
        );
        assert_eq!(found("a.x[]", value.clone()).len(), 3);
        assert_eq!(found("a.nothing.b", value.clone()), Vec::<String>::new());
        assert_eq!(found("", value), ["the document root"]);
    }

    #[test]
    fn invalid_paths_are_refused() {
        for text in [".", "a..b", "a.", "a[0].b", "a[]b", "[]", "a.{b,c}", "a b"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
        assert_eq!(Path::parse("a[][].b").map(|path| path.pointer()), Ok(None));
        let one = Path::parse("a.b").ok().and_then(|path| path.pointer());
        assert_eq!(one.map(|one| one.to_string()).as_deref(), Some("a.b"));
    }

    #[test]
    fn a_path_is_displayed_as_it_was_written() {
        for text in ["", "a", "a.b[].*.c", "*.image", "a[][].b"] {
            let path = Path::parse(text).expect("it is a path");
            assert_eq!(path.to_string(), text);
        }
    }
}

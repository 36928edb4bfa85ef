//! Reads and changes a tree.

use serde_json::Value;

use crate::document::{Data, Entry, Node, Origin, Style};
use crate::pointer::{Pointer, Step};
use crate::span::Span;

impl Node {
    /// The value of a key, if this is a mapping that contains it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|entry| entry.key == key)?;
        Some(&found.value)
    }

    /// The value, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The string value of a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The elements; empty if this is not a list.
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The keys and values; empty if this is not a mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// Whether two trees have the same values, regardless of spans, styles and the order of keys.
    pub fn is_same(&self, other: &Node) -> bool {
        match (&self.data, &other.data) {
            (Data::Scalar(one), Data::Scalar(two)) => one == two,
            (Data::Sequence(one), Data::Sequence(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.is_same(two))
            }
            (Data::Mapping(one), Data::Mapping(two)) => {
                let same = |(at, entry): (usize, &Entry)| {
                    let there = two.get(at).filter(|there| there.key == entry.key);
                    let there = there.map(|there| &there.value);
                    let there = there.or_else(|| other.get(&entry.key));
                    there.is_some_and(|there| entry.value.is_same(there))
                };
                one.len() == two.len() && one.iter().enumerate().all(same)
            }
            _ => false,
        }
    }

    /// Whether this is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.data, Data::Sequence(_))
    }

    /// Whether this is `null`, or a key without a value.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Scalar(Value::Null))
    }

    /// The node at `pointer`, relative to this node.
    pub fn find_mut(&mut self, pointer: &Pointer) -> Option<&mut Node> {
        let mut node = self;
        for step in &pointer.0 {
            node = match (step, &mut node.data) {
                (Step::Key(key), Data::Mapping(entries)) => {
                    &mut entries.iter_mut().find(|entry| entry.key == *key)?.value
                }
                (Step::Index(index), Data::Sequence(items)) => items.get_mut(*index)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// Sets a key of a mapping, replacing an existing one. Does nothing for other nodes.
    pub fn set(&mut self, key: &str, value: Node) {
        let Data::Mapping(entries) = &mut self.data else {
            return;
        };
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry {
                key: key.to_owned(),
                key_span: Span::default(),
                value,
            }),
        }
    }

    /// Adds an element to the list at `key` of a mapping, which is created if it does not exist.
    pub fn push(&mut self, key: &str, value: Node) {
        if self.get(key).is_none_or(Node::is_null) {
            self.set(key, Node::from(Value::Array(Vec::new())));
        }
        let list = self.find_mut(&Pointer::root().key(key));
        if let Some(Data::Sequence(items)) = list.map(|list| &mut list.data) {
            items.push(value);
        }
    }

    /// Adds an element to a list. Does nothing for other nodes.
    pub fn push_item(&mut self, value: Node) {
        if let Data::Sequence(items) = &mut self.data {
            items.push(value);
        }
    }

    /// The pointer of the smallest node that contains `span`.
    pub fn pointer_at(&self, span: Span) -> Pointer {
        let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
        let mut pointer = Pointer::root();
        let mut node = self;
        loop {
            let step = match &node.data {
                Data::Mapping(entries) => entries
                    .iter()
                    .find(|entry| holds(entry.key_span) || holds(entry.value.span))
                    .map(|entry| (pointer.key(&entry.key), &entry.value)),
                Data::Sequence(items) => items
                    .iter()
                    .enumerate()
                    .find(|(_, item)| holds(item.span))
                    .map(|(index, item)| (pointer.index(index), item)),
                Data::Scalar(_) => None,
            };
            let Some((below, next)) = step else {
                return pointer;
            };
            (pointer, node) = (below, next);
        }
    }
}

impl Node {
    /// A list without source text.
    pub fn list(items: Vec<Node>) -> Self {
        Self {
            data: Data::Sequence(items),
            ..Self::from(Value::Array(Vec::new()))
        }
    }
}

/// A tree without source text.
impl From<Value> for Node {
    fn from(value: Value) -> Self {
        let data = match value {
            Value::Array(items) => Data::Sequence(items.into_iter().map(Node::from).collect()),
            Value::Object(map) => Data::Mapping(
                map.into_iter()
                    .map(|(key, value)| Entry {
                        key,
                        key_span: Span::default(),
                        value: Node::from(value),
                    })
                    .collect(),
            ),
            scalar => Data::Scalar(scalar),
        };
        let style = match data {
            Data::Scalar(_) => Style::Plain,
            Data::Sequence(_) | Data::Mapping(_) => Style::Block,
        };
        Self {
            span: Span::default(),
            data,
            style,
            origin: Origin::Generated,
        }
    }
}

//! Where something is in a document: the one currency between schema, config and messages.

use std::fmt;

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// The element at an index, from 0.
    Index(usize),
}

/// A path from the top of a document; prints as `spec.access[0].name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(pub Vec<Step>);

impl Pointer {
    /// The top of the document.
    pub fn root() -> Self {
        Self::default()
    }

    /// This pointer and one key more.
    pub fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    /// This pointer and one index more.
    pub fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The pointer one step shorter; `None` at the top.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    /// This pointer and all steps of `rest`.
    pub fn join(&self, rest: &Self) -> Self {
        let mut steps = self.0.clone();
        steps.extend(rest.0.iter().cloned());
        Self(steps)
    }

    /// The place in a sentence: the path in backticks, or the document root in words.
    pub fn quoted(&self) -> String {
        match self.0.as_slice() {
            [] => self.to_string(),
            _ => format!("`{self}`"),
        }
    }

    /// The RFC 6901 form, which `serde_json::Value::pointer` reads.
    pub fn to_json_pointer(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            text.push('/');
            match step {
                Step::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => text.push_str(&index.to_string()),
            }
        }
        text
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the document root");
        }
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::pointer::Pointer;

    #[test]
    fn a_pointer_has_two_spellings() {
        let pointer = Pointer::root().key("spec").key("a/b").index(2).key("c~d");
        assert_eq!(pointer.to_string(), "spec.a/b[2].c~d");
        assert_eq!(pointer.to_json_pointer(), "/spec/a~1b/2/c~0d");
    }
}

//! What a message is about where no text of ours holds it: an object of a stream, a file on disk.

use std::fmt;

use crate::pointer::{Pointer, Step};

/// A Kubernetes object, a field of it, the file that it is in; each as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Subject {
    /// The object.
    pub object: Option<ObjectReference>,
    /// The field, from the object; the root if the object as a whole is meant.
    pub field: Pointer,
    /// The file.
    pub file: Option<FileReference>,
}

/// What an object is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectReference {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// `None` for an object that has none, or does not tell.
    pub namespace: Option<String>,
    /// `app`; `app-*` for a name that the API server generates; empty if neither is set.
    pub name: String,
}

/// A file, and which of its documents.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileReference {
    /// As users name it.
    pub path: String,
    /// From 0, if it is known.
    pub index: Option<usize>,
}

impl Subject {
    /// A file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Self::default().in_file(path, None)
    }

    /// An object as a whole.
    pub fn object(object: ObjectReference) -> Self {
        Self {
            object: Some(object),
            ..Self::default()
        }
    }

    /// All texts in it that others wrote.
    pub(super) fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let object = self.object.iter_mut().flat_map(|object| {
            let ObjectReference {
                api_version,
                kind,
                namespace,
                name,
            } = object;
            [api_version, kind, name].into_iter().chain(namespace)
        });
        let keys = self.field.0.iter_mut().filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        });
        let path = self.file.iter_mut().map(|file| &mut file.path);
        object.chain(keys).chain(path)
    }

    /// A field of it.
    #[must_use]
    pub fn field(mut self, field: Pointer) -> Self {
        self.field = field;
        self
    }

    /// The file it is in, and which of the documents there it is.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>, index: Option<usize>) -> Self {
        self.file = Some(FileReference {
            path: path.into(),
            index,
        });
        self
    }
}

/// ``Deployment `web/app` ``; ``Job without a name in namespace `web` ``.
impl fmt::Display for ObjectReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = Some(self.kind.as_str()).filter(|kind| !kind.is_empty());
        f.write_str(kind.unwrap_or("object"))?;
        match (self.name.as_str(), &self.namespace) {
            ("", None) => f.write_str(" without a name"),
            ("", Some(namespace)) => write!(f, " without a name in namespace `{namespace}`"),
            (name, None) => write!(f, " `{name}`"),
            (name, Some(namespace)) => write!(f, " `{namespace}/{name}`"),
        }
    }
}

/// The object and the field, if there is an object: ``Deployment `web/app`, `spec.template` ``.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_whole = self.field == Pointer::root();
        match &self.object {
            Some(object) if is_whole => write!(f, "{object}"),
            Some(object) => write!(f, "{object}, `{}`", self.field),
            None if is_whole => Ok(()),
            None => write!(f, "`{}`", self.field),
        }
    }
}

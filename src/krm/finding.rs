//! What a function has to say, in the form of the results of a `ResourceList`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::clean;
use crate::diag::{Report, Severity};
use crate::document::Document;
use crate::manifest::Identity;
use crate::pointer::Pointer;

/// How bad it is, in the words of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The function fails.
    Error,
    /// A pod will not pull, as far as can be seen.
    Warning,
    /// What was done.
    Info,
}

/// One result.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// One sentence, and suggestions.
    pub message: String,
    /// The object it is about.
    about: Option<Arc<Identity>>,
    /// Where in the object: `spec.template.spec`.
    field: String,
}

impl Finding {
    /// What was done to an object.
    pub(super) fn info(object: &Arc<Identity>, field: &str, message: String) -> Self {
        Self::at(Level::Info, object, field, message)
    }

    /// What an object lacks.
    pub(super) fn warning(object: &Arc<Identity>, field: &str, message: String) -> Self {
        Self::at(Level::Warning, object, field, message)
    }

    fn at(level: Level, object: &Arc<Identity>, field: &str, message: String) -> Self {
        Self {
            level,
            message,
            about: Some(Arc::clone(object)),
            field: field.to_owned(),
        }
    }

    /// The result as an element of `results`.
    pub fn to_value(&self) -> Value {
        let severity = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
        };
        let mut value = Map::new();
        value.insert("message".to_owned(), json!(clean::text(&self.message)));
        value.insert("severity".to_owned(), json!(severity));
        if let Some(object) = &self.about {
            value.insert("resourceRef".to_owned(), reference(object));
        }
        if !self.field.is_empty() {
            value.insert("field".to_owned(), json!({"path": self.field}));
        }
        let file = self.about.as_ref().and_then(|object| object.file.as_ref());
        if let Some((path, index)) = file {
            let file = match index {
                None => json!({"path": path}),
                Some(index) => json!({"path": path, "index": index}),
            };
            value.insert("file".to_owned(), file);
        }
        Value::Object(value)
    }
}

/// API version, kind, name and namespace.
fn reference(object: &Identity) -> Value {
    let mut resource = Map::new();
    resource.insert("apiVersion".to_owned(), json!(object.api_version));
    resource.insert("kind".to_owned(), json!(object.kind));
    resource.insert("name".to_owned(), json!(object.name));
    if let Some(namespace) = &object.namespace {
        resource.insert("namespace".to_owned(), json!(namespace));
    }
    Value::Object(resource)
}

/// The messages about a config as results.
pub fn of_report(report: &Report, config: Option<&Document>) -> Vec<Finding> {
    let object = config.map(|config| Arc::new(Identity::of(&config.root, None)));
    let all = report.sorted().into_iter().map(|one| {
        let level = match one.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Info => Level::Info,
        };
        let sentences: Vec<&str> = [one.message.as_str(), one.label.as_str()]
            .into_iter()
            .chain(one.help.iter().map(String::as_str))
            .filter(|sentence| !sentence.is_empty())
            .collect();
        let message = format!("[{}] {}", one.code.id(), sentences.join("; "));
        let pointer = config.zip(one.place.as_ref());
        let pointer = pointer.map(|(config, place)| config.root.pointer_at(place.span));
        let field = pointer
            .filter(|pointer| *pointer != Pointer::root())
            .map_or_else(String::new, |pointer| pointer.to_string());
        match &object {
            Some(object) => Finding::at(level, object, &field, message),
            None => Finding {
                level,
                message,
                about: None,
                field,
            },
        }
    });
    all.collect()
}

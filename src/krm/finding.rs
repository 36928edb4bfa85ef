//! Findings of a function, in the format of the `results` of a `ResourceList`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::clean;
use crate::diag::{Code, Diagnostic, ObjectReference, Report, Severity, Subject};
use crate::document::Document;
use crate::manifest::Identity;
use crate::pointer::Pointer;

/// Severity, as defined by the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The function failed.
    Error,
    /// A pod may not be able to pull.
    Warning,
    /// A change that was made.
    Info,
}

/// One result.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Severity.
    pub level: Level,
    /// The code of the problem; `None` for a change that was made.
    pub code: Option<Code>,
    /// The message, one sentence.
    pub message: String,
    /// How to fix it; empty for a change that was made.
    pub help: String,
    /// The affected object.
    about: Option<Arc<Identity>>,
    /// The affected field: `spec.template.spec`.
    field: Pointer,
}

impl Finding {
    /// A change that was made to an object.
    pub(super) fn info(object: &Arc<Identity>, field: &Pointer, message: String) -> Self {
        Self::at(Level::Info, object, field, message)
    }

    /// A problem of an object, and how to fix it.
    pub(super) fn warning(
        code: Code,
        object: &Arc<Identity>,
        field: &Pointer,
        message: String,
        help: impl Into<String>,
    ) -> Self {
        Self {
            code: Some(code),
            help: help.into(),
            ..Self::at(Level::Warning, object, field, message)
        }
    }

    /// The finding as a diagnostic; `None` for a change that was made.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let diagnostic = Diagnostic::new(self.code?, &self.message).help(&self.help);
        let Some(object) = &self.about else {
            return Some(diagnostic);
        };
        let subject = Subject::object(ObjectReference::from(object.as_ref()));
        let subject = subject.field(self.field.clone());
        Some(diagnostic.about(match &object.file {
            None => subject,
            Some((path, index)) => {
                subject.in_file(path, index.and_then(|index| usize::try_from(index).ok()))
            }
        }))
    }

    fn at(level: Level, object: &Arc<Identity>, field: &Pointer, message: String) -> Self {
        Self {
            level,
            code: None,
            message,
            help: String::new(),
            about: Some(Arc::clone(object)),
            field: field.clone(),
        }
    }

    /// The finding as an element of `results`.
    pub fn to_value(&self) -> Value {
        let severity = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
        };
        let mut value = Map::new();
        let code = self
            .code
            .map_or_else(String::new, |code| format!("[{}] ", code.id()));
        let help = if self.help.is_empty() { "" } else { "; " };
        let message = format!("{code}{}{help}{}", self.message, self.help);
        value.insert("message".to_owned(), json!(clean::text(&message)));
        value.insert("severity".to_owned(), json!(severity));
        if let Some(object) = &self.about {
            value.insert("resourceRef".to_owned(), reference(object));
        }
        if self.field != Pointer::root() {
            let path = self.field.to_string();
            value.insert("field".to_owned(), json!({"path": path}));
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

/// Converts the diagnostics of a config to findings.
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
            .chain(one.related.iter().map(|(_, role)| role.as_str()))
            .chain(one.help.iter().map(String::as_str))
            .filter(|sentence| !sentence.is_empty())
            .collect();
        let message = sentences.join("; ");
        let pointer = config.zip(one.place.as_ref());
        let pointer = pointer.map(|(config, place)| config.root.pointer_at(place.span));
        Finding {
            level,
            code: Some(one.code),
            message,
            help: String::new(),
            about: object.clone(),
            field: pointer.unwrap_or_default(),
        }
    });
    all.collect()
}

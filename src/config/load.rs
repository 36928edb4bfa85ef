//! Text to config: all mistakes of shape, of names and of sense, in one report.

use std::sync::Arc;

use serde_json::Value;

use crate::config::Config;
use crate::config::check::{Parts, check};
use crate::config::include::{Includes, include};
use crate::config::required;
use crate::config::schema::{CONTRACT, DEFAULT_TAGS};
use crate::contract::{Shaped, disagreement};
use crate::diag::{Code, Diagnostic, Problem, Report};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::span::Source;

/// A valid config, where it came from, and what is worth a warning.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The config.
    pub config: Config,
    /// Its text, for messages of later stages.
    pub document: Document,
    /// Warnings only.
    pub warnings: Report,
}

impl Loaded {
    /// A message at the value of `pointer`.
    pub fn diagnose(
        &self,
        code: Code,
        pointer: &Pointer,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.document.place(Problem::new(code, pointer, message))
    }
}

/// Reads and checks a config, with what it includes.
///
/// # Errors
/// All mistakes of the text, with their places.
pub fn load(source: Source, includes: &dyn Includes) -> Result<Loaded, Report> {
    load_document(Document::parse(Arc::new(source))?, includes)
}

/// Checks a config that is in a larger text.
///
/// # Errors
/// As [`load`].
pub fn load_document(document: Document, includes: &dyn Includes) -> Result<Loaded, Report> {
    required::check(&document)?;
    let Shaped {
        mut document,
        mut repaired,
        mut report,
        wrong,
        moves,
    } = CONTRACT.shape(document)?;
    let included = include(&mut document, &mut repaired, includes);
    if included.has_errors() {
        // What is declared there is not known, so the cross checks would report what follows from that.
        report.extend(included);
        return Err(report);
    }
    report.extend(included);
    fill_tags(&mut repaired);
    report.extend(check(&Parts::read(&repaired, &wrong), &document, &moves));
    if report.has_errors() {
        return Err(report);
    }
    match serde_json::from_value::<Config>(repaired) {
        Ok(config) => Ok(Loaded {
            config,
            document,
            warnings: report,
        }),
        Err(error) => Err(disagreement(&document, "config", &error).into()),
    }
}

/// Fills in the tags that may be left out.
pub(super) fn fill_tags(value: &mut Value) {
    let access = value.pointer_mut("/spec/access");
    for access in access.and_then(Value::as_array_mut).into_iter().flatten() {
        for (tag, word) in DEFAULT_TAGS {
            if let Some(Value::Object(secret)) = access.get_mut("secret") {
                secret.entry(*tag).or_insert_with(|| Value::from(*word));
            }
        }
    }
}

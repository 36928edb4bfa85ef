//! Runs one template: a text with marks, what is at them, or the reason of a failure.

use std::collections::BTreeMap;

use minijinja::value::merge_maps;
use minijinja::{Environment, ErrorKind, Value};
use serde::{Deserialize, Serialize};

use crate::render::environment::{OwnVariable, SecretVariable};
use crate::render::mark::{self, Kept};
use crate::render::undefined::Missing;

/// Characters of the engine's own words that a message shows.
const WORDS: usize = 300;

/// A template and its variables.
pub(super) struct Run<'a> {
    pub(super) template: &'a str,
    /// Variables that files may share, as JSON.
    pub(super) context: &'a str,
    /// Variables of the file alone; they win.
    pub(super) own: Vec<(&'a str, &'a str)>,
    /// What the template gets of its own variables.
    pub(super) gives: Gives,
    /// Names of the secret variables; the values stay outside.
    pub(super) secrets: Vec<&'a str>,
    /// Bytes that the text and its values may have.
    pub(super) room: usize,
}

/// What a template gets of a file's own variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Gives {
    /// Their places: what it makes is shared by files that differ in their values alone.
    Places,
    /// Their values.
    Values,
}

/// A text with marks, and what is at them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) text: String,
    pub(super) values: Vec<Kept>,
}

/// Why a template made no text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    /// The template that failed, if it is known: perhaps one that was included.
    pub(super) name: Option<String>,
    /// Without values.
    pub(super) why: String,
    /// From 1.
    pub(super) line: Option<usize>,
    /// The variable that is not there, if it is known.
    pub(super) missing: Option<Box<Missing>>,
}

/// What a template failed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum FailureKind {
    /// It is not valid.
    Syntax,
    /// It, or one that it names, is not there.
    Missing,
    /// It cannot be rendered.
    Render,
    /// It uses a variable that is not there.
    Undefined,
}

impl Failure {
    /// One that is unknown to the engine.
    pub(super) fn outside(why: String) -> Self {
        Self {
            kind: FailureKind::Render,
            name: None,
            why,
            line: None,
            missing: None,
        }
    }
}

/// Runs the template; its values are kept aside, by number.
pub(super) fn run(environment: &Environment<'_>, run: Run<'_>) -> Result<Made, Failure> {
    let template = environment.get_template(run.template).map_err(failure)?;
    let own = run.own.into_iter().enumerate().map(|(at, (name, text))| {
        let value = match run.gives {
            Gives::Places => Value::from_object(OwnVariable(at)),
            Gives::Values => Value::from(text),
        };
        (name, value)
    });
    let secrets = run.secrets.into_iter().enumerate();
    let secrets = secrets.map(|(at, name)| (name, Value::from_object(SecretVariable(at))));
    let own: BTreeMap<&str, Value> = own.chain(secrets).collect();
    let shared: Value = serde_json::from_str(run.context)
        .map_err(|error| Failure::outside(format!("its variables cannot be read: {error}")))?;
    let context = merge_maps([Value::from(own), shared]);
    mark::begin(run.room);
    let text = template.render(&context).map_err(|error| {
        let failure = failure(error);
        let missing = failure
            .missing(environment, run.template, &context)
            .map(Box::new);
        Failure { missing, ..failure }
    })?;
    let values = mark::take();
    if text.len() > run.room {
        let why = "it prints more than 1 MiB".to_owned();
        return Err(Failure::outside(why));
    }
    Ok(Made { text, values })
}

/// An error of the engine. Its own text may hold values: only kind, detail and line are used.
fn failure(error: minijinja::Error) -> Failure {
    let kind = match error.kind() {
        ErrorKind::SyntaxError => FailureKind::Syntax,
        ErrorKind::TemplateNotFound => FailureKind::Missing,
        _ => FailureKind::Render,
    };
    let mut innermost = &error;
    while let Some(source) = std::error::Error::source(innermost) {
        match source.downcast_ref() {
            Some(inner) => innermost = inner,
            None => break,
        }
    }
    let kind = match (kind, innermost.kind()) {
        (FailureKind::Render, ErrorKind::UndefinedError) => FailureKind::Undefined,
        (kind, _) => kind,
    };
    let why = match innermost.kind() {
        ErrorKind::OutOfFuel => "it takes too many steps, possibly an endless loop".to_owned(),
        kind => match innermost.detail() {
            Some(detail) => shortened(mark::without(detail)),
            None => kind.to_string(),
        },
    };
    Failure {
        kind,
        name: innermost.name().or(error.name()).map(str::to_owned),
        why,
        line: innermost.line(),
        missing: None,
    }
}

fn shortened(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(WORDS) {
        text.truncate(at);
        text.push('…');
    }
    text
}

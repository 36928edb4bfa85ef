//! The template engine: strict, without a way out, printing marks in place of values.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Object;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::render::builtin::Templates;
use crate::render::mark::{self, Marked};
use crate::secret::Redacted;

/// Steps that one render may take; the largest built-in one needs some thousands.
const FUEL: u64 = 5_000_000;
/// How deep templates may include, and macros call, each other.
const RECURSION: usize = 32;

/// A secret variable: templates may print it whole, and see nothing of it.
#[derive(Debug)]
pub(super) struct SecretVariable(pub(super) Redacted);

impl Object for SecretVariable {
    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A variable of one file alone, in a template that only prints it.
#[derive(Debug)]
pub(super) struct OwnVariable(pub(super) usize);

impl Object for OwnVariable {}

/// An engine that knows these templates, and nothing of files, environment or network.
pub(super) fn new(templates: Arc<Templates>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(RECURSION);
    environment.set_auto_escape_callback(|name| match kind_of(name) {
        Some(Kind::Yaml) => AutoEscape::Custom("yaml".into()),
        Some(Kind::Shell) => AutoEscape::Custom("shell".into()),
        None => AutoEscape::None,
    });
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .expect("the default delimiters are valid");
    environment.set_syntax(syntax);
    environment.set_formatter(print);
    // What would declare a value safe, or print it by other rules than ours.
    for filter in ["safe", "escape", "e", "tojson", "pprint", "urlencode"] {
        environment.remove_filter(filter);
    }
    environment.remove_global("debug");
    environment.add_filter("indent", indent);
    environment.set_loader(move |name| {
        if kind_of(name).is_none() {
            return Err(minijinja::Error::new(
                ErrorKind::InvalidOperation,
                "a template's name must end in `.yaml.j2` or `.sh.j2`",
            ));
        }
        Ok(templates.find(name).map(str::to_owned))
    });
    environment
}

/// What a template's file name says about its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Yaml,
    Shell,
}

pub(super) fn kind_of(name: &str) -> Option<Kind> {
    if name.ends_with(".yaml.j2") {
        Some(Kind::Yaml)
    } else if name.ends_with(".sh.j2") {
        Some(Kind::Shell)
    } else {
        None
    }
}

/// Prints a mark in place of a value. Text that a block captured holds marks already.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if !matches!(state.auto_escape(), AutoEscape::Custom(_)) {
        return Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            "`autoescape` cannot be switched off: every value is quoted for its place",
        ));
    }
    if value.is_safe() {
        out.write_str(value.as_str().unwrap_or_default())?;
        return Ok(());
    }
    let kept = if let Some(secret) = value.downcast_object_ref::<SecretVariable>() {
        Marked::Secret(secret.0.clone())
    } else if let Some(own) = value.downcast_object_ref::<OwnVariable>() {
        Marked::Own(own.0)
    } else if let Some(text) = value.as_str() {
        Marked::Plain(serde_json::Value::String(text.to_owned()))
    } else {
        let value = serde_json::to_value(value).map_err(|_| {
            minijinja::Error::new(ErrorKind::InvalidOperation, "this value cannot be printed")
        })?;
        Marked::Plain(value)
    };
    let number = mark::keep(kept);
    out.write_fmt(format_args!("{}{number}{}", mark::OPEN, mark::CLOSE))?;
    Ok(())
}

/// As Jinja's own, but what is safe stays so: for `{% filter indent(2, true) %}`.
fn indent(value: Value, width: usize, first: Option<bool>) -> Value {
    let text = value
        .as_str()
        .map_or_else(|| Cow::from(value.to_string()), Cow::from);
    let pad = " ".repeat(width.min(64));
    let mut out = String::with_capacity(text.len() + 64);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if !line.trim().is_empty() && (at > 0 || first == Some(true)) {
            out.push_str(&pad);
        }
        out.push_str(line);
    }
    if value.is_safe() {
        Value::from_safe_string(out)
    } else {
        Value::from(out)
    }
}

//! The template engine: strict, without escape hatches, printing marks instead of values.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::artifact::{DEFAULT_CONFIG, runtime};
use crate::clean;
use crate::render::builtin::Templates;
use crate::render::mark::{self, Kept};

/// Steps that one render may take: each instruction is one, and so are each two items that are looked
/// at and each 64 bytes that are made. A kustomization of 80,000 files needs a million.
const FUEL: u64 = 2_000_000;
/// How deep templates may include, and macros call, each other.
const RECURSION: usize = 32;

/// How deep a value that is printed may nest; a pod needs about ten levels.
const DEPTH: usize = 64;
/// Elements of all levels that a value may have that is printed as a whole.
const ELEMENTS: usize = 100_000;

/// What is wrong with the name of a template that has another ending.
const ENDINGS: &str = "a template's name must end in `.yaml.j2`, `.sh.j2` or `.gitattributes.j2`";

/// A secret variable, by its place: templates may print it whole, and the engine does not have it.
#[derive(Debug)]
pub(super) struct SecretVariable(pub(super) usize);

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
        Some(TemplateKind::Yaml) => AutoEscape::Custom("yaml".into()),
        Some(TemplateKind::Shell) => AutoEscape::Custom("shell".into()),
        Some(TemplateKind::Attributes) => AutoEscape::Custom("gitattributes".into()),
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
    environment.add_function("fail", fail);
    environment.add_function("again", again);
    environment.add_function("runtime", print_runtime);
    environment.set_loader(move |name| {
        if kind_of(name).is_none() {
            return Err(invalid(ENDINGS));
        }
        // Not a template that a user can replace: the runtime is the same everywhere.
        if name == runtime::TEMPLATE {
            return Ok(Some("{{ runtime() }}\n".to_owned()));
        }
        Ok(templates.find(name).map(str::to_owned))
    });
    environment
}

/// The type of a template's text, by its file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TemplateKind {
    Yaml,
    Shell,
    /// `.gitattributes`.
    Attributes,
}

pub(super) fn kind_of(name: &str) -> Option<TemplateKind> {
    if name.ends_with(".yaml.j2") {
        Some(TemplateKind::Yaml)
    } else if name.ends_with(".sh.j2") {
        Some(TemplateKind::Shell)
    } else if name.ends_with(".gitattributes.j2") {
        Some(TemplateKind::Attributes)
    } else {
        None
    }
}

/// Prints a mark in place of a value. Text that a block captured holds marks already.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if !matches!(state.auto_escape(), AutoEscape::Custom(_)) {
        return Err(invalid(
            "`autoescape` cannot be disabled: every value is quoted for its context",
        ));
    }
    if value.is_safe() {
        out.write_str(value.as_str().unwrap_or_default())?;
        return Ok(());
    }
    let kept = if let Some(secret) = value.downcast_object_ref::<SecretVariable>() {
        Kept::Secret(secret.0)
    } else if let Some(own) = value.downcast_object_ref::<OwnVariable>() {
        Kept::Own(own.0)
    } else if let Some(text) = value.as_str() {
        Kept::Plain(serde_json::Value::String(text.to_owned()))
    } else {
        bounded(value)?;
        let value =
            serde_json::to_value(value).map_err(|_| invalid("this value cannot be printed"))?;
        Kept::Plain(value)
    };
    let Some(number) = mark::keep(kept) else {
        return Err(invalid("it prints more than 1 MiB"));
    };
    out.write_fmt(format_args!("{}{number}{}", mark::OPEN, mark::CLOSE))?;
    Ok(())
}

/// What to render again, for the first comment of a file: from wherever below a directory the config is,
/// `pullwright render .` finds it there, if it has the usual name.
fn again(config: &str) -> String {
    match config {
        DEFAULT_CONFIG => ".".to_owned(),
        other => format!("{}, in the directory of the config", clean::argument(other)),
    }
}

/// Stands for the runtime of scripts, which is put in when the script is complete: the engine does not read it.
fn print_runtime(state: &State) -> Result<Value, minijinja::Error> {
    match kind_of(state.name()) {
        Some(TemplateKind::Shell) => Ok(Value::from_safe_string(mark::RUNTIME.to_string())),
        Some(TemplateKind::Yaml | TemplateKind::Attributes) | None => {
            Err(invalid("only scripts can contain the runtime"))
        }
    }
}

/// Ends the template: for a choice that it does not know.
fn fail(why: &str) -> Result<Value, minijinja::Error> {
    Err(minijinja::Error::new(
        ErrorKind::InvalidOperation,
        why.to_owned(),
    ))
}

fn invalid(why: &'static str) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, why)
}

/// Refuses what grows when it is written out: a list that holds another one twice, which does so in
/// its turn, is small in memory alone.
fn bounded(value: &Value) -> Result<(), minijinja::Error> {
    let mut waiting = vec![(value.clone(), 0)];
    let mut elements = 0;
    while let Some((value, depth)) = waiting.pop() {
        if depth > DEPTH {
            return Err(invalid("a printed value is nested too deeply"));
        }
        let is_map = value.kind() == ValueKind::Map;
        if !is_map && !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
            continue;
        }
        for item in value.try_iter()? {
            elements += 1;
            if elements > ELEMENTS {
                return Err(invalid("a printed value has too many elements"));
            }
            let item = if is_map { value.get_item(&item)? } else { item };
            waiting.push((item, depth + 1));
        }
    }
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

//! A document against the schema: every mistake of shape and of names, in the user's words.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::contract::Contract;
use crate::contract::part::first_wrong;
use crate::contract::shape::Shape;
use crate::diag::nearest;
use crate::names::{self, lookalike};
use crate::pointer::{Pointer, Step};

/// A mistake of shape, not yet in words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Issue {
    /// The place: for `UnknownKey` the key itself, for `MissingKey` the mapping.
    pub(super) pointer: Pointer,
    /// Where the schema describes it: the place, with keys that are misspelt as they should be.
    pub(super) schema: Pointer,
    pub(super) kind: IssueKind,
}

impl Issue {
    fn new(pointer: Pointer, kind: IssueKind) -> Self {
        Self {
            schema: pointer.clone(),
            pointer,
            kind,
        }
    }
}

/// The mistakes that a schema can find.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum IssueKind {
    /// The keys that are known there, and which choice of a tag would bring this one.
    UnknownKey {
        keys: Arc<[&'static str]>,
        elsewhere: Option<String>,
    },
    /// The key, and an example of its value.
    MissingKey(String, Option<&'static Value>),
    /// The document has none of the keys that every one of this kind has.
    OtherFile,
    WrongType(&'static str),
    /// There is nothing in place of a value.
    NoValue(NoValue),
    UnknownValue(Vec<String>),
    TooFew,
    OutOfRange(String),
    Name(&'static str),
    /// Why the key cannot be set.
    Refused(&'static str),
    Other(String),
}

/// What should be in place of nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NoValue {
    /// The type.
    pub(super) kind: &'static str,
    /// Whether the key may be left out.
    pub(super) is_optional: bool,
    /// Whether it decides about other keys.
    pub(super) is_tag: bool,
    /// An example of a value.
    pub(super) example: Option<&'static Value>,
}

/// A schema, compiled once for all documents of a run.
pub(super) fn validator(schema: &Value) -> Validator {
    let mut options = jsonschema::options().should_validate_formats(true);
    for rule in names::RULES {
        options = options.with_format(rule.format, rule.check_format());
    }
    options
        .build(&without_patterns(schema))
        .expect("a test compiles the schema")
}

/// The keys that tell what a document is.
pub(super) const KIND: &str = "kind";
pub(super) const API_VERSION: &str = "apiVersion";

/// How many mistakes of shape are examined. More of them are rarely fixed at once, and what is
/// done with each of them takes its time.
const MOST: usize = 200;

/// The mistakes of shape.
#[derive(Default)]
pub(super) struct Found {
    /// The first of them.
    pub(super) issues: Vec<Issue>,
    /// How many more there are.
    pub(super) more: usize,
    /// Whether the rest of the document was not checked.
    pub(super) cut: bool,
}

/// The mistakes of `value`: the first [`MOST`], and how many more there are.
pub(super) fn issues(contract: &'static Contract, value: &Value) -> Found {
    let Some(part) = first_wrong(value, |part| contract.validator.is_valid(part)) else {
        return Found::default();
    };
    let value = &part.value;
    if contract.is_other_file(value) {
        let issue = Issue::new(Pointer::root(), IssueKind::OtherFile);
        return Found {
            issues: vec![issue],
            ..Found::default()
        };
    }
    let mut found: Vec<Issue> = Vec::new();
    let mut seen: HashSet<u64> = HashSet::new();
    let hasher: BuildHasherDefault<DefaultHasher> = BuildHasherDefault::default();
    for error in contract.validator.iter_errors(value) {
        let pointer = pointer_of(value, error.instance_path().as_str());
        for issue in issue(contract, value, &pointer, error.kind()) {
            let is_new = seen.insert(hasher.hash_one(&issue));
            if is_new && (found.len() < MOST || is_of_wrong_file(&issue)) {
                found.push(issue);
            }
        }
    }
    let more = seen.len() - found.len();
    if found.iter().any(is_of_wrong_file) {
        // Another kind of file altogether: its keys need no comment.
        found.retain(is_of_wrong_file);
        found.sort_by_key(|issue| issue.pointer != Pointer::root().key(KIND));
        // One mistake: the kind tells more than the version.
        found.truncate(1);
        return Found {
            issues: found,
            ..Found::default()
        };
    }
    Found {
        issues: quiet(contract, value, found),
        more,
        cut: !part.is_whole,
    }
}

impl Contract {
    /// Whether a document is a mapping without any of the keys that one of this kind has, even misspelt.
    fn is_other_file(&self, value: &Value) -> bool {
        let Some(keys) = value.as_object() else {
            return false;
        };
        let required = self.schema["required"].as_array().into_iter().flatten();
        let required: Vec<&str> = required.filter_map(Value::as_str).collect();
        !keys.keys().any(|key| nearest(key, &required).is_some())
    }
}

/// Whether it identifies another kind of file.
fn is_of_wrong_file(issue: &Issue) -> bool {
    let is_head = |key: &String| [KIND, API_VERSION].contains(&key.as_str());
    matches!(issue.kind, IssueKind::UnknownValue(_))
        && matches!(issue.pointer.0.as_slice(), [Step::Key(key)] if is_head(key))
}

/// The schema without regular expressions: they are for editors, take most of the time to compile,
/// and report no more than the formats, which are our own checks.
fn without_patterns(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => map
            .iter()
            .filter(|(key, value)| !(*key == "pattern" && value.is_string()))
            .map(|(key, value)| (key.clone(), without_patterns(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_patterns).collect(),
        other => other.clone(),
    }
}

/// What one schema error reports; some report more than one thing, some nothing new.
fn issue(
    contract: &'static Contract,
    value: &Value,
    pointer: &Pointer,
    kind: &ValidationErrorKind,
) -> Vec<Issue> {
    let one = |kind| vec![Issue::new(pointer.clone(), kind)];
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let shape = Shape::at(contract, value, pointer);
            let known: Arc<[&'static str]> = shape.keys().into();
            // A branch that fails elsewhere no longer vouches for its keys: ask the schema itself.
            unexpected
                .iter()
                .filter(|key| !known.contains(&key.as_str()))
                .filter(|key| {
                    Shape::at(contract, value, &pointer.key(key))
                        .refusal()
                        .is_none()
                })
                .map(|key| {
                    let elsewhere = shape.elsewhere(key).map(str::to_owned);
                    let kind = IssueKind::UnknownKey {
                        keys: Arc::clone(&known),
                        elsewhere,
                    };
                    Issue::new(pointer.key(key), kind)
                })
                .collect()
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let example = Shape::at(contract, value, &pointer.key(key)).example();
            one(IssueKind::MissingKey(key.to_owned(), example))
        }
        ValidationErrorKind::Type { .. } => {
            let shape = Shape::at(contract, value, pointer);
            let kind = shape.kind().unwrap_or("object");
            let found = value.pointer(&pointer.to_json_pointer());
            if let Some(found @ (Value::Number(_) | Value::Bool(_))) = found
                && let Some(format) = shape.format().filter(|_| kind == "string")
                && names::rule(format).is_some_and(|rule| (rule.check)(&found.to_string()).is_err())
            {
                // In quotes it would still be wrong.
                return one(IssueKind::Name(format));
            }
            if found != Some(&Value::Null) {
                return one(IssueKind::WrongType(kind));
            }
            let parent = pointer.parent().unwrap_or_default();
            let parent = Shape::at(contract, value, &parent);
            let key = match pointer.0.last() {
                Some(Step::Key(key)) => Some(key),
                Some(Step::Index(_)) | None => None,
            };
            one(IssueKind::NoValue(NoValue {
                kind,
                is_optional: key.is_some_and(|key| !parent.is_required(key)),
                is_tag: key.is_some_and(|key| parent.is_tag(key)),
                example: shape.example(),
            }))
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().into_iter().flatten();
            one(IssueKind::UnknownValue(options.map(plain).collect()))
        }
        ValidationErrorKind::Constant { expected_value } => {
            one(IssueKind::UnknownValue(vec![plain(expected_value)]))
        }
        ValidationErrorKind::Format { .. } => Shape::at(contract, value, pointer)
            .format()
            .map_or_else(Vec::new, |format| one(IssueKind::Name(format))),
        ValidationErrorKind::Pattern { pattern } => {
            match Shape::at(contract, value, pointer).format() {
                Some(_) => Vec::new(),
                None => one(IssueKind::Other(format!("it does not match `{pattern}`"))),
            }
        }
        ValidationErrorKind::Not { .. } => {
            let why = Shape::at(contract, value, pointer).refusal();
            why.map_or_else(Vec::new, |why| one(IssueKind::Refused(why)))
        }
        ValidationErrorKind::MinItems { .. } => one(IssueKind::TooFew),
        ValidationErrorKind::Minimum { limit } => {
            one(IssueKind::OutOfRange(format!("at least {limit}")))
        }
        ValidationErrorKind::Maximum { limit } => {
            one(IssueKind::OutOfRange(format!("at most {limit}")))
        }
        other => one(IssueKind::Other(format!(
            "it violates the schema's `{}`",
            other.keyword()
        ))),
    }
}

/// Leaves out what only follows from another mistake.
fn quiet(contract: &'static Contract, value: &Value, found: Vec<Issue>) -> Vec<Issue> {
    let follows = |issue: &Issue| {
        let IssueKind::UnknownKey {
            elsewhere: Some(_), ..
        } = issue.kind
        else {
            return false;
        };
        let parent = issue.pointer.parent().unwrap_or_default();
        let mapping = value
            .pointer(&parent.to_json_pointer())
            .unwrap_or(&Value::Null);
        Shape::at(contract, value, &parent).is_undecided(mapping)
    };
    // A key that is there, but misspelt, is not missing as well.
    let mut meant: HashMap<Option<Pointer>, Vec<&str>> = HashMap::new();
    for issue in &found {
        let keys = issue.meant().into_iter();
        meant
            .entry(issue.pointer.parent())
            .or_default()
            .extend(keys);
    }
    let is_misspelt = |issue: &Issue| match &issue.kind {
        IssueKind::MissingKey(missing, _) => meant
            .get(&Some(issue.pointer.clone()))
            .is_some_and(|keys| keys.contains(&missing.as_str())),
        _ => false,
    };
    let is_tag = |issue: &Issue| matches!(&issue.kind, IssueKind::NoValue(want) if want.is_tag);
    // What is below a key that is misspelt, or depends on it, is looked at when it has been renamed.
    let renamed: Vec<Pointer> = found
        .iter()
        .filter(|issue| issue.meant().is_some() || is_tag(issue))
        .filter_map(|issue| issue.pointer.parent())
        .collect();
    let waits = |issue: &Issue| {
        issue.meant().is_none()
            && !is_tag(issue)
            && renamed
                .iter()
                .any(|mapping| issue.pointer.0.starts_with(&mapping.0))
    };
    // Of several mistakes at one value, the one that tells most.
    let at = |is: fn(&IssueKind) -> bool| -> HashSet<&Pointer> {
        let some = found.iter().filter(|issue| is(&issue.kind));
        some.map(|issue| &issue.pointer).collect()
    };
    let empty = at(|kind| matches!(kind, IssueKind::NoValue(_)));
    let unknown = at(|kind| matches!(kind, IssueKind::UnknownValue(_)));
    let is_told = |issue: &Issue| match issue.kind {
        IssueKind::WrongType(_) => unknown.contains(&issue.pointer),
        IssueKind::UnknownValue(_) => empty.contains(&issue.pointer),
        _ => false,
    };
    found
        .iter()
        .filter(|issue| !follows(issue) && !is_misspelt(issue) && !waits(issue) && !is_told(issue))
        .cloned()
        .collect()
}

impl Issue {
    /// The key that an unknown key was probably meant to be.
    pub(super) fn meant(&self) -> Option<&'static str> {
        match (&self.kind, self.pointer.0.last()) {
            (IssueKind::UnknownKey { keys, .. }, Some(Step::Key(key))) => {
                nearest(lookalike::plain(key).trim(), keys)
            }
            _ => None,
        }
    }
}

/// A schema value as a user writes it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A JSON pointer with its numbers told apart: an index in a list, a key in a mapping.
fn pointer_of(value: &Value, text: &str) -> Pointer {
    let mut pointer = Pointer::root();
    let mut here = Some(value);
    for part in text.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        pointer = match (part.parse::<usize>(), here) {
            (Ok(index), Some(Value::Array(items))) => {
                here = items.get(index);
                pointer.index(index)
            }
            _ => {
                here = here.and_then(|value| value.get(&part));
                pointer.key(&part)
            }
        };
    }
    pointer
}

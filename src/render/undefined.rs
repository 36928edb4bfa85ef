//! Which variable of a template is not there, and which are: the engine tells the line alone.

mod scan;

use minijinja::value::ValueKind;
use minijinja::{Environment, Value};
use serde::{Deserialize, Serialize};

use crate::render::run::{Failure, FailureKind};
use crate::render::undefined::scan::{code, paths};

/// Characters of a variable's name that a message shows.
const SHOWN: usize = 60;
/// Names that a message lists.
const LISTED: usize = 20;
/// Loops in loops that are followed.
const DEPTH: usize = 8;
/// A variable that is not there.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Missing {
    /// As the template names it, up to the part that is not there.
    name: String,
    /// The variable that should hold it; empty for those of the template itself.
    holder: String,
    /// What there is in its place.
    names: Vec<String>,
}

impl Missing {
    /// What is wrong, as the end of a sentence.
    pub(super) fn sentence(&self) -> String {
        format!("undefined variable `{}`", shortened(&self.name))
    }

    /// What there is in its place.
    pub(super) fn choices(&self) -> String {
        let names = self.names.iter().take(LISTED);
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let more = if self.names.len() > LISTED {
            ", …"
        } else {
            ""
        };
        let list = names.join(", ");
        match (self.holder.as_str(), list.as_str()) {
            ("", _) => format!("defined: {list}{more}"),
            (holder, "") => format!("`{}` has no other variables", shortened(holder)),
            (holder, _) => format!("`{}` has {list}{more}", shortened(holder)),
        }
    }
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

impl Failure {
    /// The first variable on the line of this failure that is not among those of `context`.
    pub(super) fn missing(
        &self,
        environment: &Environment<'_>,
        template: &str,
        context: &Value,
    ) -> Option<Missing> {
        if self.kind != FailureKind::Undefined {
            return None;
        }
        let name = self.name.as_deref().unwrap_or(template);
        let template = environment.get_template(name).ok()?;
        let source = template.source();
        let line = self.line?.checked_sub(1)?;
        let text = source.lines().nth(line)?;
        let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
        for (at, code) in code(text) {
            let scope = Scope {
                before: source.get(..start + at)?,
                context,
            };
            let all = paths(code);
            if let Some(missing) = all.iter().find_map(|path| scope.missing(path, DEPTH)) {
                return Some(missing);
            }
        }
        None
    }
}

/// Where a variable is looked up.
struct Scope<'a> {
    /// The template in front of the line.
    before: &'a str,
    context: &'a Value,
}

impl Scope<'_> {
    /// What of a path is not there.
    fn missing(&self, path: &[String], depth: usize) -> Option<Missing> {
        let (first, rest) = path.split_first()?;
        let Some(values) = self.values(first, depth)? else {
            return Some(Missing {
                name: first.clone(),
                holder: String::new(),
                names: keys(self.context),
            });
        };
        values.into_iter().find_map(|value| {
            let mut value = value;
            for (at, step) in rest.iter().enumerate() {
                let next = value.get_attr(step).unwrap_or(Value::UNDEFINED);
                if next.is_undefined() {
                    return Some(Missing {
                        name: path[..at + 2].join("."),
                        holder: path[..at + 1].join("."),
                        names: keys(&value),
                    });
                }
                value = next;
            }
            None
        })
    }

    /// The values that a name may have on the line; nothing if it has none, or none that are known.
    #[expect(clippy::option_option, reason = "unknown and undefined are different")]
    fn values(&self, name: &str, depth: usize) -> Option<Option<Vec<Value>>> {
        let depth = depth.checked_sub(1)?;
        let tags = self.before.split("{%").skip(1);
        let tags = tags.map(|tag| tag.split("%}").next().unwrap_or_default());
        let mut bound = None;
        for tag in tags {
            let tag = tag.trim_matches(['-', '+', ' ', '\n', '\t']);
            let (word, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let names = |text: &str| paths(text).iter().any(|path| path == &[name]);
            match word {
                "for" => {
                    let (targets, list) = rest.split_once(" in ").unwrap_or((rest, ""));
                    let list = list.split(" if ").next().unwrap_or_default();
                    if targets.trim() == name {
                        bound = Some(Bound::Element(list.trim()));
                    } else if names(targets) {
                        bound = Some(Bound::Unknown);
                    }
                }
                "set" | "macro" | "call" | "with" | "import" | "from" if rest.contains(name) => {
                    bound = Some(Bound::Unknown);
                }
                _ => {}
            }
        }
        if name == "loop" {
            return None;
        }
        match bound {
            Some(Bound::Unknown) => None,
            Some(Bound::Element(list)) => {
                let all = paths(list);
                let [path] = all.as_slice() else { return None };
                let (first, rest) = path.split_first()?;
                let lists = self.values(first, depth)??;
                let mut elements = Vec::new();
                for list in lists {
                    let list = rest
                        .iter()
                        .try_fold(list, |value, step| value.get_attr(step).ok());
                    elements.extend(list?.try_iter().ok()?);
                }
                Some(Some(elements))
            }
            None => match self.context.get_attr(name) {
                Ok(value) if !value.is_undefined() => Some(Some(vec![value])),
                _ => Some(None),
            },
        }
    }
}

/// What a name in front of the line represents.
enum Bound<'a> {
    /// An element of this list.
    Element(&'a str),
    /// Something that only running the template would tell.
    Unknown,
}

/// The names in a mapping, sorted.
fn keys(value: &Value) -> Vec<String> {
    if value.kind() != ValueKind::Map {
        return Vec::new();
    }
    let names = value.try_iter().into_iter().flatten();
    let mut names: Vec<String> = names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

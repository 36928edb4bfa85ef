//! Files that a config includes: read, checked by their own contract, and added to its lists.

use std::sync::Arc;

use serde_json::Value;

use crate::config::inventory::{CONTRACT, KIND};
use crate::contract::Shaped;
use crate::contract::words::shown;
use crate::diag::{Code, Problem, Report};
use crate::document::{Data, Document, Graft};
use crate::names::IncludePath;
use crate::pointer::Pointer;
use crate::span::Source;

/// Lists that an inventory adds to.
const LISTS: &[&str] = &["registries", "clusters"];
/// Files that one config may include, those of inventories counted.
const MOST: usize = 100;

/// A file that a config includes.
pub struct Included {
    /// Its text, and how messages name it.
    pub source: Source,
    /// What tells it from others, however it is named.
    pub identity: String,
}

/// What reads included files, so that the core does no IO.
pub trait Includes {
    /// The file `path`, as the file with the identity `from` names it; the config itself has none.
    ///
    /// # Errors
    /// Why it cannot be read, as the end of a sentence.
    fn read(&self, from: Option<&str>, path: &str) -> Result<Included, String>;
}

/// Where no file can be included: for a config that did not come from a file.
pub struct Nowhere;

impl Includes for Nowhere {
    fn read(&self, _: Option<&str>, _: &str) -> Result<Included, String> {
        Err("only a config in a file can include others".to_owned())
    }
}

/// Adds the lists of all that `document` includes to its value.
pub(super) fn include(
    document: &mut Document,
    value: &mut Value,
    includes: &dyn Includes,
) -> Report {
    let mut reader = Reader {
        includes,
        open: Vec::new(),
        done: Vec::new(),
        added: Vec::new(),
        report: Report::default(),
    };
    reader.follow(document, value);
    for added in reader.added {
        for list in LISTS {
            let Some(Value::Array(items)) = added.value["spec"].get(*list).cloned() else {
                continue;
            };
            let Some(Value::Object(spec)) = value.get_mut("spec") else {
                continue;
            };
            let own = spec
                .entry(*list)
                .or_insert_with(|| Value::Array(Vec::new()));
            let Value::Array(own) = own else { continue };
            document.grafts.push(Graft {
                list: Pointer::root().key("spec").key(list),
                first: own.len(),
                count: items.len(),
                document: Arc::clone(&added.document),
            });
            own.extend(items);
        }
    }
    reader.report
}

/// The kind of a document that is no inventory.
fn other_kind(document: &Document) -> Option<String> {
    let node = document.find(&Pointer::root().key("kind"))?;
    match &node.data {
        Data::Scalar(Value::String(kind)) if kind != KIND => Some(shown(kind)),
        Data::Scalar(_) | Data::Sequence(_) | Data::Mapping(_) => None,
    }
}

/// An inventory that was read.
struct Added {
    document: Arc<Document>,
    value: Value,
}

/// Reads inventories, and those that they include.
struct Reader<'a> {
    includes: &'a dyn Includes,
    /// Those that are being followed, the outermost first: one of them again would be a cycle.
    open: Vec<String>,
    /// Those that were read: several inventories may include one.
    done: Vec<String>,
    added: Vec<Added>,
    report: Report,
}

impl Reader<'_> {
    /// Reads what `document` includes.
    fn follow(&mut self, document: &Document, value: &Value) {
        let at = Pointer::root().key("spec").key("include");
        let paths = value["spec"]["include"].as_array().into_iter().flatten();
        for (index, path) in paths.enumerate() {
            let path = path
                .as_str()
                .filter(|path| IncludePath::parse(path).is_ok());
            // Another value has a message of its own.
            let Some(path) = path else { continue };
            if let Err(why) = self.one(path) {
                let message = format!("cannot include `{path}`: {why}");
                let problem = Problem::new(Code::IncludeInvalid, &at.index(index), message);
                self.report.push(document.place(problem));
            }
        }
    }

    fn one(&mut self, path: &str) -> Result<(), String> {
        let from = self.open.last().map(String::as_str);
        let Included { source, identity } = self.includes.read(from, path)?;
        if self.open.contains(&identity) {
            return Err("it includes this file in turn".to_owned());
        }
        if self.done.contains(&identity) {
            return Ok(());
        }
        if self.done.len() >= MOST {
            return Err(format!("more than {MOST} files are included"));
        }
        self.done.push(identity.clone());
        let document = Document::parse(Arc::new(source));
        if let Ok(document) = &document
            && let Some(kind) = other_kind(document)
        {
            return Err(format!("it is of kind `{kind}`, not `{KIND}`"));
        }
        let is_empty = |report: &Report| report.sorted().iter().any(|one| one.code == Code::Empty);
        if document.as_ref().is_err_and(is_empty) {
            return Err("it is empty".to_owned());
        }
        let shaped = document.and_then(|document| CONTRACT.shape(document));
        let (document, value) = match shaped {
            Ok(Shaped {
                document,
                repaired,
                report,
                ..
            }) if !report.has_errors() => {
                self.report.extend(report);
                (document, repaired)
            }
            Ok(Shaped { report, .. }) | Err(report) => {
                self.report.extend(report);
                return Ok(());
            }
        };
        self.open.push(identity);
        self.follow(&document, &value);
        self.open.pop();
        self.added.push(Added {
            document: Arc::new(document),
            value,
        });
        Ok(())
    }
}

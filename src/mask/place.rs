//! Secrets by their place in a text that can be read: values of Secrets, of secret-looking names, and
//! of manifests inside of strings.

use std::sync::Arc;

use serde_json::Value;

use crate::document::{Data, Document, Entry, Node};
use crate::mask::lines::{self, Form};
use crate::mask::words;
use crate::secret::Redacted;
use crate::span::{Source, Span};

/// Manifests inside of strings inside of strings.
const MAX_NESTING: usize = 3;

/// What was found in a text.
#[derive(Default)]
pub(super) struct Found {
    /// Where secrets are.
    pub(super) spans: Vec<Span>,
    /// What is there, after YAML's escapes: it may be elsewhere as well.
    pub(super) values: Vec<Redacted>,
    /// Whether there is a Secret.
    pub(super) has_secret: bool,
}

/// Which values of a node are secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    /// Those that the structure tells.
    Told,
    /// The node is one object of a `SecretList`.
    Secret,
    /// All.
    All,
}

/// All secrets of a text; `None` if it cannot be read.
pub(super) fn look(text: &str, nesting: usize) -> Option<Found> {
    let documents = Document::parse_all(Arc::new(Source::new("", text))).ok()?;
    let mut search = Search {
        text,
        nesting,
        found: Found::default(),
    };
    for document in &documents {
        search.node(document, Below::Told);
    }
    search.anchors();
    Some(search.found)
}

struct Search<'a> {
    text: &'a str,
    nesting: usize,
    found: Found,
}

impl Search<'_> {
    fn node(&mut self, node: &Node, below: Below) {
        match &node.data {
            Data::Scalar(value) if below == Below::All => self.hide(node.span, value),
            Data::Scalar(Value::String(text)) => {
                if self.holds_secrets(text) {
                    self.hide(node.span, &Value::Null);
                }
            }
            Data::Scalar(_) => {}
            Data::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    // `["--password", "x"]`
                    let flag = at.checked_sub(1).and_then(|before| items[before].as_str());
                    let flag = flag.and_then(|flag| flag.strip_prefix('-'));
                    let is_value =
                        flag.is_some_and(|flag| words::is_weak(flag) && !flag.contains('='));
                    let is_value =
                        is_value && item.as_str().is_some_and(|text| !text.starts_with('-'));
                    self.node(item, if is_value { Below::All } else { below });
                }
            }
            Data::Mapping(entries) if below == Below::All => {
                entries
                    .iter()
                    .for_each(|entry| self.node(&entry.value, below));
            }
            Data::Mapping(entries) => self.mapping(node, entries, below),
        }
    }

    fn mapping(&mut self, node: &Node, entries: &[Entry], below: Below) {
        let kind = node.text("kind");
        let is_map = |key| {
            node.get(key)
                .is_some_and(|value| !value.entries().is_empty())
        };
        let has_data = is_map("data") || is_map("stringData");
        let of_type = |kind: &str| kind == "Opaque" || kind.starts_with("kubernetes.io/");
        let is_secret = below == Below::Secret
            || kind.is_some_and(words::is_secret_kind)
            || (has_data && (kind.is_none() || node.text("type").is_some_and(of_type)));
        self.found.has_secret |= is_secret;
        // `{name: DB_PASSWORD, value: x}`
        let mut names = ["name", "key"].into_iter().filter_map(|key| node.text(key));
        // `{path: /data/password, value: x}` of a JSON patch
        let patched = node.text("path").is_some_and(|path| {
            let last = path.rsplit('/').next().unwrap_or_default();
            path.starts_with("/data/") || path.starts_with("/stringData/") || words::is_weak(last)
        });
        let is_named = names.any(words::is_weak) || patched;
        for Entry { key, value, .. } in entries {
            let below = match key.as_str() {
                "apiVersion" | "kind" | "type" | "immutable" | "metadata" if is_secret => {
                    Below::Told
                }
                "items" if is_secret && value.is_list() => Below::Secret,
                _ if is_secret => Below::All,
                "value" if is_named => Below::All,
                "literals" => Below::All,
                "kubectl.kubernetes.io/last-applied-configuration" => Below::All,
                key if words::is_strong(key) => Below::All,
                key if words::is_weak(key) && is_text(value) => Below::All,
                _ if value.is_list() => below,
                _ => Below::Told,
            };
            self.node(value, below);
        }
    }

    /// A string that is a manifest or a config file with secrets in it.
    fn holds_secrets(&mut self, text: &str) -> bool {
        let is_nested = text.trim_start().starts_with(['{', '[']) || text.contains('\n');
        if !is_nested || self.nesting >= MAX_NESTING {
            return false;
        }
        match look(text, self.nesting + 1) {
            Some(found) if found.spans.is_empty() => false,
            Some(found) => {
                self.found.values.extend(found.values);
                true
            }
            None => !text.starts_with("#!") && lines::speaks_of_secret(text),
        }
    }

    fn hide(&mut self, span: Span, value: &Value) {
        self.found.spans.push(span);
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        self.found.values.push(Redacted::new(text));
    }

    /// The values that hidden aliases represent, where their anchors are.
    fn anchors(&mut self) {
        let mut names: Vec<&str> = Vec::new();
        for span in &self.found.spans {
            let alias = self.text[span.range()].trim();
            names.extend(
                alias
                    .strip_prefix('*')
                    .filter(|name| !name.contains(char::is_whitespace)),
            );
        }
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return;
        }
        let mut hidden = 0;
        for (at, _) in self.text.match_indices('&') {
            if at < hidden {
                continue;
            }
            let rest = &self.text[at + 1..];
            let end = rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c));
            let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
            if names.binary_search(&name).is_ok() {
                let start = at + 1 + name.len();
                let span = lines::value_of_anchor(self.text, start, after);
                hidden = span.end;
                self.found.spans.push(span);
            }
        }
    }
}

/// A text, or a list of texts.
fn is_text(node: &Node) -> bool {
    node.as_str()
        .is_some_and(|text| !words::is_reference(text, Form::Manifest))
        || node.items().iter().any(|item| item.as_str().is_some())
}

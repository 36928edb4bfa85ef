//! Resolves scalars, keys and tags by the rules of Kubernetes.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};
use serde_json::Value;

use crate::diag::{Code, Diagnostic};
use crate::document::load::Loader;
use crate::document::scalar::resolve;
use crate::document::{Data, Node, Origin, Reading};
use crate::span::Span;

impl Loader<'_, '_> {
    /// The value of a scalar.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&str>,
        span: Span,
    ) -> Result<Value, Diagnostic> {
        let string = || Value::String(text.to_owned());
        match tag {
            Some("!!str" | "!" | "!!binary" | "!!timestamp") => return Ok(string()),
            None | Some("!!int" | "!!float" | "!!bool" | "!!null") => {}
            Some(tag) => {
                self.unknown_tag(tag, span)?;
                return Ok(string());
            }
        }
        if style != ScalarStyle::Plain && tag.is_none() {
            return Ok(string());
        }
        resolve(text).ok_or_else(|| {
            self.error(
                Code::WrongType,
                span,
                "`.inf` and `.nan` are not valid in Kubernetes YAML",
            )
            .help(format!("quote the value if it is a string: \"{text}\""))
        })
    }

    /// Reports a tag that Kubernetes does not support and kubectl ignores.
    fn unknown_tag(&mut self, tag: &str, span: Span) -> Result<(), Diagnostic> {
        let problem = self
            .error(Code::Syntax, span, format!("unsupported YAML tag `{tag}`"))
            .help("remove the tag; quote the value if it must stay a string");
        match self.reading {
            Reading::Strict => Err(problem),
            Reading::AsKubectl => {
                self.report.push(problem.as_warning());
                Ok(())
            }
        }
    }

    /// The origin of a collection, by its tag and anchor.
    pub(super) fn collection(
        &mut self,
        tag: Option<&Cow<'_, Tag>>,
        anchor: usize,
        span: Span,
    ) -> Result<Origin, Diagnostic> {
        let tag = tag.map(|tag| name(tag));
        match tag.as_deref() {
            None | Some("!!map" | "!!seq" | "!") => {}
            Some(tag) => self.unknown_tag(tag, span)?,
        }
        Ok(Origin::of(anchor, tag.is_some()))
    }

    /// A key in the spelling of Kubernetes.
    pub(super) fn key(&self, node: &Node) -> Result<String, Diagnostic> {
        match &node.data {
            Data::Scalar(Value::String(text)) => Ok(text.clone()),
            Data::Scalar(value @ (Value::Bool(_) | Value::Number(_))) => Ok(value.to_string()),
            _ => Err(self.error(Code::Syntax, node.span, "a key must be a string")),
        }
    }
}

/// The canonical name of a tag: those of YAML begin with `!!`, whatever prefix `%TAG` defines.
pub(super) fn name(tag: &Tag) -> String {
    match tag.core_suffix() {
        Some(suffix) => format!("!!{suffix}"),
        None => tag.original(),
    }
}

//! The rules of an audit: the codes of what it finds.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

use crate::audit::rules;
use crate::audit::verdict::Verdict;
use crate::diag::Code;

/// The code of findings that can be ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule(pub Code);

impl Rule {
    /// All of them: the codes of verdicts, and those of the rules beside them.
    pub fn all() -> impl Iterator<Item = Self> {
        let codes = Verdict::ALL.iter().filter_map(|verdict| verdict.code());
        codes.chain(rules::codes()).map(Self)
    }

    /// The rule of this id.
    pub fn of(id: &str) -> Option<Self> {
        Self::all().find(|rule| rule.0.id() == id)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Self::of(&id).ok_or_else(|| de::Error::custom("it is not a rule of an audit"))
    }
}

impl JsonSchema for Rule {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<&str> = Self::all().map(|rule| rule.0.id()).collect();
        let about: Vec<&str> = Self::all().map(|rule| rule.0.about()).collect();
        json_schema!({
            "description": "The code of a finding, as in `error[CODE]`.",
            "type": "string",
            "enum": ids,
            "enumDescriptions": about.clone(),
            "markdownEnumDescriptions": about,
            "examples": [Code::NoCredential.id()],
        })
    }
}

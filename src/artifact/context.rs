//! The variables of templates: a typed struct where they are planned, JSON where they are rendered.

use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// The variables of one template. Its documentation and that of its fields is what
/// `pullwright templates show` prints.
pub trait Template: Serialize + JsonSchema {
    /// Name of the template.
    const NAME: &'static str;
}

/// The variables that files share, as JSON. Equal variables are equal contexts, wherever they were made.
#[derive(Clone)]
pub struct Context {
    json: Arc<str>,
    digest: u64,
}

impl Context {
    /// The context of these variables: a struct, or a mapping with text as keys.
    pub fn of(variables: &impl Serialize) -> Self {
        let json = serde_json::to_string(variables).expect("variables have text as keys");
        let mut hasher = DefaultHasher::new();
        json.hash(&mut hasher);
        Self {
            json: json.into(),
            digest: hasher.finish(),
        }
    }

    /// The variables as a JSON object.
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        let is_one = Arc::ptr_eq(&self.json, &other.json);
        is_one || (self.digest == other.digest && self.json == other.json)
    }
}

impl Eq for Context {}

impl Hash for Context {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.json)
    }
}

/// A variable of which each file has a value of its own: a place in a template's struct, which
/// `PlannedFile::own` fills. Its field is marked `#[serde(skip_serializing_if = "PerFile::is_beside")]`.
pub struct PerFile<T>(PhantomData<T>);

impl<T> PerFile<T> {
    /// Whether the value is beside the context: always.
    pub fn is_beside(&self) -> bool {
        true
    }
}

impl<T> Serialize for PerFile<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<T> Default for PerFile<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: JsonSchema> JsonSchema for PerFile<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

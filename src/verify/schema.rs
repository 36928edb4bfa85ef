//! The strict Kubernetes schemas of the kinds that pullwright writes, compiled when first used.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::diag::Problem;
use crate::pointer::Pointer;
use crate::verify::{MAX_PROBLEMS, problem, short, whole};

/// Declares the kinds: one embedded schema each.
macro_rules! kinds {
    ($($kind:literal $api_version:literal,)+) => {
        /// Kind, API version and gzipped schema.
        const KINDS: &[(&str, &str, &[u8])] = &[
            $(($kind, $api_version, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/kubernetes/", $kind, ".json.gz"))),)+
        ];
        /// The compiled schemas, in the same order.
        static VALIDATORS: [OnceLock<Validator>; [$($kind),+].len()] =
            [const { OnceLock::new() }; [$($kind),+].len()];
    };
}

kinds! {
    "ConfigMap" "v1",
    "CronJob" "batch/v1",
    "DaemonSet" "apps/v1",
    "Deployment" "apps/v1",
    "Job" "batch/v1",
    "Pod" "v1",
    "Secret" "v1",
    "ServiceAccount" "v1",
    "StatefulSet" "apps/v1",
}

/// The API version of a kind.
pub(super) fn api_version(kind: &str) -> Option<&'static str> {
    let found = KINDS.iter().find(|(name, ..)| *name == kind)?;
    Some(found.1)
}

/// What the schema of `kind` reports for `document`, without its values.
pub(super) fn problems(document: &Value, kind: &str) -> Vec<Problem> {
    let Some(at) = KINDS.iter().position(|(name, ..)| *name == kind) else {
        return vec![whole(format!("pullwright does not write `{kind}` objects"))];
    };
    let validator = VALIDATORS[at].get_or_init(|| compile(KINDS[at].2));
    if validator.is_valid(document) {
        return Vec::new();
    }
    validator
        .iter_errors(document)
        .take(MAX_PROBLEMS + 1)
        .map(|error| {
            let field = pointer(document, error.instance_path().as_str());
            let place = short(&field.quoted());
            let message = match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected }
                | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                    let names = unexpected.iter().take(MAX_PROBLEMS);
                    let names: Vec<String> = names.map(|name| short(name)).collect();
                    format!("unknown field `{}` in {place}", names.join("`, `"))
                }
                ValidationErrorKind::Required { property } => {
                    let name = property.as_str().unwrap_or_default();
                    format!("`{name}` is missing in {place}")
                }
                _ => format!("{place}: {}", short(&error.masked().to_string())),
            };
            problem(&field, message)
        })
        .collect()
}

/// A JSON pointer with its numbers told apart: an index in a list, a key in a mapping.
fn pointer(document: &Value, text: &str) -> Pointer {
    let mut value = document;
    let mut pointer = Pointer::root();
    for part in text.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let index = part.parse().ok().filter(|_| value.is_array());
        pointer = index.map_or_else(|| pointer.key(&part), |index| pointer.index(index));
        let child = index.map_or_else(|| value.get(&part), |index| value.get(index));
        value = child.unwrap_or(&Value::Null);
    }
    pointer
}

fn compile(packed: &[u8]) -> Validator {
    let mut text = String::new();
    GzDecoder::new(packed)
        .read_to_string(&mut text)
        .expect("a test unpacks every embedded schema");
    let schema: Value = serde_json::from_str(&text).expect("a test parses every embedded schema");
    jsonschema::validator_for(&schema).expect("a test compiles every embedded schema")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::verify::schema::{KINDS, problems};

    #[test]
    fn every_schema_compiles_and_is_strict() {
        for (kind, api_version, _) in KINDS {
            let good = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}});
            let with_typo = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "nonsense": 1});
            assert!(
                problems(&with_typo, kind).len() > problems(&good, kind).len(),
                "{kind}"
            );
        }
    }
}

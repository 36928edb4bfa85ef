//! The strict Kubernetes schemas of the kinds that pullwright writes, compiled when first used.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::verify::{MAX_PROBLEMS, short};

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

/// What the schema of `kind` says of `document`, without its values.
pub(super) fn problems(document: &Value, kind: &str) -> Vec<String> {
    let Some(at) = KINDS.iter().position(|(name, ..)| *name == kind) else {
        return vec![format!("`{kind}` is no kind that pullwright writes")];
    };
    let validator = VALIDATORS[at].get_or_init(|| compile(KINDS[at].2));
    if validator.is_valid(document) {
        return Vec::new();
    }
    validator
        .iter_errors(document)
        .take(MAX_PROBLEMS + 1)
        .map(|error| {
            let place = error.instance_path();
            let place = short(place.as_str().trim_start_matches('/')).replace('/', ".");
            let place = if place.is_empty() {
                "the top level".to_owned()
            } else {
                format!("`{place}`")
            };
            match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected }
                | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                    let names = unexpected.iter().take(MAX_PROBLEMS);
                    let names: Vec<String> = names.map(|name| short(name)).collect();
                    format!("{kind} knows no `{}` in {place}", names.join("`, `"))
                }
                ValidationErrorKind::Required { property } => {
                    format!(
                        "`{}` is missing in {place}",
                        property.as_str().unwrap_or_default()
                    )
                }
                _ => format!("{place}: {}", short(&error.masked().to_string())),
            }
        })
        .collect()
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

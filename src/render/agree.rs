//! Are documents that were read back those of a structure with its values?

use serde_json::{Map, Value};

use crate::render::mark::{Marked, find, join, parts};

/// Compares what was planned with what was read back, without a copy of either.
pub(super) fn agree(want: &Value, have: &Value, values: &[Marked]) -> bool {
    match (want, have) {
        (Value::String(want), have) => text_agrees(want, have, values),
        (Value::Array(want), Value::Array(have)) => {
            want.len() == have.len()
                && want
                    .iter()
                    .zip(have)
                    .all(|(want, have)| agree(want, have, values))
        }
        (Value::Object(want), Value::Object(have)) => mappings_agree(want, have, values),
        (want, have) => want == have,
    }
}

fn mappings_agree(want: &Map<String, Value>, have: &Map<String, Value>, values: &[Marked]) -> bool {
    want.len() == have.len()
        && want
            .iter()
            .zip(have)
            .all(|((want_key, want), (have_key, have))| {
                let key = if want_key.contains(crate::render::mark::OPEN) {
                    find(want_key)
                        .ok()
                        .and_then(|marks| join(&parts(want_key, &marks), values))
                } else {
                    None
                };
                key.as_deref().unwrap_or(want_key) == have_key && agree(want, have, values)
            })
}

fn text_agrees(want: &str, have: &Value, values: &[Marked]) -> bool {
    if !want.contains(crate::render::mark::OPEN) {
        return have.as_str() == Some(want);
    }
    let Ok(marks) = find(want) else { return false };
    let one = marks
        .first()
        .filter(|mark| mark.span.range() == (0..want.len()));
    match one.map(|mark| &values[mark.number]) {
        Some(Marked::Plain(value)) if value == have => true,
        Some(Marked::Secret(text)) if have.as_str() == Some(text.expose()) => true,
        _ => join(&parts(want, &marks), values).as_deref() == have.as_str(),
    }
}

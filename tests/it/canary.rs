//! A secret that must not be seen, and what it may look like.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A secret without anything that quoting could change.
pub(crate) const HEART: &str = "zq7heart5vx";

/// What must not be seen: the heart, and what base64 makes of it at each alignment.
pub(crate) fn traces() -> Vec<String> {
    let shifted = ["", "x", "xx"].map(|lead| {
        let encoded = STANDARD.encode(format!("{lead}{HEART}xxx"));
        encoded[4..encoded.len() - 6].to_owned()
    });
    let plain = [HEART.to_owned(), hex(HEART)];
    plain.into_iter().chain(shifted).collect()
}

#[track_caller]
pub(crate) fn assert_hidden(what: &str, text: &str) {
    for trace in traces() {
        assert!(
            !text.contains(&trace),
            "{what} tells the canary ({trace}):\n{text}"
        );
    }
}

pub(crate) fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

pub(crate) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

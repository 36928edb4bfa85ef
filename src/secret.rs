//! The one type that holds secret values: it cannot be printed, and it is wiped when dropped.

use std::fmt;

use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

/// A secret text. `Debug` and `Display` print `***`; the only access is [`Redacted::expose`].
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Redacted(Zeroizing<String>);

impl Redacted {
    /// Takes ownership; the caller keeps no copy.
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself. A search for this name finds every place that handles one.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same with LF in place of CRLF; `None` if no line ends so.
    pub fn with_lf(&self) -> Option<Self> {
        let has_crlf = self.0.contains("\r\n");
        has_crlf.then(|| Self::new(self.0.replace("\r\n", "\n")))
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// JSON with secrets in it: its texts are wiped when it is dropped.
pub struct RedactedJson(Value);

impl RedactedJson {
    /// Takes ownership; the caller keeps no copy.
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn expose(&self) -> &Value {
        &self.0
    }
}

impl Drop for RedactedJson {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(map) => map.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::secret::Redacted;

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Redacted::new("hunter2".to_owned());
        assert_eq!(format!("{secret} {secret:?} {secret:#?}"), "*** *** ***");
        assert_eq!(secret.expose(), "hunter2");
    }
}

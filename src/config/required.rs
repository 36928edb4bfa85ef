//! The versions of pullwright that may read a config: asked before anything else, since a newer one may know more keys.

use serde_json::Value;

use crate::diag::{Code, Diagnostic, Problem};
use crate::document::Document;
use crate::names::version;
use crate::pointer::Pointer;

/// The version of this program.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// Refuses a config that requires another version. What is no version range is left to the schema.
pub(super) fn check(document: &Document) -> Result<(), Diagnostic> {
    let pointer = Pointer::root().key("spec").key("pullwright");
    let value = document.find(&pointer).map(|node| node.value());
    let Some(Value::String(range)) = value else {
        return Ok(());
    };
    if version::is_in(OWN, &range) != Some(false) {
        return Ok(());
    }
    let message = format!("this config requires pullwright `{range}`, and this is version {OWN}");
    let problem = Problem::new(Code::VersionRequired, &pointer, message);
    let help = format!(
        "install a version that it allows; only if the config works with {OWN} too, change `spec.pullwright`"
    );
    Err(document.place(problem.help(help)))
}

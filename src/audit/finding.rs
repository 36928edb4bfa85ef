//! What an audit reports, in places of texts that are only numbered.

use std::sync::Arc;

use crate::audit::facts::{ObjectFacts, Spot};
use crate::audit::fix::Repair;
use crate::pointer::Pointer;

/// What to report about an image, an object or a text.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The code.
    pub code: crate::diag::Code,
    /// The object.
    pub object: Option<Arc<ObjectFacts>>,
    /// The field.
    pub field: Pointer,
    /// The container, if the finding is about one.
    pub container: Option<String>,
    /// The image, if the finding is about one.
    pub image: Option<String>,
    /// Where.
    pub spot: Spot,
    /// The sentence.
    pub message: String,
    /// Printed at the place.
    pub label: String,
    /// Further places and their roles.
    pub related: Vec<(Spot, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// What is certain to repair it.
    pub repair: Option<Repair>,
}

impl Finding {
    /// A finding about a place alone; what else is known of it is set afterwards.
    pub(super) fn new(code: crate::diag::Code, spot: Spot, message: String) -> Self {
        Self {
            code,
            object: None,
            field: Pointer::root(),
            container: None,
            image: None,
            spot,
            message,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            repair: None,
        }
    }
}

//! The texts that an audit read, and messages about places in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audit::facts::{Spot, TextId};
use crate::audit::judge::Finding;
use crate::diag::{Diagnostic, ObjectReference, Subject};
use crate::span::{Place, Source};

/// The texts, by number.
#[derive(Debug, Default)]
pub struct Texts(BTreeMap<TextId, Arc<Source>>);

impl Texts {
    /// Keeps a text by its number.
    pub fn insert(&mut self, text: TextId, source: Arc<Source>) {
        self.0.insert(text, source);
    }

    /// A number that no text has yet, and none after it.
    pub fn next(&self) -> TextId {
        let last = self.0.last_key_value();
        TextId(last.map_or(0, |(text, _)| text.0 + 1))
    }

    /// A text.
    pub fn get(&self, text: TextId) -> Option<&Arc<Source>> {
        self.0.get(&text)
    }

    /// The place of a spot.
    pub fn place(&self, spot: Spot) -> Option<Place> {
        Some(Place {
            source: Arc::clone(self.get(spot.text)?),
            span: spot.span,
        })
    }

    /// A finding as a message.
    pub fn diagnostic(&self, finding: &Finding) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(finding.code, &finding.message);
        if let Some(place) = self.place(finding.spot) {
            diagnostic = diagnostic.at(&place.source, place.span);
        }
        if !finding.label.is_empty() {
            diagnostic = diagnostic.label(&finding.label);
        }
        for (spot, role) in &finding.related {
            if let Some(place) = self.place(*spot) {
                diagnostic = diagnostic.related(&place.source, place.span, role.clone());
            }
        }
        for help in &finding.help {
            diagnostic = diagnostic.help(help.clone());
        }
        // A new version is the same image.
        let image = finding.image.as_deref().map(without_version);
        let of_image = [finding.container.as_deref(), image];
        let of_image: Vec<&str> = of_image.into_iter().flatten().collect();
        let diagnostic = diagnostic.identified_by(of_image.join("/"));
        match &finding.object {
            None => diagnostic,
            Some(object) => {
                let subject = Subject::object(ObjectReference::from(&object.identity));
                diagnostic.about(subject.field(finding.field.clone()))
            }
        }
    }
}

/// An image without its tag and digest.
fn without_version(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(image, _)| image);
    match image.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => image,
    }
}

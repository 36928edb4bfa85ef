//! What a repair of a document has moved: where it was written.

use std::collections::{HashMap, HashSet};

use crate::pointer::{Pointer, Step};

/// Moves within a document, by the places after them.
#[derive(Debug, Default)]
pub struct Moves {
    /// Keys that were renamed, with what they were called.
    renamed: HashMap<Pointer, String>,
    /// Lists that were made of what was in their place.
    wrapped: HashSet<Pointer>,
    /// Mappings that were made of a text.
    split: HashSet<Pointer>,
}

impl Moves {
    /// The key at `place` was called `from`.
    pub(super) fn rename(&mut self, place: Pointer, from: &str) {
        self.renamed.insert(place, from.to_owned());
    }

    /// The list at `place` was its element.
    pub(super) fn wrap(&mut self, place: &Pointer) {
        self.wrapped.insert(place.clone());
    }

    /// Whether the list at `place` was its element.
    pub(super) fn is_wrapped(&self, place: &Pointer) -> bool {
        self.wrapped.contains(place)
    }

    /// The mapping at `place` was a text.
    pub(super) fn split(&mut self, place: &Pointer) {
        self.split.insert(place.clone());
    }

    /// Where a place of the repaired document was in the document that was written.
    pub fn original(&self, place: &Pointer) -> Pointer {
        let mut original = Pointer::root();
        let mut here = Pointer::root();
        for step in &place.0 {
            let is_inside = self.split.contains(&here);
            let is_whole = self.wrapped.contains(&here) && matches!(step, Step::Index(_));
            here.0.push(step.clone());
            if is_inside {
                break;
            }
            if is_whole {
                continue;
            }
            original.0.push(match self.renamed.get(&here) {
                Some(from) => Step::Key(from.clone()),
                None => step.clone(),
            });
        }
        original
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::moves::Moves;
    use crate::pointer::Pointer;

    #[test]
    fn places_are_followed_back_through_all_moves() {
        let mut moves = Moves::default();
        let spec = Pointer::root().key("spec");
        let clusters = spec.key("clusters");
        moves.rename(spec.clone(), "spce");
        moves.wrap(&clusters);
        moves.rename(clusters.index(0).key("name"), "naem");
        let registry = spec.key("registries").index(1);
        moves.split(&registry);
        for (place, want) in [
            (clusters.index(0).key("name"), "spce.clusters.naem"),
            (clusters.index(0).key("kind"), "spce.clusters.kind"),
            (registry.key("name"), "spce.registries[1]"),
            (Pointer::root().key("kind"), "kind"),
        ] {
            assert_eq!(moves.original(&place).to_string(), want);
        }
    }
}

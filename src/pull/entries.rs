//! The entries of one Secret, found by image without going through all of them.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::pull::docker_config::Entry;
use crate::pull::keyring::{Keyring, Matching};

/// Entries of a Secret. Their index is made once, when the first image is looked up.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    all: Vec<Entry>,
    keyring: OnceLock<Keyring<usize>>,
    keys: OnceLock<Arc<[String]>>,
}

impl From<Vec<Entry>> for Entries {
    fn from(all: Vec<Entry>) -> Self {
        Self {
            all,
            ..Self::default()
        }
    }
}

impl Deref for Entries {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.all
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl Eq for Entries {}

impl Entries {
    /// The entries that are tried for an image, in order. `image` is a reference without tag and digest.
    pub fn lookup(&self, image: &str) -> Matching<'_, Entry> {
        let keyring = self.keyring.get_or_init(|| {
            let keys = self.all.iter().enumerate();
            Keyring::new(keys.map(|(at, entry)| (entry.key.clone(), at)))
        });
        let found = keyring.matching(image);
        let entries = found.all.into_iter();
        Matching {
            is_match: found.is_match,
            all: entries
                .filter_map(|(key, at)| Some((key, self.all.get(*at)?)))
                .collect(),
        }
    }

    /// The keys, as they are written.
    pub fn keys(&self) -> Arc<[String]> {
        let keys = || self.all.iter().map(|one| one.key.clone()).collect();
        Arc::clone(self.keys.get_or_init(keys))
    }
}

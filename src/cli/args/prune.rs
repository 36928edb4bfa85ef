//! What `--prune` means.

use clap::ValueEnum;

use crate::change::Prune;
use crate::cli::args::{Diff, Render};

impl Render {
    /// Which stale files are removed.
    pub fn prune(&self) -> Prune {
        prune(self.prune)
    }
}

impl Diff {
    /// Which stale files are shown as removed.
    pub fn prune(&self) -> Prune {
        prune(self.prune)
    }
}

/// What `--prune` removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PruneKind {
    /// Manifests; scripts are kept, because only they can undo what they did.
    Manifests,
    /// Manifests and scripts.
    Scripts,
}

fn prune(flag: Option<PruneKind>) -> Prune {
    match flag {
        None => Prune::Nothing,
        Some(PruneKind::Manifests) => Prune::Manifests,
        Some(PruneKind::Scripts) => Prune::All,
    }
}

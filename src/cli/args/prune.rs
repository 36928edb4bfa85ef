//! What `--prune` means.

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

fn prune(flag: bool) -> Prune {
    if flag { Prune::All } else { Prune::Nothing }
}

//! No two configs of a run may write the same file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cli::batch::Outcome;
use crate::cli::session::Look;
use crate::diag::{Code, Diagnostic};
use crate::lock;

/// Turns the second and later ones of configs that share an output into errors.
pub(super) fn refuse_shared(outcomes: &mut [Outcome<Look>]) {
    let mut by_folder: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut by_file: BTreeMap<PathBuf, String> = BTreeMap::new();
    for outcome in outcomes {
        let Ok(look) = &outcome.result else {
            continue;
        };
        let folder = &look.target.path;
        let shared = match by_folder.get(folder) {
            Some(other) => Some((format!("output directory `{}`", look.target.shown), other)),
            None => paths(look).find_map(|path| {
                let other = by_file.get(&folder.join(&path))?;
                Some((format!("output `{}/{path}`", look.target.shown), other))
            }),
        };
        if let Some((what, other)) = shared {
            let message = format!("{what} is also used by `{other}`");
            let diagnostic = Diagnostic::new(Code::OutputPath, message)
                .help("set a separate output directory for each config with `spec.output`");
            outcome.result = Err(diagnostic.into());
            continue;
        }
        let name = &outcome.shown;
        by_file.extend(paths(look).map(|path| (folder.join(path), name.clone())));
        by_folder.insert(folder.clone(), name.clone());
    }
}

/// What a config writes, relative to its output directory.
fn paths(look: &Look) -> impl Iterator<Item = String> {
    let files = look.prepared.planned.iter();
    let files = files.map(|file| file.path.clone());
    files.chain(std::iter::once(lock::NAME.to_owned()))
}

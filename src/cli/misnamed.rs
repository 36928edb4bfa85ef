//! Files that are configs, or may be meant for one, and that no directory run reads because of their names.

use std::path::{Path, PathBuf};

use crate::clean;
use crate::cli::args::DEFAULT_CONFIG;
use crate::config::{API_VERSION, KIND};
use crate::diag::{Code, Diagnostic};
use crate::disk::find;

/// The files of our kind directly in `directory` that no directory run reads.
pub(super) fn beside(directory: &Path) -> Vec<PathBuf> {
    let group = API_VERSION.split('/').next().unwrap_or(API_VERSION);
    let mut found = find::yaml_beside(directory, &[group, &format!("kind: {KIND}")]);
    found.retain(|path| path.file_name().is_some_and(|name| name != DEFAULT_CONFIG));
    found
}

/// What to do about such files in the directory `name`, which contains no config. `almost` are those below it
/// whose names tell.
pub(super) fn below(here: &Path, name: &Path, almost: &[PathBuf]) -> Vec<String> {
    let base = name.strip_prefix(".").unwrap_or(name);
    let beside = beside(&here.join(name));
    let names = beside.iter().filter_map(|path| path.file_name());
    let mut all: Vec<PathBuf> = names.map(|name| base.join(name)).collect();
    all.extend(almost.iter().cloned());
    all.sort();
    all.dedup();
    all.iter().map(|path| advice(path)).collect()
}

/// A file whose name is almost that of a config.
pub(super) fn warning(path: &Path) -> Diagnostic {
    let shown = path.display();
    let message =
        format!("`{shown}` is not read: in a directory, configs are called `{DEFAULT_CONFIG}`");
    Diagnostic::new(Code::ConfigName, message).help(advice(path))
}

fn advice(path: &Path) -> String {
    let shown = path.display().to_string();
    let better = path.with_file_name(DEFAULT_CONFIG).display().to_string();
    let [old, new] = [shown.as_str(), &better].map(clean::path);
    format!("rename it with `mv {old} {new}`, or pass `{shown}` as an argument")
}

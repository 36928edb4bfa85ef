//! Where the schema of the config is: once in a repository.

use std::path::{Path, PathBuf};

use crate::cli::args::SCHEMA_FILE;
use crate::cli::audit::relative;
use crate::disk::{find, input};

/// The schema that a config uses.
pub(super) struct SchemaFile {
    /// The file.
    pub(super) path: PathBuf,
    /// As the config names it, from its own directory.
    pub(super) from_config: String,
}

/// The schema of a config: the nearest one in its directory or above, up to the top of the repository; if there
/// is none, the one that the top of the repository, or outside of one the config's directory, is to get.
pub(super) fn of(config: &Path) -> SchemaFile {
    let directory = existing(config.parent().unwrap_or(config));
    let path = find::above(&directory, SCHEMA_FILE).unwrap_or_else(|| {
        let top = find::repository(&directory).unwrap_or(&directory);
        top.join(SCHEMA_FILE)
    });
    let from_config = relative(&directory, &path);
    SchemaFile {
        from_config: from_config.display().to_string().replace('\\', "/"),
        path,
    }
}

/// A directory without links, which may have to be created.
fn existing(directory: &Path) -> PathBuf {
    let mut above = directory.ancestors();
    let there = above.find(|one| find::exists(one)).unwrap_or(directory);
    let rest = directory.strip_prefix(there).unwrap_or(Path::new(""));
    input::real(there).join(rest)
}

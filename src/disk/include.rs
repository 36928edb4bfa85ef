//! Files that configs share: inventories and template directories, within the repository of the config.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::{input, why};

/// Where the files of a config may be.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// The directory of the config, without links.
    folder: PathBuf,
    /// The directory that they must be in, without links.
    root: PathBuf,
}

impl Bounds {
    /// The bounds of a config in `folder`: its repository, else the working directory `here` if the config is
    /// below it, else its own directory.
    pub fn of(folder: &Path, here: &Path) -> Self {
        let folder = input::real(folder);
        let here = input::real(here);
        let repository = folder
            .ancestors()
            .find(|above| fs::symlink_metadata(above.join(".git")).is_ok());
        let root = match repository {
            Some(top) => top.to_owned(),
            None if folder.starts_with(&here) => here,
            None => folder.clone(),
        };
        Self { folder, root }
    }

    /// The path that `from`, a file or nothing for the config itself, names by `relative`.
    ///
    /// # Errors
    /// It is outside of the bounds, or does not exist; as the end of a sentence.
    pub fn resolve(&self, from: Option<&Path>, relative: &str) -> Result<PathBuf, String> {
        let base = from.and_then(Path::parent).unwrap_or(&self.folder);
        // Before anything is opened, so that messages reveal nothing about other directories.
        let path = input::normal(&base.join(relative));
        if !path.starts_with(&self.root) {
            return Err(self.outside());
        }
        let real = fs::canonicalize(&path).map_err(|error| why(&error))?;
        if real.starts_with(&self.root) {
            Ok(real)
        } else {
            Err(self.outside())
        }
    }

    fn outside(&self) -> String {
        let name = self.root.file_name().unwrap_or_default().to_string_lossy();
        format!("it is outside of `{name}`, the directory that files of this config must be in")
    }
}

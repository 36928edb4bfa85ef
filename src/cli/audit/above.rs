//! Configs above the audited directories: their access entries count as well.

use std::path::{Component, Path, PathBuf};

use crate::cli::args::DEFAULT_CONFIG;
use crate::disk::{find, input};

/// The nearest config of each directory among the paths, as messages name it.
pub(super) fn configs(folder: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    let here = input::real(folder);
    let roots = paths.iter().filter(|path| path.as_os_str() != "-");
    let roots = roots.map(|path| input::real(&here.join(path)));
    let mut found: Vec<PathBuf> = roots
        .filter(|root| root.is_dir())
        .filter_map(|root| find::above(&root, DEFAULT_CONFIG))
        .collect();
    found.sort();
    found.dedup();
    found.iter().map(|file| relative(&here, file)).collect()
}

/// The path of a file from a directory; both are without links.
pub(in crate::cli) fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components());
    let shared = shared.take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::cli::audit::above::relative;

    #[test]
    fn a_path_is_named_from_the_working_directory() {
        for (from, to, want) in [
            ("/a/b", "/a/b/c.yaml", "c.yaml"),
            ("/a/b", "/a/c.yaml", "../c.yaml"),
            ("/a/b/d", "/a/e/c.yaml", "../../e/c.yaml"),
            ("/", "/c.yaml", "c.yaml"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), Path::new(want));
        }
    }
}

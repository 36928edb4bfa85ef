//! What git tracks: asked before a secret is written in clear text, and before a commit.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Those of `paths`, relative to `folder`, that git would track; all of them if git cannot be
/// asked although there is a repository. None outside of one. `folder` is absolute, and need not
/// be there yet.
pub fn tracked(folder: &Path, paths: &[&str]) -> Vec<String> {
    let Some((there, folder)) = resolve(folder) else {
        return Vec::new();
    };
    if !there.ancestors().any(|one| one.join(".git").exists()) {
        return Vec::new();
    }
    let ignored = ignored(&there, &folder, paths).unwrap_or_default();
    paths
        .iter()
        .filter(|path| !ignored.contains(&folder.join(path)))
        .map(|path| (*path).to_owned())
        .collect()
}

/// Those of `paths`, relative to `folder`, that git neither tracks nor ignores. None outside of a
/// repository.
pub fn untracked(folder: &Path, paths: &[&str]) -> Vec<String> {
    let mut command = git(folder);
    command.args(["ls-files", "-z", "--others", "--exclude-standard"]);
    let Ok(output) = command.stderr(Stdio::null()).output() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let others: BTreeSet<&str> = text.split('\0').collect();
    let paths = paths.iter().filter(|path| others.contains(**path));
    paths.map(|path| (*path).to_owned()).collect()
}

/// git in a folder, whatever hook runs us: there, these variables point at the outer repository.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.current_dir(folder);
    command
}

/// The nearest folder that exists, and the whole path; links resolved, because git refuses paths
/// behind links.
fn resolve(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    folder.ancestors().find_map(|one| {
        let there = one.canonicalize().ok()?;
        let rest = folder.strip_prefix(one).ok()?;
        let whole = there.join(rest);
        Some((there, whole))
    })
}

/// What git ignores and does not track already.
fn ignored(there: &Path, folder: &Path, paths: &[&str]) -> Option<Vec<PathBuf>> {
    let mut child = git(there)
        .args(["check-ignore", "-z", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = Vec::new();
    for path in paths {
        input.extend(folder.join(path).as_os_str().as_encoded_bytes());
        input.push(0);
    }
    let mut stdin = child.stdin.take()?;
    // git answers while it reads: a second thread keeps both pipes flowing.
    let feeder = std::thread::spawn(move || stdin.write_all(&input).is_ok());
    let output = child.wait_with_output().ok()?;
    let fed = feeder.join().unwrap_or(false);
    // 0: some are ignored, 1: none is; anything else is no answer.
    if !fed || !matches!(output.status.code(), Some(0 | 1)) {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Some(
        text.split('\0')
            .filter(|one| !one.is_empty())
            .map(PathBuf::from)
            .collect(),
    )
}

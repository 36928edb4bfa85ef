//! Which git is run, and what it learns of our environment.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// All that git needs of the environment: the user's own settings, language and loader. Nothing that
/// begins with `GIT_` but the places of the user's settings: the others redirect git, make it run
/// programs or write files. No credential either, whatever its name.
const KEPT: &[&str] = &[
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "HOME",
    "XDG_CONFIG_HOME",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    // Who may own a repository under `sudo`.
    "SUDO_UID",
    "TMPDIR",
    "DEVELOPER_DIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    // Windows.
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "WINDIR",
];

/// git, and the environment that it runs with.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Program {
    /// The first git in an absolute directory of `PATH`: a relative one is a directory of whatever
    /// repository we work on, and so is a program in it.
    pub(super) fn find(environment: &[(OsString, OsString)]) -> Option<Self> {
        let folders = folders(environment)?;
        let path = find(environment, "git")?;
        let kept = environment.iter().filter(|(key, _)| is_kept(key));
        let mut environment: Vec<(OsString, OsString)> = kept.cloned().collect();
        // git looks for programs of its own there, too.
        environment.push(("PATH".into(), std::env::join_paths(folders).ok()?));
        Some(Self { path, environment })
    }
}

/// The first program of this name in an absolute directory of `PATH`.
pub(in crate::disk) fn find(environment: &[(OsString, OsString)], name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = folders(environment)?.into_iter();
    folders
        .map(|folder| folder.join(&name))
        .find(|path| is_program(path))
}

/// The absolute directories of `PATH`.
fn folders(environment: &[(OsString, OsString)]) -> Option<Vec<PathBuf>> {
    let all = std::env::split_paths(variable(environment, "PATH")?);
    Some(all.filter(|folder| folder.is_absolute()).collect())
}

/// A variable of the environment handed in.
pub(super) fn variable<'a>(
    environment: &'a [(OsString, OsString)],
    name: &str,
) -> Option<&'a OsStr> {
    let found = environment.iter().find(|(key, _)| is_name(key, name))?;
    Some(&found.1)
}

fn is_kept(key: &OsStr) -> bool {
    KEPT.iter().any(|name| is_name(key, name))
}

/// Names of variables have no case on Windows.
fn is_name(key: &OsStr, name: &str) -> bool {
    if cfg!(windows) {
        key.eq_ignore_ascii_case(name)
    } else {
        key == name
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata();
    metadata.is_ok_and(|one| one.is_file() && one.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

//! What a run reads besides its output folder: configs, templates, docker configs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{unreadable, why};
use crate::document::{MAX_BYTES, too_large};
use crate::secret::Redacted;

/// More than any template needs, in bytes.
const MAX_TEMPLATE: u64 = 256 * 1024;
/// More templates than anybody has.
const MAX_TEMPLATES: usize = 1_000;
/// A docker config is a few kilobytes.
const MAX_CREDENTIALS: u64 = 1024 * 1024;

/// The text of a file, named `shown` in messages.
///
/// # Errors
/// It cannot be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path, shown: &str) -> Result<String, Diagnostic> {
    let file = fs::File::open(path).map_err(|error| {
        let diagnostic = unreadable(shown, &error);
        if error.kind() == std::io::ErrorKind::NotFound {
            diagnostic.help("write a first config with `pullwright init`, or name another file")
        } else {
            diagnostic
        }
    })?;
    let metadata = file.metadata().map_err(|error| unreadable(shown, &error))?;
    if metadata.is_dir() {
        let diagnostic = Diagnostic::new(
            Code::Unreadable,
            format!("cannot read `{shown}`: it is a folder"),
        );
        return Err(diagnostic.help(format!(
            "name the file in it: `{}/pullwright.yaml`",
            shown.trim_end_matches('/')
        )));
    }
    read_all(file, shown)
}

/// The path without links, as far as it exists: one file has one.
pub fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The text of a stream, named `shown` in messages.
///
/// # Errors
/// As [`read_text`].
pub fn read_all(stream: impl Read, shown: &str) -> Result<String, Diagnostic> {
    let limit = MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    stream
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(shown, &error))?;
    if bytes.len() > MAX_BYTES {
        return Err(too_large(shown));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        Diagnostic::new(
            Code::NotUtf8,
            format!("`{shown}` is not UTF-8: see line {line}, byte {valid} of the file"),
        )
        .help("save it as UTF-8")
    })
}

/// A file with credentials.
///
/// # Errors
/// Why it cannot be read, as the end of a sentence; never a part of it.
pub fn read_credentials(path: &Path) -> Result<Redacted, String> {
    let file = fs::File::open(path).map_err(|error| why(&error))?;
    let metadata = file.metadata().map_err(|error| why(&error))?;
    if metadata.is_dir() {
        return Err("it is a folder".to_owned());
    }
    let mut text = String::new();
    file.take(MAX_CREDENTIALS + 1)
        .read_to_string(&mut text)
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
            _ => why(&error),
        })?;
    let text = Redacted::new(text);
    if text.expose().len() as u64 > MAX_CREDENTIALS {
        return Err("it is larger than 1 MiB".to_owned());
    }
    Ok(text)
}

/// All templates below a folder, by name with `/` between its parts.
///
/// # Errors
/// The folder or one of its templates cannot be read, or is none.
pub fn read_templates(folder: &Path, shown: &str) -> Result<BTreeMap<String, String>, Report> {
    let unreadable = |what: &str, why: String| {
        Diagnostic::new(
            Code::TemplateUnreadable,
            format!("cannot read `{what}`: {why}"),
        )
    };
    let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(|error| {
        unreadable(shown, why(&error)).help(
            "make the folder, or remove `templates` from the config; `pullwright templates eject NAME` copies a built-in one",
        )
    })?;
    let mut templates = BTreeMap::new();
    let mut report = Report::default();
    let mut waiting = vec![(String::new(), dir)];
    while let Some((prefix, dir)) = waiting.pop() {
        let entries = match dir.entries() {
            Ok(entries) => entries,
            Err(error) => {
                report.push(unreadable(&format!("{shown}/{prefix}"), why(&error)));
                continue;
            }
        };
        for entry in entries.flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let place = format!("{shown}/{name}");
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                match entry.open_dir() {
                    Ok(dir) => waiting.push((format!("{name}/"), dir)),
                    Err(error) => report.push(unreadable(&place, why(&error))),
                }
            } else if name.ends_with(".j2") {
                match template(&dir, &entry.file_name(), kind.is_symlink(), &name) {
                    Ok(text) => drop(templates.insert(name, text)),
                    Err(why) => report.push(unreadable(&place, why)),
                }
            }
            if templates.len() > MAX_TEMPLATES {
                report.push(unreadable(
                    shown,
                    format!("it holds more than {MAX_TEMPLATES} templates"),
                ));
                return Err(report);
            }
        }
    }
    if report.has_errors() {
        Err(report)
    } else {
        Ok(templates)
    }
}

fn template(
    dir: &Dir,
    file: &std::ffi::OsStr,
    is_link: bool,
    name: &str,
) -> Result<String, String> {
    if is_link {
        return Err("it is a symbolic link; copy the file".to_owned());
    }
    if !name.ends_with(".yaml.j2") && !name.ends_with(".sh.j2") {
        return Err("a template's name must end in `.yaml.j2` or `.sh.j2`: the name decides how values are quoted".to_owned());
    }
    let metadata = dir.metadata(file).map_err(|error| why(&error))?;
    if !metadata.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if metadata.len() > MAX_TEMPLATE {
        return Err("it is larger than 256 KiB".to_owned());
    }
    let bytes = dir.read(file).map_err(|error| why(&error))?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    if text.contains(['\u{e000}', '\u{e001}']) {
        return Err("it holds the private-use characters U+E000 or U+E001, which pullwright needs for itself".to_owned());
    }
    Ok(text)
}

/// Refuses a relative path that has a symbolic link below `base`: a config may not write elsewhere.
///
/// # Errors
/// The part that is a link.
pub fn no_links_below(base: &Path, relative: &str) -> Result<(), Diagnostic> {
    let mut path = base.to_owned();
    for part in relative.split('/') {
        path.push(part);
        let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        if is_link {
            let message = format!("`{part}` of the output folder `{relative}` is a symbolic link");
            let diagnostic = Diagnostic::new(Code::OutputPath, message);
            return Err(diagnostic.help("name the real folder; with `--out` it may lie anywhere"));
        }
    }
    Ok(())
}

/// Writes a new file that a user asked for by name.
///
/// # Errors
/// It exists and `force` is off, or it cannot be written.
pub fn write_new(path: &Path, shown: &str, text: &str, force: bool) -> Result<(), Diagnostic> {
    if !force && fs::symlink_metadata(path).is_ok() {
        let message = format!("`{shown}` exists");
        return Err(Diagnostic::new(Code::WriteFailed, message)
            .help("give another name, or --force to replace it"));
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent).map_err(|error| crate::disk::unwritable(shown, &error))?;
    }
    fs::write(path, text).map_err(|error| crate::disk::unwritable(shown, &error))
}

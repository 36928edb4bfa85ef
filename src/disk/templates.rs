//! The template directory of a config: a few small files, whatever is in its place.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::diag::{Code, Diagnostic, Report};
use crate::disk::include::Bounds;
use crate::disk::regular::{self, Unfit};
use crate::disk::why;

/// More than any template needs, in bytes.
const MAX_TEMPLATE: u64 = 256 * 1024;
/// More templates than anybody has.
const MAX_TEMPLATES: usize = 1_000;
/// More than all templates of a directory need together, in bytes; those that are built in have 80,000.
const MAX_ALL_TEMPLATES: usize = 2 * 1024 * 1024;
/// A limit far above the files and directories of any template directory.
const MAX_ENTRIES: usize = 10_000;
/// They decide how values are quoted.
const ENDINGS: [&str; 3] = [".yaml.j2", ".sh.j2", ".gitattributes.j2"];
/// Names of templates have two parts.
const MAX_DEPTH: usize = 8;

/// All templates of the directory `relative`, as a config in the directory `base` names it, by name with `/`
/// between its parts. No link below the common start is followed; `here` is the working directory.
///
/// # Errors
/// The directory or one of its templates cannot be read, or is not valid.
pub fn read_templates(
    base: &Path,
    relative: &str,
    here: &Path,
) -> Result<BTreeMap<String, String>, Report> {
    let mut templates = BTreeMap::new();
    let mut report = Report::default();
    let (mut entries, mut bytes) = (0, 0);
    let mut waiting = vec![(String::new(), open(base, relative, here)?)];
    while let Some((prefix, dir)) = waiting.pop() {
        let listed = match dir.entries() {
            Ok(listed) => listed,
            Err(error) => {
                report.push(unreadable(&format!("{relative}/{prefix}"), &why(&error)));
                continue;
            }
        };
        for entry in listed.flatten() {
            let file = entry.file_name();
            let name = format!("{prefix}{}", file.to_string_lossy());
            let place = format!("{relative}/{name}");
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                match dir.open_dir_nofollow(&file) {
                    Ok(dir) => waiting.push((format!("{name}/"), dir)),
                    Err(error) => report.push(unreadable(&place, &why(&error))),
                }
            } else if name.ends_with(".j2") {
                match template(&dir, &file, kind.is_symlink(), &name) {
                    Ok(text) => {
                        bytes += text.len();
                        templates.insert(name.clone(), text);
                    }
                    Err(why) => report.push(unreadable(&place, &why)),
                }
            }
            entries += 1;
            let bounds = [
                (
                    templates.len() > MAX_TEMPLATES,
                    format!("it contains more than {MAX_TEMPLATES} templates"),
                ),
                (
                    bytes > MAX_ALL_TEMPLATES,
                    "its templates have more than 2 MiB together".to_owned(),
                ),
                (
                    entries > MAX_ENTRIES,
                    format!("it contains more than {MAX_ENTRIES} files and directories"),
                ),
                (
                    name.split('/').count() > MAX_DEPTH,
                    format!("it is more than {MAX_DEPTH} directories deep"),
                ),
            ];
            if let Some((_, why)) = bounds.iter().find(|(is_over, _)| *is_over) {
                report.push(
                    unreadable(relative, why).help("move the templates to a separate directory"),
                );
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

fn unreadable(what: &str, why: &str) -> Diagnostic {
    let message = format!("cannot read `{what}`: {why}");
    Diagnostic::new(Code::TemplateUnreadable, message)
}

/// The directory, entered part by part.
fn open(base: &Path, relative: &str, here: &Path) -> Result<Dir, Diagnostic> {
    let inside = relative.trim_start_matches("../");
    let up = &relative[..relative.len() - inside.len()];
    let shared = match up {
        "" => None,
        up => Some(
            Bounds::of(base, here)
                .resolve(None, up)
                .map_err(|why| unreadable(relative, &why))?,
        ),
    };
    let (base, relative) = (shared.as_deref().unwrap_or(base), inside);
    let missing = |error| {
        unreadable(relative, &why(&error)).help(
            "create the directory, or remove `templates` from the config; `pullwright templates eject NAME` copies a built-in one",
        )
    };
    let mut dir = Dir::open_ambient_dir(base, ambient_authority()).map_err(missing)?;
    for part in relative
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
    {
        if dir
            .symlink_metadata(part)
            .is_ok_and(|metadata| metadata.is_symlink())
        {
            let why = format!("`{part}` is a symbolic link");
            return Err(unreadable(relative, &why).help("copy the directory that it points to"));
        }
        dir = dir.open_dir_nofollow(part).map_err(missing)?;
    }
    Ok(dir)
}

fn template(dir: &Dir, file: &OsStr, is_link: bool, name: &str) -> Result<String, String> {
    if is_link {
        return Err("it is a symbolic link; copy the file".to_owned());
    }
    if !ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return Err("a template's name must end in `.yaml.j2`, `.sh.j2` or `.gitattributes.j2`: the extension decides how values are quoted".to_owned());
    }
    let read = regular::read_in(dir, Path::new(file), MAX_TEMPLATE);
    let (bytes, _) = read.map_err(|unfit: Unfit| unfit.why(MAX_TEMPLATE))?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    // What git and editors of Windows add: in a script, neither would run.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.contains(['\u{e000}', '\u{e001}', '\u{e002}']) {
        return Err(
            "it contains a private-use character of U+E000 to U+E002, which pullwright reserves"
                .to_owned(),
        );
    }
    Ok(text)
}

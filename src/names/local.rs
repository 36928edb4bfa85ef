//! Names that mean something on the user's own machine.

use crate::names::{Fault, charset};

/// Anything that one line and one argument can hold.
pub(super) fn context(text: &str) -> Result<(), Fault> {
    charset(text, 1..=253, is_shown, "printable characters")?;
    if text.starts_with('-') {
        return Err(Fault::new(
            "it begins with a dash, which programs read as a flag",
        ));
    }
    if text.starts_with('@') || text.contains("=@") {
        return Err(Fault::new(
            "programs read `@` at the start or after `=` as a file name",
        ));
    }
    Ok(())
}

/// Whether a reader sees the character where it is: no control character, no mark that turns,
/// hides or joins text (Unicode's format characters), no separator of lines.
pub(super) fn is_shown(c: char) -> bool {
    let hides = matches!(
        c as u32,
        0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb
            | 0x110bd | 0x110cd | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
            | 0xe0000..=0xe0fff
    );
    !c.is_control() && !hides
}

/// Upper case only, so that a value pasted in place of the name is noticed (and never printed).
pub(super) fn environment_variable(text: &str) -> Result<(), Fault> {
    let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(good)
    {
        return Err(Fault::new(
            "set the NAME of a variable, in upper-case letters, digits and underscores; never the value itself",
        ));
    }
    Ok(())
}

/// A relative directory that stays below its start.
pub(super) fn folder(text: &str) -> Result<(), Fault> {
    file(text)?;
    if text.starts_with('/') || text.contains('\\') {
        return Err(Fault::new(
            "it must be relative, with `/` between its parts",
        ));
    }
    if text.split('/').any(|part| part == "..") {
        return Err(Fault::new(
            "`..` would leave the directory of the config; use `--out` instead",
        ));
    }
    Ok(())
}

/// A relative path that may begin above its start.
pub(super) fn above(text: &str) -> Result<(), Fault> {
    file(text)?;
    if text.starts_with('/') || text.contains('\\') {
        return Err(Fault::new(
            "it must be relative, with `/` between its parts",
        ));
    }
    let inside = text.trim_start_matches("../");
    if inside.is_empty() || inside.split('/').any(|part| part == "..") {
        return Err(Fault::new(
            "`..` is only allowed at the beginning, before a name",
        ));
    }
    Ok(())
}

/// Any path of a local file.
pub(super) fn file(text: &str) -> Result<(), Fault> {
    charset(text, 1..=4096, is_shown, "printable characters")
}

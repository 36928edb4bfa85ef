//! Names that mean something on the user's own machine.

use crate::names::{Fault, charset};

/// Anything that one line and one argument can hold.
pub(super) fn context(text: &str) -> Result<(), Fault> {
    charset(text, 1..=253, |c| !c.is_control(), "printable characters")?;
    if text.starts_with('-') {
        return Err(Fault::new(
            "it begins with a dash, which a command line takes for a flag",
        ));
    }
    Ok(())
}

/// Upper case only, so that a value pasted in place of the name is noticed (and never printed).
pub(super) fn environment_variable(text: &str) -> Result<(), Fault> {
    let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(good)
    {
        return Err(Fault::new(
            "give the NAME of a variable, in upper-case letters, digits and underscores; never the value itself",
        ));
    }
    Ok(())
}

/// A relative folder that stays below its start.
pub(super) fn folder(text: &str) -> Result<(), Fault> {
    file(text)?;
    if text.starts_with('/') || text.contains('\\') {
        return Err(Fault::new(
            "it must be relative, with `/` between its parts",
        ));
    }
    if text.split('/').any(|part| part == "..") {
        return Err(Fault::new(
            "`..` would leave the folder of the config; use `--out` for that",
        ));
    }
    Ok(())
}

/// Any path of a local file.
pub(super) fn file(text: &str) -> Result<(), Fault> {
    charset(text, 1..=4096, |c| !c.is_control(), "printable characters")
}

//! The format of `printf`, which must be in the script and take no name of a variable.

use crate::render::shell::call::said;

/// Which of the arguments is the format, if values may be after it.
pub(super) fn format(arguments: &[String]) -> Option<usize> {
    let dashes = arguments.first().and_then(|word| said(word));
    let dashes = dashes.is_some_and(|word| word == "--");
    let at = usize::from(dashes);
    let text = arguments.get(at).and_then(|word| said_format(word))?;
    let is_option = !dashes && text.starts_with('-');
    (!is_option && !takes_a_name(&text)).then_some(at)
}

/// Whether one of a format's signs is `n`, whatever width and flags it has.
fn takes_a_name(format: &str) -> bool {
    format.replace("%%", "").split('%').skip(1).any(|sign| {
        let is_flag = |c: char| c.is_ascii_digit() || "-+ #0.*'hlqLjzt".contains(c);
        sign.trim_start_matches(is_flag).starts_with('n')
    })
}

/// A format may hold signs that make a pattern of a bare word.
fn said_format(word: &str) -> Option<String> {
    match word
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
    {
        Some(text) if !text.contains('\'') => Some(text.to_owned()),
        _ => said(word),
    }
}

//! Text in place of a value that a tool fills in later.

/// The first placeholder that a tool would replace: `${TAG}`, `$(TAG)`, `$TAG`, `{{ tag }}`,
/// `__TAG__`, `#{TAG}#`, `@@TAG@@`, `<TAG>`. A placeholder without an end extends to the end of the text.
pub fn token(text: &str) -> Option<&str> {
    let pairs = [
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("#{", "}#"),
        ("@@", "@@"),
        ("<", ">"),
    ];
    let enclosed = pairs.into_iter().filter_map(|(open, close)| {
        let start = text.find(open)?;
        let rest = text.get(start + open.len()..)?;
        let end = rest
            .find(close)
            .map_or(text.len(), |at| start + open.len() + at + close.len());
        Some((start, text.get(start..end)?))
    });
    let bare = text.match_indices('$').find_map(|(start, _)| {
        let rest = text.get(start + 1..)?;
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let length = length.unwrap_or(rest.len());
        (length > 0).then_some((start, text.get(start..start + 1 + length)?))
    });
    let found = enclosed.chain(bare).chain(underscored(text));
    found
        .min_by_key(|(start, _)| *start)
        .map(|(_, token)| token)
}

/// `__TAG__`. A lower-case repository may have two underscores between letters, so there must be an
/// upper-case letter between these.
fn underscored(text: &str) -> Option<(usize, &str)> {
    text.match_indices("__").find_map(|(start, _)| {
        let inner = text.get(start + 2..)?;
        let end = inner.find("__").filter(|end| *end > 0)?;
        let name = inner.get(..end)?;
        let is_name = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
        let is_upper = name.contains(|c: char| c.is_ascii_uppercase())
            && !name.contains(|c: char| c.is_ascii_lowercase());
        (is_name && is_upper).then_some((start, text.get(start..start + end + 4)?))
    })
}

//! What a word was meant to be.

/// Longer words are like none.
const LONGEST: usize = 64;
/// More choices are not looked at.
const MOST: usize = 1_000;

/// The choice that is most like `text`, if one is. A long word, or one of thousands, is like none.
pub fn nearest<'a>(text: &str, choices: &[&'a str]) -> Option<&'a str> {
    if text.len() > LONGEST || choices.len() > MOST {
        return None;
    }
    let lower = text.to_lowercase();
    choices
        .iter()
        .filter(|choice| choice.len() <= LONGEST)
        .map(|choice| {
            (
                strsim::jaro_winkler(&lower, &choice.to_lowercase()),
                *choice,
            )
        })
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, choice)| choice)
}

//! What a misspelt word was meant to be.

/// The choice that is most like `text`, if one is. A long word, or one of thousands, is like none.
pub fn nearest<'a>(text: &str, choices: &[&'a str]) -> Option<&'a str> {
    const LONGEST: usize = 64;
    const MOST: usize = 1_000;
    if text.len() > LONGEST || choices.len() > MOST {
        return None;
    }
    let lower = text.to_lowercase();
    let near = choices.iter().filter(|choice| choice.len() <= LONGEST);
    let scored = near.map(|choice| {
        let score = strsim::jaro_winkler(&lower, &choice.to_lowercase());
        (score, *choice)
    });
    scored
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, choice)| choice)
}

/// Whether one name is the other with another case, or with one slip of a finger: a letter too many, missing,
/// wrong, or two of them swapped.
pub fn is_slip(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 4;
    one != other
        && one.len().min(other.len()) >= SHORTEST
        && one.len().abs_diff(other.len()) <= 4
        && (one.to_lowercase() == other.to_lowercase() || strsim::osa_distance(one, other) == 1)
}

#[cfg(test)]
mod tests {
    use crate::diag::{is_slip, nearest};

    #[test]
    fn a_slip_is_recognized_and_another_word_is_not() {
        let choices = ["strategy", "secret"];
        assert_eq!(nearest("stratgy", &choices), Some("strategy"));
        assert_eq!(nearest("SECRETS", &choices), Some("secret"));
        assert_eq!(nearest("namespace", &choices), None);
        assert_eq!(nearest(&"secret".repeat(11), &choices), None);
    }

    #[test]
    fn a_slip_is_one_letter_or_the_case() {
        for (one, other, want) in [
            ("acr-secret", "acr-secert", true),
            ("acr-secret", "ACR-Secret", true),
            ("acr-secret", "acr-secrets", true),
            ("acr-secret", "acr-secret", false),
            ("acr-dev", "acr-prd", false),
            ("a", "b", false),
        ] {
            assert_eq!(is_slip(one, other), want, "{one} {other}");
        }
    }
}

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
    let (one, other) = match one.len() <= other.len() {
        true => (one.as_bytes(), other.as_bytes()),
        false => (other.as_bytes(), one.as_bytes()),
    };
    if one.len() < SHORTEST || other.len() - one.len() > 1 || one == other {
        return false;
    }
    if one.eq_ignore_ascii_case(other) {
        return true;
    }
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let start = one.iter().zip(other).take_while(same).count();
    let ends = one.iter().rev().zip(other.iter().rev());
    let end = ends.take(one.len() - start).take_while(same).count();
    match (
        one.get(start..one.len() - end),
        other.get(start..other.len() - end),
    ) {
        (Some([]), Some([_])) | (Some([_]), Some([_])) => true,
        (Some([a, b]), Some([c, d])) => a == d && b == c,
        _ => false,
    }
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
            ("acr-secret", "acr-secre", true),
            ("acr-secret", "cr-secret", true),
            ("acr-secret", "acr-sceert", false),
            ("aaaa", "aaaaa", true),
            ("a", "b", false),
        ] {
            assert_eq!(is_slip(one, other), want, "{one} {other}");
        }
    }
}

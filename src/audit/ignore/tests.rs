//! Patterns of objects fit as people read them.

use crate::audit::ignore::fits;

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, want) in [
        ("web", "web", true),
        ("web", "web-2", false),
        ("*", "", true),
        ("*", "web", true),
        ("web-*", "web-2", true),
        ("web-*", "web", false),
        ("*-web", "my-web", true),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("a*b*c", "a-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("**", "x", true),
    ] {
        assert_eq!(fits(pattern, text), want, "{pattern} {text}");
    }
}

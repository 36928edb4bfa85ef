//! Would git check the outputs out with LF line ends?

use crate::diag::Problem;
use crate::verify::whole;

/// What is wrong with a `.gitattributes` file; nothing if a line of it sets `eol=lf`.
pub fn check(text: &str) -> Vec<Problem> {
    let sets = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        let pattern = words.next();
        let is_pattern = pattern.is_some_and(|word| !word.starts_with(['#', '[']));
        is_pattern && words.any(|word| word == "eol=lf")
    };
    if text.lines().any(sets) {
        Vec::new()
    } else {
        vec![whole(
            "it must set `eol=lf`: scripts with CRLF line ends do not run",
        )]
    }
}

#[cfg(test)]
mod tests {
    use crate::verify::attributes::check;

    #[test]
    fn a_line_must_set_the_line_end() {
        assert!(check("# a\n* text eol=lf\n").is_empty());
        for text in ["", "# * eol=lf\n", "* text\n", "eol=lf\n", "* eol=crlf\n"] {
            assert_eq!(check(text).len(), 1, "{text:?}");
        }
    }
}

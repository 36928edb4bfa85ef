//! Versions of pullwright that a config requires. Ranges are those of Cargo
//! (<https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#comparison-requirements>).

use semver::{Prerelease, Version, VersionReq};

use crate::names::Fault;

/// A range: comparisons, separated by commas. A bare version would be one to some and all compatible ones to others.
pub(super) fn range(text: &str) -> Result<(), Fault> {
    let is_comparison = |part: &str| part.trim().starts_with(['<', '>', '=', '~', '^']);
    if !text.split(',').all(is_comparison) {
        let fault =
            Fault::new("a version range has the form `\">=0.2\"` or `\">=0.2, <2\"`, in quotes");
        let bare = text.trim().trim_start_matches('v');
        let is_bare = bare.starts_with(|c: char| c.is_ascii_digit()) && !bare.contains(',');
        return Err(match is_bare {
            true => fault.suggest(text, format!(">={bare}"), comparison),
            false => fault,
        });
    }
    comparison(text)
}

/// A range of which every part begins as it should.
fn comparison(text: &str) -> Result<(), Fault> {
    let read = VersionReq::parse(text);
    read.map(drop)
        .map_err(|error| Fault::new(format!("it is no version range: {error}")))
}

/// Whether a version is in a range; `None` if either is not valid. A pre-release counts as the version that it precedes.
pub fn is_in(version: &str, text: &str) -> Option<bool> {
    range(text).ok()?;
    let range = VersionReq::parse(text).ok()?;
    let mut version = Version::parse(version).ok()?;
    version.pre = Prerelease::EMPTY;
    Some(range.matches(&version))
}

#[cfg(test)]
mod tests {
    use crate::names::version::{is_in, range};

    #[test]
    fn ranges_are_comparisons_of_versions() {
        for good in [">=0.2", ">=0.2, <2", "=1.2.3", "~1.2", "^1", ">=0.2,<2"] {
            assert_eq!(range(good), Ok(()), "{good}");
        }
        for bad in [
            "", "0.2,", ",", "v0.2,1", ">= ", ">=latest", "*", ">=0.2 <2", ">=0.2\n",
        ] {
            assert!(range(bad).is_err(), "{bad:?}");
        }
        let suggested = |text: &str| range(text).expect_err("it is bare").suggestion;
        assert_eq!(suggested("0.2").as_deref(), Some(">=0.2"));
        assert_eq!(suggested("v1.4.0").as_deref(), Some(">=1.4.0"));
        assert_eq!(suggested("latest"), None);
    }

    #[test]
    fn a_release_candidate_counts_as_its_release() {
        for (version, range, is_met) in [
            ("0.2.0", ">=0.2", true),
            ("0.1.9", ">=0.2", false),
            ("0.2.0-rc.1", ">=0.2", true),
            ("2.0.0", ">=0.2, <2", false),
        ] {
            assert_eq!(is_in(version, range), Some(is_met), "{version} {range}");
        }
        assert_eq!(is_in("0.2.0", "latest"), None);
        assert_eq!(is_in("0.2.0", "0.2"), None);
    }
}

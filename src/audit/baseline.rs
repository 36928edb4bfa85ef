//! Findings that are known and accepted for now, in a file beside the manifests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;

/// The version of the format.
const VERSION: u64 = 2;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u64,
    findings: Vec<Known>,
}

/// A known finding. Only the fingerprint counts; the rest is for people who read the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    code: String,
    object: String,
    fingerprint: String,
}

/// Known findings: how many there are of each fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<String, usize>);

/// How many findings a baseline took away, and how many of its own are gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effect {
    /// Findings that are known.
    pub known: usize,
    /// Known findings that no longer exist.
    pub fixed: usize,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// Why it is no baseline, as the end of a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let version = serde_json::from_str::<serde_json::Value>(text)
            .map_err(|error| format!("it is not valid JSON: {error}"))?
            .get("version")
            .and_then(serde_json::Value::as_u64);
        if version != Some(VERSION) {
            let found = version.map_or("none".to_owned(), |version| version.to_string());
            return Err(format!("its version is {found}, not {VERSION}"));
        }
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut known = BTreeMap::new();
        for one in file.findings {
            *known.entry(one.fingerprint).or_default() += 1;
        }
        Ok(Self(known))
    }

    /// Takes known findings away, by their fingerprints.
    pub fn apply(
        &self,
        findings: &mut Vec<Diagnostic>,
        fingerprint: impl Fn(&Diagnostic) -> String,
    ) -> Effect {
        let before = findings.len();
        let mut left = self.0.clone();
        findings.retain(|one| match left.get_mut(&fingerprint(one)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        Effect {
            known: before - findings.len(),
            fixed: left.values().sum(),
        }
    }
}

/// The file for these findings, in an order that does not depend on lines. `describe` gives the file and the
/// fingerprint of one.
pub fn write(findings: &[Diagnostic], describe: impl Fn(&Diagnostic) -> [String; 2]) -> String {
    let known = findings.iter().map(|one| {
        let object = one.subject.as_ref().and_then(|it| it.object.as_ref());
        let [file, fingerprint] = describe(one);
        Known {
            file,
            code: one.code.id().to_owned(),
            object: object.map(ToString::to_string).unwrap_or_default(),
            fingerprint,
        }
    });
    let mut findings: Vec<Known> = known.collect();
    findings.sort();
    let file = File {
        version: VERSION,
        findings,
    };
    let text = serde_json::to_string_pretty(&file).unwrap_or_default();
    format!("{text}\n")
}

#[cfg(test)]
mod tests {
    use crate::audit::baseline::{Baseline, Effect, write};
    use crate::diag::{Code, Diagnostic, Subject};

    fn one(file: &str) -> Diagnostic {
        Diagnostic::new(Code::NoCredential, "a sentence").about(Subject::file(file))
    }

    #[test]
    fn known_findings_are_taken_away() {
        let all = [one("b.yaml"), one("a.yaml"), one("a.yaml"), one("a.yaml")];
        let text = write(&all, |one| [one.file().to_owned(), one.fingerprint()]);
        let baseline = Baseline::read(&text).expect("it is ours");
        let mut findings = all.to_vec();
        let effect = baseline.apply(&mut findings, Diagnostic::fingerprint);
        assert_eq!(effect, Effect { known: 4, fixed: 0 });
        let mut findings = vec![one("a.yaml"), one("c.yaml"), one("a.yaml")];
        let effect = baseline.apply(&mut findings, Diagnostic::fingerprint);
        assert_eq!(effect, Effect { known: 2, fixed: 2 });
        assert_eq!(findings[0].file(), "c.yaml");
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn another_version_is_refused() {
        for (text, why) in [
            ("{", "not valid JSON"),
            ("{}", "its version is none, not 2"),
            (
                "{\"version\": 1, \"findings\": []}",
                "its version is 1, not 2",
            ),
            ("{\"version\": 2}", "missing field `findings`"),
            ("[]", "its version is none"),
        ] {
            let error = Baseline::read(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        }
    }
}

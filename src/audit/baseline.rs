//! Findings that are known and accepted for now, in a file beside the manifests.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;

/// The version of the format.
const VERSION: u64 = 1;

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

/// Known findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeSet<String>);

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
        Ok(Self(
            file.findings
                .into_iter()
                .map(|known| known.fingerprint)
                .collect(),
        ))
    }

    /// Takes known findings away.
    pub fn apply(&self, findings: &mut Vec<Diagnostic>) -> Effect {
        let before = findings.len();
        let mut seen = BTreeSet::new();
        findings.retain(|one| {
            let fingerprint = one.fingerprint();
            let is_known = self.0.contains(&fingerprint);
            if is_known {
                seen.insert(fingerprint);
            }
            !is_known
        });
        Effect {
            known: before - findings.len(),
            fixed: self.0.len() - seen.len(),
        }
    }
}

/// The file for these findings, in an order that does not depend on lines.
pub fn write(findings: &[Diagnostic]) -> String {
    let known = findings.iter().map(|one| Known {
        file: one.file().to_owned(),
        code: one.code.id().to_owned(),
        object: one
            .subject
            .as_ref()
            .and_then(|subject| subject.object.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        fingerprint: one.fingerprint(),
    });
    // One of each fingerprint.
    let unique: BTreeMap<String, Known> = known.map(|one| (one.fingerprint.clone(), one)).collect();
    let mut findings: Vec<Known> = unique.into_values().collect();
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
        let text = write(&[one("b.yaml"), one("a.yaml"), one("a.yaml")]);
        let baseline = Baseline::read(&text).expect("it is ours");
        let mut findings = vec![one("a.yaml"), one("c.yaml")];
        let effect = baseline.apply(&mut findings);
        assert_eq!(effect, Effect { known: 1, fixed: 1 });
        assert_eq!(findings[0].file(), "c.yaml");
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn another_version_is_refused() {
        for (text, why) in [
            ("{", "not valid JSON"),
            ("{}", "its version is none, not 1"),
            (
                "{\"version\": 2, \"findings\": []}",
                "its version is 2, not 1",
            ),
            ("{\"version\": 1}", "missing field `findings`"),
            ("[]", "its version is none"),
        ] {
            let error = Baseline::read(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        }
    }
}

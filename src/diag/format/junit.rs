//! JUnit XML, as CI services show it among the results of tests
//! (<https://github.com/testmoapp/junitxml>): a test case for each config and each other file with messages.

use crate::clean;
use crate::diag::format::text;
use crate::diag::format::{OfFile, Output, RunResult, Writer};
use crate::diag::{Diagnostic, Omitted, Severity};

pub(super) const WRITER: Writer = Writer {
    has_text: false,
    write,
};

/// How a case is named that is about no file.
const RUN: &str = "pullwright";

fn write(run: &RunResult<'_>) -> Output {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for one in &run.configs {
        // A config without messages has passed.
        let first = cases.len();
        cases.push(Case::new(one.config, one.config));
        for of in one.files() {
            let known = cases[first..].iter().position(|case| case.file == of.file);
            let at = known.map_or(cases.len(), |at| first + at);
            if known.is_none() {
                cases.push(Case::new(one.config, of.file));
            }
            cases[at].add(of);
        }
    }
    for of in run.stopped_files() {
        let file = if of.file.is_empty() { RUN } else { of.file };
        let mut case = Case::new(RUN, file);
        case.add(of);
        cases.push(case);
    }
    let tests = cases.len();
    let failures = cases.iter().filter(|case| case.has_failed()).count();
    let counts = format!("name=\"{RUN}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    let body: String = cases.iter().map(|case| case.xml(run)).collect();
    Output::Xml(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts}>\n{body}  </testsuite>\n</testsuites>\n"
    ))
}

/// One file, as one test.
struct Case<'a> {
    config: &'a str,
    file: &'a str,
    errors: Vec<&'a Diagnostic>,
    others: Vec<&'a Diagnostic>,
    omitted: Vec<Omitted<'a>>,
}

impl<'a> Case<'a> {
    fn new(config: &'a str, file: &'a str) -> Self {
        Self {
            config,
            file,
            errors: Vec::new(),
            others: Vec::new(),
            omitted: Vec::new(),
        }
    }

    fn add(&mut self, of: OfFile<'a>) {
        let is_error = |one: &&Diagnostic| one.severity == Severity::Error;
        let (errors, others): (Vec<_>, Vec<_>) = of.messages.into_iter().partition(is_error);
        self.errors.extend(errors);
        self.others.extend(others);
        self.omitted.extend(of.omitted);
    }

    /// Errors that are not kept have others beside them that are: errors are the last to be left out.
    fn has_failed(&self) -> bool {
        !self.errors.is_empty()
    }

    fn xml(&self, run: &RunResult<'_>) -> String {
        let more = self
            .omitted
            .iter()
            .map(|one| format!("{}\n", one.sentence()));
        let more: String = more.collect();
        let mut parts = String::new();
        if let Some(first) = self.errors.first() {
            let all = text::plain(&self.errors) + &more;
            parts.push_str(&format!(
                "      <failure message=\"{}\" type=\"{}\">{}</failure>\n",
                quoted(&first.message),
                first.code.id(),
                escaped(&all)
            ));
        }
        let mut rest = text::plain(&self.others);
        if self.errors.is_empty() {
            rest.push_str(&more);
        }
        if !rest.is_empty() {
            let rest = escaped(&rest);
            parts.push_str(&format!("      <system-out>{rest}</system-out>\n"));
        }
        let seen = run.seen(self.file);
        let file = match self.file {
            RUN => RUN,
            _ => seen.path(),
        };
        let [name, config] = [file, self.config].map(quoted);
        let open = format!("    <testcase name=\"{name}\" classname=\"{config}\" file=\"{name}\"");
        match parts.as_str() {
            "" => format!("{open}/>\n"),
            parts => format!("{open}>\n{parts}    </testcase>\n"),
        }
    }
}

/// The value of an attribute, which is one line.
fn quoted(text: &str) -> String {
    escaped(&clean::line(text))
}

/// Text between tags or in quotes: no character of it is markup, and none is one that XML 1.0 forbids.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean::text(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML has no way to write these; no other control character is left in a clean text.
            '\u{fffe}' | '\u{ffff}' => out.push(clean::REPLACED),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::diag::format::junit::{escaped, quoted};

    #[test]
    fn no_text_is_markup_and_none_is_forbidden() {
        let all: String = (0..=0x1_ffff).filter_map(char::from_u32).collect();
        let all = format!("{all}]]>");
        let is_allowed =
            |c: char| matches!(c, ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        let (text, line) = (escaped(&all), quoted(&all));
        for escaped in [&text, &line] {
            assert!(!escaped.contains(['<', '>', '"', '\'']));
            assert!(escaped.ends_with("]]&gt;"));
        }
        assert!(line.chars().all(is_allowed));
        assert!(
            text.chars()
                .all(|c| is_allowed(c) || c == '\n' || c == '\t')
        );
    }
}

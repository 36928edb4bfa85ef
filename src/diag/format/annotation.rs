//! What the formats of CI services share: a message as one annotation, and lines that only we can make.

use crate::diag::format::RunResult;
use crate::diag::{Diagnostic, Report, Severity};

/// One annotation.
#[derive(Debug, Clone)]
pub(super) struct Annotation<'a> {
    /// How bad it is.
    pub(super) severity: Severity,
    /// An id of `diag::code`, or another kebab-case word.
    pub(super) code: &'a str,
    /// The sentences, separated by line ends.
    pub(super) message: String,
    /// The file as users name it.
    pub(super) file: Option<String>,
    /// Line and column, both from 1.
    pub(super) place: Option<(usize, usize)>,
}

/// Lines that are commands of pullwright to a CI service. Nothing else can write one, and no text of users can
/// end a line early or add a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commands(String);

impl Commands {
    /// A line for each message of a run that is kept, and a last one for each file that has more.
    /// `line` makes one command, with its end, of each.
    pub(super) fn of(run: &RunResult<'_>, line: fn(&Annotation<'_>) -> String) -> Self {
        let mut out = String::new();
        for (_, messages, omitted) in run.reports().flat_map(Report::files) {
            for one in messages {
                out.push_str(&line(&Annotation::of(one, run)));
            }
            if let Some(omitted) = omitted {
                let more = Annotation {
                    severity: omitted.worst(),
                    code: "omitted",
                    message: omitted.sentence(),
                    file: file(omitted.file, run),
                    place: None,
                };
                out.push_str(&line(&more));
            }
        }
        Self(out)
    }

    /// The lines, each with its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> Annotation<'a> {
    /// The annotation of a message: what is wrong, the label of the caret, what else it is about, and the
    /// suggestions.
    fn of(one: &'a Diagnostic, run: &RunResult<'_>) -> Self {
        let label = Some(one.label.as_str()).filter(|label| !label.is_empty());
        let label = label.map(str::to_owned);
        let subject = one.subject.as_ref().map(ToString::to_string);
        let subject = subject.filter(|subject| !subject.is_empty());
        let related = one.related.iter().map(|(place, role)| {
            let at = place.source.line_column(place.span.start);
            let file = run.seen(&place.source.name);
            let file = file.path();
            format!("{file}:{}:{}: {role}", at.line, at.column)
        });
        let sentences: Vec<String> = std::iter::once(one.message.clone())
            .chain(label)
            .chain(subject)
            .chain(related)
            .chain(one.help.iter().cloned())
            .collect();
        Self {
            severity: one.severity,
            code: one.code.id(),
            message: sentences.join("\n"),
            file: file(one.file(), run),
            place: one.line_column().map(|at| (at.line, at.column)),
        }
    }
}

/// The path of a file that users name so.
fn file(name: &str, run: &RunResult<'_>) -> Option<String> {
    (!name.is_empty()).then(|| run.seen(name).path().to_owned())
}

#[cfg(test)]
mod tests {
    use crate::diag::Severity;
    use crate::diag::format::annotation::Annotation;
    use crate::diag::format::{azure, github};

    #[test]
    fn no_text_breaks_out_of_its_line() {
        let hostile = "a\n::error::x\r##vso[task.setvariable variable=a]b%0Ac,d:e;f]\u{2028}g";
        let annotation = Annotation {
            severity: Severity::Warning,
            code: "image-tag",
            message: hostile.to_owned(),
            file: Some(hostile.to_owned()),
            place: Some((3, 7)),
        };
        let rest =
            "error::x\u{fffd}#\u{fffd}vso[task.setvariable variable=a]b%250Ac,d:e;f]\u{fffd}g";
        let message = format!("a%0A\u{fffd}:{rest}");
        let file = format!("a\u{fffd}::{rest}")
            .replace(':', "%3A")
            .replace(',', "%2C");
        assert_eq!(
            github::line(&annotation),
            format!("::warning file={file},line=3,col=7,title=pullwright[image-tag]::{message}\n")
        );
        let message = message.replace("%25", "%AZP25");
        let file = format!("a\u{fffd}::{rest}").replace("%25", "%AZP25");
        let file = file.replace(';', "%3B").replace(']', "%5D");
        assert_eq!(
            azure::line(&annotation),
            format!(
                "##vso[task.logissue type=warning;sourcepath={file};linenumber=3;columnnumber=7;code=image-tag;]{message}\n"
            )
        );
    }
}

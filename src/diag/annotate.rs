//! Messages as the annotations of a CI service, one line each.

use crate::clean;
use crate::diag::{Diagnostic, Report, Severity};

/// The services whose annotations are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GitHub Actions: workflow commands
    /// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).
    Github,
    /// Azure Pipelines: logging commands
    /// (<https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>).
    Azure,
}

/// One annotation.
#[derive(Debug, Clone)]
pub struct Annotation<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// An id of `diag::code`, or another kebab-case word.
    pub code: &'a str,
    /// The sentences, separated by line ends.
    pub message: String,
    /// The file as users name it.
    pub file: Option<&'a str>,
    /// Line and column, both from 1.
    pub place: Option<(usize, usize)>,
}

/// Lines that are commands of ours to a CI service. Nobody else can make one, and no text of users can
/// end a line early or add a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commands(String);

impl Commands {
    /// All messages of a report that are kept, and a last one for each file that has more.
    pub fn of(report: &Report, service: Service) -> Self {
        let mut out = String::new();
        for (messages, omitted) in report.files() {
            for one in messages {
                out.push_str(&Annotation::of(one).line(service));
            }
            if let Some(omitted) = omitted {
                let more = Annotation {
                    severity: match omitted.errors {
                        0 => Severity::Warning,
                        _ => Severity::Error,
                    },
                    code: "omitted",
                    message: omitted.sentence(),
                    file: Some(plain(omitted.file)).filter(|file| !file.is_empty()),
                    place: None,
                };
                out.push_str(&more.line(service));
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
    /// The annotation of a message: what is wrong, what the caret says, and the ways out.
    pub fn of(one: &'a Diagnostic) -> Self {
        let label = Some(one.label.as_str()).filter(|label| !label.is_empty());
        let sentences: Vec<&str> = std::iter::once(one.message.as_str())
            .chain(label)
            .chain(one.help.iter().map(String::as_str))
            .collect();
        let place = one.place.as_ref();
        Self {
            severity: one.severity,
            code: one.code.id(),
            message: sentences.join("\n"),
            file: place.map(|place| plain(&place.source.name)),
            place: one.line_column().map(|at| (at.line, at.column)),
        }
    }

    /// The annotation alone.
    pub fn commands(&self, service: Service) -> Commands {
        Commands(self.line(service))
    }

    fn line(&self, service: Service) -> String {
        match service {
            Service::Github => self.github(),
            Service::Azure => self.azure(),
        }
    }

    fn github(&self) -> String {
        let mut fields = Vec::new();
        if let Some(file) = self.file {
            fields.push(format!("file={}", github_property(&clean::line(file))));
        }
        if let Some((line, column)) = self.place {
            fields.push(format!("line={line},col={column}"));
        }
        fields.push(format!("title=pullwright[{}]", self.code));
        let word = self.severity.word();
        let message = github_data(&clean::text(&self.message));
        format!("::{word} {}::{message}\n", fields.join(","))
    }

    fn azure(&self) -> String {
        let mut fields = format!("type={};", self.severity.word());
        if let Some(file) = self.file {
            fields.push_str(&format!(
                "sourcepath={};",
                azure_property(&clean::line(file))
            ));
        }
        if let Some((line, column)) = self.place {
            fields.push_str(&format!("linenumber={line};columnnumber={column};"));
        }
        let message = azure_data(&clean::text(&self.message));
        let code = self.code;
        format!("##vso[task.logissue {fields}code={code};]{message}\n")
    }
}

/// A path as services know it: from the root of the repository, without `./`.
pub fn plain(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn github_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}

fn azure_data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn azure_property(text: &str) -> String {
    azure_data(text).replace(';', "%3B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use crate::diag::Severity;
    use crate::diag::annotate::{Annotation, Service};

    #[test]
    fn no_text_breaks_out_of_its_line() {
        let hostile = "a\n::error::x\r##vso[task.setvariable variable=a]b%0Ac,d:e;f]\u{2028}g";
        let annotation = Annotation {
            severity: Severity::Warning,
            code: "image-tag",
            message: hostile.to_owned(),
            file: Some(hostile),
            place: Some((3, 7)),
        };
        let rest =
            "error::x\u{fffd}#\u{fffd}vso[task.setvariable variable=a]b%250Ac,d:e;f]\u{fffd}g";
        let message = format!("a%0A\u{fffd}:{rest}");
        let file = format!("a\u{fffd}::{rest}")
            .replace(':', "%3A")
            .replace(',', "%2C");
        assert_eq!(
            annotation.commands(Service::Github).as_str(),
            format!("::warning file={file},line=3,col=7,title=pullwright[image-tag]::{message}\n")
        );
        let message = message.replace("%25", "%AZP25");
        let file = format!("a\u{fffd}::{rest}").replace("%25", "%AZP25");
        let file = file.replace(';', "%3B").replace(']', "%5D");
        assert_eq!(
            annotation.commands(Service::Azure).as_str(),
            format!(
                "##vso[task.logissue type=warning;sourcepath={file};linenumber=3;columnnumber=7;code=image-tag;]{message}\n"
            )
        );
    }
}

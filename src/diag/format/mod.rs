//! The output formats: a file and a line of the table below for each.

mod annotation;
mod azure;
mod github;
mod gitlab;
mod json;
mod junit;
mod path;
mod sarif;
pub mod text;

use serde_json::Value;

use crate::diag::format::path::Seen;
use crate::diag::{Diagnostic, Omitted, Report};

pub use crate::diag::format::annotation::Commands;

/// Declares the formats once: variant, module, name and the sentence of the help.
macro_rules! formats {
    ($($variant:ident $module:ident $name:literal $about:literal,)+) => {
        /// How the result of a run is written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Format {
            $(#[doc = $about] $variant,)+
        }

        impl Format {
            /// All formats, in the order of the help.
            pub const ALL: &[Format] = &[$(Format::$variant,)+];

            /// The word on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Format::$variant => $name,)+ }
            }

            /// What it is for, as printed in the help.
            pub fn about(self) -> &'static str {
                match self { $(Format::$variant => $about,)+ }
            }

            fn writer(self) -> &'static Writer {
                match self { $(Format::$variant => &$module::WRITER,)+ }
            }
        }
    };
}

formats! {
    Text text "text" "Human-readable text",
    Json json "json" "One JSON value on stdout",
    Github github "github" "GitHub Actions annotations on stdout, text on stderr",
    Azure azure "azure" "Azure Pipelines annotations on stdout, text on stderr",
    Sarif sarif "sarif" "SARIF 2.1.0 on stdout, for GitHub code scanning and viewers",
    Gitlab gitlab "gitlab" "GitLab Code Quality report on stdout",
    Junit junit "junit" "JUnit XML on stdout, one test case per config and file with messages",
}

/// What the file of a format defines.
struct Writer {
    /// Whether text for people is printed as well; else stdout holds the output and nothing else.
    has_text: bool,
    write: fn(&RunResult<'_>) -> Output,
}

/// What a run found, whatever the command.
#[derive(Debug, Default)]
pub struct RunResult<'a> {
    /// Whether there is nothing to do.
    pub ok: bool,
    /// The configs, in the order of the run.
    pub configs: Vec<ConfigResult<'a>>,
    /// What ended the run before any config was read.
    pub stopped: Option<&'a Report>,
    /// The working directory, which services take relative paths from; empty if it is unknown.
    pub folder: &'a str,
    /// The root of the repository that it is in, which services take paths from; empty outside of one.
    pub root: &'a str,
}

/// What a run found about one config.
#[derive(Debug)]
pub struct ConfigResult<'a> {
    /// How messages name the config.
    pub config: &'a str,
    /// All messages about it and its output.
    pub report: &'a Report,
    /// What else the command tells, as data: an object, or null.
    pub fields: Value,
}

/// The messages about one file.
struct OfFile<'a> {
    /// The file. What is about none is about the config; empty if there is no config either.
    file: &'a str,
    messages: Vec<&'a Diagnostic>,
    omitted: Option<Omitted<'a>>,
}

/// What a format prints on stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Nothing.
    Nothing,
    /// A JSON text.
    Json(String),
    /// Commands to a CI service.
    Commands(Commands),
    /// An XML document.
    Xml(String),
}

impl<'a> RunResult<'a> {
    /// All reports, in the order they are shown.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        let configs = self.configs.iter().map(|one| one.report);
        self.stopped.into_iter().chain(configs)
    }

    /// The file that users name so, as services know it.
    fn seen(&self, name: &str) -> Seen {
        Seen::from(self.folder, self.root, name)
    }

    /// The path of the file that users name so, from the root of the repository on.
    pub fn path(&self, name: &str) -> String {
        match name {
            "" => String::new(),
            name => self.seen(name).path().to_owned(),
        }
    }

    /// [`Diagnostic::fingerprint`], whatever the working directory is.
    pub fn fingerprint(&self, one: &Diagnostic) -> String {
        match one.file() {
            "" => one.fingerprint(),
            file => one.fingerprint_in(self.seen(file).path()),
        }
    }

    /// All messages file by file, in the order they are shown.
    fn files(&self) -> impl Iterator<Item = OfFile<'a>> {
        let configs = self.configs.iter().flat_map(ConfigResult::files);
        self.stopped_files().chain(configs)
    }

    /// What ended the run, file by file.
    fn stopped_files(&self) -> impl Iterator<Item = OfFile<'a>> + use<'a> {
        self.stopped.into_iter().flat_map(|one| files(one, ""))
    }
}

impl<'a> ConfigResult<'a> {
    /// All messages about it and its output, file by file.
    fn files(&self) -> impl Iterator<Item = OfFile<'a>> + use<'a> {
        files(self.report, self.config)
    }
}

fn files<'a>(report: &'a Report, config: &'a str) -> impl Iterator<Item = OfFile<'a>> {
    report.files().map(move |(name, messages, omitted)| OfFile {
        file: if name.is_empty() { config } else { name },
        messages,
        omitted,
    })
}

impl Format {
    /// Whether text for people is printed beside [`Format::write`]; else stdout holds what that returns
    /// and nothing else.
    pub fn has_text(self) -> bool {
        self.writer().has_text
    }

    /// What stdout gets of a run.
    pub fn write(self, run: &RunResult<'_>) -> Output {
        (self.writer().write)(run)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diag::format::text::{Colour, render};
    use crate::diag::format::{Format, Output, RunResult};
    use crate::diag::{Code, Diagnostic, ObjectReference, Report, Severity, Subject};
    use crate::pointer::Pointer;
    use crate::span::{Source, Span};

    fn written(report: &Report, format: Format) -> String {
        let run = RunResult {
            stopped: Some(report),
            ..RunResult::default()
        };
        match format.write(&run) {
            Output::Nothing => render(report, Colour::Off),
            Output::Json(text) => text,
            Output::Commands(commands) => commands.as_str().to_owned(),
            Output::Xml(text) => text,
        }
    }

    #[test]
    fn an_object_without_a_text_is_named_in_every_format() {
        let object = ObjectReference {
            api_version: "apps/v1".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: Some("web".to_owned()),
            name: "app".to_owned(),
        };
        let field = Pointer::root().key("spec").key("template");
        let subject = Subject::object(object)
            .field(field)
            .in_file("app.yaml", Some(2));
        let report = Report::from(Diagnostic::new(Code::ImageTag, "a tag moves").about(subject));
        let named = "Deployment `web/app`, `spec.template`";
        assert_eq!(
            written(&report, Format::Text),
            format!("warning[image-tag]: a tag moves\n--> app.yaml\n = note: {named}\n")
        );
        assert_eq!(
            written(&report, Format::Github),
            format!("::warning file=app.yaml,title=pullwright[image-tag]::a tag moves%0A{named}\n")
        );
        assert_eq!(
            written(&report, Format::Azure),
            format!(
                "##vso[task.logissue type=warning;sourcepath=app.yaml;code=image-tag;]a tag moves%0A{named}\n"
            )
        );
        let json: serde_json::Value =
            serde_json::from_str(&written(&report, Format::Json)).expect("it is JSON");
        let want = serde_json::json!({
            "code": "image-tag", "severity": "warning", "message": "a tag moves", "label": "", "help": [],
            "fingerprint": report.sorted()[0].fingerprint(),
            "file": "app.yaml", "index": 2, "field": "spec.template",
            "object": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app", "namespace": "web"},
        });
        assert_eq!(json["diagnostics"][0], want);
    }

    #[test]
    fn a_code_may_be_a_warning_where_the_file_is_not_ours() {
        let source = Arc::new(Source::new("a.yaml", "a: 1\na: 2\n"));
        let error = Diagnostic::new(Code::DuplicateKey, "duplicate key `a`")
            .at(&source, Span::new(5..6))
            .related(&source, Span::new(0..1), "first here");
        let report = Report::from(error.clone().as_warning());
        assert!(!report.has_errors() && report.count(Severity::Warning) == 1);
        let shown = written(&report, Format::Text);
        assert!(shown.starts_with("warning[duplicate-key]: "), "{shown}");
        assert!(Report::from(error).has_errors());
    }

    #[test]
    fn what_was_done_is_no_warning() {
        let mut done = Diagnostic::new(Code::ImageTag, "added a Secret");
        done.severity = Severity::Info;
        let report = Report::from(done);
        assert!(written(&report, Format::Text).starts_with("info[image-tag]: "));
        assert!(written(&report, Format::Github).starts_with("::notice "));
        assert_eq!(written(&report, Format::Azure), "");
    }
}

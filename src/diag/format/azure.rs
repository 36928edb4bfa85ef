//! Annotations of Azure Pipelines, as logging commands
//! (<https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>).

use crate::clean;
use crate::diag::Severity;
use crate::diag::format::annotation::{Annotation, Commands};
use crate::diag::format::{Output, RunResult, Writer};

pub(super) const WRITER: Writer = Writer {
    has_text: true,
    write,
};

fn write(run: &RunResult<'_>) -> Output {
    Output::Commands(Commands::of(run, line))
}

pub(super) fn line(one: &Annotation<'_>) -> String {
    let kind = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        // The service has no third kind, and the text on stderr has it all.
        Severity::Info => return String::new(),
    };
    let mut fields = format!("type={kind};");
    if let Some(file) = &one.file {
        fields.push_str(&format!("sourcepath={};", property(&clean::line(file))));
    }
    if let Some((line, column)) = one.place {
        fields.push_str(&format!("linenumber={line};columnnumber={column};"));
    }
    let message = data(&clean::text(&one.message));
    let code = one.code;
    format!("##vso[task.logissue {fields}code={code};]{message}\n")
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}

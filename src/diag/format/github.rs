//! Annotations of GitHub Actions, as workflow commands
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

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
    let mut fields = Vec::new();
    if let Some(file) = &one.file {
        fields.push(format!("file={}", property(&clean::line(file))));
    }
    if let Some((line, column)) = one.place {
        fields.push(format!("line={line},col={column}"));
    }
    fields.push(format!("title=pullwright[{}]", one.code));
    let word = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let message = data(&clean::text(&one.message));
    format!("::{word} {}::{message}\n", fields.join(","))
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

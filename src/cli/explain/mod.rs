//! `explain`: what a code of a message means, and how the pods of an object pull.

pub(super) mod object;

use serde_json::{Value, json};

use crate::cli::Exit;
use crate::cli::args::{Explain, PageFormat, Topic};
use crate::cli::batch;
use crate::cli::page::{Ending, Page};
use crate::diag::rules::RulePage;
use crate::diag::{Code, Diagnostic, nearest};

/// The version of the JSON that is printed: it changes when a field changes its meaning or is removed.
const VERSION: u32 = 1;

pub(super) fn run(args: &Explain, page: &mut Page<'_, '_>) -> Ending {
    let (ending, format) = match (&args.topic, &args.object) {
        (Some(Topic::Rule { code, format }), _) => (rule(code.as_deref(), *format, page), *format),
        (None, Some(object)) => (object::explain(object, args, page), args.format),
        (None, None) => (Ok(Exit::Ok), args.format),
    };
    batch::ended(ending, format.into(), page)
}

/// The page of one code, or a list of all codes.
fn rule(id: Option<&str>, format: PageFormat, page: &mut Page<'_, '_>) -> Ending {
    let rule = id.map(find).transpose()?;
    match (rule, format) {
        (Some(rule), PageFormat::Text) => page.data(&rule.text())?,
        (Some(rule), PageFormat::Json) => page.json(&to_json(&rule))?,
        (None, PageFormat::Text) => page.data(&list())?,
        (None, PageFormat::Json) => {
            let all: Vec<Value> = Code::ALL.iter().map(|code| summary(*code)).collect();
            page.json(&json!({"version": VERSION, "rules": all}))?;
        }
    }
    Ok(Exit::Ok)
}

fn find(id: &str) -> Result<RulePage, Diagnostic> {
    if let Some(code) = Code::of(id) {
        return Ok(RulePage::of(code));
    }
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    let unknown = Diagnostic::new(Code::Usage, format!("unknown code `{id}`"));
    Err(match nearest(id, &known) {
        Some(close) => unknown.help(format!("did you mean `{close}`?")),
        None => unknown.help("list the codes with `pullwright explain rule`"),
    })
}

/// A line for each code, in columns.
fn list() -> String {
    let widest = Code::ALL.iter().map(|code| code.id().len()).max();
    let width = widest.unwrap_or_default();
    let line = |code: &Code| {
        let (id, severity) = (code.id(), code.severity().word());
        format!("{id:width$}  {severity:7}  {}\n", code.about())
    };
    Code::ALL.iter().map(line).collect()
}

fn summary(code: Code) -> Value {
    json!({"code": code.id(), "severity": code.severity().word(), "summary": code.about()})
}

fn to_json(rule: &RulePage) -> Value {
    let mut value = summary(rule.code);
    value["version"] = json!(VERSION);
    value["meaning"] = json!(rule.meaning);
    value["why"] = json!(rule.why);
    value["fix"] = json!(rule.fix);
    value["example"] = json!(rule.example);
    value
}

//! `check`: are the files what the configs say? One line a config, for hooks and CI.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::Exit;
use crate::cli::args::{Check, Format, Source};
use crate::cli::page::{Ending, Page, Paint};
use crate::cli::session::{Comparison, Session, Target, json_of};
use crate::diag::{Code, Diagnostic, Report, Severity};
use crate::disk::Folder;

/// What is found of one config.
struct Finding {
    target: Target,
    comparison: Comparison,
    warnings: Report,
}

pub(super) fn run(args: &Check, page: &mut Page<'_, '_>) -> Ending {
    if args.out.is_some() && args.configs.len() > 1 {
        let message = "--out names one folder, but several configs are given";
        let diagnostic = Diagnostic::new(Code::Usage, message);
        return Err(diagnostic
            .help("run it once for each, or set `spec.output` in each config")
            .into());
    }
    let mut claimed: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut exit = Exit::Ok;
    let mut values: Vec<Value> = Vec::new();
    for config in &args.configs {
        let shown = config.display().to_string();
        let result = look(config, args, &mut claimed, page);
        exit = exit.max(match &result {
            Err(_) => Exit::Failed,
            Ok(finding) if finding.comparison.differs() => Exit::Differs,
            Ok(_) => Exit::Ok,
        });
        match args.format {
            Format::Json => values.push(to_json(&shown, &result)),
            Format::Text => say(&shown, &result, page)?,
        }
    }
    if args.format == Format::Json {
        page.json(&json!({"ok": exit == Exit::Ok, "configs": values}))?;
    }
    Ok(exit)
}

fn look(
    config: &Path,
    args: &Check,
    claimed: &mut BTreeMap<PathBuf, String>,
    page: &mut Page<'_, '_>,
) -> Result<Finding, Report> {
    let session = Session::open(config, page)?;
    let prepared = session.prepare(page)?;
    let source = Source {
        config: config.to_owned(),
        out: args.out.clone(),
    };
    let target = session.target(&source, page)?;
    if let Some(other) = claimed.insert(target.path.clone(), session.shown.clone()) {
        let message = format!(
            "output folder `{}` belongs to `{other}` as well",
            target.shown
        );
        return Err(Diagnostic::new(Code::OutputPath, message)
            .help("give each config a folder of its own with `spec.output`")
            .into());
    }
    let folder = Folder::open(&target.path, &target.shown)?;
    let comparison = prepared.compare(prepared.look(folder.as_ref())?)?;
    Ok(Finding {
        target,
        comparison,
        warnings: prepared.warnings,
    })
}

fn say(
    shown: &str,
    result: &Result<Finding, Report>,
    page: &mut Page<'_, '_>,
) -> std::io::Result<()> {
    match result {
        Err(report) => {
            page.report(report)?;
            let count = report.count(Severity::Error);
            page.line(Paint::Red, "invalid", &format!("{shown}: {count} error(s)"))
        }
        Ok(finding) => {
            page.report(&finding.warnings)?;
            let folder = &finding.target.shown;
            if finding.comparison.differs() {
                let summary = finding.comparison.summary();
                page.line(
                    Paint::Yellow,
                    "differs",
                    &format!("{shown}: {folder}: {summary}"),
                )
            } else {
                let count = finding.comparison.changes.len();
                page.line(
                    Paint::Green,
                    "ok",
                    &format!("{shown}: {folder}: {count} file(s)"),
                )
            }
        }
    }
}

fn to_json(shown: &str, result: &Result<Finding, Report>) -> Value {
    match result {
        Err(report) => json_of(shown, report),
        Ok(finding) => {
            let mut value = json_of(shown, &finding.warnings);
            value["out"] = json!(finding.target.shown);
            value["differs"] = json!(finding.comparison.differs());
            value["files"] = finding.comparison.to_json(&finding.target.shown, false);
            value
        }
    }
}
